import Markdown

/// One chapter as the rest of the book sees it.
public struct ChapterEntry: Sendable {
  public var entry: Summary.Entry
  public var outline: Outline

  public init(entry: Summary.Entry, outline: Outline) {
    self.entry = entry
    self.outline = outline
  }
}

/// Numbers everything in the book and checks that every reference leads somewhere.
struct ReferenceResolver {
  private let book: BookFolder
  private let chapters: [ChapterEntry]
  private let citationKeys: Set<String>
  private var table = ReferenceTable()
  private var diagnostics: [Diagnostic] = []
  /// Files of the book that the site needs: images and linked files.
  private var files: Set<String> = []
  private var site = SiteMap()
  /// The places of each chapter that a link may lead to, once they were asked for.
  private var anchors: [String: Set<String>] = [:]
  /// How many misspelt names still get a suggestion: looking for one takes as long as the list.
  private var suggestionsLeft = 100

  struct Result {
    var table: ReferenceTable
    var files: [String]
    var diagnostics: [Diagnostic]
  }

  static func resolve(
    _ chapters: [ChapterEntry], citationKeys: Set<String>, in book: BookFolder
  ) -> Result {
    var resolver = ReferenceResolver(book: book, chapters: chapters, citationKeys: citationKeys)
    for chapter in chapters { resolver.number(chapter) }
    for path in SitePaths.generated { _ = resolver.site.add(path, for: "the tool's own file") }
    for entry in chapters.map(\.entry) {
      for path in ["\(entry.slug).html", PreviewScript.path(slug: entry.slug)] {
        _ = resolver.site.add(path, for: "the page of '\(entry.path)'")
      }
    }
    let byPath = Dictionary(
      chapters.map { ($0.entry.path, $0) }, uniquingKeysWith: { first, _ in first })
    for chapter in chapters { resolver.check(chapter, among: byPath) }
    return Result(
      table: resolver.table, files: resolver.files.sorted(), diagnostics: resolver.diagnostics)
  }

  private init(book: BookFolder, chapters: [ChapterEntry], citationKeys: Set<String>) {
    self.book = book
    self.chapters = chapters
    self.citationKeys = citationKeys
  }

  private mutating func number(_ chapter: ChapterEntry) {
    for label in chapter.outline.labels where !label.identifier.isEmpty {
      let path = chapter.entry.path
      if label.kind != .section { checkPrefix(of: label, in: path) }
      let isChapter =
        label.kind == .section && label.position == chapter.outline.headings.first?.position
      // A section without a number is called by its title.
      let isNumbered =
        label.kind != .section || isChapter
        || chapter.entry.numbersSections && !label.number.isEmpty
      let number = [chapter.entry.number, label.number].filter { isNumbered && !$0.isEmpty }
      let target = ReferenceTable.Target(
        kind: label.kind, number: number.joined(separator: "."), title: label.title,
        chapterPath: path, slug: chapter.entry.slug, anchor: label.anchor,
        isChapter: isChapter && label.number.isEmpty,
        position: label.position)
      if let taken = table.add(target, named: label.identifier) {
        report(
          .labelTwice(
            label.identifier, otherFile: taken.chapterPath, otherLine: taken.position.line),
          in: path, at: label.position)
      }
    }
  }

  /// A heading may be called anything; of the rest, the reader of a reference expects its kind.
  private mutating func checkPrefix(of label: Outline.Label, in path: String) {
    guard let prefix = Outline.Kind.named(byPrefixOf: label.identifier) else {
      return report(.labelWithoutKind(label.identifier), in: path, at: label.position)
    }
    let isTheorem = prefix == .theorem && label.kind.counter == prefix.counter
    guard prefix != label.kind, !isTheorem else { return }
    report(
      .labelOfOtherKind(label.identifier, labelled: label.kind, prefix: prefix), in: path,
      at: label.position)
  }

  private mutating func check(_ chapter: ChapterEntry, among byPath: [String: ChapterEntry]) {
    let path = chapter.entry.path
    for mention in chapter.outline.references where table[mention.name] == nil {
      let nearest = nearest(to: mention.name, among: table.identifiers)
      report(.unknownReference(mention.name, nearest: nearest), in: path, at: mention.position)
    }
    for mention in chapter.outline.citations where !citationKeys.contains(mention.name) {
      let nearest = nearest(to: mention.name, among: citationKeys)
      report(.unknownCitation(mention.name, nearest: nearest), in: path, at: mention.position)
    }
    // A bare @name may be a person, unless it looks like a slip of the pen.
    for mention in chapter.outline.names where !citationKeys.contains(mention.name) {
      let fault: BookFault
      let label =
        label(meantBy: mention.name)
        ?? (mention.name.contains("-") ? nearest(to: mention.name, among: table.identifiers) : nil)
      if let label {
        fault = .misspeltReference(mention.name, label: label)
      } else if let nearest = nearest(to: mention.name, among: citationKeys) {
        fault = .unknownCitation(mention.name, nearest: nearest)
      } else {
        continue
      }
      report(fault, .warning, in: path, at: mention.position)
    }
    for mention in chapter.outline.namesInLinks where citationKeys.contains(mention.name) {
      report(.citationInLink(mention.name), .warning, in: path, at: mention.position)
    }
    for mention in chapter.outline.links { checkLink(mention, from: path, among: byPath) }
    for mention in chapter.outline.images { checkImage(mention, from: path) }
    for mention in chapter.outline.unnamedImages {
      report(.imageWithoutAlt(mention.name), in: path, at: mention.position)
    }
    if chapter.outline.headings.isEmpty {
      report(.chapterWithoutTitle, .warning, in: path, at: SourcePosition(line: 1, column: 1))
    }
  }

