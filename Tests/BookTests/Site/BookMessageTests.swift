import Book
import Testing

/// Every sentence that the book as a whole may say, with its advice, read as a user reads it.
@Suite("Messages of the book") struct BookMessageTests {
  static let table: [(any Fault, String)] = [
    (
      BookFault.factsNotJSON(reason: "no value"),
      "book.json is not valid JSON: no value | look for a missing comma or quote near this place"
    ),
    (
      BookFault.factsNotObject,
      #"book.json must hold one object, { … } | write at least { "title": "…" }"#
    ),
    (
      BookFault.unknownFact("titel", nearest: "title"),
      "book.json knows no 'titel' | did you mean 'title'?"
    ),
    (BookFault.unknownFact("x", nearest: nil), "book.json knows no 'x'"),
    (
      BookFault.factOfWrongType("title", expected: "a text in quotes"),
      "'title' must be a text in quotes"
    ),
    (BookFault.timeoutOutOfRange, "'timeout' must be more than 0 and at most 86400 seconds"),
    (
      BookFault.noBook(folder: "/x"),
      "there is no book in '/x': chapters/SUMMARY.md is missing | run this in a book's folder, pass --book DIR, or start one with 'sslbook new DIR'"
    ),
    (
      BookFault.spanInFact("title"),
      "'title' is on every page as it stands and holds no value or claim | move it into a chapter"
    ),
    (
      BookFault.runsInSummary,
      "SUMMARY.md is read before anything runs, so it holds no value, claim or cell | move it into a chapter"
    ),
    (
      BookFault.emptySummary,
      "SUMMARY.md lists no chapter | list the chapters as '- [Title](file.md)', in their order"
    ),
    (
      BookFault.chapterMissing(path: "chapters/a.md"),
      "the chapter 'chapters/a.md' does not exist | create it with 'sslbook new', or correct the path"
    ),
    (
      BookFault.chapterNotMarkdown(path: "a.txt"),
      "'a.txt' is no Markdown file | a chapter's file name ends in .md"
    ),
    (
      BookFault.chapterTwice(path: "chapters/a.md", line: 3),
      "'chapters/a.md' is listed already, in line 3 | remove one of the two lines"
    ),
    (
      BookFault.slugTwice(slug: "a", other: "chapters/a.md"),
      "this chapter's page, a.html, is already the page of 'chapters/a.md' | rename one of the two files: a page is called by its file's name"
    ),
    (
      BookFault.slugReserved(slug: "index"),
      "the page index.html belongs to the site itself | rename the chapter's file: its page is called by its name"
    ),
    (
      BookFault.chapterWithoutTitle,
      "the chapter has no heading to take its title from | begin the file with '# Title'"
    ),
    (
      BookFault.chapterNotListed(path: "chapters/a.md"),
      "'chapters/a.md' is not listed in SUMMARY.md, so no page is made | add it to SUMMARY.md, or move it out of chapters/"
    ),
    (
      BookFault.noSuchChapter("tow", nearest: "two"),
      "the book has no chapter 'tow' | did you mean 'two'?"
    ),
    (
      BookFault.labelTwice("sec-a", otherFile: "chapters/a.md", otherLine: 7),
      "the label 'sec-a' is taken already, at chapters/a.md:7 | labels are book-wide; choose another name"
    ),
    (BookFault.unknownReference("sec-a", nearest: nil), "nothing in the book is labelled 'sec-a'"),
    (
      BookFault.labelWithoutKind("mine"),
      "the label 'mine' does not say what it labels | begin it with sec-, eq-, fig-, tbl-, lst-, thm-, def-, lem-, cor-, prp-, exm- or exr-"
    ),
    (
      BookFault.labelOfOtherKind("fig-t", labelled: .table, prefix: .figure),
      "the label 'fig-t' says figure, and this is of kind table | begin it with tbl-"
    ),
    (
      BookFault.unknownCitation("oord", nearest: "oord2018"),
      "references.bib has no entry 'oord' | did you mean 'oord2018'?"
    ),
    (
      BookFault.misspeltReference("Fig-a", label: "fig-a"),
      "'@Fig-a' is shown as it stands | write @fig-a"
    ),
    (
      BookFault.citationInLink("k"),
      "'@k' is shown as it stands: a link leads to one place, and cites nothing | cite it behind the link, as in [text](…) [@k]"
    ),
    (
      BookFault.imageRemote("https://a.b/c.png"),
      "the image 'https://a.b/c.png' is on the web, and a page loads nothing from there | copy it into the book, to images/ for example"
    ),
    (
      BookFault.linkMissing("a.pdf"),
      "the link leads to 'a.pdf', which is not there | paths are relative to the chapter's file"
    ),
    (
      BookFault.linkRunsCode("javascript:x"),
      "the link 'javascript:x' would run code, so the page shows its text only | link to an address "
        + "that begins with https:"
    ),
    (BookFault.anchorMissing("x", page: "a.html"), "the page a.html has no place called '#x'"),
    (
      BookFault.imageMissing("a.svg"),
      "the image 'a.svg' does not exist | paths are relative to the chapter's file"
    ),
    (
      BookFault.imageOutside("../../a.svg"),
      "the image '../../a.svg' lies outside the book's folder | copy it into the book, to images/ for example: the site holds only the book's own files"
    ),
    (
      BookFault.linkOutside("../../a.pdf"),
      "the link leads to '../../a.pdf', outside the book's folder | copy the file into the book, or link to its address on the web"
    ),
    (
      BookFault.linkFromRoot("/a.pdf"),
      "the link '/a.pdf' begins at the root of the server, where the book may not stand | link to the file from the chapter's folder, or to its address on the web"
    ),
    (
      BookFault.imageWithoutAlt("a.svg"),
      "the image 'a.svg' has no alternative text | write what the image shows: ![what it shows](file.svg)"
    ),
    (
      BookFault.outputIsNoSite(path: "/x"),
      "'/x' is not empty and was not written by sslbook, so it is left alone | choose another --output, or empty that folder yourself"
    ),
    (
      BookFault.outputHoldsBook(path: "/x"),
      "'/x' contains the book itself | choose another --output"
    ),
    (
      BookFault.outputInSources(path: "/x", folder: "chapters"),
      "'/x' lies in the book's folder 'chapters', where no site can stand | choose another --output"
    ),
    (
      BookFault.sitePathTaken("a.html", file: "chapters/a.html", by: "the page of 'chapters/a.md'"),
      "'chapters/a.html' would stand at a.html in the site, and the page of 'chapters/a.md' stands there | rename the file, or move it to another folder of the book"
    ),
    (
      FileFault.inTheWay(path: "site/CNAME"),
      "'site/CNAME' is there already, and is not replaced | move it away, or rename what the book would put in its place"
    ),
    (FileFault.missing(path: "a"), "there is no file 'a' | check the spelling, or create it"),
    (FileFault.isFolder(path: "a"), "'a' is a folder, not a file"),
    (FileFault.unreadable(path: "a", reason: "no"), "cannot read 'a': no"),
    (FileFault.unwritable(path: "a", reason: "no"), "cannot write 'a': no"),
    (
      FileFault.outsideBook(path: "../a"),
      "'../a' lies outside the book's folder | copy the file into the book and use a path relative to the chapter"
    ),
    (
      WebLibraryFault.missing(.katex),
      "KaTeX (formulas) is not installed | run 'sslbook doctor'; or: apt-get install libjs-katex fonts-katex; or set SSLBOOK_KATEX to its folder"
    ),
    (
      WebLibraryFault.missing(.theme),
      "Theme (style and script of pages) is not installed | run 'sslbook doctor'; or: install sslbook again; or set SSLBOOK_THEME to its folder"
    ),
  ]

  @Test("are as written here", arguments: table.indices)
  func message(row: Int) {
    let (fault, expected) = Self.table[row]
    #expect([fault.message, fault.hint].compactMap { $0 }.joined(separator: " | ") == expected)
  }
}
