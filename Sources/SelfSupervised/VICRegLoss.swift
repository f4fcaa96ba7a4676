import Tensors

/// The three parts of VICReg's loss, each `[]`.
public struct VICRegTerms: Sendable {
  /// s: how far the two views of an image lie apart.
  public let invariance: Tensor
  /// v: how far the deviation of each coordinate falls short of 1.
  public let variance: Tensor
  /// c: how much coordinates of one view tell about each other.
  public let covariance: Tensor
}

/// The parts of VICReg's loss, before they are weighed.
///
/// With the two views Z and Z′ of N images, `[N, D]` each, and unbiased variances and covariances,
///
///     s = 1/(ND) Σᵢ |zᵢ − z′ᵢ|²
///     v = ½ ( v(Z) + v(Z′) ),  v(Z) = 1/D Σⱼ max(0, 1 − √(Var(Zⱼ) + ε))
///     c = c(Z) + c(Z′),        c(Z) = 1/D Σ_{j≠k} Cov(Zⱼ, Z_k)²
///
/// The paper's s does not divide by D and its v is the sum over both views; these are the authors'
/// program, for which their weights were found.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and count as they are.
///   - epsilon: ε, added to variances; at a constant map v = 1 − √ε with gradient 0.
/// - Precondition: an even number of rows, at least 4: a variance needs two images.
/// - Source: Bardes, Ponce and LeCun 2022, equations 1 to 5, arXiv:2105.04906.
public func vicRegTerms(views: Tensor, epsilon: Float = 1e-4) -> VICRegTerms {
  let (first, second) = vectorViewPair(views, "vicRegTerms")
  let (images, size) = first.shape2
  if images < 2 || size < 1 { fail("vicRegTerms: views \(views.shape) have no variance") }
  let (v, c) = spread(first, epsilon)
  let (otherV, otherC) = spread(second, epsilon)
  return VICRegTerms(
    invariance: (first - second).squared().mean(), variance: (v + otherV) * 0.5,
    covariance: c + otherC)
}

/// v and c of one view, `[N, D]`.
private func spread(_ z: Tensor, _ epsilon: Float) -> (variance: Tensor, covariance: Tensor) {
  let (images, size) = z.shape2
  let centered = z - z.mean(axes: 0)
  let covariance = centered.matmul(centered, transposeSelf: true) * (1 / Float(images - 1))
  let deviations = (covariance.diagonal() + epsilon).sqrt()
  let others = covariance.maskedFill(.identity(size), with: 0)
  return ((1 - deviations).relu().mean(), others.squared().sum() * (1 / Float(size)))
}

/// VICReg's loss: views of an image agree, while every coordinate keeps its variance and tells
/// something of its own.
///
///     L = λ s + μ v + ν c
///
/// The parts are those of ``vicRegTerms(views:epsilon:)``. At a constant map L = μ (1 − √ε), 24.75
/// with the weights given here, and its gradient is 0.
///
/// - Parameters:
///   - views: `[2N, D]`; rows i and i + N belong together, and count as they are.
///   - invarianceWeight: λ.
///   - varianceWeight: μ.
///   - covarianceWeight: ν.
/// - Returns: one number for the batch, `[]`, in squared units of the coordinates.
/// - Precondition: an even number of rows, at least 4; stops with the shape otherwise.
/// - Source: Bardes, Ponce and LeCun 2022, equation 6 and section 4.2, arXiv:2105.04906.
public func vicRegLoss(
  views: Tensor, invarianceWeight: Float = 25, varianceWeight: Float = 25,
  covarianceWeight: Float = 1
) -> Tensor {
  let terms = vicRegTerms(views: views)
  return terms.invariance * invarianceWeight + terms.variance * varianceWeight
    + terms.covariance * covarianceWeight
}
