import Tensors

// Baselines of a masked autoencoder: what the mean and the covariance of images alone can restore.

extension GaussianModel {
  /// Mean and covariance of the rows of a tensor, `[N, D]`; see ``init(fitting:ridge:)``.
  public init(fitting rows: Tensor, ridge: Double = 0) {
    let (count, width) = rows.shape2
    let values = rows.elements
    self.init(
      fitting: (0..<count).map { row in
        (0..<width).map { Double(values[row * width + $0]) }
      }, ridge: ridge)
  }

  /// Every image's hidden pixels as the best linear guess from its visible ones: an own map for
  /// each mask.
  ///
  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - mask: what is hidden.
  ///   - grid: how the coordinates of this model were cut; images of side² pixels.
  /// - Returns: `[B, L, P²]`, visible patches as they are.
  public func completed(_ patches: Tensor, mask: PatchMask, grid: PatchGrid) -> Tensor {
    requirePatches(
      "GaussianModel.completed", patches, fit: mask, width: grid.patchSize * grid.patchSize)
    if mean.count != grid.side * grid.side || mask.patches != grid.count {
      fail(
        "GaussianModel.completed: \(mean.count) coordinates, \(patches.shape) patches, "
          + "a grid of \(grid.side) × \(grid.side) pixels")
    }
    let size = mean.count
    let images = grid.images(from: patches).elements
    var result: [Float] = []
    result.reserveCapacity(images.count)
    for (index, visible) in mask.visible.enumerated() {
      let image = (0..<size).map { Double(images[index * size + $0]) }
      let guess = predictor(visible: grid.pixels(of: visible)).complete(image)
      for value in guess { result.append(Float(value)) }
    }
    return grid.patches(of: Tensor(result, shape: [mask.images, size]))
  }

  /// The same mean, and a covariance of `count` principal components plus noise that is alike in
  /// all directions: Σ = U (Λ − σ²) Uᵀ + σ². Completing images with it is completing them by
  /// their principal components.
  ///
  /// - Parameters:
  ///   - count: principal components, from the largest variance down.
  ///   - noise: σ²; the mean of the other variances, the maximum of the likelihood, unless given.
  /// - Source: Tipping and Bishop 1999, equations 6 to 8.
  public func principal(components count: Int, noise: Double? = nil) -> GaussianModel {
    let d = mean.count
    if count < 0 || count > d {
      fail("GaussianModel.principal: \(count) components of \(d) coordinates")
    }
    var entries = Tensor(covariance.values, shape: [d, d])
    let (values, vectors) = entries.symmetricEigen()
    let variances = values.elements.map { Double($0) }  // rising
    var rest = 0.0
    for i in 0..<d - count { rest += variances[i] / Double(d - count) }
    let sigma2 = noise ?? rest
    entries = vectors
    let u = entries.elements
    var result = Matrix(rows: d, columns: d) { $0 == $1 ? sigma2 : 0 }
    for component in d - count..<d {
      let gain = variances[component] - sigma2
      if gain <= 0 { continue }
      for i in 0..<d {
        let factor = gain * Double(u[i * d + component])
        for j in 0..<d { result[i, j] += factor * Double(u[j * d + component]) }
      }
    }
    return GaussianModel(mean: mean, covariance: result)
  }
}
