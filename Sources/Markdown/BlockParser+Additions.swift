/// The book's own blocks: formulas, `:::` blocks, footnotes and tables.
extension BlockParser {
  // MARK: Formulas

  /// `$$` or `\[` at the start of a line, if the formula ends at the end of this line or of a
  /// later one before a blank line.
  mutating func openMath(_ container: inout Int) -> Bool {
    let isBracket = byte(at: firstNonspace) == UInt8(ascii: "\\")
    guard byte(at: firstNonspace + 1) == UInt8(ascii: isBracket ? "[" : "$") else { return false }
    var fence = BlockTree.MathFence(isBracket: isBracket)
    let content = (firstNonspace + 2)..<lineEnd
    if let end = mathEnd(in: content, isBracket: isBracket) {
      guard !isBlank(content.lowerBound..<end.text) else { return false }
      fence.isClosed = true
      fence.identifier = end.identifier
      container = append(.math, to: container)
      tree[container].payload = .math(fence)
      addMathLine(to: container, content.lowerBound..<end.text)
    } else {
      guard firstMathCloser(in: content, isBracket: isBracket) == nil,
        mathIsClosed(after: line, isBracket: isBracket)
      else { return false }
      container = append(.math, to: container)
      tree[container].payload = .math(fence)
      addMathLine(to: container, content)
    }
    // The line is spent: nothing of it is left for `addText`.
    advance(bytes: lineEnd - offset)
    if fence.isClosed { tree[container].isOpen = false }
    return true
  }

  mutating func mathContinuation(of block: Int) -> Continuation {
    guard !isBlank, case .math(var fence) = tree[block].payload else { return .unmatched }
    guard let end = mathEnd(in: firstNonspace..<lineEnd, isBracket: fence.isBracket) else {
      return .matched
    }
    fence.isClosed = true
    fence.identifier = end.identifier
    tree[block].payload = .math(fence)
    addMathLine(to: block, firstNonspace..<end.text)
    tip = close(block)
    return .closed
  }

  private mutating func addMathLine(to block: Int, _ range: Range<Int>) {
    addLine(to: block, from: range.lowerBound)
    tree.segments[tree.segments.count - 1].end = range.upperBound
    tree.segments[tree.segments.count - 1].spaces = 0
  }

  private func isBlank(_ range: Range<Int>) -> Bool {
    bytes[range].allSatisfy(\.isSpaceOrTab)
  }

  /// Where a formula ends that the end of this line closes: `… $$` or `… $$ {#eq-x}`.
  private func mathEnd(
    in range: Range<Int>, isBracket: Bool
  ) -> (text: Int, identifier: String?)? {
    guard let closer = firstMathCloser(in: range, isBracket: isBracket) else { return nil }
    let rest = (closer + 2)..<range.upperBound
    if isBlank(rest) { return (closer, nil) }
    guard
      let trailing = AttributeList.trailingIdentifier(bytes, in: (closer + 1)..<rest.upperBound),
      trailing.textEnd <= closer + 2
    else { return nil }
    return (closer, trailing.identifier)
  }

  private func firstMathCloser(in range: Range<Int>, isBracket: Bool) -> Int? {
    var i = range.lowerBound
    while i + 1 < range.upperBound {
      if bytes[i] == UInt8(ascii: "\\") {
        if isBracket, bytes[i + 1] == UInt8(ascii: "]") { return i }
        i += 2
      } else if !isBracket, bytes[i] == UInt8(ascii: "$"), bytes[i + 1] == UInt8(ascii: "$") {
        return i
      } else {
        i += 1
      }
    }
    return nil
  }

  /// Looks ahead for the closing line, so that a stray `$$` does not swallow the chapter.
  private mutating func mathIsClosed(after line: Int, isBracket: Bool) -> Bool {
    if line < (isBracket ? mathUnclosedBefore.bracket : mathUnclosedBefore.dollar) { return false }
    var next = line + 1
    while next < source.lineCount {
      let end = source.lineEnds[next]
      var start = source.lineStarts[next]
      while start < end, bytes[start].isSpaceOrTab || bytes[start] == UInt8(ascii: ">") {
        start += 1
      }
      if start == end { break }
      if firstMathCloser(in: start..<end, isBracket: isBracket) != nil {
        return mathEnd(in: start..<end, isBracket: isBracket) != nil
      }
      next += 1
    }
    if isBracket { mathUnclosedBefore.bracket = next } else { mathUnclosedBefore.dollar = next }
    if isBlank((firstNonspace + 2)..<lineEnd) {
      faults.append(
        MarkdownFault(
          .unclosedMath(opener: isBracket ? "\\[" : "$$"),
          at: source.position(line: line, offset: firstNonspace)))
    }
    return false
  }

  // MARK: `:::` blocks

