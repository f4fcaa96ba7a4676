import CCMark

/// What can begin on a line: `:::` blocks, formulas, footnotes and tables.
extension MaskBuilder {
  enum BlockStart {
    case container(AttributeList)
    case containerEnd
    case formula(MathBlock, lines: [(range: Range<Int>, line: Int)])
    case footnote(label: String, Range<Int>)
    case table([Table.Alignment], rows: [Int])
  }

  mutating func blockStart(at index: Int, of leaf: BlockMap.Leaf) -> BlockStart? {
    guard leaf.kind != .atxHeading else { return nil }
    return lineStart(map.lines[index]) ?? table(at: index, of: leaf)
  }

  /// All but a table.
  private mutating func lineStart(_ line: BlockMap.Line) -> BlockStart? {
    let end = source.lineEnds[line.line]
    guard line.indent <= 3, line.first < end, !rejected.contains(line.first) else { return nil }
    switch source.bytes[line.first] {
    case UInt8(ascii: ":"): return containerLine(line, end)
    case UInt8(ascii: "$"), UInt8(ascii: "\\"): return formula(line, end)
    case UInt8(ascii: "["):
      return Self.footnote(source, at: line.first, to: end).map { .footnote(label: $0, $1) }
    default: return nil
    }
  }

  mutating func claim(_ start: BlockStart, at index: Int, of leaf: BlockMap.Leaf) {
    let line = map.lines[index]
    var ranges = [(range: line.first..<source.lineEnds[line.line], line: line.line)]
    let kind: Mask.Kind
    switch start {
    case .container(let attributes):
      openBlocks[line.container, default: 0] += 1
      let title = attributes.title.map { range in
        var run = Excerpt()
        run.append(range, of: source, line: line.line)
        return addPhrase(run, in: leaf)
      }
      kind = .container(attributes, title: title)
    case .containerEnd:
      openBlocks[line.container, default: 1] -= 1
      kind = .containerEnd
    case .formula(let formula, let lines):
      ranges = lines
      kind = .math(formula)
    case .footnote(let label, let range):
      ranges[0].range = range
      kind = .footnote(label: label, isEmpty: range.upperBound == source.lineEnds[line.line])
    case .table(let alignments, let rows):
      ranges = rows.map {
        (map.lines[$0].first..<source.lineEnds[map.lines[$0].line], map.lines[$0].line)
      }
      // A heading cannot be indented as far as a paragraph's further lines.
      if line.indent > 3 { ranges[0].range = line.source..<ranges[0].range.upperBound }
      kind = .table(
        Mask.TableHead(
          alignments: alignments,
          firstPhrase: addCells(ranges, width: alignments.count, of: leaf),
          rowCount: rows.count - 1))
    }
    for (number, part) in ranges.enumerated() {
      add(Mask.Claim(range: part.range, line: part.line, kind: number == 0 ? kind : .part))
    }
    nextLine = ranges[ranges.count - 1].line + 1
    tableEnd = (-2, -1)
    if case .table(_, let rows) = start {
      let last = rows[rows.count - 1]
      tableEnd = (map.leaves[map.lines[last].leaf].number, line.container)
    }
  }

  // MARK: `:::` blocks

  /// `::: theorem` or `::: {.theorem #thm-x title="…"}`, with or without colons at the end; or
  /// colons alone, which close the innermost block of their container.
  private mutating func containerLine(_ line: BlockMap.Line, _ lineEnd: Int) -> BlockStart? {
    let bytes = source.bytes
    var start = line.first
    while start < lineEnd, bytes[start] == UInt8(ascii: ":") { start += 1 }
    guard start - line.first >= 3 else { return nil }
    let position = source.position(line: line.line, offset: line.first)
    var end = bytes.trimmed(start..<lineEnd).upperBound
    let isOpen = openBlocks[line.container, default: 0]
    if start >= end {
      if isOpen > 0 { return .containerEnd }
      faults.append(MarkdownFault(.strayContainerEnd, at: position))
      return nil
    }
    let trimmed = end
    while end > start, bytes[end - 1] == UInt8(ascii: ":") { end -= 1 }
    if trimmed - end < 3 { end = trimmed }
    let text = bytes.trimmed(start..<end)
    guard !text.isEmpty, let attributes = containerAttributes(text) else {
      faults.append(MarkdownFault(.malformedContainer, at: position))
      return nil
    }
    guard map.containers[line.container].depth + isOpen + 2 < MarkdownParser.maximumDepth else {
      faults.append(MarkdownFault(.nestedTooDeep, at: position))
      return nil
    }
    return .container(attributes)
  }

  private func containerAttributes(_ range: Range<Int>) -> AttributeList? {
    let bytes = source.bytes
    if bytes[range.lowerBound] == UInt8(ascii: "{") {
      guard let list = AttributeList(bytes, in: range), !list.classes.isEmpty else { return nil }
      return list
    }
    guard bytes[range.lowerBound].isLetter, bytes[range].allSatisfy(AttributeList.isNameByte) else {
      return nil
    }
    return AttributeList(name: String(decoding: bytes[range], as: UTF8.self))
  }

