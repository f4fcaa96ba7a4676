import Tensors

extension RandomNumberGenerator {
  /// A distribution on `count` outcomes drawn from the symmetric Dirichlet law.
  ///
  /// - Parameter concentration: α > 0; small, a few outcomes take nearly everything; 1, every
  ///   distribution is as likely; large, all are close to uniform.
  public mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
    require(count: count, "dirichlet", "outcomes")
    if !(concentration > 0 && concentration.isFinite) || count < 1 {
      fail(
        "dirichlet: concentration \(concentration), \(count) outcomes: needs more than 0 of both")
    }
    let weights = (0..<count).map { _ in gamma(shape: concentration) }
    let sum = weights.reduce(0, +)
    if sum > 0 { return weights.map { $0 / sum } }
    // Of a tiny concentration all may underflow: one outcome, any of them, takes everything.
    let winner = Int.random(in: 0..<count, using: &self)
    return weights.indices.map { $0 == winner ? 1 : 0 }
  }

  /// `count` distributions on `outcomes` outcomes, of each of which `floor` is spread evenly.
  mutating func laws(
    _ count: Int, of outcomes: Int, concentration: Double, floor: Double
  ) -> [[Double]] {
    if !(floor >= 0 && floor <= 1) { fail("laws: the floor \(floor) is not in 0...1") }
    return (0..<count).map { _ in
      dirichlet(concentration: concentration, count: outcomes)
        .map { (1 - floor) * $0 + floor / Double(outcomes) }
    }
  }

  /// A draw from the gamma law of this shape and scale 1.
  ///
  /// - Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
  private mutating func gamma(shape: Double) -> Double {
    if shape < 1 { return gamma(shape: shape + 1) * pow(1 - unitDouble(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / sqrt(9 * d)
    while true {
      let x = normalDouble()
      let t = 1 + c * x
      if t <= 0 { continue }
      let v = t * t * t
      if log(1 - unitDouble()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }
}
