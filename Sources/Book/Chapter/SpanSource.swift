import Markdown

/// Where the characters of a code span stand in the file. The span's text has its line breaks
/// replaced by spaces, and does not show the prefixes of the quotes and lists it stands in.
struct SpanSource {
  private let source: SourceText
  private var line: Int
  private var offset: Int

  /// - Parameters:
  ///   - position: of the first backtick.
  ///   - word: `swift` or `claim`, which stands first in the span, in braces.
  ///   - blanks: bytes between the braces and the expression: a no-break space is two.
  init(_ source: SourceText, spanAt position: SourcePosition, word: String, blanks: Int) {
    self.source = source
    line = position.line - 1
    offset = source.lineStarts[line] + position.column - 1
    skip { $0 == UInt8(ascii: "`") }
    skip(while: Self.isSpace)
    for _ in 0..<(word.utf8.count + 2 + blanks) { step() }
  }

  /// The place of the byte `count` bytes behind the start of the expression.
  func position(after count: Int) -> SourcePosition {
    var copy = self
    for _ in 0..<count { copy.step() }
    return source.position(line: copy.line, offset: copy.offset)
  }

  /// A line break counts as a line feed.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A
  }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while line < source.lineCount {
      let byte = offset < source.lineEnds[line] ? source.bytes[offset] : 0x0A
      guard condition(byte), byte != 0x0A || line + 1 < source.lineCount else { return }
      step()
    }
  }

  private mutating func step() {
    if offset < source.lineEnds[line] {
      offset += 1
    } else if line + 1 < source.lineCount {
      line += 1
      offset = source.lineStarts[line]
      while offset < source.lineEnds[line], Self.isPrefix(source.bytes[offset]) { offset += 1 }
    }
  }

  private static func isPrefix(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ">")
  }
}
