import Tensors

extension RandomNumberGenerator {
  /// A number in [0, 1) with all 53 bits.
  package mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A draw from the standard normal law in double precision.
  ///
  /// The second number of a pair is thrown away, so that the generator is all the state there is.
  public mutating func normalDouble() -> Double { normalPair().0 }

  /// Independent draws from the standard normal law.
  public mutating func normalDoubles(count: Int) -> [Double] {
    require(count: count, "normalDoubles", "numbers")
    var draws: [Double] = []
    draws.reserveCapacity(count + 1)
    while draws.count < count {
      let pair = normalPair()
      draws.append(pair.0)
      draws.append(pair.1)
    }
    if draws.count > count { draws.removeLast() }
    return draws
  }

  /// Marsaglia's polar method.
  ///
  /// - Source: Marsaglia and Bray 1964.
  private mutating func normalPair() -> (Double, Double) {
    while true {
      let u = 2 * unitDouble() - 1
      let v = 2 * unitDouble() - 1
      let s = u * u + v * v
      if s > 0, s < 1 {
        let scale = sqrt(-2 * log(s) / s)
        return (u * scale, v * scale)
      }
    }
  }

  /// An outcome of a distribution on 0, 1, …, p.count − 1.
  ///
  /// - Precondition: no probability is negative, infinite or NaN, and one is positive.
  public mutating func outcome(of p: [Double]) -> Int {
    for (index, probability) in p.enumerated() where !(probability >= 0 && probability.isFinite) {
      fail("outcome: probability \(probability) at \(index) is not a number from 0 on")
    }
    guard let last = p.lastIndex(where: { $0 > 0 }) else {
      fail("outcome: none of \(p.count) probabilities is positive")
    }
    var rest = unitDouble()
    for (index, probability) in p.enumerated() {
      rest -= probability
      if rest < 0 { return index }
    }
    // The sum fell short of 1 by rounding: the last outcome that can happen.
    return last
  }
}
