import Tensors

/// X and Y in R^d, each standard normal, coordinate pairs correlated by ρ and otherwise
/// independent: the example on which mutual information is known.
public struct CorrelatedGaussians: Sendable, Equatable {
  /// d.
  public let dimension: Int
  /// ρ in (−1, 1).
  public let correlation: Double

  /// Pairs of `dimension` coordinates, each correlated by ρ in (−1, 1).
  public init(dimension: Int, correlation: Double) {
    if dimension < 1 || !(abs(correlation) < 1) {
      fail(
        "CorrelatedGaussians: dimension \(dimension), ρ = \(correlation): needs a dimension above 0 "
          + "and −1 < ρ < 1")
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
    if x.count != dimension || y.count != dimension {
      fail("logRatio: \(x.count) and \(y.count) numbers for \(dimension) dimensions")
    }
    let rho = correlation
    var sum = mutualInformation
    for i in 0..<dimension {
      let deviation = y[i] - rho * x[i]
      sum += y[i] * y[i] / 2 - deviation * deviation / (2 * (1 - rho * rho))
    }
    return sum
  }

  /// Log ratios of a batch of `count` pairs drawn from the joint law: entry [i, j] scores xᵢ
  /// against yⱼ, partners stand on the diagonal.
  public func scores(
    count: Int, using random: inout some RandomNumberGenerator
  ) -> Matrix {
    require(count: count, "CorrelatedGaussians", "pairs")
    let rho = correlation
    let rest = sqrt(1 - rho * rho)
    let x = random.normalDoubles(count: count * dimension)  // [d, N]
    let noise = random.normalDoubles(count: count * dimension)
    var y = x
    for i in y.indices { y[i] = rho * x[i] + rest * noise[i] }
    // log r = I − (|y|² − 2ρ x·y + ρ² |x|²) / 2v + |y|² / 2: products, and a term for each side.
    let factor = 0.5 / (1 - rho * rho)
    let xSide = squaredLengths(x, count: count).map { mutualInformation - factor * rho * rho * $0 }
    let ySide = squaredLengths(y, count: count).map { (0.5 - factor) * $0 }
    var scores = Matrix(zeros: count, count)
    let d = dimension
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        scores.values.withUnsafeMutableBufferPointer { scores in
          for i in 0..<count {
            let row = i * count
            for j in 0..<count { scores[row + j] = xSide[i] + ySide[j] }
            for k in 0..<d {
              let weight = 2 * factor * rho * x[k * count + i]
              for j in 0..<count { scores[row + j] += weight * y[k * count + j] }
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
    require(count: batches, "CorrelatedGaussians", "batches")
    var bounds: [Double] = []
    bounds.reserveCapacity(batches)
    for _ in 0..<batches {
      bounds.append(infoNCEBound(scores: scores(count: count, using: &random)))
    }
    return bounds
  }

  /// Of each of `count` vectors whose coordinates are rows, `[d, N]`.
  private func squaredLengths(_ columns: [Double], count: Int) -> [Double] {
    var sums = Array(repeating: 0.0, count: count)
    for k in 0..<dimension {
      for i in 0..<count { sums[i] += columns[k * count + i] * columns[k * count + i] }
    }
    return sums
  }
}
