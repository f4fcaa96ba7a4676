extension RandomNumberGenerator {
  /// A number in [0, 1) with all 53 bits.
  package mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A draw from the standard normal law in double precision.
  ///
  /// Marsaglia's polar method; the second of its two numbers is thrown away so that the generator
  /// is all the state there is.
  ///
  /// - Source: Marsaglia and Bray 1964.
  public mutating func normalDouble() -> Double {
    while true {
      let u = 2 * unitDouble() - 1
      let v = 2 * unitDouble() - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * sqrt(-2 * log(s) / s) }
    }
  }

  /// An outcome of a distribution on 0, 1, …, p.count − 1.
  public mutating func outcome(of p: [Double]) -> Int {
    var rest = unitDouble()
    for (index, probability) in p.enumerated() {
      rest -= probability
      if rest < 0 { return index }
    }
    // The sum fell short of 1 by rounding: the last outcome that can happen.
    return p.lastIndex { $0 > 0 } ?? 0
  }
}
