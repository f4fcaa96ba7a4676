/// Logarithms and powers of ten without a C library, and the same on every platform.
package enum Logarithm {
  static let ln2 = 0.693147180559945309417232
  static let ln10 = 2.302585092994045684017991

  /// The natural logarithm; NaN for what has none. Off by less than 2 units in the last place.
  ///
  /// With v = m · 2ᵉ and m in [√½, √2): log v = e log 2 + 2 artanh((m − 1)/(m + 1)), whose series
  /// runs in powers of at most 0.03.
  package static func natural(_ value: Double) -> Double {
    guard value > 0 else { return value == 0 ? -.infinity : .nan }
    guard value.isFinite else { return value }
    var exponent = Double(value.exponent)
    var mantissa = value.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    var k = 23.0
    while k >= 1 {
      sum = sum * square + 1 / k
      k -= 2
    }
    return exponent * ln2 + 2 * s * sum
  }

  package static func base10(_ value: Double) -> Double { natural(value) / ln10 }
  package static func base2(_ value: Double) -> Double { natural(value) / ln2 }

  /// 10ⁿ, exact for 0 ≤ n ≤ 22 and correctly rounded down to 10⁻²².
  package static func powerOfTen(_ exponent: Int) -> Double {
    var magnitude = exponent < 0 ? -exponent : exponent
    // Beyond 22 the table's products round; below −308 the divisor would overflow.
    if exponent < -300 { return powerOfTen(exponent + 200) / 1e200 }
    var result = 1.0
    while magnitude > 22 {
      result *= 1e22
      magnitude -= 22
    }
    for _ in 0..<magnitude { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }

  /// The largest n with 10ⁿ ≤ value, for a finite positive value.
  package static func decade(of value: Double) -> Int {
    var exponent = Int(base10(value).rounded(.down))
    if powerOfTen(exponent + 1) <= value { exponent += 1 }
    if powerOfTen(exponent) > value { exponent -= 1 }
    return exponent
  }
}
