import Tensors

// Lower bounds on mutual information from a critic's scores of N pairs: entry [i, j] scores xᵢ
// against yⱼ, and partners stand on the diagonal. The N(N − 1) other entries stand for pairs drawn
// independently. All values in nats.

/// Nguyen, Wainwright and Jordan's bound on one batch: the mean score of partners, minus e⁻¹ times
/// the mean of e^score over all others.
///
/// Its expectation never exceeds I(X; Y), and reaches it for the score 1 + log p(y | x)/p(y).
///
/// - Parameter scores: `[N, N]`, N ≥ 2.
/// - Source: Nguyen et al. 2010, arXiv:0809.0853; Poole et al. 2019, equation 4.
public func nwjBound(scores: Matrix) -> Double {
  let (partners, others) = meanScores("nwjBound", scores)
  return partners - exp(others - 1)
}

/// The Donsker–Varadhan bound on one batch (as in MINE): the mean score of partners, minus the log
/// of the mean of e^score over all others.
///
/// With the mean under the true law it is a lower bound; the log of a *sample* mean is too small on
/// average, so the value of a batch is biased upwards. It reaches I(X; Y) for the log ratio plus
/// any constant.
///
/// - Parameter scores: `[N, N]`, N ≥ 2.
/// - Source: Donsker and Varadhan 1983; Belghazi et al. 2018, arXiv:1801.04062.
public func donskerVaradhanBound(scores: Matrix) -> Double {
  let (partners, others) = meanScores("donskerVaradhanBound", scores)
  return partners - others
}

/// The mean of the diagonal, and the log of the mean of e^score off it.
private func meanScores(_ operation: StaticString, _ scores: Matrix) -> (Double, Double) {
  let n = scores.rows
  if n != scores.columns || n < 2 {
    fail("\(operation): [\(scores.rows), \(scores.columns)] scores; needs N × N, N > 1")
  }
  return scores.values.withUnsafeBufferPointer { values in
    var diagonal = 0.0
    var largest = -Double.infinity
    for i in 0..<n {
      diagonal += values[i * n + i] / Double(n)
      for j in 0..<n where j != i { largest = max(largest, values[i * n + j]) }
    }
    // Where the largest is infinite, no difference from it is: of −∞ alone, e^ is 0 throughout.
    let shift = largest.isFinite ? largest : 0
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<n where j != i { sum += exp(values[i * n + j] - shift) }
    }
    return (diagonal, shift + log(sum / Double(n * (n - 1))))
  }
}

/// log N − InfoNCE, to be raised by training a critic.
///
/// - Parameter scores: `[N, N]`, partners on the diagonal.
/// - Returns: rank 0, at most log N.
/// - Source: van den Oord et al. 2018, arXiv:1807.03748.
public func infoNCEBound(scores: Tensor) -> Tensor {
  let n = requireSquareScores("infoNCEBound", scores, atLeast: 1)
  return Float(log(Double(n))) - scores.crossEntropy(targets: Array(0..<n))
}

/// ``nwjBound(scores:)-(Matrix)``, to be raised by training a critic.
public func nwjBound(scores: Tensor) -> Tensor {
  _ = requireSquareScores("nwjBound", scores, atLeast: 2)
  return scores.diagonal().mean() - (logMeanOthers(scores) - 1).exp()
}

/// ``donskerVaradhanBound(scores:)-(Matrix)``, to be raised by training a critic.
public func donskerVaradhanBound(scores: Tensor) -> Tensor {
  _ = requireSquareScores("donskerVaradhanBound", scores, atLeast: 2)
  return scores.diagonal().mean() - logMeanOthers(scores)
}

/// log of the mean of e^score off the diagonal, rank 0.
private func logMeanOthers(_ scores: Tensor) -> Tensor {
  let n = scores.shape[0]
  let others = scores.maskedFill(.identity(n), with: -.infinity).logSumExp()
  return others - Float(log(Double(n * (n - 1))))
}

private func requireSquareScores(
  _ operation: StaticString, _ scores: Tensor, atLeast least: Int
) -> Int {
  if scores.rank != 2 || scores.shape[0] != scores.shape[1] || scores.shape[0] < least {
    fail("\(operation): \(scores.shape) scores; needs N × N, N ≥ \(least)")
  }
  return scores.shape[0]
}

extension JointTable {
  /// E_p f − e⁻¹ E_q e^f with both expectations exact, p the joint law and q the product of the
  /// marginals, in nats; at most the mutual information.
  ///
  /// - Parameter critic: f, a score for each cell.
  public func nwjBound(critic: Matrix) -> Double {
    let (joint, product) = expectations(critic)
    return joint - product / exp(1)
  }

  /// E_p f − log E_q e^f with both expectations exact, in nats; between ``nwjBound(critic:)`` and
  /// the mutual information.
  ///
  /// - Parameter critic: f, a score for each cell.
  public func donskerVaradhanBound(critic: Matrix) -> Double {
    let (joint, product) = expectations(critic)
    return joint - log(product)
  }

  /// E_p f and E_q e^f.
  private func expectations(_ critic: Matrix) -> (Double, Double) {
    if critic.rows != x.count || critic.columns != y.count {
      fail(
        "JointTable: a [\(critic.rows), \(critic.columns)] critic, needs \(x.count) × \(y.count)")
    }
    var joint = 0.0
    var product = 0.0
    for i in x.indices {
      for j in y.indices {
        if self[i, j] > 0 { joint += self[i, j] * critic[i, j] }
        product += x[i] * y[j] * exp(critic[i, j])
      }
    }
    return (joint, product)
  }
}
