/// The texts of the block tree, put into the batch for cmark.
extension TreeBuilder {
  /// Link definitions come first, in the order of the file, since the first of a label counts
  /// and may stand in a paragraph that is not shown.
  mutating func collectDefinitions() {
    for node in tree.nodes where node.definitionLines > 0 {
      collect(tree.segments[node.segments], joinedBy: 0x0A)
      _ = batch.finish(.definitions)
    }
  }

  mutating func collectTexts() {
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
}
