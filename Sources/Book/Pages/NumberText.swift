import Foundation

/// Measured numbers as the pages print them.
enum NumberText {
  /// At most `digits` significant digits, no trailing zeros, a true minus, `1.5 × 10⁻⁷`.
  static func of(_ value: Double, digits: Int = 7) -> String {
    if value.isNaN { return "not a number" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    let text = String(format: "%.\(digits)g", value)
    let parts = text.split(separator: "e", maxSplits: 1)
    let mantissa = String(parts[0]).replacing("-", with: "−")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return mantissa }
    return mantissa + " × 10" + superscript(exponent)
  }

  private static func superscript(_ number: Int) -> String {
    String(
      String(number).map { character in
        switch character {
        case "-": "⁻"
        case "1": "¹"
        case "2": "²"
        case "3": "³"
        default: Character(Unicode.Scalar(0x2070 + UInt32(character.wholeNumberValue ?? 0)) ?? "⁰")
        }
      })
  }
}
