import Tensors

/// The InfoNCE loss of one batch, in nats: each row's diagonal score against its whole row.
///
/// `scores[i, j]` says how well candidate j fits anchor i, and candidate i is anchor i's partner:
///
///     L = (1/N) Σᵢ ( log Σⱼ exp(sᵢⱼ) − sᵢᵢ )
///
/// - Parameter scores: `[N, N]`, already divided by the temperature if there is one.
/// - Returns: the mean over the N anchors; log N when all scores of a row agree.
/// - Source: van den Oord, Li and Vinyals 2018, equation 4, arXiv:1807.03748.
public func infoNCELoss(scores: Matrix) -> Double {
  if scores.rows != scores.columns || scores.rows < 1 {
    fail("infoNCELoss: [\(scores.rows), \(scores.columns)] scores; needs N × N, N > 0")
  }
  let n = scores.rows
  return scores.values.withUnsafeBufferPointer { values in
    var total = 0.0
    for i in 0..<n {
      let row = values[i * n..<(i + 1) * n]
      var largest = -Double.infinity
      for value in row { largest = max(largest, value) }
      var sum = 0.0
      for value in row { sum += exp(value - largest) }
      total += log(sum) - (row[i * n + i] - largest)
    }
    return total / Double(n)
  }
}

/// log N − loss: the batch's estimate of InfoNCE's lower bound, in nats; never above log N.
public func infoNCEBound(scores: Matrix) -> Double {
  log(Double(scores.rows)) - infoNCELoss(scores: scores)
}

/// SimCLR's NT-Xent in `Double`, for checks: two views of each of N images, the other 2N − 2
/// views as negatives.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and rows are normalized here.
///   - temperature: τ > 0.
/// - Returns: the mean over the 2N anchors, in nats; log(2N − 1) when all rows agree.
/// - Precondition: an even number of rows, a positive temperature.
/// - Source: Chen et al. 2020, equation 1, arXiv:2002.05709.
public func ntXentLoss(views: Matrix, temperature: Double) -> Double {
  if views.rows < 2 || views.rows % 2 != 0 {
    fail("ntXentLoss: [\(views.rows), \(views.columns)] views; needs an even number of rows")
  }
  if !(temperature > 0) { fail("ntXentLoss: temperature \(temperature) is not positive") }
  var unit = views
  for i in 0..<views.rows {
    // As of tensors, a row of zeros stays.
    let length = max(1e-12, sqrt(views.row(i).reduce(0) { $0 + $1 * $1 }))
    for d in 0..<views.columns { unit[i, d] /= length }
  }
  let similarity = unit.times(unit.transposed)  // [2N, 2N]
  let half = views.rows / 2
  var total = 0.0
  for i in 0..<views.rows {
    var scores = similarity.row(i)
    let positive = scores[(i + half) % views.rows]
    scores.remove(at: i)
    total += surprise(of: positive, among: scores, temperature)
  }
  return total / Double(views.rows)
}

/// log Σ e^(sⱼ/τ) − s/τ, the largest score being subtracted first: beside a large one, the logarithm
/// would be rounded.
func surprise(of score: Double, among scores: [Double], _ temperature: Double = 1) -> Double {
  var largest = -Double.infinity
  for other in scores { largest = max(largest, other) }
  return logSumExp(scores.map { ($0 - largest) / temperature }) - (score - largest) / temperature
}
