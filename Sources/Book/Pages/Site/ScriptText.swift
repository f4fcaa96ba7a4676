/// A script that carries data, written as bytes.
struct ScriptText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ code: String) { bytes.append(contentsOf: code.utf8) }

  /// A JavaScript string literal that is also safe inside a `script` element.
  mutating func append(literal text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { source in
      var copied = 0
      for (index, byte) in source.enumerated() {
        guard let escape = Self.escape(byte, after: index > 0 ? source[index - 1] : 0) else {
          continue
        }
        bytes.append(contentsOf: source[copied..<index])
        append(escape)
        copied = index + 1
      }
      bytes.append(contentsOf: source[copied...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// What stands for a byte that a literal may not hold as it is; nil for most.
  private static func escape(_ byte: UInt8, after previous: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case UInt8(ascii: "\n"): "\\n"
    case UInt8(ascii: "\r"): "\\r"
    case UInt8(ascii: "\t"): "\\t"
    case 0..<0x20: "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    // `</script` must not appear.
    case UInt8(ascii: "/") where previous == UInt8(ascii: "<"): "\\/"
    default: nil
    }
  }
}
