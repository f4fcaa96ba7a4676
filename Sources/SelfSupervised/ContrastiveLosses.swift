import Tensors

// Contrastive losses on tensors. The singular is the mean over items, a rank-0 tensor; the plural
// is the value of each item.

/// SimCLR's NT-Xent: each of 2N views must find its partner among the 2N − 1 others.
///
///     lᵢ = −log ( e^(cos(zᵢ, zⱼ)/τ) / Σ_{k≠i} e^(cos(zᵢ, z_k)/τ) ),  j = i ± N
///
/// Loss and gradient are computed in one pass over the similarities.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and rows are normalized here.
///   - temperature: τ > 0.
/// - Returns: the mean over all 2N anchors, in nats, `[]`; log(2N − 1) when all rows agree.
/// - Precondition: an even number of rows.
/// - Source: Chen et al. 2020, equation 1 and algorithm 1, arXiv:2002.05709.
public func ntXentLoss(views: Tensor, temperature: Float) -> Tensor {
  views.ntXentLoss(
    partners: partners(views, temperature, "ntXentLoss"), temperature: temperature)
}

/// `ntXentLoss(views:temperature:)` of each anchor.
///
/// - Returns: `[2N]`, in nats.
public func ntXentLosses(views: Tensor, temperature: Float) -> Tensor {
  let partners = partners(views, temperature, "ntXentLosses")
  return otherScores(views, temperature).crossEntropies(targets: partners)
}

/// Cosines over the temperature, −∞ on the diagonal, each row shifted as ``sharpened(_:_:)`` does.
private func otherScores(_ views: Tensor, _ temperature: Float) -> Tensor {
  let z = views.l2Normalized()
  let cosines = z.matmul(z, transposeOther: true)  // [2N, 2N]
  return sharpened(cosines.maskedFill(.identity(views.shape[0]), with: -.infinity), temperature)
}

/// Scores over the temperature, shifted so that the largest of each row is 0: what softmax does not
/// see, but a small temperature would make infinite.
private func sharpened(_ scores: Tensor, _ temperature: Float) -> Tensor {
  (scores - scores.stopGradient().max(axes: 1, keepDims: true)) / temperature
}

/// The row that is the other view of each row.
private func partners(_ views: Tensor, _ temperature: Float, _ operation: StaticString) -> [Int] {
  let (count, _) = views.shape2
  if count < 2 || count % 2 != 0 {
    fail("\(operation): views \(views.shape); needs an even number of rows")
  }
  requirePositive(temperature, operation)
  return (0..<count).map { ($0 + count / 2) % count }
}

/// Stops unless no label is negative: −1, which elsewhere marks what has no label, is no class.
func requireLabels(_ labels: [Int], _ operation: StaticString) {
  for (row, label) in labels.enumerated() where label < 0 {
    fail("\(operation): label \(label) at \(row) is negative; classes count from 0")
  }
}

func requirePositive(_ temperature: Float, _ operation: StaticString) {
  if !(temperature > 0) { fail("\(operation): temperature \(temperature) is not positive") }
}

/// InfoNCE with the other items' keys as negatives: query i must find key i among all N keys.
///
/// - Parameters:
///   - queries: `[N, D]`; dot products are taken of the rows as they are.
///   - keys: `[N, D]`.
///   - temperature: τ > 0.
/// - Returns: the mean over the queries, in nats, `[]`; log N when all scores agree.
/// - Precondition: equal shapes.
/// - Source: van den Oord, Li and Vinyals 2018, equation 4, arXiv:1807.03748.
public func infoNCELoss(queries: Tensor, keys: Tensor, temperature: Float) -> Tensor {
  requirePositive(temperature, "infoNCELoss")
  // A float holds temperatures whose inverse it does not.
  if 1 / temperature == .infinity {
    return infoNCELosses(queries: queries, keys: keys, temperature: temperature).mean()
  }
  return .infoNCELoss(
    queries: queries, keys: keys, scale: Tensor(1 / temperature), isSymmetric: false)
}

/// ``infoNCELoss(queries:keys:temperature:)`` of each query.
///
/// - Returns: `[N]`, in nats.
public func infoNCELosses(queries: Tensor, keys: Tensor, temperature: Float) -> Tensor {
  requirePositive(temperature, "infoNCELosses")
  if queries.rank != 2 || queries.shape != keys.shape {
    fail("infoNCELosses: queries \(queries.shape) and keys \(keys.shape) differ")
  }
  return sharpened(queries.matmul(keys, transposeOther: true), temperature)
    .crossEntropies(targets: Array(0..<queries.shape[0]))
}

