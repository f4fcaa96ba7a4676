import Tensors

/// The correlation of each coordinate of one view with each coordinate of the other.
///
/// With coordinates brought to mean 0 and variance 1 over the N images of each view,
///
///     Cⱼₖ = 1/N Σᵢ zᵢⱼ z′ᵢₖ
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together.
///   - epsilon: added to variances, so that a constant coordinate correlates with nothing.
/// - Returns: `[D, D]`, within −1…1 and not symmetric.
/// - Precondition: an even number of rows, at least 2; stops with the shape otherwise.
/// - Source: Zbontar et al. 2021, equation 2, arXiv:2103.03230.
public func crossCorrelation(views: Tensor, epsilon: Float = 1e-5) -> Tensor {
  let (first, second) = vectorViewPair(views, "crossCorrelation")
  let (images, size) = first.shape2
  let (scale, shift) = (Tensor.ones([size]), Tensor.zeros([size]))
  let z = first.batchNorm(gamma: scale, beta: shift, epsilon: epsilon).output
  let w = second.batchNorm(gamma: scale, beta: shift, epsilon: epsilon).output
  return z.matmul(w, transposeSelf: true) * (1 / Float(images))
}

/// The loss of Barlow Twins: the same coordinate of two views agrees, different ones tell nothing
/// about each other.
///
///     L = Σⱼ (1 − Cⱼⱼ)² + λ Σ_{j≠k} Cⱼₖ²
///
/// C is ``crossCorrelation(views:epsilon:)``. L = 0 only where C is the identity, and D at a
/// constant map.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together.
///   - redundancyWeight: λ.
/// - Returns: one number for the batch, `[]`.
/// - Precondition: an even number of rows, at least 2; stops with the shape otherwise.
/// - Source: Zbontar et al. 2021, equation 1 and algorithm 1, arXiv:2103.03230.
public func barlowTwinsLoss(views: Tensor, redundancyWeight: Float = 5e-3) -> Tensor {
  let correlation = crossCorrelation(views: views)
  let others = correlation.maskedFill(.identity(correlation.shape[0]), with: 0)
  return (1 - correlation.diagonal()).squared().sum() + others.squared().sum() * redundancyWeight
}
