/// Makes text that came from outside harmless: a terminal obeys control characters.
package enum VisibleText {
  /// Control and bidirectional characters become visible ones. Line feeds stay; tabs become
  /// spaces.
  package static func of(_ text: String, keepingLines: Bool = false) -> String {
    // Nearly all text needs nothing; it is found out without decoding.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A where keepingLines: result.append(scalar)
      case 0x09: result.append(contentsOf: "  ".unicodeScalars)
      // U+2400 … are pictures of the control characters.
      case 0...0x1F: result.append(Unicode.Scalar(0x2400 + scalar.value)!)
      case 0x7F: result.append("\u{2421}")
      // C1 controls; line separators; everything that turns the direction of writing, or is
      // drawn as nothing at all.
      case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C, 0xFEFF,
        0xFFF9...0xFFFB, 0xE0000...0xE007F:
        result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
