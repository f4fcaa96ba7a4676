import Tensors

// Lower bounds on mutual information with a baseline a(y), from a critic's scores of N pairs as in
// ``nwjBound(scores:)-(Matrix)``: entry [i, j] scores xᵢ against yⱼ, partners stand on the
// diagonal. All values in nats.

/// The bound of Barber and Agakov without a normalizer, made tractable (TUBA), on one batch.
///
///     1 + mean of (sᵢᵢ − log aᵢ) − mean over i ≠ j of e^(sᵢⱼ)/aⱼ
///
/// Its expectation never exceeds I(X; Y), whatever the positive a; for a given score the best is
/// a(y) = E e^(s(x, y)) over independent x. With a = e it is ``nwjBound(scores:)-(Matrix)``.
///
/// - Parameters:
///   - scores: `[N, N]`, N ≥ 2.
///   - logBaselines: log a of each y, N of them.
/// - Precondition: these shapes; stops with them otherwise.
/// - Source: Poole et al. 2019, section 2.2 (I_TUBA), arXiv:1905.06922.
public func tubaBound(scores: Matrix, logBaselines: [Double]) -> Double {
  checkBaselines("tubaBound", scores.rows, scores.columns, logBaselines.count)
  return nwjBound(
    scores: Matrix(rows: scores.rows, columns: scores.columns) {
      scores[$0, $1] - logBaselines[$1] + 1
    })
}

/// ``tubaBound(scores:logBaselines:)-(Matrix,_)``, to be raised by training critic and baseline.
///
/// - Parameters:
///   - scores: `[N, N]`, N ≥ 2.
///   - logBaselines: `[N]`.
public func tubaBound(scores: Tensor, logBaselines: Tensor) -> Tensor {
  checkBaselines("tubaBound", scores, logBaselines)
  return nwjBound(scores: scores - logBaselines + 1)
}

/// A bound between TUBA (α = 0: no bias for the right critic, much variance) and InfoNCE on N − 1
/// candidates (α = 1: little variance, at most log(N − 1)), on one batch.
///
/// With m₋ⱼ(y) the mean of e^(s(xₖ, y)) over all k but j and b = α m + (1 − α) a,
///
///     1 + mean over i ≠ j of (sᵢᵢ − log b₋ⱼ(yᵢ)) − mean over i of m₋ᵢ(yᵢ)/b₋ᵢ(yᵢ)
///
/// One x is left out each time: in the first mean another than xᵢ, in the second xᵢ itself, so that
/// yᵢ is independent of the rest. The expectation never exceeds I(X; Y), for any α.
///
/// - Parameters:
///   - scores: `[N, N]`, N ≥ 2. The work grows as N³.
///   - logBaselines: log a of each y, N of them.
///   - alpha: α in 0…1.
/// - Precondition: these shapes and this range; stops with what is not.
/// - Source: Poole et al. 2019, section 2.4 (I_α), arXiv:1905.06922.
public func interpolatedBound(
  scores: Matrix, logBaselines: [Double], alpha: Double
) -> Double {
  let n = scores.rows
  checkBaselines("interpolatedBound", n, scores.columns, logBaselines.count)
  let (logAlpha, logRest) = logShares(alpha)
  var (partners, others) = (0.0, 0.0)
  for i in 0..<n {
    for j in 0..<n {
      let mean =
        logSumExp((0..<n).filter { $0 != j }.map { scores[$0, i] }) - log(Double(n - 1))
      let base = logSumExp([logAlpha + mean, logRest + logBaselines[i]])
      if i == j {
        others += exp(mean - base) / Double(n)
      } else {
        partners += (scores[i, i] - base) / Double(n * (n - 1))
      }
    }
  }
  return 1 + partners - others
}

/// ``interpolatedBound(scores:logBaselines:alpha:)-(Matrix,_,_)``, to be raised by training critic
/// and baseline.
///
/// - Parameters:
///   - scores: `[N, N]`, N ≥ 2. Work and memory grow as N³.
///   - logBaselines: `[N]`.
///   - alpha: α in 0…1.
public func interpolatedBound(scores: Tensor, logBaselines: Tensor, alpha: Double) -> Tensor {
  checkBaselines("interpolatedBound", scores, logBaselines)
  let n = scores.shape[0]
  let (logAlpha, logRest) = logShares(alpha)
  let own = Tensor.identity(n)
  // [j, k, i]: xₖ against yᵢ, with xⱼ left out.
  let kept = scores.expanded(axis: 0).broadcast(to: [n, n, n])
    .maskedFill(own.expanded(axis: 2), with: -.infinity)
  let means = kept.logSumExp(axes: 1) - Float(log(Double(n - 1)))  // [j, i]
  let baselines = logBaselines.broadcast(to: [n, n])
  let bases = Tensor.stack([means + Float(logAlpha), baselines + Float(logRest)])
    .logSumExp(axes: 0)
  let partners = (scores.diagonal() - bases).maskedFill(own, with: 0).sum()
  let others = (means - bases).diagonal().exp().mean()
  return partners * (1 / Float(n * (n - 1))) - others + 1
}

/// log α and log(1 − α).
private func logShares(_ alpha: Double) -> (Double, Double) {
  if !(alpha >= 0 && alpha <= 1) { fail("interpolatedBound: alpha \(alpha) is not in 0...1") }
  return (log(alpha), log(1 - alpha))
}

private func checkBaselines(_ operation: StaticString, _ scores: Tensor, _ baselines: Tensor) {
  if scores.rank != 2 || baselines.rank != 1 {
    fail("\(operation): \(scores.shape) scores and \(baselines.shape) baselines")
  }
  checkBaselines(operation, scores.shape[0], scores.shape[1], baselines.count)
}

private func checkBaselines(
  _ operation: StaticString, _ rows: Int, _ columns: Int, _ baselines: Int
) {
  if rows != columns || rows < 2 || baselines != rows {
    fail(
      "\(operation): [\(rows), \(columns)] scores and \(baselines) baselines; needs N × N and N, "
        + "N > 1")
  }
}

extension JointTable {
  /// TUBA with both expectations exact, 1 + E_p (f − log a) − E_q e^f/a, in nats; at most the mutual
  /// information.
  ///
  /// - Parameters:
  ///   - critic: f, a score for each cell.
  ///   - logBaselines: log a of each y.
  public func tubaBound(critic: Matrix, logBaselines: [Double]) -> Double {
    if logBaselines.count != y.count {
      fail("JointTable: \(logBaselines.count) baselines for \(y.count) columns")
    }
    return nwjBound(
      critic: Matrix(rows: critic.rows, columns: critic.columns) {
        critic[$0, $1] - logBaselines[$1] + 1
      })
  }
}
