import CCMark

/// Runs cmark over a batch of texts and turns its nodes into values with places in the file.
///
/// With `BlockParser`'s prefixes gone, cmark's columns count from the start of a text's line; but
/// over a line break behind a backslash or in a link's destination and title it counts on. So the
/// lines are counted here, from the text itself, and of cmark's numbers only columns are used.
struct InlineParser {
  enum Parsed {
    /// cmark found only link reference definitions.
    case nothing
    case inlines([Inline])
    case info(String)
  }

  let batch: InlineBatch
  let document: [UInt8]
  var hasAdditions = false
  private var isQuoted = false
  /// Offset in the document of the line's text, which begins at column 1 + `columnsBefore`.
  private var lineStart = 0
  private var columnsBefore = 0
  /// The line break that ends that line.
  private var lineBreak = 0
  /// Nothing of the text before this offset is still to come.
  var cursor = 0

  private init(_ batch: InlineBatch) {
    self.batch = batch
    document = batch.document
  }

  static func parse(_ batch: InlineBatch) -> [Parsed] {
    var parsed = [Parsed](repeating: .nothing, count: batch.leaves.count)
    guard !parsed.isEmpty else { return parsed }
    let root = batch.document.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_SOURCEPOS)
      }
    }
    defer { cmark_node_free(root) }
    var parser = InlineParser(batch)
    var index = 0
    var block = cmark_node_first_child(root)
    while let node = block, index < parsed.count {
      let line = Int(cmark_node_get_start_line(node))
      while index < parsed.count, batch.leaves[index].line < line { index += 1 }
      if index < parsed.count, batch.leaves[index].line == line {
        if cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK {
          parsed[index] = .info(string(cmark_node_get_fence_info(node)))
        } else if let text = batch.leaves[index].isQuoted ? cmark_node_first_child(node) : node {
          parsed[index] = .inlines(parser.inlines(of: text, in: batch.leaves[index]))
        }
        index += 1
      }
      block = cmark_node_next(node)
    }
    return parsed
  }

  private static func string(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }

  // MARK: Walking

  /// An open emphasis, link or image and what it holds so far.
  private struct Frame {
    var node: OpaquePointer
    var offset: Int
    var isAutolink = false
    var content = Content()
  }

  struct Content {
    var inlines: [Inline] = []
    /// Neighbouring texts become one.
    var text = ""
    var textPosition = SourcePosition(line: 0, column: 0)

    mutating func flush() {
      guard !text.isEmpty else { return }
      inlines.append(Inline(.text(text), at: textPosition))
      text = ""
    }

    mutating func append(_ inline: Inline) {
      flush()
      inlines.append(inline)
    }
  }

  private mutating func inlines(of block: OpaquePointer, in leaf: InlineBatch.Leaf) -> [Inline] {
    hasAdditions = leaf.hasAdditions
    isQuoted = leaf.isQuoted
    lineStart = leaf.textStart
    columnsBefore = 0
    lineBreak = nextLineBreak(from: lineStart)
    cursor = leaf.textStart
    var stack = [Frame(node: block, offset: cursor)]
    var next = cmark_node_first_child(block)
    while let node = next {
      if let child = cmark_node_first_child(node) {
        // Deeper than the limit, only the marks are lost: the text stays.
        if stack.count < MarkdownParser.maximumDepth {
          stack.append(
            Frame(node: node, offset: offset(of: node), isAutolink: isAutolink(node)))
        }
        next = child
        continue
      }
      if isContainer(node) {
        stack.append(
          Frame(node: node, offset: offset(of: node), isAutolink: isAutolink(node)))
        leave(node, &stack)
      } else {
        addLeaf(node, to: &stack[stack.count - 1].content)
      }
      next = following(node, upTo: block, &stack)
    }
    stack[0].content.flush()
    return stack[0].content.inlines
  }

  private mutating func following(
    _ node: OpaquePointer, upTo block: OpaquePointer, _ stack: inout [Frame]
  ) -> OpaquePointer? {
    var node = node
    while true {
      if let next = cmark_node_next(node) { return next }
      guard let parent = cmark_node_parent(node), parent != block else { return nil }
      leave(parent, &stack)
      node = parent
    }
  }

  private func isContainer(_ node: OpaquePointer) -> Bool {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_EMPH, CMARK_NODE_STRONG, CMARK_NODE_LINK, CMARK_NODE_IMAGE: true
    default: false
    }
  }

  func offset(of node: OpaquePointer) -> Int {
    offset(ofColumn: Int(cmark_node_get_start_column(node)))
  }

  /// A column beyond the line's end counts on over a link's line breaks, but not over the indents.
  private func offset(ofColumn column: Int) -> Int {
    var start = lineStart
    var end = lineBreak
    var left = column - 1 - columnsBefore
    while start + left > end, end < document.count {
      left -= end + 1 - start
      start = batch.textStart(after: end, isQuoted: isQuoted)
      end = nextLineBreak(from: start)
    }
    return min(max(start + left, 0), document.count)
  }

  private mutating func leave(_ node: OpaquePointer, _ stack: inout [Frame]) {
    let type = cmark_node_get_type(node)
    let isOpen = stack.count > 1 && stack[stack.count - 1].node == node
    if type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE,
      !(isOpen && stack[stack.count - 1].isAutolink)
    {
      skipTail(of: node)
    }
    guard isOpen else { return }
    var frame = stack.removeLast()
    frame.content.flush()
    let content = frame.content.inlines
    let kind: Inline.Kind
    let markLength: Int
    switch type {
    case CMARK_NODE_EMPH: (kind, markLength) = (.emphasis(content), 1)
    case CMARK_NODE_STRONG: (kind, markLength) = (.strong(content), 2)
    default:
      let url = restored(Self.string(cmark_node_get_url(node)))
      let title = restored(Self.string(cmark_node_get_title(node)))
      if type == CMARK_NODE_LINK {
        (kind, markLength) = (.link(destination: url, title: title, content: content), 1)
      } else {
        (kind, markLength) = (.image(source: url, title: title, alt: content), 2)
      }
    }
    var position = batch.position(of: frame.offset)
    if let first = content.first, !first.isBreak, first.position.column > markLength {
      position = first.position
      position.column -= markLength
    }
    stack[stack.count - 1].content.append(Inline(kind, at: position))
  }

  /// An autolink's text begins behind `<`; its columns are not to be trusted.
  private func isAutolink(_ node: OpaquePointer) -> Bool {
    guard cmark_node_get_type(node) == CMARK_NODE_LINK,
      let child = cmark_node_first_child(node), cmark_node_get_type(child) == CMARK_NODE_TEXT
    else { return false }
    let start = offset(of: child)
    return start > 0 && document[start - 1] == UInt8(ascii: "<")
  }

  /// Moves behind a link's destination and title.
  private mutating func skipTail(of node: OpaquePointer) {
    cursor = max(cursor, offset(ofColumn: Int(cmark_node_get_end_column(node)) + 1))
    while lineBreak < cursor { continueLine() }
  }

  private mutating func addLeaf(_ node: OpaquePointer, to content: inout Content) {
    let type = cmark_node_get_type(node)
    switch type {
    case CMARK_NODE_TEXT:
      addText(node, to: &content)
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK:
      let newline = nextLineBreak(from: cursor)
      content.append(
        Inline(
          type == CMARK_NODE_SOFTBREAK ? .softBreak : .lineBreak, at: batch.position(of: newline)))
      if type == CMARK_NODE_LINEBREAK, newline > 0, document[newline - 1] == UInt8(ascii: "\\") {
        continueLine()
      } else {
        startLine(after: newline)
      }
    case CMARK_NODE_CODE:
      let start = codeSpan(node)
      content.append(
        Inline(
          .code(restored(Self.string(cmark_node_get_literal(node)))), at: batch.position(of: start))
      )
    default:
      let start = offset(of: node)
      let literal = Self.string(cmark_node_get_literal(node))
      content.append(Inline(.html(restored(literal)), at: batch.position(of: start)))
      cursor = max(cursor, start)
      for byte in literal.utf8 where byte == 0x0A {
        startLine(after: nextLineBreak(from: cursor))
      }
    }
  }

  private func nextLineBreak(from start: Int) -> Int {
    var i = start
    while i < document.count, document[i] != 0x0A { i += 1 }
    return i
  }

  private mutating func startLine(after newline: Int) {
    let text = min(batch.textStart(after: newline, isQuoted: isQuoted), document.count)
    lineStart = text - (isQuoted ? InlineBatch.quote.count : 0)
    columnsBefore = 0
    lineBreak = nextLineBreak(from: text)
    cursor = text
  }

  /// Goes to the next line, over a line break that cmark counts as a column.
  private mutating func continueLine() {
    columnsBefore += lineBreak + 1 - lineStart
    lineStart = min(batch.textStart(after: lineBreak, isQuoted: isQuoted), document.count)
    lineBreak = nextLineBreak(from: lineStart)
    cursor = max(cursor, lineStart)
  }

  /// The offset of a code span's first backtick; moves behind its last.
  private mutating func codeSpan(_ node: OpaquePointer) -> Int {
    let tick = UInt8(ascii: "`")
    let content = offset(of: node)
    var start = content
    while start > 0, document[start - 1] == tick { start -= 1 }
    var escape = start
    while escape > 0, document[escape - 1] == UInt8(ascii: "\\") { escape -= 1 }
    // The first backtick of the run is text.
    if (start - escape) % 2 == 1, start + 1 < content { start += 1 }
    let length = content - start
    var i = content
    var lastBreak: Int?
    while i < document.count {
      if document[i] == tick {
        var end = i
        while end < document.count, document[end] == tick { end += 1 }
        let isClosing = end - i == length
        i = end
        if isClosing { break }
      } else {
        if document[i] == 0x0A { lastBreak = i }
        i += 1
      }
    }
    if let lastBreak { startLine(after: lastBreak) }
    cursor = max(cursor, i)
    return start
  }

}

extension Inline {
  fileprivate var isBreak: Bool {
    switch kind {
    case .softBreak, .lineBreak: true
    default: false
    }
  }
}
