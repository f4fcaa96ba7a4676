/// Makes a `Document` of the block tree: first every text goes into the batch for cmark, then the
/// values are built around what came back.
struct TreeBuilder {
  private let source: SourceText
  private let bytes: [UInt8]
  private var tree: BlockTree
  private var batch: InlineBatch
  private var parsed: [InlineParser.Parsed] = []
  private(set) var faults: [MarkdownFault]
  private let footnotePositions: [String: SourcePosition]

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

  // MARK: Texts

  /// Link definitions come first, in the order of the file, since the first of a label counts
  /// and may stand in a paragraph that is not shown.
  private mutating func collectDefinitions() {
    for node in tree.nodes where node.definitionLines > 0 {
      collect(tree.segments[node.segments], joinedBy: 0x0A)
      _ = batch.finish(.definitions)
    }
  }

  private mutating func collectTexts() {
    // The label of the footnote that a block belongs to.
    var footnotes = [String](repeating: "", count: tree.nodes.count)
    for index in tree.nodes.indices.dropFirst() {
      footnotes[index] = footnotes[tree[index].parent]
      if case .footnote(let label) = tree[index].payload { footnotes[index] = label }
      guard !tree[index].isRemoved else { continue }
      let footnote = footnotes[index]
      switch tree[index].payload {
      case .heading(let level, let isSetext):
        collectHeading(index, level: level, isSetext: isSetext, footnote)
      case .table(let head): collectTable(index, head, footnote)
      case .container(let head): collectTitle(index, head, footnote)
      case .fence(let fence): collectInfo(index, fence)
      default:
        if tree[index].kind == .paragraph { collectParagraph(index, footnote) }
      }
    }
    if batch.marker == nil { faults.append(MarkdownFault(.noPlaceholderLeft, at: source.origin)) }
  }

  private mutating func collectParagraph(_ index: Int, _ footnote: String) {
    let node = tree[index]
    let segments = tree.segments[node.segments]
    guard let first = segments.first else { return }
    let previous = node.previous
    if previous >= 0, case .table(var head) = tree[previous].payload, isCaption(first) {
      head.captionLeaf = collectCaption(of: previous, segments, footnote)
      tree[previous].payload = .table(head)
      tree[index].isRemoved = true
      return
    }
    // Beyond the depth limit a text may begin like a block: it is passed on as one line.
    let isOneLine = node.depth + 2 >= MarkdownParser.maximumDepth
    collect(segments, joinedBy: isOneLine ? 0x20 : 0x0A)
    tree[index].leaf = batch.finish(
      isOneLine ? .line : .paragraph, definitionLines: isOneLine ? 0 : node.definitionLines,
      footnote: footnote)
  }

  private mutating func collect(
    _ segments: ArraySlice<BlockTree.Segment>, joinedBy separator: UInt8
  ) {
    batch.begin()
    for (number, segment) in segments.enumerated() {
      if number > 0 { batch.append(separator: separator) }
      batch.append(segment.start..<segment.end, line: segment.line, isLazy: segment.isLazy)
    }
  }

  private func isCaption(_ segment: BlockTree.Segment) -> Bool {
    segment.end - segment.start > 2 && bytes[segment.start] == UInt8(ascii: ":")
      && bytes[segment.start + 1].isSpaceOrTab
  }

  private mutating func collectCaption(
    of table: Int, _ segments: ArraySlice<BlockTree.Segment>, _ footnote: String
  ) -> Int {
    var segments = segments
    segments[segments.startIndex].start = skipSpaces(
      segments[segments.startIndex].start + 1, segments[segments.startIndex].end)
    tree[table].identifier = takeIdentifier(from: &segments)
    for index in segments.indices { segments[index].isLazy = false }
    collect(segments, joinedBy: 0x20)
    return batch.finish(.line, footnote: footnote)
  }

  /// Cuts a trailing `{#…}` off a text.
  private func takeIdentifier(from segments: inout ArraySlice<BlockTree.Segment>) -> String? {
    guard let last = segments.last,
      let found = AttributeList.trailingIdentifier(bytes, in: last.start..<last.end)
    else { return nil }
    segments[segments.endIndex - 1].end = found.textEnd
    return found.identifier
  }

  private func skipSpaces(_ start: Int, _ end: Int) -> Int {
    var i = start
    while i < end, bytes[i].isSpaceOrTab { i += 1 }
    return i
  }

