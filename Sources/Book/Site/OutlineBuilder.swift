import Markdown

/// `Chapter` → `Outline`: one walk over the tree that counts what is numbered and lists what is
/// referred to.
package struct OutlineBuilder: DocumentVisitor {
  private var outline: Outline
  private let chapter: Chapter
  private var counts: [String: Int] = [:]
  private var section = (0, 0)
  private var anchors: Set<String> = []
  /// How many names have been tried for each that was wanted.
  private var tried: [String: Int] = [:]
  private let spans: [Int: String]
  /// Names that somebody wrote, which none made from a heading's text may take.
  private var written: Set<String> = []

  /// - Parameter spans: what values and claims show, for the headings; anchors do without, since links
  ///   to them are checked before anything runs.
  package static func outline(of chapter: Chapter, spans: [Int: String] = [:]) -> Outline {
    var builder = OutlineBuilder(chapter, spans)
    builder.written = WrittenAnchors.of(chapter)
    builder.walk(chapter.document)
    return builder.outline
  }

  private init(_ chapter: Chapter, _ spans: [Int: String]) {
    self.chapter = chapter
    self.spans = spans
    outline = Outline(
      title: chapter.title, headings: [], labels: [], references: [], citations: [], names: [],
      links: [], images: [], unnamedImages: [], otherAnchors: [], itemCount: chapter.items.count)
  }

  package mutating func visit(_ block: Block) -> Bool {
    switch block.kind {
    case .heading(let heading): add(heading, at: block.position)
    case .code: addCode(block)
    case .html(let html): add(html: html, at: block.position)
    case .math(let math):
      if let identifier = math.identifier {
        add(.equation, named: identifier, title: "", at: block.position)
      }
    case .table(let table):
      if !table.caption.isEmpty || table.identifier != nil {
        let title = PlainText.of(table.caption, spans: spans)
        add(.table, named: table.identifier ?? "", title: title, at: block.position)
      }
    case .container(let container):
      if let kind = Outline.Kind(rawValue: container.name), kind != .section {
        let title = container.title ?? ""
        add(kind, named: container.identifier ?? "", title: title, at: block.position)
      } else if let identifier = container.identifier {
        outline.otherAnchors.append(unique(identifier))
      }
      if let level = container.tabLevel {
        walk(container.titleContent)
        for block in container.blocks { walk(block, inTabsOf: level) }
        return false
      }
    case .paragraph, .blockQuote, .list, .thematicBreak: break
    }
    return true
  }

  package mutating func visit(_ inline: Inline) -> Bool {
    let position = inline.position
    switch inline.kind {
    case .html(let html): add(html: html, at: position)
    case .link(let destination, _, let content):
      add(namesIn: content)
      add(link: destination, at: position)
    case .image(let source, _, let alt):
      outline.images.append(.init(name: source, position: position))
      if PlainText.of(alt).allSatisfy(\.isWhitespace), !alt.contains(where: \.isSpan) {
        outline.unnamedImages.append(.init(name: source, position: position))
      }
    case .crossReference(let label):
      outline.references.append(.init(name: label, position: position))
    case .citation(let citation):
      for entry in citation.entries {
        let mention = Outline.Mention(name: entry.key, position: position)
        // `[found by @octocat]` is somebody's name as well.
        if citation.isBracketed, citation.entries.allSatisfy(\.prefix.isEmpty) {
          outline.citations.append(mention)
        } else {
          outline.names.append(mention)
        }
      }
    case .text, .softBreak, .lineBreak, .code, .math, .footnoteReference, .emphasis, .strong: break
    }
    return true
  }

  private mutating func add(namesIn link: [Inline]) {
    for case .text(let text) in link.map(\.kind) where text.contains("@") {
      for match in text.matches(of: #/@([A-Za-z](?:[\w:.+\/-]*[A-Za-z0-9])?)/#) {
        outline.namesInLinks.append(.init(name: String(match.1), position: link[0].position))
      }
    }
  }

  // MARK: What is numbered

  /// The name of a tab shows no number, and counts as none.
  private mutating func walk(_ block: Block, inTabsOf level: Int) {
    if case .heading(var heading) = block.kind, heading.level == level {
      heading.isUnnumbered = true
      add(heading, at: block.position)
      walk(heading.content)
    } else {
      walk([block])
    }
  }

  private mutating func add(_ heading: Heading, at position: SourcePosition) {
    let text = PlainText.of(heading.content, spans: spans)
    var number = ""
    switch heading.level {
    case _ where heading.isUnnumbered: break
    case 2:
      section = (section.0 + 1, 0)
      number = "\(section.0)"
    case 3 where section.0 > 0:
      section.1 += 1
      number = "\(section.0).\(section.1)"
    default: break
    }
    let anchor =
      heading.identifier.map { unique($0) }
      ?? unique(Self.anchor(from: PlainText.of(heading.content)), isMade: true)
    outline.headings.append(
      .init(level: heading.level, text: text, anchor: anchor, number: number, position: position))
    if let identifier = heading.identifier {
      outline.labels.append(
        .init(
          kind: .section, identifier: identifier, anchor: anchor, number: number, title: text,
          position: position))
    }
  }

  private mutating func addCode(_ block: Block) {
    guard let item = chapter.itemOfNode[block.id] else { return }
    switch chapter.items[item] {
    case .cell(let cell):
      let kind = cell.label.flatMap(Outline.Kind.named(byPrefixOf:)) ?? .figure
      if cell.label != nil || cell.caption != nil {
        add(kind, named: cell.label ?? "", title: cell.caption ?? "", at: block.position)
      }
      walk(cell.captionContent)
    case .derivation(let derivation):
      if let label = derivation.label {
        add(.equation, named: label, title: derivation.caption ?? "", at: block.position)
      }
      walk(derivation.captionContent)
    case .value, .claim: break
    }
  }

  private mutating func add(
    _ kind: Outline.Kind, named identifier: String, title: String, at position: SourcePosition
  ) {
    counts[kind.counter, default: 0] += 1
    let number = counts[kind.counter]!
    let anchor =
      identifier.isEmpty
      ? unique("\(kind.rawValue)-\(number)", isMade: true) : unique(identifier)
    outline.labels.append(
      .init(
        kind: kind, identifier: identifier, anchor: anchor, number: "\(number)", title: title,
        position: position))
  }

  /// GitHub's rule for a heading that stands twice: `usage`, `usage-1`.
  private mutating func unique(_ wanted: String, isMade: Bool = false) -> String {
    while true {
      let count = tried[wanted, default: 0]
      tried[wanted] = count + 1
      let name = count == 0 ? wanted : "\(wanted)-\(count)"
      let anchor = Self.isReserved(name) ? "section-\(name)" : name
      if isMade, written.contains(anchor) { continue }
      if anchors.insert(anchor).inserted { return anchor }
    }
  }

  /// The page itself calls a place so: `text`; `claim-3`, `step-0-1`; `d2-…` in a drawing; `ref-…` in
  /// the list of works.
  private static func isReserved(_ anchor: String) -> Bool {
    if ["text", "contents", "tools", "references", "preview", "search-results"].contains(anchor)
      || anchor.hasPrefix("ref-")
    {
      return true
    }
    let parts = anchor.split(separator: "-", omittingEmptySubsequences: false)
    func isNumber(_ part: Substring) -> Bool {
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    guard parts.count > 1 else { return false }
    if parts[0].first == "d", isNumber(parts[0].dropFirst()) { return true }
    return ["claim", "evidence", "step", "fn", "fnref"].contains(parts[0])
      && parts[1...].allSatisfy(isNumber)
  }

  private mutating func add(link destination: String, at position: SourcePosition) {
    if Self.isLocal(destination) || Self.runsCode(destination) {
      outline.links.append(.init(name: destination, position: position))
    }
  }

  /// The author's own HTML.
  private mutating func add(html: String, at position: SourcePosition) {
    guard html.contains("<") else { return }
    let html = AuthorHTML(html)
    outline.otherAnchors += html.anchors
    for address in html.addresses {
      switch address.kind {
      case .link: add(link: address.value, at: position)
      case .image: outline.images.append(.init(name: address.value, position: position))
      }
    }
    outline.unnamedImages += html.unnamedImages.map { .init(name: $0, position: position) }
  }

  /// GitHub's rule: lower case, letters and digits kept, spaces to hyphens.
  package static func anchor(from text: String) -> String {
    var anchor = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber || character == "_" {
        anchor.append(character)
      } else if character == " " || character == "-" {
        anchor.append("-")
      }
    }
    return anchor.isEmpty ? "section" : anchor
  }

  /// Neither a scheme (`https:`) nor a network path (`//host`).
  static func isLocal(_ destination: String) -> Bool {
    if destination.isEmpty || destination.hasPrefix("//") { return false }
    let head = destination.prefix { $0 != ":" && $0 != "/" && $0 != "#" && $0 != "?" }
    return head.count == destination.count || !destination.dropFirst(head.count).hasPrefix(":")
  }

  /// Whether a browser would run the destination, or show a page made of it.
  package static func runsCode(_ destination: String) -> Bool {
    let scheme = destination.prefix { $0 != ":" }.lowercased()
    guard scheme.count < destination.count else { return false }
    return ["javascript", "vbscript"].contains(scheme)
      || scheme == "data" && !destination.lowercased().hasPrefix("data:image/")
  }
}

