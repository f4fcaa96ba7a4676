/// The number with so many significant digits, for prose and tables: `0.0423`, `12 346` is `12346`,
/// `1.20 × 10⁻⁷`; zeros at the end are kept, because they say how precise it is.
public func format(_ value: some RealValue, digits: Int = 3) -> String {
  DecimalDigits(value).formatted(significant: max(1, digits))
}

/// The number with so many digits after the point, and a real minus sign: `−0.25`.
public func format(_ value: some RealValue, decimals: Int) -> String {
  DecimalDigits(value).formatted(decimals: max(0, decimals))
}

/// The shortest decimal digits that name a number, ready to be rounded: 0.d₁d₂d₃… · 10^exponent.
struct DecimalDigits {
  private var isNegative = false
  private var digits: [UInt8] = []
  private var exponent = 0
  /// `NaN`, or an infinity, which has no digits.
  private var name: String?

  init(_ value: some RealValue) {
    let number = value.realValue
    guard number.isFinite else {
      name = number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞"
      return
    }
    // A Float's own shortest digits: 0.1 and not 0.10000000149.
    let isFloat = value.realSpacing > number.ulp && value.realSpacing > 0
    read(isFloat ? "\(Float(number))" : "\(number)")
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
    if let e = rest.firstIndex(of: UInt8(ascii: "e")) {
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

  func formatted(significant count: Int) -> String {
    if let name { return name }
    let rounded = rounded(to: count)
    if rounded.digits.isEmpty { return formatted(decimals: 0) }
    if (-3...7).contains(rounded.exponent) {
      return formatted(decimals: max(0, count - rounded.exponent))
    }
    var mantissa = rounded
    mantissa.exponent = 1
    return "\(mantissa.formatted(decimals: count - 1)) × 10\(superscript(rounded.exponent - 1))"
  }

  func formatted(decimals: Int) -> String {
    if let name { return name }
    let rounded = rounded(to: exponent + decimals)
    func digit(_ place: Int) -> Character {
      let index = rounded.exponent - 1 - place
      let value = rounded.digits.indices.contains(index) ? rounded.digits[index] : 0
      return Character(Unicode.Scalar(value + 48))
    }
    let isZero = rounded.digits.allSatisfy { $0 == 0 }
    var text = isNegative && !isZero ? "−" : ""
    for place in stride(from: max(0, rounded.exponent - 1), through: 0, by: -1) {
      text.append(digit(place))
    }
    if decimals > 0 {
      text.append(".")
      for place in 1...decimals { text.append(digit(-place)) }
    }
    return text
  }

  private func superscript(_ number: Int) -> String {
    String(
      "\(number)".map { character in
        character == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[character.wholeNumberValue ?? 0]
      })
  }
}
