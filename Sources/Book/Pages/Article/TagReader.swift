/// Reads the tags of HTML or SVG, one piece after the other, as the HTML standard splits them; what
/// stands between them is passed over.
struct TagReader {
  enum Piece {
    /// `<name` or `</name`
    case opening(name: Range<Int>, isEnd: Bool)
    /// The value without its quotes; empty at the end of the name when there is none.
    case attribute(name: Range<Int>, value: Range<Int>)
    /// `>` or `/>`
    case closing(isEmpty: Bool)
    /// A comment, a declaration, or a `<` that is text.
    case other
  }

  let bytes: [UInt8]
  /// Behind the piece that was read last.
  private(set) var offset: Int
  private(set) var isInsideTag = false

  init(_ bytes: [UInt8], from offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func next() -> Piece? {
    if isInsideTag { return nextInsideTag() }
    skip { $0 != UInt8(ascii: "<") }
    guard offset < bytes.count else { return nil }
    let isEnd = byte(offset + 1) == UInt8(ascii: "/")
    let start = offset + (isEnd ? 2 : 1)
    if Self.isLetter(byte(start)) {
      offset = start
      skip { !Self.endsName($0) }
      isInsideTag = true
      return .opening(name: start..<offset, isEnd: isEnd)
    }
    skipOther(isEnd: isEnd)
    return .other
  }

  private mutating func nextInsideTag() -> Piece? {
    skip { Self.isBlank($0) || $0 == UInt8(ascii: "/") }
    guard offset < bytes.count else { return nil }
    if bytes[offset] == UInt8(ascii: ">") {
      offset += 1
      isInsideTag = false
      return .closing(isEmpty: bytes[offset - 2] == UInt8(ascii: "/"))
    }
    let start = offset
    offset += 1
    skip { !Self.endsName($0) && $0 != UInt8(ascii: "=") }
    let name = start..<offset
    skip(while: Self.isBlank)
    guard byte(offset) == UInt8(ascii: "=") else {
      return .attribute(name: name, value: name.upperBound..<name.upperBound)
    }
    offset += 1
    skip(while: Self.isBlank)
    let quote = byte(offset)
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      let first = offset
      skip { !Self.isBlank($0) && $0 != UInt8(ascii: ">") }
      return .attribute(name: name, value: first..<offset)
    }
    offset += 1
    let first = offset
    skip { $0 != quote }
    defer { offset = min(offset + 1, bytes.count) }
    return .attribute(name: name, value: first..<offset)
  }

  private mutating func skipOther(isEnd: Bool) {
    let isMarkup =
      isEnd || byte(offset + 1) == UInt8(ascii: "!") || byte(offset + 1) == UInt8(ascii: "?")
    guard bytes[offset...].starts(with: "<!--".utf8) else {
      offset += 1
      if isMarkup { skip { $0 != UInt8(ascii: ">") } }
      return
    }
    offset = bytes[(offset + 2)...].range(of: "-->")?.upperBound ?? bytes.count
  }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while offset < bytes.count, condition(bytes[offset]) { offset += 1 }
  }

  /// 0 beyond the end.
  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  private static func endsName(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20)
  }
}