/// The names of places that somebody wrote: labels, and what HTML calls `id`.
private struct WrittenAnchors: DocumentVisitor {
  private var names: Set<String> = []

  static func of(_ chapter: Chapter) -> Set<String> {
    var reader = WrittenAnchors()
    reader.walk(chapter.document)
    for item in chapter.items {
      switch item {
      case .cell(let cell): reader.add(cell.label)
      case .derivation(let derivation): reader.add(derivation.label)
      case .value, .claim: break
      }
    }
    return reader.names
  }

  private mutating func add(_ name: String?) {
    if let name { names.insert(name) }
  }

  mutating func visit(_ block: Block) -> Bool {
    switch block.kind {
    case .heading(let heading): add(heading.identifier)
    case .math(let math): add(math.identifier)
    case .table(let table): add(table.identifier)
    case .container(let container): add(container.identifier)
    case .html(let html): names.formUnion(AuthorHTML(html).anchors)
    case .paragraph, .blockQuote, .list, .code, .thematicBreak: break
    }
    return true
  }

  mutating func visit(_ inline: Inline) -> Bool {
    if case .html(let html) = inline.kind { names.formUnion(AuthorHTML(html).anchors) }
    return true
  }
}

extension Inline {
  /// A value or a claim, which will say something.
  fileprivate var isSpan: Bool {
    if case .code(let code) = kind { code.hasPrefix("{") } else { false }
  }
}
