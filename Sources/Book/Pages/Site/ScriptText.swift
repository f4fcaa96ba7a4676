/// A script that carries data, written as bytes.
struct ScriptText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ code: String) { bytes.append(contentsOf: code.utf8) }

  /// A JavaScript string literal that is also safe inside a `script` element.
  mutating func append(literal text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { source in
      for (index, byte) in source.enumerated() {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
        // `</script` must not appear.
        case UInt8(ascii: "/") where index > 0 && source[index - 1] == UInt8(ascii: "<"):
          append("\\/")
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
