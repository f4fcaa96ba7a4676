import Tensors

/// The best *single* linear map from images with random patches set to their mean to what is
/// hidden: what a masked autoencoder without nonlinearity converges to.
///
/// For a hidden coordinate i, given that its patch is hidden, another patch is visible with
/// probability k = v/(L − 1) and two others together with probability k₂ = v(v − 1)/((L − 1)(L − 2)).
/// The normal equations of row i are then
///
///     w (k₂ Σ + (k − k₂) Σ within patches) = k Σᵢ
///
/// over the coordinates of other patches: regression with a penalty that grows with the mask.
public struct SharedLinearPredictor: Sendable {
  /// `[D, D]`; 0 within a patch, which is never seen when it is asked for.
  public let weights: Matrix
  /// The expected squared error per hidden coordinate, over the model's law and all masks.
  public let expectedError: Double
  private let mean: [Double]

  /// - Parameters:
  ///   - model: of images of `grid`.
  ///   - grid: how images are cut.
  ///   - visibleCount: v, patches that stay visible, fewer than L.
  public init(_ model: GaussianModel, grid: PatchGrid, visibleCount: Int) {
    let d = model.mean.count
    let count = grid.count
    if d != grid.side * grid.side || visibleCount < 1 || visibleCount >= count {
      fail("SharedLinearPredictor: \(visibleCount) visible of \(count) patches, \(d) coordinates")
    }
    let v = Double(visibleCount)
    let others = Double(count - 1)
    let one = v / others
    let two = count > 2 ? v * (v - 1) / (others * (others - 1)) : 0
    var owner = Array(repeating: 0, count: d)
    for patch in 0..<count { for pixel in grid.pixels(of: patch) { owner[pixel] = patch } }
    let covariance = model.covariance
    var weights = Matrix(zeros: d, d)
    var error = 0.0
    for patch in 0..<count {
      let own = grid.pixels(of: patch)
      let rest = (0..<d).filter { owner[$0] != patch }
      let mixed = Matrix(rows: rest.count, columns: rest.count) { i, j in
        let (a, b) = (rest[i], rest[j])
        return (owner[a] == owner[b] ? one : two) * covariance[a, b]
      }
      let crossed = Matrix(rows: rest.count, columns: own.count) { i, j in
        one * covariance[rest[i], own[j]]
      }
      guard let factor = CholeskyFactor(mixed) else {
        fail("SharedLinearPredictor: the coordinates are linearly dependent; add a ridge")
      }
      let solution = factor.solve(crossed)  // [rest, own]
      for (j, pixel) in own.enumerated() {
        error += covariance[pixel, pixel]
        for (i, other) in rest.enumerated() {
          weights[pixel, other] = solution[i, j]
          error -= solution[i, j] * crossed[i, j]
        }
      }
    }
    self.weights = weights
    expectedError = error / Double(d)
    mean = model.mean
  }

  /// Every patch as guessed from the visible ones, `[B, L, P²]`.
  ///
  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - mask: what is hidden.
  ///   - grid: how images are cut.
  public func completed(_ patches: Tensor, mask: PatchMask, grid: PatchGrid) -> Tensor {
    requirePatches(
      "SharedLinearPredictor.completed", patches, fit: mask,
      width: grid.patchSize * grid.patchSize)
    let d = mean.count
    let center = grid.patches(of: Tensor(mean, shape: [1, d]))  // [1, L, P²]
    let seen = (patches - center).maskedFill(mask.hiddenFlags.expanded(axis: 2), with: 0)
    let map = Tensor(weights.transposed.values, shape: [d, d])
    let pixels = grid.images(from: seen).reshaped([mask.images, d] as Shape)
    return grid.patches(of: pixels.matmul(map)) + center
  }
}
