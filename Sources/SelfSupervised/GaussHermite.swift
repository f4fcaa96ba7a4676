/// A quadrature rule for means under the standard normal law: Σ wᵢ g(xᵢ) equals E g(Z) exactly for
/// polynomials of degree below 2n.
public struct GaussHermite: Sendable {
  /// Where the integrand is evaluated, in increasing order.
  public let points: [Double]
  /// What each value counts; they sum to 1.
  public let weights: [Double]

  /// The rule with n points, at most 100.
  ///
  /// The points are the roots of the Hermite polynomial Heₙ: the eigenvalues of the symmetric
  /// tridiagonal matrix with √1, √2, …, √(n−1) beside the diagonal. They are found by bisection on
  /// the number of sign changes in the Sturm sequence.
  ///
  /// - Source: Golub and Welsch 1969.
  public init(count n: Int) {
    guard n > 0, n <= 100 else { fatalError("GaussHermite: \(n) points; 1 to 100 are possible") }
    var points: [Double] = []
    var weights: [Double] = []
    let bound = 2 * sqrt(Double(n)) + 1
    for index in 0..<n {
      var low = -bound
      var high = bound
      for _ in 0..<100 {
        let middle = (low + high) / 2
        if Self.rootsBelow(middle, count: n) > index { high = middle } else { low = middle }
      }
      let point = (low + high) / 2
      points.append(point)
      weights.append(Self.weight(at: point, count: n))
    }
    let sum = weights.reduce(0, +)
    self.points = points
    self.weights = weights.map { $0 / sum }
  }

  /// E g(Z) for a standard normal Z.
  public func mean(_ value: (Double) -> Double) -> Double {
    var sum = 0.0
    for (point, weight) in zip(points, weights) { sum += weight * value(point) }
    return sum
  }

  /// Eigenvalues below `x`: the negative pivots of the shifted matrix.
  private static func rootsBelow(_ x: Double, count n: Int) -> Int {
    var pivot = -x
    var negatives = pivot < 0 ? 1 : 0
    for k in stride(from: 1, to: n, by: 1) {
      let safe = abs(pivot) < 1e-300 ? 1e-300 : pivot
      pivot = -x - Double(k) / safe
      if pivot < 0 { negatives += 1 }
    }
    return negatives
  }

  /// 1 / Σ h_k(x)² over the orthonormal polynomials h₀ … h_{n−1}.
  private static func weight(at x: Double, count n: Int) -> Double {
    var previous = 0.0
    var current = 1.0
    var sum = 1.0
    for k in stride(from: 1, to: n, by: 1) {
      let next = (x * current - sqrt(Double(k - 1)) * previous) / sqrt(Double(k))
      previous = current
      current = next
      sum += current * current
    }
    return 1 / sum
  }
}
