import Tensors

// Entropies of Gaussian laws in closed form, in nats.

extension GaussianModel {
  /// The differential entropy ½ log det(2πe Σ), in nats; negative for a narrow law.
  ///
  /// - Source: Cover and Thomas 2006, theorem 8.4.1.
  public var entropy: Double {
    let d = Double(mean.count)
    return 0.5 * (d * log(2 * Double.pi * exp(1)) + logDeterminant(Array(mean.indices)))
  }

  /// I(X_A; X_B) = ½ log(det Σ_A det Σ_B / det Σ_AB) of two groups of coordinates, in nats.
  ///
  /// - Precondition: the groups have no coordinate in common.
  /// - Source: Cover and Thomas 2006, section 8.5.
  public func mutualInformation(between a: [Int], and b: [Int]) -> Double {
    require(a + b, below: mean.count, "GaussianModel.mutualInformation", "coordinate")
    for i in a where b.contains(i) {
      fail("GaussianModel.mutualInformation: coordinate \(i) is in both groups")
    }
    return 0.5 * (logDeterminant(a) + logDeterminant(b) - logDeterminant(a + b))
  }

  /// log det of the covariance of some coordinates.
  fileprivate func logDeterminant(_ coordinates: [Int]) -> Double {
    let block = covariance.block(rows: coordinates, columns: coordinates)
    guard let factor = CholeskyFactor(block) else {
      fail("GaussianModel: the covariance is not positive definite")
    }
    return factor.logDeterminant
  }
}

/// KL(p ‖ q) of two Gaussian laws, in nats:
/// ½ (tr Σ_q⁻¹Σ_p + (μ_q − μ_p)ᵀ Σ_q⁻¹ (μ_q − μ_p) − d + log det Σ_q/det Σ_p).
///
/// - Source: Kullback 1959, chapter 9.
public func klDivergence(_ p: GaussianModel, _ q: GaussianModel) -> Double {
  let d = p.mean.count
  guard d == q.mean.count else {
    fail("klDivergence: laws on \(d) and \(q.mean.count) coordinates")
  }
  guard let factor = CholeskyFactor(q.covariance) else {
    fail("klDivergence: the second covariance is not positive definite")
  }
  let shift = (0..<d).map { q.mean[$0] - p.mean[$0] }
  let pulled = factor.solve(shift)
  var square = 0.0
  for i in 0..<d { square += shift[i] * pulled[i] }
  let all = Array(0..<d)
  let logRatio = factor.logDeterminant - p.logDeterminant(all)
  return 0.5 * (factor.solve(p.covariance).trace + square - Double(d) + logRatio)
}