  /// `fig-bound` for `Fig-bound`, `fig:bound`, `figure-bound` or `tab-…`.
  private func label(meantBy name: String) -> String? {
    let word = name.prefix { $0.isLetter }.lowercased()
    let rest = name.dropFirst(word.count).drop { "-:_./".contains($0) }
    guard word.count >= 2, rest.count < name.count - word.count else { return nil }
    return Outline.Kind.allCases.lazy
      .filter { $0.rawValue.hasPrefix(word) || $0.prefix == "\(word)-" }
      .map { $0.prefix + rest }.first { table[$0] != nil }
  }

  private mutating func nearest(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    guard suggestionsLeft > 0 else { return nil }
    suggestionsLeft -= 1
    return Spelling.nearest(to: name, among: candidates)
  }

  private mutating func checkLink(
    _ mention: Outline.Mention, from path: String, among byPath: [String: ChapterEntry]
  ) {
    if OutlineBuilder.runsCode(mention.name) {
      report(.linkRunsCode(mention.name), .warning, in: path, at: mention.position)
      return
    }
    guard !mention.name.hasPrefix("/") else {
      report(.linkFromRoot(mention.name), .warning, in: path, at: mention.position)
      return
    }
    guard let (target, fragment) = SitePaths.resolve(mention.name, from: path) else {
      report(.linkOutside(mention.name), in: path, at: mention.position)
      return
    }
    if let chapter = byPath[target] {
      if let fragment, !fragment.isEmpty, !hasAnchor(fragment, chapter) {
        let fault = BookFault.anchorMissing(fragment, page: "\(chapter.entry.slug).html")
        report(fault, in: path, at: mention.position)
      }
      return
    }
    switch place(of: target) {
    case .file: need(target, in: path, at: mention.position)
    case .folder: break
    case .outside: report(.linkOutside(mention.name), in: path, at: mention.position)
    case .missing where site.holds(SitePaths.sitePath(ofFile: target)): break
    case .missing:
      // A file beside the book may be known only where the site will stand.
      let severity: Diagnostic.Severity = target.hasSuffix(".md") ? .error : .warning
      report(.linkMissing(mention.name), severity, in: path, at: mention.position)
    }
  }

  private mutating func hasAnchor(_ name: String, _ chapter: ChapterEntry) -> Bool {
    let path = chapter.entry.path
    if anchors[path] == nil { anchors[path] = chapter.outline.anchors }
    return anchors[path]!.contains(name)
  }

  /// The site needs a file of the book.
  private mutating func need(_ file: String, in path: String, at position: SourcePosition) {
    guard files.insert(file).inserted else { return }
    let place = SitePaths.sitePath(ofFile: file)
    if let owner = site.add(place, for: "'\(file)'") {
      report(.sitePathTaken(place, file: file, by: owner), in: path, at: position)
    }
  }

  private mutating func checkImage(_ mention: Outline.Mention, from path: String) {
    guard OutlineBuilder.isLocal(mention.name) else {
      // What stands in the text itself is loaded from nowhere.
      if !mention.name.lowercased().hasPrefix("data:image/") {
        report(.imageRemote(mention.name), in: path, at: mention.position)
      }
      return
    }
    guard let (target, _) = SitePaths.resolve(mention.name, from: path) else {
      return report(.imageOutside(mention.name), in: path, at: mention.position)
    }
    switch place(of: target) {
    case .file: need(target, in: path, at: mention.position)
    case .outside: report(.imageOutside(mention.name), in: path, at: mention.position)
    case .folder, .missing: report(.imageMissing(mention.name), in: path, at: mention.position)
    }
  }

  private enum Place { case file, folder, missing, outside }

  /// Where a path of the book really leads: a symbolic link may leave the folder.
  private func place(of path: String) -> Place {
    do {
      return FileSystem.isFolder(try book.locate(path)) ? .folder : .file
    } catch .outsideBook {
      return .outside
    } catch {
      return .missing
    }
  }

  private mutating func report(
    _ fault: BookFault, _ severity: Diagnostic.Severity = .error, in file: String,
    at position: SourcePosition
  ) {
    diagnostics.append(
      fault.diagnostic(severity, file: file, line: position.line, column: position.column))
  }
}
