/// X and Y in R^d, each standard normal, coordinate pairs correlated by ρ and otherwise
/// independent: the example on which mutual information is known.
public struct CorrelatedGaussians: Sendable, Equatable {
  /// d.
  public let dimension: Int
  /// ρ in (−1, 1).
  public let correlation: Double

  public init(dimension: Int, correlation: Double) {
    guard dimension > 0, abs(correlation) < 1 else {
      fatalError("CorrelatedGaussians: needs a dimension above 0 and −1 < ρ < 1")
    }
    self.dimension = dimension
    self.correlation = correlation
  }

  /// The pair with ρ ≥ 0 that shares this many nats: ρ² = 1 − e^(−2I/d).
  public init(dimension: Int, mutualInformation: Double) {
    let square = 1 - exp(-2 * mutualInformation / Double(dimension))
    self.init(dimension: dimension, correlation: sqrt(square))
  }

  /// I(X; Y) = −(d/2) log(1 − ρ²), in nats.
  public var mutualInformation: Double {
    -0.5 * Double(dimension) * log(1 - correlation * correlation)
  }

  /// χ² of the joint law from the product of its marginals: 1 + χ² = (1 − ρ²)^(−d) = e^(2I).
  public var chiSquare: Double { exp(2 * mutualInformation) - 1 }

  /// log p(y | x) / p(y), in nats: the optimal critic.
  public func logRatio(_ x: [Double], _ y: [Double]) -> Double {
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
    for i in 0..<dimension {
      xx += x[i] * x[i]
      xy += x[i] * y[i]
      yy += y[i] * y[i]
    }
    return logRatio(xx: xx, xy: xy, yy: yy)
  }

  /// Log ratios of a batch of `count` pairs drawn from the joint law: entry [i, j] scores xᵢ
  /// against yⱼ, partners stand on the diagonal.
  public func scores(
    count: Int, using random: inout some RandomNumberGenerator
  ) -> Matrix {
    let rest = sqrt(1 - correlation * correlation)
    var x = Array(repeating: 0.0, count: count * dimension)  // [N, d]
    var y = x
    for i in x.indices {
      x[i] = random.normalDouble()
      y[i] = correlation * x[i] + rest * random.normalDouble()
    }
    let xx = squaredLengths(x, count: count)
    let yy = squaredLengths(y, count: count)
    var scores = Matrix(zeros: count, count)
    let d = dimension
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        scores.values.withUnsafeMutableBufferPointer { scores in
          for i in 0..<count {
            for j in 0..<count {
              var xy = 0.0
              for k in 0..<d { xy += x[i * d + k] * y[j * d + k] }
              scores[i * count + j] = logRatio(xx: xx[i], xy: xy, yy: yy[j])
            }
          }
        }
      }
    }
    return scores
  }

  /// InfoNCE's estimate log N − loss on each of several independent batches of N pairs, with the
  /// optimal critic, in nats.
  public func infoNCEBounds(
    candidates count: Int, batches: Int, using random: inout some RandomNumberGenerator
  ) -> [Double] {
    var bounds: [Double] = []
    bounds.reserveCapacity(batches)
    for _ in 0..<batches {
      bounds.append(infoNCEBound(scores: scores(count: count, using: &random)))
    }
    return bounds
  }

  private func logRatio(xx: Double, xy: Double, yy: Double) -> Double {
    let rho = correlation
    let variance = 1 - rho * rho
    let exponent = (yy - 2 * rho * xy + rho * rho * xx) / (2 * variance)
    return mutualInformation - exponent + yy / 2
  }

  private func squaredLengths(_ rows: [Double], count: Int) -> [Double] {
    (0..<count).map { i in
      var sum = 0.0
      for k in 0..<dimension { sum += rows[i * dimension + k] * rows[i * dimension + k] }
      return sum
    }
  }
}