  private mutating func collectHeading(
    _ index: Int, level: Int, isSetext: Bool, _ footnote: String
  ) {
    var segments = tree.segments[tree[index].segments]
    if !isSetext { chopHashes(&segments) }
    tree[index].identifier = takeIdentifier(from: &segments)
    if !isSetext, tree[index].identifier != nil { chopHashes(&segments) }
    if isSetext, let last = segments.last, last.start == last.end, segments.count > 1 {
      segments.removeLast()
    }
    let isEmpty = segments.allSatisfy { $0.start == $0.end }
    collect(segments, joinedBy: 0x0A)
    tree[index].leaf = batch.finish(
      .heading(level: level, isSetext: isSetext && !isEmpty),
      definitionLines: tree[index].definitionLines, footnote: footnote)
  }

  /// `## Title ##`: the closing run and the spaces around it do not belong to the title.
  private func chopHashes(_ segments: inout ArraySlice<BlockTree.Segment>) {
    guard let segment = segments.last else { return }
    var end = segment.end
    while end > segment.start, bytes[end - 1].isWhitespace { end -= 1 }
    var hashes = end
    while hashes > segment.start, bytes[hashes - 1] == UInt8(ascii: "#") { hashes -= 1 }
    if hashes < end, hashes == segment.start || bytes[hashes - 1].isSpaceOrTab {
      end = hashes
      while end > segment.start, bytes[end - 1].isWhitespace { end -= 1 }
    }
    segments[segments.endIndex - 1].end = end
  }

  private mutating func collectTable(
    _ index: Int, _ head: BlockTree.TableHead, _ footnote: String
  ) {
    for (row, segment) in tree.segments[tree[index].segments].enumerated() {
      let cells = TableScanner.cells(bytes, in: segment.start..<segment.end)
      for column in head.alignments.indices {
        batch.begin()
        if column < cells.count { collectCell(cells[column], line: segment.line) }
        let leaf = batch.finish(.line, footnote: footnote)
        if row == 0, column == 0 { tree[index].leaf = leaf }
      }
    }
  }

  /// `\|` is a pipe, also in a code span, but not in a formula.
  private mutating func collectCell(_ cell: Range<Int>, line: Int) {
    var from = cell.lowerBound
    var i = from
    while i < cell.upperBound {
      switch bytes[i] {
      case UInt8(ascii: "$"):
        i = TableScanner.formulaEnd(bytes, from: i, to: cell.upperBound) ?? i + 1
      case UInt8(ascii: "\\"):
        if i + 1 < cell.upperBound, bytes[i + 1] == UInt8(ascii: "|") {
          batch.append(from..<i, line: line)
          from = i + 1
        }
        i += 2
      default: i += 1
      }
    }
    batch.append(from..<cell.upperBound, line: line)
  }

  private mutating func collectTitle(
    _ index: Int, _ head: BlockTree.ContainerHead, _ footnote: String
  ) {
    guard let title = head.attributes.title else { return }
    var head = head
    batch.begin()
    batch.append(title, line: tree[index].line)
    head.titleLeaf = batch.finish(.line, footnote: footnote)
    tree[index].payload = .container(head)
  }

  private mutating func collectInfo(_ index: Int, _ fence: BlockTree.Fence) {
    let info = bytes[fence.info]
    guard info.contains(UInt8(ascii: "&")) || info.contains(UInt8(ascii: "\\")) else { return }
    batch.begin()
    batch.append(fence.info, line: tree[index].line)
    tree[index].leaf = batch.finish(.info)
  }

  // MARK: Values

  private func blocks(in parent: Int) -> [Block] {
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

  // MARK: Footnotes

  /// In order of first reference; those referred to only in footnotes follow, then the unused.
  private mutating func orderedFootnotes() -> [Footnote] {
    var blocksOf: [String: [Block]] = [:]
    var labels: [String] = []
    for index in tree.nodes.indices {
      guard case .footnote(let label) = tree[index].payload, blocksOf[label] == nil else {
        continue
      }
      blocksOf[label] = blocks(in: index)
      labels.append(label)
    }
    var order: [String] = []
    var seen: Set<String> = []
    var waiting = batch.footnoteReferences[""] ?? []
    var next = 0
    while next < waiting.count {
      let label = waiting[next]
      next += 1
      guard seen.insert(label).inserted else { continue }
      order.append(label)
      waiting += batch.footnoteReferences[label] ?? []
    }
    for label in labels where !seen.contains(label) {
      order.append(label)
      if let position = footnotePositions[label] {
        faults.append(MarkdownFault(.unusedFootnote(label: label), at: position))
      }
    }
    return order.compactMap { label in
      guard let blocks = blocksOf[label], let position = footnotePositions[label] else {
        return nil
      }
      return Footnote(label: label, position: position, blocks: blocks)
    }
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