  /// A line of colons closes the innermost `:::` block whose prefix it carries.
  mutating func closesContainer(from matched: Int) -> Bool {
    var block = matched
    switch tree[block].kind {
    case .paragraph, .table, .list, .thematicBreak: block = tree[block].parent
    default: break
    }
    guard case .container(var head) = tree[block].payload else { return false }
    findFirstNonspace()
    guard indent <= 3, let colons = colonsEnd, isBlank(colons..<lineEnd) else { return false }
    head.isClosed = true
    tree[block].payload = .container(head)
    while tip != block { tip = close(tip) }
    tree[block].lastLineBlank = false
    tip = close(block)
    return true
  }

  private var colonsEnd: Int? {
    var end = firstNonspace
    while byte(at: end) == UInt8(ascii: ":") { end += 1 }
    return end - firstNonspace >= 3 ? end : nil
  }

  /// `::: theorem` or `::: {.theorem #thm-x title="…"}`, with or without colons at the end.
  mutating func openContainer(_ container: inout Int) -> Bool {
    guard var start = colonsEnd else { return false }
    let position = source.position(line: line, offset: firstNonspace)
    var end = lineEnd
    while end > start, bytes[end - 1].isSpaceOrTab { end -= 1 }
    if start >= end {
      faults.append(MarkdownFault(.strayContainerEnd, at: position))
      return false
    }
    let trimmed = end
    while end > start, bytes[end - 1] == UInt8(ascii: ":") { end -= 1 }
    if trimmed - end < 3 { end = trimmed }
    while end > start, bytes[end - 1].isSpaceOrTab { end -= 1 }
    while start < end, bytes[start].isSpaceOrTab { start += 1 }
    guard start < end, let attributes = containerAttributes(start..<end) else {
      faults.append(MarkdownFault(.malformedContainer, at: position))
      return false
    }
    guard hasRoomForContainer(in: container) else { return false }
    container = append(.container, to: container)
    tree[container].payload = .container(BlockTree.ContainerHead(attributes: attributes))
    advance(bytes: lineEnd - offset)
    return true
  }

  private func containerAttributes(_ range: Range<Int>) -> AttributeList? {
    if bytes[range.lowerBound] == UInt8(ascii: "{") {
      guard let list = AttributeList(bytes, in: range), !list.classes.isEmpty else { return nil }
      return list
    }
    guard bytes[range.lowerBound].isLetter, bytes[range].allSatisfy(AttributeList.isNameByte) else {
      return nil
    }
    return AttributeList(name: String(decoding: bytes[range], as: UTF8.self))
  }

  /// Whether the line is `: caption`, which ends a table.
  var startsCaption: Bool {
    indent <= 3 && byte(at: firstNonspace) == UInt8(ascii: ":")
      && byte(at: firstNonspace + 1).isSpaceOrTab
  }

  // MARK: Footnotes

  /// `[^label]: …`, continued by lines that are indented by four columns.
  mutating func openFootnote(_ container: inout Int) -> Bool {
    guard byte(at: firstNonspace + 1) == UInt8(ascii: "^"),
      let labelEnd = InlineScanner.footnoteLabelEnd(bytes, from: firstNonspace, to: lineEnd),
      byte(at: labelEnd + 1) == UInt8(ascii: ":"), hasRoomForContainer(in: container)
    else { return false }
    let label = String(decoding: bytes[(firstNonspace + 2)..<labelEnd], as: UTF8.self)
    let position = source.position(line: line, offset: firstNonspace)
    if let first = footnotePositions[label] {
      faults.append(MarkdownFault(.duplicateFootnote(label: label, first: first), at: position))
    } else {
      footnotePositions[label] = position
    }
    let start = firstNonspace
    advance(bytes: labelEnd + 2 - offset)
    while byte(at: offset).isSpaceOrTab { advance(bytes: 1) }
    container = append(.footnote, to: container, start: start)
    tree[container].payload = .footnote(label: label)
    return true
  }

  // MARK: Tables

  /// A row of dashes under a paragraph's last line with as many cells makes the two a table.
  mutating func openTable(_ container: inout Int) -> Bool {
    let paragraph = container
    guard let header = tree.segments[tree[paragraph].segments].last,
      let alignments = TableScanner.alignments(bytes, in: firstNonspace..<lineEnd),
      TableScanner.cells(bytes, in: header.start..<header.end).count == alignments.count
    else { return false }
    tree.segments.removeLast()
    tree[paragraph].segments = tree[paragraph].segments.dropLast()
    let parent = tree[paragraph].parent
    if tree[paragraph].segments.isEmpty {
      tree.remove(paragraph)
    } else {
      _ = close(paragraph)
    }
    container = append(.table, to: parent, start: header.start)
    tree[container].line = header.line
    tree[container].payload = .table(BlockTree.TableHead(alignments: alignments))
    tree.segments.append(header)
    tree[container].segments = (tree.segments.count - 1)..<tree.segments.count
    advance(bytes: lineEnd - offset)
    return true
  }
}