  // MARK: Footnotes

  /// `[^label]: …`, continued by lines that are indented by four columns.
  static func footnote(
    _ source: SourceText, at start: Int, to end: Int
  ) -> (label: String, Range<Int>)? {
    let bytes = source.bytes
    guard start + 1 < end, bytes[start] == UInt8(ascii: "["), bytes[start + 1] == UInt8(ascii: "^"),
      let labelEnd = InlineScanner.footnoteLabelEnd(bytes, from: start, to: end),
      labelEnd + 1 < end, bytes[labelEnd + 1] == UInt8(ascii: ":")
    else { return nil }
    var text = labelEnd + 2
    while text < end, bytes[text].isSpaceOrTab { text += 1 }
    return (String(text: bytes[(start + 2)..<labelEnd]), start..<text)
  }

  // MARK: Tables

  /// A row of dashes under a paragraph's last line with as many cells makes the two a table.
  private mutating func table(at index: Int, of leaf: BlockMap.Leaf) -> BlockStart? {
    guard index + 1 < map.lines.count else { return nil }
    let (header, dashes) = (map.lines[index], map.lines[index + 1])
    guard follows(dashes, header), header.indent <= 3 || index > leaf.lines.lowerBound,
      dashes.indent <= 3, !rejected.contains(header.first),
      let alignments = TableScanner.alignments(
        source.bytes, in: dashes.first..<source.lineEnds[dashes.line]),
      index + 1 < leaf.lines.upperBound || leaf.kind == .masked,
      TableScanner.cells(source.bytes, in: header.first..<source.lineEnds[header.line]).count
        == alignments.count
    else { return nil }
    var rows = [index, index + 1]
    var next = index + 2
    while next < map.lines.count, follows(map.lines[next], map.lines[next - 1]),
      map.leaves[map.lines[next].leaf].kind != .atxHeading, isRow(map.lines[next])
    {
      rows.append(next)
      next += 1
    }
    return .table(alignments, rows: rows)
  }

  /// A table ends at the beginning of another block, even of one that could not interrupt a
  /// paragraph: a list from 2, indented code.
  private mutating func isRow(_ line: BlockMap.Line) -> Bool {
    guard line.indent <= 3, !isCaption(line), lineStart(line) == nil else { return false }
    let text = source.bytes[line.first..<source.lineEnds[line.line]]
    guard let first = text.first, first != UInt8(ascii: "|"), !first.isLetter else { return true }
    let block = CMarkTree(Array(text)).root.firstChild
    return block == nil || block?.type == CMARK_NODE_PARAGRAPH
  }

  private func follows(_ line: BlockMap.Line, _ previous: BlockMap.Line) -> Bool {
    line.line == previous.line + 1 && line.container == previous.container && !line.isLazy
      && !previous.isLazy
  }

  /// `: caption`, which ends a table.
  func isCaption(_ line: BlockMap.Line) -> Bool {
    let end = source.lineEnds[line.line]
    return line.indent <= 3 && line.first + 1 < end && source.bytes[line.first] == UInt8(ascii: ":")
      && source.bytes[line.first + 1].isSpaceOrTab
  }

  /// Adds the cells of a table, without the row of dashes, and returns the number of the first.
  private mutating func addCells(
    _ rows: [(range: Range<Int>, line: Int)], width: Int, of leaf: BlockMap.Leaf
  ) -> Int {
    let first = mask.phrases.count
    for (number, row) in rows.enumerated() where number != 1 {
      let cells = TableScanner.cells(source.bytes, in: row.range)
      if cells.count > width {
        faults.append(
          MarkdownFault(
            .cellsBeyondHeader(count: cells.count, width: width),
            at: source.position(line: row.line, offset: cells[width].lowerBound)))
      }
      for column in 0..<width {
        _ = addPhrase(
          column < cells.count ? cell(cells[column], line: row.line) : Excerpt(), in: leaf)
      }
    }
    return first
  }

  /// `\|` is a pipe, also in a code span, but not in a formula.
  private func cell(_ range: Range<Int>, line: Int) -> Excerpt {
    var run = Excerpt()
    var from = range.lowerBound
    var i = from
    while i < range.upperBound {
      switch source.bytes[i] {
      case UInt8(ascii: "$"):
        i = TableScanner.formulaEnd(source.bytes, from: i, to: range.upperBound) ?? i + 1
      case UInt8(ascii: "\\"):
        if i + 1 < range.upperBound, source.bytes[i + 1] == UInt8(ascii: "|") {
          run.append(from..<i, of: source, line: line)
          from = i + 1
        }
        i += 2
      default: i += 1
      }
    }
    run.append(from..<range.upperBound, of: source, line: line)
    return run
  }
}
