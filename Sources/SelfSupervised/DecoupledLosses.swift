import Tensors

// NT-Xent with another denominator: without the positive, or with one that knows that some of the
// negatives are of the anchor's own class.

/// NT-Xent without the positive in the denominator: gradients no longer fade as the positive is
/// found.
///
///     lᵢ = −cos(zᵢ, zⱼ)/τ + log Σ_{k≠i,j} e^(cos(zᵢ, z_k)/τ),  j = i ± N
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and rows are normalized here.
///   - temperature: τ > 0.
/// - Returns: the mean over all 2N anchors, in nats, `[]`; log(2N − 2) when all rows agree. It may
///   be negative, and is no cross-entropy.
/// - Precondition: an even number of rows, at least 4: two images.
/// - Source: Yeh et al. 2022, equation 6 (DCL), arXiv:2110.06848.
public func decoupledNTXentLoss(views: Tensor, temperature: Float) -> Tensor {
  decoupledNTXentLosses(views: views, temperature: temperature).mean()
}

/// ``decoupledNTXentLoss(views:temperature:)`` of each anchor.
///
/// - Returns: `[2N]`, in nats.
public func decoupledNTXentLosses(views: Tensor, temperature: Float) -> Tensor {
  let scores = ViewScores(views, temperature, "decoupledNTXentLoss")
  return scores.negatives.logSumExp(axes: 1) - scores.positives
}

/// NT-Xent corrected for negatives that are of the anchor's own class, where each of M classes is
/// equally frequent and τ⁺ = 1/M.
///
///     lᵢ = −log ( e^(sᵢⱼ) / (e^(sᵢⱼ) + K g) ),  s = cos/τ,  K = 2N − 2
///     g = max( (mean_{k≠i,j} e^(sᵢₖ) − τ⁺ e^(sᵢⱼ)) / (1 − τ⁺), e^(−1/τ) )
///
/// g estimates what negatives of other classes alone would give: from the mean over all views the
/// share of the own class is taken away, for which the positive stands; e^(−1/τ) is the least that
/// a score can give.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and rows are normalized here.
///   - temperature: τ > 0.
///   - classPrior: τ⁺ in 0..<1, the probability that a negative is of the anchor's class. With 0
///     this is NT-Xent.
/// - Returns: the mean over all 2N anchors, in nats, `[]`; log(2N − 1) when all rows agree.
/// - Precondition: an even number of rows, at least 4: two images.
/// - Source: Chuang et al. 2020, equations 7 and 8 with one positive sample, arXiv:2007.00224.
public func debiasedNTXentLoss(views: Tensor, temperature: Float, classPrior: Float) -> Tensor {
  debiasedNTXentLosses(views: views, temperature: temperature, classPrior: classPrior).mean()
}

/// ``debiasedNTXentLoss(views:temperature:classPrior:)`` of each anchor.
///
/// - Returns: `[2N]`, in nats.
public func debiasedNTXentLosses(views: Tensor, temperature: Float, classPrior: Float) -> Tensor {
  if !(classPrior >= 0 && classPrior < 1) {
    fail("debiasedNTXentLoss: class prior \(classPrior) is not in 0..<1")
  }
  let scores = ViewScores(views, temperature, "debiasedNTXentLoss")
  let count = Float(views.shape[0] - 2)
  // Everything over e to the row's largest score, so that nothing overflows and not all vanishes.
  let top = Tensor.maximum(scores.negatives.max(axes: 1), scores.positives).stopGradient()
  let positives = (scores.positives - top).exp()
  let sums = (scores.negatives - top.expanded(axis: 1)).exp().sum(axes: 1)
  let floor = (-1 / temperature - top).exp()
  let clean = (sums * (1 / count) - positives * classPrior) * (1 / (1 - classPrior))
  return (positives + Tensor.maximum(clean, floor) * count).log() + top - scores.positives
}

/// Cosines over τ of each view with its partner and with all others.
private struct ViewScores {
  /// `[2N]`.
  let positives: Tensor
  /// `[2N, 2N]`; −∞ for the view itself and its partner.
  let negatives: Tensor

  init(_ views: Tensor, _ temperature: Float, _ operation: StaticString) {
    requirePositive(temperature, operation)
    let (first, _) = vectorViewPair(views, operation)
    let (images, rows) = (first.shape[0], views.shape[0])
    if images < 2 { fail("\(operation): views \(views.shape) of one image have no negatives") }
    let z = views.l2Normalized()
    let scores = z.matmul(z, transposeOther: true) * (1 / temperature)
    positives = scores.picked((0..<rows).map { ($0 + images) % rows })
    negatives = scores.maskedFill(
      Tensor([rows, rows]) { mask in
        for i in 0..<rows {
          for j in 0..<rows { mask[i * rows + j] = (i - j) % images == 0 ? 1 : 0 }
        }
      }, with: -.infinity)
  }
}
