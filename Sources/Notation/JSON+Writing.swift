extension JSON {
  /// One line of UTF-8 without a newline inside or at the end.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, indent: nil)
    return bytes
  }

  /// As `bytes`, for people: a member or element a line, two spaces deeper than its parent.
  public var indentedBytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, indent: 0)
    return bytes
  }

  /// - Parameter indent: nil for a single line.
  private func write(to bytes: inout [UInt8], indent: Int?) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: "\(number)".utf8)
    case .number(let number) where number.isFinite: bytes.append(contentsOf: "\(number)".utf8)
    case .number(let number): JSON(number).write(to: &bytes, indent: indent)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let values):
      Self.write(values, between: "[", and: "]", to: &bytes, indent: indent) {
        $0.write(to: &$1, indent: $2)
      }
    case .object(let members):
      Self.write(members, between: "{", and: "}", to: &bytes, indent: indent) {
        member, bytes, indent in
        Self.write(member.name, to: &bytes)
        bytes.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
        member.value.write(to: &bytes, indent: indent)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between start: Unicode.Scalar, and end: Unicode.Scalar,
    to bytes: inout [UInt8], indent: Int?, _ write: (Item, inout [UInt8], Int?) -> Void
  ) {
    func breakLine(_ indent: Int) {
      bytes.append(UInt8(ascii: "\n"))
      for _ in 0..<indent { bytes.append(UInt8(ascii: " ")) }
    }
    let inner = indent.map { $0 + 2 }
    bytes.append(UInt8(ascii: start))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let inner { breakLine(inner) }
      write(item, &bytes, inner)
    }
    if let indent, !items.isEmpty { breakLine(indent) }
    bytes.append(UInt8(ascii: end))
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      // Runs without an escape are copied whole: a figure is a hundred kilobytes of them.
      var start = 0
      for index in utf8.indices {
        let byte = utf8[index]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
          continue
        }
        bytes.append(contentsOf: utf8[start..<index])
        start = index + 1
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
          let digits = Array("0123456789abcdef".utf8)
          bytes.append(contentsOf: "u00".utf8)
          bytes.append(digits[Int(byte >> 4)])
          bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
      }
      bytes.append(contentsOf: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
