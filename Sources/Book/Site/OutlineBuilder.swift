import Markdown

/// `Chapter` → `Outline`: one walk over the tree that counts what is numbered and lists what is
/// referred to.
package struct OutlineBuilder {
  private var outline: Outline
  private var cells: [SourcePosition: Cell] = [:]
  private var derivations: [SourcePosition: Derivation] = [:]
  private var counts: [String: Int] = [:]
  private var section = (0, 0)
  private var anchors: Set<String> = []
  private let values: [SourcePosition: String]

  /// - Parameter values: what `{swift} …` gave, for the headings; anchors do without, since links to
  ///   them are checked before anything runs.
  package static func outline(
    of chapter: Chapter, values: [SourcePosition: String] = [:]
  ) -> Outline {
    var builder = OutlineBuilder(chapter, values)
    builder.walk(chapter.document.blocks)
    for footnote in chapter.document.footnotes { builder.walk(footnote.blocks) }
    return builder.outline
  }

  private init(_ chapter: Chapter, _ values: [SourcePosition: String]) {
    self.values = values
    outline = Outline(
      title: chapter.title, headings: [], labels: [], references: [], citations: [], names: [],
      links: [], images: [], unnamedImages: [], otherAnchors: [], itemCount: chapter.items.count)
    for item in chapter.items {
      switch item {
      case .cell(let cell): cells[cell.position] = cell
      case .derivation(let derivation): derivations[derivation.position] = derivation
      case .value, .claim: break
      }
    }
  }

  private mutating func walk(_ blocks: [Block]) {
    for block in blocks { walk(block) }
  }

  private mutating func walk(_ block: Block) {
    switch block.kind {
    case .paragraph(let content): walk(content)
    case .heading(let heading): add(heading, at: block.position)
    case .blockQuote(let blocks): walk(blocks)
    case .list(let list): for item in list.items { walk(item) }
    case .code: addCode(at: block.position)
    case .html(let html): add(anchorsIn: html)
    case .thematicBreak: break
    case .math(let math):
      if let identifier = math.identifier {
        add(.equation, named: identifier, title: "", at: block.position)
      }
    case .table(let table):
      if !table.caption.isEmpty || table.identifier != nil {
        let title = PlainText.of(table.caption)
        add(.table, named: table.identifier ?? "", title: title, at: block.position)
      }
      for cell in table.header + table.rows.flatMap({ $0 }) + [table.caption] { walk(cell) }
    case .container(let container):
      if let kind = Outline.Kind(rawValue: container.name), kind != .section {
        let title = container.title ?? ""
        add(kind, named: container.identifier ?? "", title: title, at: block.position)
      } else if let identifier = container.identifier {
        outline.otherAnchors.append(unique(identifier))
      }
      walk(container.titleContent)
      walk(container.blocks)
    }
  }

  private mutating func walk(_ content: [Inline]) {
    for inline in content {
      let position = inline.position
      switch inline.kind {
      case .text, .softBreak, .lineBreak, .code, .math, .footnoteReference: break
      case .html(let html): add(anchorsIn: html)
      case .emphasis(let content), .strong(let content): walk(content)
      case .link(let destination, _, let content):
        if Self.isLocal(destination) || Self.runsCode(destination) {
          outline.links.append(.init(name: destination, position: position))
        }
        walk(content)
      case .image(let source, _, let alt):
        outline.images.append(.init(name: source, position: position))
        if PlainText.of(alt).allSatisfy(\.isWhitespace) {
          outline.unnamedImages.append(.init(name: source, position: position))
        }
        walk(alt)
      case .crossReference(let label):
        outline.references.append(.init(name: label, position: position))
      case .citation(let citation):
        for entry in citation.entries {
          let mention = Outline.Mention(name: entry.key, position: position)
          if citation.isBracketed {
            outline.citations.append(mention)
          } else {
            outline.names.append(mention)
          }
        }
      }
    }
  }

  // MARK: What is numbered

  private mutating func add(_ heading: Heading, at position: SourcePosition) {
    let text = PlainText.of(heading.content, values: values)
    var number = ""
    switch heading.level {
    case 2:
      section = (section.0 + 1, 0)
      number = "\(section.0)"
    case 3 where section.0 > 0:
      section.1 += 1
      number = "\(section.0).\(section.1)"
    default: break
    }
    let anchor = unique(
      heading.identifier ?? Self.anchor(from: PlainText.of(heading.content)))
    outline.headings.append(
      .init(level: heading.level, text: text, anchor: anchor, number: number, position: position))
    if let identifier = heading.identifier {
      outline.labels.append(
        .init(
          kind: .section, identifier: identifier, anchor: anchor, number: number, title: text,
          position: position))
    }
    walk(heading.content)
  }

  private mutating func addCode(at position: SourcePosition) {
    if let cell = cells[position] {
      let kind = cell.label.flatMap(Outline.Kind.named(byPrefixOf:)) ?? .figure
      guard cell.label != nil || cell.caption != nil else { return }
      add(kind, named: cell.label ?? "", title: cell.caption ?? "", at: position)
    } else if let derivation = derivations[position], let label = derivation.label {
      add(.equation, named: label, title: derivation.caption ?? "", at: position)
    }
  }

  private mutating func add(
    _ kind: Outline.Kind, named identifier: String, title: String, at position: SourcePosition
  ) {
    counts[kind.counter, default: 0] += 1
    let number = counts[kind.counter]!
    let anchor = unique(identifier.isEmpty ? "\(kind.rawValue)-\(number)" : identifier)
    outline.labels.append(
      .init(
        kind: kind, identifier: identifier, anchor: anchor, number: "\(number)", title: title,
        position: position))
  }

  /// GitHub's rule for a heading that stands twice: `usage`, `usage-1`.
  private mutating func unique(_ wanted: String) -> String {
    var anchor = wanted
    var count = 0
    while !anchors.insert(anchor).inserted {
      count += 1
      anchor = "\(wanted)-\(count)"
    }
    return anchor
  }

  /// `id="…"` and `name="…"` in the author's own HTML.
  private mutating func add(anchorsIn html: String) {
    let pieces = html.split(separator: "\"", omittingEmptySubsequences: false)
    for (before, value) in zip(pieces, pieces.dropFirst())
    where before.hasSuffix(" id=") || before.hasSuffix(" name=") {
      outline.otherAnchors.append(String(value))
    }
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
