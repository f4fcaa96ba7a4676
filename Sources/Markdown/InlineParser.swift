import CCMark

/// Runs cmark over a batch of texts and turns its nodes into values with places in the file.
///
/// With `BlockParser`'s prefixes gone, cmark's columns count from the start of a text's line; what
/// it does not count are the line breaks inside a link's destination and title. So the lines are
/// counted here, from the text itself, and of cmark's numbers only columns are used.
struct InlineParser {
  enum Parsed {
    /// cmark found only link reference definitions.
    case nothing
    case inlines([Inline])
    case info(String)
  }

  private let batch: InlineBatch
  private let document: [UInt8]
  private var hasAdditions = false
  private var isQuoted = false
  /// Offset in the document that cmark's column 1 stands for.
  private var lineStart = 0
  /// Nothing of the text before this offset is still to come.
  private var cursor = 0

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
    var content = Content()
  }

  private struct Content {
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
    cursor = leaf.textStart
    var stack = [Frame(node: block, offset: cursor)]
    var next = cmark_node_first_child(block)
    while let node = next {
      if let child = cmark_node_first_child(node) {
        // Deeper than the limit, only the marks are lost: the text stays.
        if stack.count < MarkdownParser.maximumDepth {
          stack.append(Frame(node: node, offset: offset(of: node)))
        }
        next = child
        continue
      }
      if isContainer(node) {
        stack.append(Frame(node: node, offset: offset(of: node)))
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

  private func offset(of node: OpaquePointer) -> Int {
    min(max(lineStart + Int(cmark_node_get_start_column(node)) - 1, 0), document.count)
  }

  private mutating func leave(_ node: OpaquePointer, _ stack: inout [Frame]) {
    let type = cmark_node_get_type(node)
    if type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE { skipTail(of: node) }
    guard stack.count > 1, stack[stack.count - 1].node == node else { return }
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

  /// Moves behind a link's destination and title. An autolink's column is not to be trusted.
  private mutating func skipTail(of node: OpaquePointer) {
    if let child = cmark_node_first_child(node), cmark_node_get_type(child) == CMARK_NODE_TEXT {
      let start = offset(of: child)
      if start > 0, start <= document.count, document[start - 1] == UInt8(ascii: "<") { return }
    }
    let end = lineStart + Int(cmark_node_get_end_column(node))
    if end > cursor, end <= document.count { cursor = end }
  }

  private mutating func addLeaf(_ node: OpaquePointer, to content: inout Content) {
    let type = cmark_node_get_type(node)
    switch type {
    case CMARK_NODE_TEXT:
      addText(node, to: &content)
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK:
      let newline = nextLineBreak(from: cursor) ?? document.count
      content.append(
        Inline(
          type == CMARK_NODE_SOFTBREAK ? .softBreak : .lineBreak, at: batch.position(of: newline)))
      startLine(after: newline)
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
        guard let newline = nextLineBreak(from: cursor) else { break }
        startLine(after: newline)
      }
    }
  }

  private func nextLineBreak(from start: Int) -> Int? {
    start <= document.count ? document[start...].firstIndex(of: 0x0A) : nil
  }

  private mutating func startLine(after newline: Int) {
    lineStart = min(batch.columnOne(after: newline, isQuoted: isQuoted), document.count)
    cursor = min(max(lineStart, newline + 1), document.count)
  }

  /// The offset of a code span's first backtick; moves behind its last.
  private mutating func codeSpan(_ node: OpaquePointer) -> Int {
    let tick = UInt8(ascii: "`")
    let content = offset(of: node)
    var start = content
    while start > 0, document[start - 1] == tick { start -= 1 }
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

  // MARK: Placeholders

  private mutating func addText(_ node: OpaquePointer, to content: inout Content) {
    guard let literal = cmark_node_get_literal(node) else { return }
    let start = offset(of: node)
    cursor = max(cursor, start)
    guard hasAdditions, let marker = batch.marker else {
      if content.text.isEmpty { content.textPosition = batch.position(of: start) }
      content.text += String(cString: literal)
      return
    }
    let bytes = Array(String(cString: literal).utf8)
    var from = 0
    while let found = Self.placeholder(in: bytes, from: from, marker: marker) {
      addText(bytes[from..<found.range.lowerBound], at: start + from, to: &content)
      let placed = batch.placed[found.number]
      content.append(Inline(placed.kind, at: placed.position))
      from = found.range.upperBound
    }
    addText(bytes[from...], at: start + from, to: &content)
  }

  private func addText(_ bytes: ArraySlice<UInt8>, at offset: Int, to content: inout Content) {
    guard !bytes.isEmpty else { return }
    if content.text.isEmpty { content.textPosition = batch.position(of: offset) }
    content.text += String(decoding: bytes, as: UTF8.self)
  }

  private static func placeholder(
    in bytes: [UInt8], from start: Int, marker: [UInt8]
  ) -> (range: Range<Int>, number: Int)? {
    var i = start
    while i + 6 < bytes.count {
      guard bytes[i] == marker[0], bytes[i + 1] == marker[1], bytes[i + 2] == marker[2] else {
        i += 1
        continue
      }
      var number = 0
      var end = i + 3
      while end < bytes.count, bytes[end].isDigit {
        number = number * 10 + Int(bytes[end] - 0x30)
        end += 1
      }
      return (i..<(end + 3), number)
    }
    return nil
  }

  /// A destination or title in which the scanner saw an addition, as the file has it.
  private func restored(_ text: String) -> String {
    guard hasAdditions, let marker = batch.marker else { return text }
    let bytes = Array(text.utf8)
    var result = ""
    var from = 0
    while let found = Self.placeholder(in: bytes, from: from, marker: marker) {
      result += String(decoding: bytes[from..<found.range.lowerBound], as: UTF8.self)
      result += batch.placed[found.number].source
      from = found.range.upperBound
    }
    return from == 0 ? text : result + String(decoding: bytes[from...], as: UTF8.self)
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
