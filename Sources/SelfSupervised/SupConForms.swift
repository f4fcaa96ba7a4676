import Tensors

/// Where the mean over an anchor's positives stands in the loss with labels.
public enum SupConForm: Sendable, CaseIterable {
  /// L_out: the mean of −log over the positives. What the paper recommends.
  case outside
  /// L_in: −log of the mean over the positives; at most L_out, by Jensen's inequality, and its
  /// gradient keeps to the positives that are near already.
  case inside
}

/// NT-Xent with labels, in either form, where an anchor may be the only one of its class.
///
/// With P(i) the other views of anchor i's class and q = softmax of cosines/τ over all others,
///
///     L_out: lᵢ = −1/|P(i)| Σ_{p∈P(i)} log qᵢₚ      L_in: lᵢ = −log ( 1/|P(i)| Σ_{p∈P(i)} qᵢₚ )
///
/// An anchor without positives has no loss and is left out of the mean; for others it is a negative.
///
/// - Parameters:
///   - views: `[M, D]`, M ≥ 2; rows are normalized here.
///   - labels: the class of each row.
///   - temperature: τ > 0.
///   - form: where the mean stands.
/// - Returns: the mean over the anchors that have positives, in nats, `[]`.
/// - Precondition: a label for each row, and one at least that two rows share.
/// - Source: Khosla et al. 2020, equations 2 and 3, arXiv:2004.11362.
public func supConLoss(
  views: Tensor, labels: [Int], temperature: Float, form: SupConForm
) -> Tensor {
  supConLosses(views: views, labels: labels, temperature: temperature, form: form).mean()
}

/// ``supConLoss(views:labels:temperature:form:)`` of each anchor that has positives, in the order of
/// the rows.
///
/// - Returns: one number for each of them, in nats.
public func supConLosses(
  views: Tensor, labels: [Int], temperature: Float, form: SupConForm
) -> Tensor {
  requirePositive(temperature, "supConLoss")
  if views.rank != 2 || views.shape[0] != labels.count {
    fail("supConLoss: views \(views.shape), \(labels.count) labels")
  }
  let count = labels.count
  let positives = labels.indices.map { i in
    labels.indices.filter { $0 != i && labels[$0] == labels[i] }
  }
  let anchors = labels.indices.filter { !positives[$0].isEmpty }
  if anchors.isEmpty { fail("supConLoss: no two of \(count) rows share a label") }
  let z = views.l2Normalized()
  let scores = z.gather(anchors).matmul(z, transposeOther: true) * (1 / temperature)
  // [A, M]: what is not asked for, as 1s.
  func mask(_ isMasked: @escaping (_ anchor: Int, _ row: Int) -> Bool) -> Tensor {
    Tensor([anchors.count, count]) { mask in
      for (a, i) in anchors.enumerated() {
        for j in 0..<count { mask[a * count + j] = isMasked(i, j) ? 1 : 0 }
      }
    }
  }
  let normalizers = scores.maskedFill(mask { $0 == $1 }, with: -.infinity).logSumExp(axes: 1)
  let isOther = mask { $0 == $1 || labels[$0] != labels[$1] }
  let sizes = Tensor(anchors.map { Float(positives[$0].count) })
  switch form {
  case .outside: return normalizers - scores.maskedFill(isOther, with: 0).sum(axes: 1) / sizes
  case .inside:
    let near = scores.maskedFill(isOther, with: -.infinity).logSumExp(axes: 1)
    return normalizers - near + sizes.log()
  }
}
