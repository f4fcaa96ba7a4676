import Notation
import Transcript

/// A number as a text has it: `10.217`, `−0.25`, `1e-6`, `2.5 × 10^-3`, `12.5 %`.
struct WrittenNumber: Equatable {
  var value: Double
  /// A whole number in full, which a Double cannot hold beyond 2⁵³.
  var integer: Int128?
  /// Half a unit of the last written digit.
  var halfUnit: Double
  var isPercent: Bool
  /// Where the number ends in the text it was read from.
  var end: Substring.Index

  init?(readingFrom text: Substring) {
    var rest = text
    var literal = ""
    if let sign = rest.first, "+-−".contains(sign) {
      if sign != "+" { literal = "-" }
      rest.removeFirst()
      rest = rest.trimmingLeadingBlanks
    }
    var digits = 0
    var decimals = 0
    var sawPoint = false
    while let character = rest.first {
      if let digit = character.asciiDigit {
        literal.append(digit)
        digits += 1
        if sawPoint { decimals += 1 }
      } else if character == ".", !sawPoint, rest.dropFirst().first?.asciiDigit != nil {
        if digits == 0 { literal.append("0") }
        literal.append(".")
        sawPoint = true
      } else if character == "_", digits > 0, rest.dropFirst().first?.asciiDigit != nil {
        // Swift's grouping, as in 65_536.
      } else {
        break
      }
      rest.removeFirst()
    }
    guard digits > 0 else { return nil }
    var exponent = 0
    if let power = Self.power(&rest) { exponent = power }
    var isPercent = false
    let tail = rest.trimmingLeadingBlanks
    if tail.first == "%" {
      isPercent = true
      rest = tail.dropFirst()
    }
    // A letter or digit right behind would make it a word: 3x, 2nd.
    if let next = rest.first, next.isLetter || next.isNumber || next == "." || next == "_" {
      return nil
    }
    let scale = exponent - (isPercent ? 2 : 0)
    guard let value = Double("\(literal)e\(scale)"), value.isFinite,
      let unit = Double("1e\(scale - decimals)"), unit.isFinite
    else { return nil }
    self.value = value
    integer = Self.integer(literal.filter { $0 != "." }, zeros: scale - decimals)
    halfUnit = unit / 2
    self.isPercent = isPercent
    end = rest.startIndex
  }

  var number: Event.Number { Event.Number(value, spacing: 0, integer: integer) }

  private static func integer(_ digits: String, zeros: Int) -> Int128? {
    guard zeros >= 0, zeros <= 38 else { return nil }
    return Int128(digits + String(repeating: "0", count: zeros))
  }

  /// `e-6`, `× 10^-3`, `·10⁻³`; moves behind it.
  private static func power(_ rest: inout Substring) -> Int? {
    if let mark = rest.first, mark == "e" || mark == "E" {
      var tail = rest.dropFirst()
      guard let power = integer(&tail) else { return nil }
      rest = tail
      return power
    }
    var tail = rest.trimmingLeadingBlanks
    guard let times = tail.first, "×·*".contains(times) else { return nil }
    tail = tail.dropFirst().trimmingLeadingBlanks
    guard tail.hasPrefix("10") else { return nil }
    tail = tail.dropFirst(2)
    if tail.first == "^" {
      tail.removeFirst()
      let isBraced = tail.first == "{"
      if isBraced { tail.removeFirst() }
      guard let power = integer(&tail), !isBraced || tail.first == "}" else { return nil }
      if isBraced { tail.removeFirst() }
      rest = tail
      return power
    }
    let superscript = tail.prefix { NumberText.superscripts.contains($0) }
    guard !superscript.isEmpty else { return nil }
    var digits = Substring(
      superscript.map { character in
        NumberText.superscripts.firstIndex(of: character).map { Array("0123456789-")[$0] } ?? "0"
      })
    guard let power = integer(&digits), digits.isEmpty else { return nil }
    rest = tail[superscript.endIndex...]
    return power
  }

  private static func integer(_ text: inout Substring) -> Int? {
    var rest = text
    var literal = ""
    if let sign = rest.first, "+-−".contains(sign) {
      if sign != "+" { literal = "-" }
      rest.removeFirst()
    }
    let digits = rest.prefix { $0.asciiDigit != nil }
    guard (1...4).contains(digits.count), let value = Int(literal + digits) else { return nil }
    text = rest[digits.endIndex...]
    return value
  }
}

extension Character {
  /// The character, if it is 0 to 9.
  fileprivate var asciiDigit: Character? { self >= "0" && self <= "9" ? self : nil }
}

extension Substring {
  fileprivate var trimmingLeadingBlanks: Substring { drop { $0 == " " || $0 == "\t" } }
}
