import Tensors

extension PatchGrid {
  /// Images cut into patches, row by row, each patch's pixels row by row.
  ///
  /// - Parameter images: `[B, side²]`, `[B, side, side]`, or `[B, side, side, C]` with channels.
  /// - Returns: `[B, L, P²]`, with channels `[B, L, P²·C]`, the channels of a pixel side by side.
  /// - Source: Dosovitskiy et al. 2021, section 3.1, arXiv:2010.11929.
  public func patches(of images: Tensor) -> Tensor {
    let shape = images.shape
    let isFlat = shape.rank == 2 && shape[1] == side * side
    let isSquare = (shape.rank == 3 || shape.rank == 4) && shape[1] == side && shape[2] == side
    if !isFlat && !isSquare {
      fail("PatchGrid.patches: \(shape) are not images of \(side) × \(side) pixels")
    }
    let channels = shape.rank == 4 ? shape[3] : 1
    return
      images
      .reshaped([shape[0], across, patchSize, across, patchSize * channels] as Shape)
      .permuted([0, 1, 3, 2, 4])
      .reshaped([shape[0], count, patchSize * patchSize * channels] as Shape)
  }

  /// Patches put together again: the inverse of ``patches(of:)``.
  ///
  /// - Parameter patches: `[B, L, P²]` or `[B, L, P²·C]`.
  /// - Returns: `[B, side, side]`, with channels `[B, side, side, C]`.
  public func images(from patches: Tensor) -> Tensor {
    let shape = patches.shape
    let area = patchSize * patchSize
    if shape.rank != 3 || shape[1] != count || shape[2] == 0 || shape[2] % area != 0 {
      fail("PatchGrid.images: \(shape) are not \(count) patches of \(area) pixels")
    }
    let channels = shape[2] / area
    let pixels =
      patches
      .reshaped([shape[0], across, across, patchSize, patchSize * channels] as Shape)
      .permuted([0, 1, 3, 2, 4])
    return channels == 1
      ? pixels.reshaped([shape[0], side, side] as Shape)
      : pixels.reshaped([shape[0], side, side, channels] as Shape)
  }
}
