/// The shortest decimal digits that name a number, ready to be rounded: 0.d₁d₂d₃… · 10^exponent.
public struct DecimalDigits: Sendable {
  private var isNegative = false
  private var digits: [UInt8] = []
  private var exponent = 0
  /// `NaN`, or an infinity, which has no digits.
  private var name: String?

  public init(_ value: Double) {
    if value.isFinite { read("\(value)") } else { name = Self.name(of: value) }
  }

  /// A `Float` has shorter digits than the `Double` of its value: 0.1 and not 0.10000000149.
  public init(_ value: Float) {
    if value.isFinite { read("\(value)") } else { name = Self.name(of: Double(value)) }
  }

  private static func name(of value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? NumberText.minus + "∞" : "∞"
  }

  /// The number that a text such as `-12.5` or `1e-07` names.
  static func value(of text: String) -> Double? {
    #if hasFeature(Embedded)
      // Without a C library nothing rounds correctly beyond 2^53 and 10²².
      var number = DecimalDigits(0.0)
      number.read(text)
      let value = number.digits.reduce(0.0) { $0 * 10 + Double($1) }
      let power = number.exponent - number.digits.count
      var scale = 1.0
      for _ in 0..<min(power.magnitude, 400) { scale *= 10 }
      return (number.isNegative ? -1 : 1) * (power < 0 ? value / scale : value * scale)
    #else
      return Double(text)
    #endif
  }

  /// From Swift's description: `-12.5`, `1e-07`.
  private mutating func read(_ text: String) {
    var point: Int?
    var power = 0
    var rest = Array(text.utf8)[...]
    if rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest = rest.dropFirst()
    }
    if let e = rest.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      power = Int(String(decoding: rest[(e + 1)...], as: UTF8.self)) ?? 0
      rest = rest[..<e]
    }
    for byte in rest {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte - 48) }
    }
    exponent = (point ?? digits.count) + power
    while digits.first == 0 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Half away from zero, at `count` digits.
  private func rounded(to count: Int) -> DecimalDigits {
    guard digits.count > count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.exponent = 0
      return result
    }
    result.digits = Array(digits[..<count])
    if digits[count] >= 5 {
      var index = count - 1
      while index >= 0, result.digits[index] == 9 {
        result.digits[index] = 0
        index -= 1
      }
      if index >= 0 {
        result.digits[index] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    return result
  }

  /// `count` significant digits. Integers are written in full up to 10⁷, and fractions from 10⁻⁴.
  ///
  /// - Parameter keepsZeros: zeros at the end say how precise a number is; without them it is short.
  public func written(
    significant count: Int, keepsZeros: Bool, spacing: NumberText.Spacing = .plain
  ) -> String {
    if let name { return name }
    let shown = rounded(to: count)
    if shown.digits.isEmpty { return "0" }
    let decade = shown.exponent - 1
    let isPlain = decade >= -4 && decade < max(7, count)
    var mantissa = isPlain ? self : shown
    if !isPlain { mantissa.exponent = 1 }
    var decimals = max(0, count - (isPlain ? shown.exponent : 1))
    if !keepsZeros {
      let last = shown.digits.lastIndex { $0 != 0 } ?? 0
      decimals = min(decimals, max(0, last + 1 - (isPlain ? shown.exponent : 1)))
    }
    let front = mantissa.written(decimals: decimals, spacing: spacing)
    if isPlain { return front }
    let cross = spacing == .thin ? "\u{2009}×\u{2009}" : " × "
    return front + cross + NumberText.power(of: 10, decade)
  }

  /// Exactly `decimals` digits after the point.
  public func written(decimals: Int, spacing: NumberText.Spacing = .plain) -> String {
    if let name { return name }
    let rounded = rounded(to: exponent + decimals)
    func digit(_ place: Int) -> Character {
      let index = rounded.exponent - 1 - place
      let value = rounded.digits.indices.contains(index) ? rounded.digits[index] : 0
      return Character(Unicode.Scalar(value + 48))
    }
    let isZero = rounded.digits.allSatisfy { $0 == 0 }
    var text = isNegative && !isZero ? NumberText.minus : ""
    let first = max(0, rounded.exponent - 1)
    for place in stride(from: first, through: 0, by: -1) {
      text.append(digit(place))
      // Four digits stay together; from five on, groups of three.
      if spacing == .thin, first >= 4, place > 0, place % 3 == 0 { text.append("\u{2009}") }
    }
    if decimals > 0 {
      text.append(".")
      for place in 1...decimals { text.append(digit(-place)) }
    }
    return text
  }
}
