/// Makes a `Document` of the block tree: first every text goes into the batch for cmark, then the
/// values are built around what came back.
struct TreeBuilder {
  let source: SourceText
  let bytes: [UInt8]
  var tree: BlockTree
  var batch: InlineBatch
  private var parsed: [InlineParser.Parsed] = []
  var faults: [MarkdownFault]
  let footnotePositions: [String: SourcePosition]

  init(_ parser: BlockParser) {
    source = parser.source
    bytes = parser.bytes
    tree = parser.tree
    faults = parser.faults
    footnotePositions = parser.footnotePositions
    batch = InlineBatch(
      source: parser.source, definedLabels: parser.definedLabels,
      footnotes: parser.footnotePositions)
  }

  mutating func build() -> Document {
    collectDefinitions()
    collectTexts()
    parsed = InlineParser.parse(batch)
    faults += batch.faults
    let footnotes = orderedFootnotes()
    return Document(blocks: blocks(in: 0), footnotes: footnotes)
  }

  // MARK: Values

  func blocks(in parent: Int) -> [Block] {
    var blocks: [Block] = []
    var child = tree[parent].firstChild
    while child >= 0 {
      if !tree[child].isRemoved, let kind = kind(of: child) {
        let position = source.position(line: tree[child].line, offset: tree[child].start)
        blocks.append(Block(kind, at: position))
      }
      child = tree[child].next
    }
    return blocks
  }

  private func kind(of index: Int) -> Block.Kind? {
    let node = tree[index]
    switch node.payload {
    case .none:
      switch node.kind {
      case .blockQuote: return .blockQuote(blocks(in: index))
      case .thematicBreak: return .thematicBreak
      default:
        guard node.leaf >= 0, case .inlines(let content) = parsed[node.leaf] else { return nil }
        return .paragraph(content)
      }
    case .list(let marker, let isTight):
      return .list(List(start: marker.start, isTight: isTight, items: items(of: index)))
    case .heading(let level, _):
      return .heading(
        Heading(level: level, content: inlines(node.leaf), identifier: node.identifier))
    case .fence(let fence):
      return .code(
        CodeBlock(
          info: info(of: index, fence), literal: lines(of: index),
          contentPosition: contentPosition(of: index), isUnclosed: !fence.isClosed))
    case .indentedCode:
      return .code(
        CodeBlock(info: nil, literal: lines(of: index), contentPosition: contentPosition(of: index))
      )
    case .html: return .html(lines(of: index))
    case .math(let fence):
      let tex = lines(of: index).utf8.trimmed
      return .math(MathBlock(tex: String(tex) ?? "", identifier: fence.identifier))
    case .table(let head): return .table(table(index, head))
    case .container(let head): return .container(container(index, head))
    case .item, .footnote: return nil
    }
  }

  private func inlines(_ leaf: Int) -> [Inline] {
    guard leaf >= 0, case .inlines(let content) = parsed[leaf] else { return [] }
    return content
  }

  private func items(of list: Int) -> [[Block]] {
    var items: [[Block]] = []
    var child = tree[list].firstChild
    while child >= 0 {
      items.append(blocks(in: child))
      child = tree[child].next
    }
    return items
  }

  private func table(_ index: Int, _ head: BlockTree.TableHead) -> Table {
    let width = head.alignments.count
    let first = tree[index].leaf
    let rows = tree[index].segments.indices.map { row in
      (0..<width).map { inlines(first + (row - tree[index].segments.lowerBound) * width + $0) }
    }
    return Table(
      alignments: head.alignments, header: rows[0], rows: Array(rows.dropFirst()),
      caption: inlines(head.captionLeaf), identifier: tree[index].identifier)
  }

  private func container(_ index: Int, _ head: BlockTree.ContainerHead) -> Container {
    let attributes = head.attributes
    let further = attributes.classes.dropFirst().map {
      Container.Attribute(key: "class", value: $0)
    }
    return Container(
      name: attributes.classes[0], identifier: attributes.identifier,
      title: attributes.title.map { String(decoding: bytes[$0], as: UTF8.self) },
      titleContent: inlines(head.titleLeaf), attributes: further + attributes.pairs,
      blocks: blocks(in: index), isUnclosed: !head.isClosed)
  }

  private func info(of index: Int, _ fence: BlockTree.Fence) -> String {
    if tree[index].leaf >= 0, case .info(let info) = parsed[tree[index].leaf] { return info }
    return String(String(decoding: bytes[fence.info], as: UTF8.self).utf8.trimmed) ?? ""
  }

  private func contentPosition(of index: Int) -> SourcePosition {
    guard let first = tree.segments[tree[index].segments].first else {
      return SourcePosition(line: tree[index].line + 2, column: 1)
    }
    return source.position(line: first.line, offset: first.start)
  }

  /// The lines of a block's text, each ending in a newline.
  private func lines(of index: Int) -> String {
    var segments = tree.segments[tree[index].segments]
    if case .indentedCode = tree[index].payload {
      while let last = segments.last, bytes[last.start..<last.end].allSatisfy(\.isSpaceOrTab) {
        segments.removeLast()
      }
    }
    var text: [UInt8] = []
    for segment in segments {
      for _ in 0..<segment.spaces { text.append(0x20) }
      text.append(contentsOf: bytes[segment.start..<segment.end])
      text.append(0x0A)
    }
    let string = String(decoding: text, as: UTF8.self)
    return source.hasNUL ? String(string.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : string
  }

}

extension String.UTF8View {
  /// Without white space at both ends.
  fileprivate var trimmed: SubSequence {
    var slice = self[...]
    while let first = slice.first, first.isWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return slice
  }
}
