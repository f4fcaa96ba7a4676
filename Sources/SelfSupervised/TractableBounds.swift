import Tensors

// Bounds on mutual information, and an estimate, for those who can say how probable y is given x.
// All of a batch of N pairs (xᵢ, yᵢ), in nats.

/// The upper bound of Barber and Agakov: the mean of log p(y | x) − log r(y).
///
/// Its expectation is I(X; Y) + KL(p(y) ‖ r): the rate of a variational autoencoder.
///
/// - Parameters:
///   - logConditionals: log p(yᵢ | xᵢ) under the true law, `[N]`.
///   - logMarginals: log r(yᵢ) under any law r, `[N]`.
/// - Returns: rank 0; to be lowered by training r.
/// - Precondition: equal shapes, N > 0; stops with both otherwise.
/// - Source: Poole et al. 2019, equation 1, arXiv:1905.06922.
public func barberAgakovUpperBound(logConditionals: Tensor, logMarginals: Tensor) -> Tensor {
  meanLogRatio("barberAgakovUpperBound", logConditionals, logMarginals)
}

/// The lower bound of Barber and Agakov: h(X) plus the mean of log q(x | y).
///
/// Its expectation is I(X; Y) − E KL(p(x | y) ‖ q(x | y)).
///
/// - Parameters:
///   - logConditionals: log q(xᵢ | yᵢ) under any conditional law q, `[N]`.
///   - entropy: h(X), the true one; that of each class for a discrete X.
/// - Returns: rank 0; to be raised by training q.
/// - Precondition: one axis, N > 0; stops with the shape otherwise.
/// - Source: Barber and Agakov 2003; Poole et al. 2019, equation 2, arXiv:1905.06922.
public func barberAgakovLowerBound(logConditionals: Tensor, entropy: Double) -> Tensor {
  if logConditionals.rank != 1 || logConditionals.count == 0 {
    fail("barberAgakovLowerBound: \(logConditionals.shape) is not [N], N > 0")
  }
  return logConditionals.mean() + Float(entropy)
}

/// The difference of two entropies, each estimated by a model's surprise: the mean of −log q(y)
/// less the mean of −log q(y | x).
///
/// Each mean is an upper bound of its entropy, and is to be lowered by itself: what they differ by
/// is no bound on I(X; Y), but neither is it limited to the logarithm of the batch.
///
/// - Parameters:
///   - logConditionals: log q(yᵢ | xᵢ), `[N]`.
///   - logMarginals: log q(yᵢ), `[N]`.
/// - Returns: rank 0.
/// - Precondition: equal shapes, N > 0; stops with both otherwise.
/// - Source: McAllester and Stratos 2020, section 4, arXiv:1811.04251.
public func differenceOfEntropies(logConditionals: Tensor, logMarginals: Tensor) -> Tensor {
  meanLogRatio("differenceOfEntropies", logConditionals, logMarginals)
}

private func meanLogRatio(
  _ operation: StaticString, _ conditionals: Tensor, _ marginals: Tensor
) -> Tensor {
  if conditionals.rank != 1 || conditionals.shape != marginals.shape || conditionals.count == 0 {
    fail(
      "\(operation): \(conditionals.shape) and \(marginals.shape): needs two of [N], N > 0")
  }
  return (conditionals - marginals).mean()
}

/// The leave-one-out upper bound: the other x of the batch stand for the marginal law of y.
///
///     1/N Σᵢ ( log p(yᵢ | xᵢ) − log 1/(N−1) Σ_{j≠i} p(yᵢ | xⱼ) )
///
/// Its expectation is never below I(X; Y), since a law made of other x is a law.
///
/// - Parameter logConditionals: `[N, N]`, N ≥ 2; entry [i, j] is log p(yⱼ | xᵢ) under the true law.
/// - Precondition: this shape; stops with it otherwise.
/// - Source: Poole et al. 2019, section 2.5, arXiv:1905.06922.
public func leaveOneOutUpperBound(logConditionals: Matrix) -> Double {
  let n = logConditionals.rows
  checkSquare(n, logConditionals.columns)
  var sum = 0.0
  for i in 0..<n {
    let others = (0..<n).filter { $0 != i }.map { logConditionals[$0, i] }
    sum += logConditionals[i, i] - logSumExp(others) + log(Double(n - 1))
  }
  return sum / Double(n)
}

/// ``leaveOneOutUpperBound(logConditionals:)-(Matrix)``, to be lowered by training an encoder.
public func leaveOneOutUpperBound(logConditionals: Tensor) -> Tensor {
  let (n, columns) = logConditionals.shape2
  checkSquare(n, columns)
  let others = logConditionals.maskedFill(.identity(n), with: -.infinity).logSumExp(axes: 0)
  return (logConditionals.diagonal() - others).mean() + Float(log(Double(n - 1)))
}

private func checkSquare(_ rows: Int, _ columns: Int) {
  if rows != columns || rows < 2 {
    fail("leaveOneOutUpperBound: [\(rows), \(columns)] values; needs N × N, N > 1")
  }
}
