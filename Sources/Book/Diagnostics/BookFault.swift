/// What can be wrong with the book as a whole: its facts, its order, its references.
public enum BookFault: Fault, Equatable {
  // book.json
  case factsNotJSON(reason: String)
  case factsNotObject
  case unknownFact(String, nearest: String?)
  case factOfWrongType(String, expected: String)
  case timeoutOutOfRange
  case spanInFact(String)
  // SUMMARY.md
  case noBook(folder: String)
  case emptySummary
  case runsInSummary
  case chapterMissing(path: String)
  case chapterNotMarkdown(path: String)
  case chapterTwice(path: String, line: Int)
  case slugTwice(slug: String, other: String)
  case slugReserved(slug: String)
  case chapterWithoutTitle
  case chapterNotListed(path: String)
  case noSuchChapter(String, nearest: String?)
  // References
  case labelTwice(String, otherFile: String, otherLine: Int)
  case unknownReference(String, nearest: String?)
  case labelWithoutKind(String)
  case labelOfOtherKind(String, labelled: Outline.Kind, prefix: Outline.Kind)
  case unknownCitation(String, nearest: String?)
  case misspeltReference(String, label: String)
  case citationInLink(String)
  case linkMissing(String)
  case linkOutside(String)
  case linkFromRoot(String)
  case linkRunsCode(String)
  case anchorMissing(String, page: String)
  case imageMissing(String)
  case imageOutside(String)
  case imageWithoutAlt(String)
  case imageRemote(String)
  // The site
  case outputIsNoSite(path: String)
  case outputHoldsBook(path: String)
  case outputInSources(path: String, folder: String)
  case sitePathTaken(String, file: String, by: String)

  public var message: String {
    switch self {
    case .factsNotJSON(let reason): "book.json is not valid JSON: \(reason)"
    case .factsNotObject: "book.json must hold one object, { … }"
    case .unknownFact(let key, _): "book.json knows no '\(key)'"
    case .factOfWrongType(let key, let expected): "'\(key)' must be \(expected)"
    case .timeoutOutOfRange: "'timeout' must be more than 0 and at most 86400 seconds"
    case .spanInFact(let key): "'\(key)' is on every page as it stands and holds no value or claim"
    case .noBook(let folder): "there is no book in '\(folder)': chapters/SUMMARY.md is missing"
    case .emptySummary: "SUMMARY.md lists no chapter"
    case .runsInSummary:
      "SUMMARY.md is read before anything runs, so it holds no value, claim or cell"
    case .chapterMissing(let path): "the chapter '\(path)' does not exist"
    case .chapterNotMarkdown(let path): "'\(path)' is no Markdown file"
    case .chapterTwice(let path, let line): "'\(path)' is listed already, in line \(line)"
    case .slugTwice(let slug, let other):
      "this chapter's page, \(slug).html, is already the page of '\(other)'"
    case .slugReserved(let slug): "the page \(slug).html belongs to the site itself"
    case .chapterWithoutTitle: "the chapter has no heading to take its title from"
    case .chapterNotListed(let path): "'\(path)' is not listed in SUMMARY.md, so no page is made"
    case .noSuchChapter(let name, _): "the book has no chapter '\(name)'"
    case .labelTwice(let label, let file, let line):
      "the label '\(label)' is taken already, at \(file):\(line)"
    case .unknownReference(let label, _): "nothing in the book is labelled '\(label)'"
    case .labelWithoutKind(let label): "the label '\(label)' does not say what it labels"
    case .labelOfOtherKind(let label, let labelled, let prefix):
      "the label '\(label)' says \(prefix.rawValue), and this is of kind \(labelled.rawValue)"
    case .unknownCitation(let key, _): "references.bib has no entry '\(key)'"
    case .misspeltReference(let name, _): "'@\(name)' is shown as it stands"
    case .citationInLink(let key):
      "'@\(key)' is shown as it stands: a link leads to one place, and cites nothing"
    case .linkMissing(let target): "the link leads to '\(target)', which is not there"
    case .linkFromRoot(let target):
      "the link '\(target)' begins at the root of the server, where the book may not stand"
    case .linkOutside(let target): "the link leads to '\(target)', outside the book's folder"
    case .linkRunsCode(let target):
      "the link '\(target.prefix(60))' would run code, so the page shows its text only"
    case .anchorMissing(let anchor, let page): "the page \(page) has no place called '#\(anchor)'"
    case .imageMissing(let source): "the image '\(source)' does not exist"
    case .imageOutside(let source): "the image '\(source)' lies outside the book's folder"
    case .imageRemote(let source):
      "the image '\(source.prefix(60))' is on the web, and a page loads nothing from there"
    case .imageWithoutAlt(let source): "the image '\(source)' has no alternative text"
    case .outputIsNoSite(let path):
      "'\(path)' is not empty and was not written by sslbook, so it is left alone"
    case .outputHoldsBook(let path): "'\(path)' contains the book itself"
    case .outputInSources(let path, let folder):
      "'\(path)' lies in the book's folder '\(folder)', where no site can stand"
    case .sitePathTaken(let path, let file, let owner):
      "'\(file)' would stand at \(path) in the site, and \(owner) stands there"
    }
  }

  public var hint: String? {
    switch self {
    case .factsNotJSON: "look for a missing comma or quote near this place"
    case .factsNotObject: #"write at least { "title": "…" }"#
    case .unknownFact(_, let nearest), .noSuchChapter(_, let nearest),
      .unknownReference(_, let nearest), .unknownCitation(_, let nearest):
      nearest.map { "did you mean '\($0)'?" }
    case .misspeltReference(_, let label): "write @\(label)"
    case .citationInLink(let key): "cite it behind the link, as in [text](…) [@\(key)]"
    case .factOfWrongType, .timeoutOutOfRange: nil
    case .spanInFact, .runsInSummary: "move it into a chapter"
    case .noBook:
      "run this in a book's folder, pass --book DIR, or start one with 'sslbook new DIR'"
    case .emptySummary: "list the chapters as '- [Title](file.md)', in their order"
    case .chapterMissing: "create it with 'sslbook new', or correct the path"
    case .chapterNotMarkdown: "a chapter's file name ends in .md"
    case .chapterTwice: "remove one of the two lines"
    case .slugReserved: "rename the chapter's file: its page is called by its name"
    case .slugTwice: "rename one of the two files: a page is called by its file's name"
    case .chapterWithoutTitle: "begin the file with '# Title'"
    case .chapterNotListed: "add it to SUMMARY.md, or move it out of chapters/"
    case .labelTwice: "labels are book-wide; choose another name"
    case .labelWithoutKind:
      "begin it with sec-, eq-, fig-, tbl-, lst-, thm-, def-, lem-, cor-, prp-, exm- or exr-"
    case .labelOfOtherKind(_, let labelled, _): "begin it with \(labelled.prefix)"
    case .linkMissing, .imageMissing: "paths are relative to the chapter's file"
    case .linkFromRoot: "link to the file from the chapter's folder, or to its address on the web"
    case .linkOutside: "copy the file into the book, or link to its address on the web"
    case .imageRemote: "copy it into the book, to images/ for example"
    case .imageOutside:
      "copy it into the book, to images/ for example: the site holds only the book's own files"
    case .linkRunsCode: "link to an address that begins with https:"
    case .anchorMissing: nil
    case .imageWithoutAlt: "write what the image shows: ![what it shows](file.svg)"
    case .outputIsNoSite: "choose another --output, or empty that folder yourself"
    case .outputHoldsBook, .outputInSources: "choose another --output"
    case .sitePathTaken: "rename the file, or move it to another folder of the book"
    }
  }
}
