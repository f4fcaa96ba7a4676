import CCMark

/// Puts the book's additions back where the batch left placeholders for cmark.
extension InlineParser {
  /// cmark has merged neighbouring texts; what an escape or entity became is shorter than its
  /// source, so text behind a placeholder is placed by the placeholder.
  mutating func addText(_ node: OpaquePointer, to content: inout Content) {
    guard let literal = cmark_node_get_literal(node) else { return }
    var start = offset(of: node)
    if UInt8(bitPattern: literal[0]) == UInt8(ascii: "`"), !isEscapedBacktick(at: start) {
      // Of backticks that open nothing cmark reports the end.
      while start > 0, document[start - 1] == UInt8(ascii: "`") { start -= 1 }
    }
    cursor = max(cursor, start)
    let position = batch.position(of: start)
    guard hasAdditions, let marker = batch.marker else {
      Self.addText(String(cString: literal), at: position, to: &content)
      return
    }
    let bytes = Array(String(cString: literal).utf8)
    var next = position
    var from = 0
    while let found = Self.placeholder(in: bytes, from: from, marker: marker) {
      Self.addText(bytes[from..<found.range.lowerBound], at: next, to: &content)
      let placed = batch.placed[found.number]
      content.append(Inline(placed.kind, at: placed.position))
      next = placed.end
      from = found.range.upperBound
    }
    Self.addText(bytes[from...], at: next, to: &content)
  }

  private func isEscapedBacktick(at offset: Int) -> Bool {
    offset + 1 < document.count && document[offset] == UInt8(ascii: "\\")
      && document[offset + 1] == UInt8(ascii: "`")
  }

  private static func addText(
    _ bytes: ArraySlice<UInt8>, at position: SourcePosition, to content: inout Content
  ) {
    guard !bytes.isEmpty else { return }
    addText(String(decoding: bytes, as: UTF8.self), at: position, to: &content)
  }

  private static func addText(
    _ text: String, at position: SourcePosition, to content: inout Content
  ) {
    if content.text.isEmpty {
      content.text = text
      content.textPosition = position
    } else {
      content.text += text
    }
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
  func restored(_ text: String) -> String {
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
