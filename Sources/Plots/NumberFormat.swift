/// Numbers as a textbook prints them: a true minus sign, thin spaces between thousands, 10⁻³.
package enum NumberFormat {
  static let minus = "\u{2212}"
  static let thinSpace = "\u{2009}"

  /// `value` with exactly `decimals` digits after the point.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return special(value) }
    let places = max(0, min(decimals, 17))
    let scaled = (value.magnitude * Logarithm.powerOfTen(places)).rounded()
    guard scaled < 9e15 else { return scientific(value, digits: 3) }
    var digits = String(Int64(scaled))
    if digits.utf8.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
    }
    let point = digits.utf8.index(digits.startIndex, offsetBy: digits.utf8.count - places)
    var result = value < 0 && scaled > 0 ? minus : ""
    result += grouped(String(digits[..<point]))
    if places > 0 {
      result += "."
      result += String(digits[point...])
    }
    return result
  }

  /// `value` with about `digits` significant digits and no trailing zeros: what prose would say.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return special(value) }
    guard value != 0 else { return "0" }
    let decade = Logarithm.decade(of: value.magnitude)
    if decade >= 7 || decade < -4 { return scientific(value, digits: digits) }
    return trimmed(fixed(value, decimals: max(0, digits - 1 - decade)))
  }

  /// `1.5 × 10⁻⁷`
  package static func scientific(_ value: Double, digits: Int) -> String {
    var decade = Logarithm.decade(of: value.magnitude)
    var mantissa = value / Logarithm.powerOfTen(decade)
    if decade < -300 { mantissa = value * 1e200 / Logarithm.powerOfTen(decade + 200) }
    let places = Logarithm.powerOfTen(max(0, digits - 1))
    if (mantissa.magnitude * places).rounded() >= 10 * places {
      mantissa /= 10
      decade += 1
    }
    let front = trimmed(fixed(mantissa, decimals: max(0, digits - 1)))
    return front + thinSpace + "×" + thinSpace + power(of: 10, decade)
  }

  /// `10⁻³`, `2¹⁰`
  package static func power(of base: Int, _ exponent: Int) -> String {
    var result = String(base)
    for byte in String(exponent).utf8 {
      switch byte {
      case UInt8(ascii: "-"): result += "⁻"
      case UInt8(ascii: "1"): result += "¹"
      case UInt8(ascii: "2"): result += "²"
      case UInt8(ascii: "3"): result += "³"
      default: result.unicodeScalars.append(Unicode.Scalar(0x2070 + UInt32(byte - 0x30)) ?? "0")
      }
    }
    return result
  }

  private static func special(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? minus + "∞" : "∞"
  }

  /// Four digits stay together; from five on, groups of three.
  private static func grouped(_ digits: String) -> String {
    let count = digits.utf8.count
    guard count > 4 else { return digits }
    var result: [UInt8] = []
    for (index, byte) in digits.utf8.enumerated() {
      if index > 0, (count - index) % 3 == 0 { result.append(contentsOf: thinSpace.utf8) }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func trimmed(_ text: String) -> String {
    var bytes = [UInt8](text.utf8)
    guard bytes.contains(UInt8(ascii: ".")) else { return text }
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A length or place in the drawing, with at most two decimals and no more than needed.
package func coordinate(_ value: Double) -> String {
  let bounded = value.isFinite ? max(-99_999, min(99_999, value)) : 0
  let hundredths = Int((bounded * 100).rounded())
  var bytes: [UInt8] = []
  appendFixed(hundredths, decimals: 2, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// `value` / 10^`decimals` in the shortest form that path data allows: `-.5`, `12`, `3.25`.
func appendFixed(_ value: Int, decimals: Int, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  let magnitude = value.magnitude
  let unit: UInt = decimals == 2 ? 100 : 10
  let whole = magnitude / unit
  var fraction = magnitude % unit
  if whole > 0 || fraction == 0 { bytes.append(contentsOf: String(whole).utf8) }
  guard fraction > 0 else { return }
  bytes.append(UInt8(ascii: "."))
  var place = unit / 10
  while fraction > 0 {
    bytes.append(UInt8(0x30 + fraction / place))
    fraction %= place
    place /= 10
  }
}
