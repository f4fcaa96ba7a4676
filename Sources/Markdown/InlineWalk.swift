import CCMark

/// The inlines of one text, with their places in the masked text.
///
/// cmark counts columns from the start of a line's text, but over a line break behind a backslash
/// or in a link's destination and title it counts on. So the lines are counted here, and of cmark's
/// numbers only columns are used.
struct InlineWalk {
  enum Event {
    case enter(CMarkNode, start: Int)
    /// `tail` is what follows a link's text, from `]`; for an autolink, `>`.
    case leave(CMarkNode, start: Int, tail: Range<Int>)
    case leaf(CMarkNode, Range<Int>)
  }

  private let text: MaskedText
  private let lines: ArraySlice<BlockMap.Line>
  private let block: CMarkNode
  private let columns: Int
  private var node: CMarkNode?
  /// Whether what is inside the node was read.
  private var isBehind = false
  private var stack: [(start: Int, isAutolink: Bool)] = []
  /// The line being read, and how many of its columns cmark counts before its text.
  private var line: Int
  private var columnsBefore = 0
  /// The end of what was read last.
  private var cursor: Int

  init(_ leaf: BlockMap.Leaf, in map: BlockMap) {
    self.init(
      leaf.node, map.lines[leaf.lines].dropFirst(leaf.definitionLines), columns: leaf.columns,
      map.text)
  }

  /// A phrase, which stands behind `# `.
  init(phrase index: Int, in map: BlockMap) {
    let range = (map.text.lineStarts[index + 1] + 2)..<map.text.lineEnd(index + 1)
    let line = BlockMap.Line(
      masked: index + 1, line: 0, range: range, source: 0, first: 0, indent: 0, container: 0,
      isLazy: false, leaf: -1)
    self.init(map.phrases[index], [line], columns: 2, map.text)
  }

  private init(
    _ block: CMarkNode, _ lines: ArraySlice<BlockMap.Line>, columns: Int, _ text: MaskedText
  ) {
    self.text = text
    self.block = block
    self.lines = lines
    self.columns = columns
    line = lines.startIndex
    cursor = lines[line].range.lowerBound
    node = block.firstChild
  }

  mutating func next() -> Event? {
    guard let node else { return nil }
    guard node.isInlineContainer, !isBehind else {
      let event = isBehind ? leave(node) : .leaf(node, leaf(node))
      isBehind = node.next == nil
      self.node = node.next ?? node.parent.flatMap { $0 == block ? nil : $0 }
      return event
    }
    isBehind = node.firstChild == nil
    self.node = node.firstChild ?? node
    var start = offset(ofColumn: node.startColumn)
    // Of an autolink only the text's columns can be trusted.
    var isAutolink = false
    if node.type == CMARK_NODE_LINK, let child = node.firstChild, child.type == CMARK_NODE_TEXT {
      let content = offset(ofColumn: child.startColumn)
      isAutolink =
        content > lines[line].range.lowerBound && text.bytes[content - 1] == UInt8(ascii: "<")
      if isAutolink { start = content - 1 }
    }
    stack.append((start, isAutolink))
    return .enter(node, start: start)
  }

  private mutating func leave(_ node: CMarkNode) -> Event {
    let (start, isAutolink) = stack.removeLast()
    var tail = cursor..<cursor
    if isAutolink {
      cursor += 1
      tail = (cursor - 1)..<cursor
    } else if node.type == CMARK_NODE_LINK || node.type == CMARK_NODE_IMAGE {
      var close = max(cursor, start + 1)
      while close < text.bytes.count, text.bytes[close] != UInt8(ascii: "]") { close += 1 }
      cursor = max(cursor, offset(ofColumn: node.endColumn + 1))
      while line + 1 < lines.endIndex, lines[line].range.upperBound < cursor { continueLine() }
      tail = min(close, cursor)..<cursor
    }
    return .leave(node, start: start, tail: tail)
  }

  // MARK: Places