/// InfoNCE with a set of negatives that all queries share: query i must find key i among K
/// negatives.
///
/// - Parameters:
///   - queries: `[N, D]`; dot products are taken of the rows as they are.
///   - keys: `[N, D]`, the positives.
///   - negatives: `[K, D]`.
///   - temperature: τ > 0.
/// - Returns: the mean over the queries, in nats, `[]`; log(K + 1) when all scores agree.
/// - Precondition: equal shapes of queries and keys, negatives of their width.
/// - Source: van den Oord, Li and Vinyals 2018, equation 4; He et al. 2020, equation 1.
public func infoNCELoss(
  queries: Tensor, keys: Tensor, negatives: Tensor, temperature: Float
) -> Tensor {
  let scores = candidateScores(queries, keys, negatives, temperature, "infoNCELoss")
  return scores.crossEntropy(targets: Array(repeating: 0, count: queries.shape[0]))
}

/// ``infoNCELoss(queries:keys:negatives:temperature:)`` of each query.
///
/// - Returns: `[N]`, in nats.
public func infoNCELosses(
  queries: Tensor, keys: Tensor, negatives: Tensor, temperature: Float
) -> Tensor {
  candidateScores(queries, keys, negatives, temperature, "infoNCELosses")
    .crossEntropies(targets: Array(repeating: 0, count: queries.shape[0]))
}

/// `[N, K + 1]`: each query's score with its own key, then with the negatives, shifted as
/// ``sharpened(_:_:)`` does.
private func candidateScores(
  _ queries: Tensor, _ keys: Tensor, _ negatives: Tensor, _ temperature: Float,
  _ operation: StaticString
) -> Tensor {
  requirePositive(temperature, operation)
  if queries.rank != 2 || queries.shape != keys.shape {
    fail("\(operation): queries \(queries.shape) and keys \(keys.shape) differ")
  }
  if negatives.rank != 2 || negatives.shape[1] != queries.shape[1] {
    fail("\(operation): queries \(queries.shape) and negatives \(negatives.shape)")
  }
  let own = (queries * keys).sum(axes: 1, keepDims: true)
  let others = queries.matmul(negatives, transposeOther: true)
  return sharpened(.concatenate([own, others], axis: 1), temperature)
}

/// NT-Xent with labels: all other views of an anchor's class are its positives, and the mean over
/// them is outside the logarithm.
///
/// - Parameters:
///   - views: `[2N, D]`; rows are normalized here.
///   - labels: the class of each row; 2N of them, every class at least twice.
///   - temperature: τ > 0.
/// - Returns: the mean over the anchors, in nats, `[]`.
/// - Source: Khosla et al. 2020, equation 2 (L_out), arXiv:2004.11362.
public func supConLoss(views: Tensor, labels: [Int], temperature: Float) -> Tensor {
  supConLosses(views: views, labels: labels, temperature: temperature).mean()
}

/// ``supConLoss(views:labels:temperature:)`` of each anchor.
///
/// - Returns: `[2N]`, in nats.
public func supConLosses(views: Tensor, labels: [Int], temperature: Float) -> Tensor {
  let (count, _) = views.shape2
  if labels.count != count { fail("supConLoss: views \(views.shape), \(labels.count) labels") }
  requirePositive(temperature, "supConLoss")
  requireLabels(labels, "supConLoss")
  let weights = Tensor([count, count]) { w in
    for (i, label) in labels.enumerated() {
      var positives = -1
      for other in labels where other == label { positives += 1 }
      if positives == 0 {
        fail("supConLoss: row \(i) is the only one of class \(label) in \(views.shape)")
      }
      for (j, other) in labels.enumerated() {
        w[i * count + j] = i != j && other == label ? 1 / Float(positives) : 0
      }
    }
  }
  // A row's own place holds −∞, as others may, of which 0 times is not 0.
  let surprises = otherScores(views, temperature).logSoftmax(axes: 1)
    .maskedFill(weights .== 0, with: 0)
  return (surprises * weights).sum(axes: 1) * -1
}