  /// A column beyond the line's end counts on over line breaks, but not over prefixes.
  private func offset(ofColumn column: Int) -> Int {
    var left = column - 1 - columns - columnsBefore
    var index = line
    while index + 1 < lines.endIndex, left > lines[index].range.count {
      left -= lines[index].range.count + 1
      index += 1
    }
    return min(max(lines[index].range.lowerBound + left, 0), text.bytes.count)
  }

  private mutating func leaf(_ node: CMarkNode) -> Range<Int> {
    switch node.type {
    case CMARK_NODE_TEXT: textRange(node)
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: lineBreak(node)
    case CMARK_NODE_CODE: codeSpan(node)
    default: html(node)
    }
  }

  private mutating func textRange(_ node: CMarkNode) -> Range<Int> {
    let tick = UInt8(ascii: "`")
    let literal = node.literal
    var start = offset(ofColumn: node.startColumn)
    var end = offset(ofColumn: node.endColumn + 1)
    // Of backticks that open nothing cmark reports the end.
    if literal.first == tick, !isEscapedTick(at: start) {
      while start > 0, text.bytes[start - 1] == tick { start -= 1 }
    }
    if literal.last == tick, end > 1, text.bytes[end - 1] != tick, text.bytes[end - 2] == tick {
      end -= 1
    }
    cursor = max(cursor, end)
    return start..<max(start, end)
  }

  private func isEscapedTick(at offset: Int) -> Bool {
    offset + 1 < text.bytes.count && text.bytes[offset] == UInt8(ascii: "\\")
      && text.bytes[offset + 1] == UInt8(ascii: "`")
  }

  private mutating func lineBreak(_ node: CMarkNode) -> Range<Int> {
    let newline = lines[line].range.upperBound
    if node.type == CMARK_NODE_LINEBREAK, text.bytes[newline - 1] == UInt8(ascii: "\\") {
      continueLine()
    } else {
      startLine(line + 1)
    }
    return newline..<newline
  }

  private mutating func startLine(_ index: Int) {
    line = min(index, lines.endIndex - 1)
    columnsBefore = 0
    cursor = max(cursor, lines[line].range.lowerBound)
  }

  /// Goes to the next line, over a line break that cmark counts as a column.
  private mutating func continueLine() {
    guard line + 1 < lines.endIndex else { return }
    columnsBefore += lines[line].range.count + 1
    line += 1
    cursor = max(cursor, lines[line].range.lowerBound)
  }

  /// From the first backtick to the last.
  private mutating func codeSpan(_ node: CMarkNode) -> Range<Int> {
    let tick = UInt8(ascii: "`")
    let bytes = text.bytes
    let content = offset(ofColumn: node.startColumn)
    var start = content
    while start > 0, bytes[start - 1] == tick { start -= 1 }
    var escape = start
    while escape > 0, bytes[escape - 1] == UInt8(ascii: "\\") { escape -= 1 }
    // The first backtick of the run is text.
    if (start - escape) % 2 == 1, start + 1 < content { start += 1 }
    var end = content
    while end < bytes.count {
      if bytes[end] != tick {
        end += 1
        continue
      }
      let run = end
      while end < bytes.count, bytes[end] == tick { end += 1 }
      if end - run == content - start { break }
    }
    var last = line
    while last + 1 < lines.endIndex, lines[last].range.upperBound < end { last += 1 }
    if last > line { startLine(last) }
    cursor = max(cursor, end)
    return start..<end
  }

  private mutating func html(_ node: CMarkNode) -> Range<Int> {
    let start = offset(ofColumn: node.startColumn)
    let literal = node.literal
    var lastLine = literal.count
    for byte in literal where byte == 0x0A { startLine(line + 1) }
    if let newline = literal.lastIndex(of: 0x0A) {
      lastLine -= newline + 1
      cursor = lines[line].range.lowerBound + lastLine
    } else {
      cursor = max(cursor, start + lastLine)
    }
    return start..<max(cursor, start)
  }
}

extension CMarkNode {
  fileprivate var isInlineContainer: Bool {
    switch type {
    case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK, CMARK_NODE_IMAGE: true
    default: false
    }
  }
}
