import Tensors

/// The loss of a masked autoencoder: the squared error of the hidden patches, averaged over the
/// pixels of each patch, then over the hidden patches. Visible patches do not count.
///
/// - Parameters:
///   - predictions: `[B, L, P²]`, a guess for every patch.
///   - patches: `[B, L, P²]`, what is there.
///   - mask: what is hidden; something must be.
///   - isNormalized: whether the target is each patch brought to mean 0 and variance 1, see
///     ``normalizedPatches(_:epsilon:)``.
/// - Returns: rank 0, in squared units of the pixels. (Half of it is, up to a constant, the
///   surprise in nats per pixel of a normal law of variance 1 around the prediction.)
/// - Source: He et al. 2022, section 3, arXiv:2111.06377.
public func maskedPixelLoss(
  predictions: Tensor, patches: Tensor, mask: PatchMask, isNormalized: Bool = false
) -> Tensor {
  maskedPixelLosses(
    predictions: predictions, patches: patches, mask: mask, isNormalized: isNormalized
  ).mean()
}

/// ``maskedPixelLoss(predictions:patches:mask:isNormalized:)`` of each hidden patch.
///
/// - Returns: `[B, hidden]`, in the order of the mask's `hidden`.
public func maskedPixelLosses(
  predictions: Tensor, patches: Tensor, mask: PatchMask, isNormalized: Bool = false
) -> Tensor {
  if predictions.shape != patches.shape {
    fail("maskedPixelLoss: \(predictions.shape) predictions for \(patches.shape) patches")
  }
  requirePatches("maskedPixelLoss", patches, fit: mask)
  if mask.hiddenCount == 0 || mask.images == 0 { fail("maskedPixelLoss: nothing is hidden") }
  let hidden = mask.hidden
  let targets = isNormalized ? normalizedPatches(patches) : patches
  let error = predictions.gatherRows(hidden) - targets.gatherRows(hidden)  // [B, hidden, P²]
  return error.squared().mean(axes: -1)
}

/// Each patch brought to mean 0 and variance 1 over its own pixels: a target that asks for the
/// contrast within a patch and not for its brightness.
///
/// - Parameters:
///   - patches: `[B, L, P²]`, with more than one pixel in a patch.
///   - epsilon: added to the variance; a patch of one colour becomes 0.
/// - Returns: `[B, L, P²]`. The variance divides by P² − 1, as the authors' program does.
/// - Source: He et al. 2022, section 3 and table 1d, arXiv:2111.06377.
public func normalizedPatches(_ patches: Tensor, epsilon: Float = 1e-6) -> Tensor {
  if patches.rank != 3 || patches.shape[2] < 2 {
    fail("normalizedPatches: \(patches.shape) has no patches of two or more pixels")
  }
  let rough = patches - patches.mean(axes: -1, keepDims: true)
  // What the mean lost in rounding would be the whole contrast of a patch of one colour.
  let deviation = rough - rough.mean(axes: -1, keepDims: true)
  let variance =
    deviation.squared().sum(axes: -1, keepDims: true) / Float(patches.shape[2] - 1)
  return deviation / (variance + epsilon).sqrt()
}

/// Stops unless `patches` is `[B, L, width]` for the mask's B and L.
func requirePatches(
  _ operation: StaticString, _ patches: Tensor, fit mask: PatchMask, width: Int? = nil
) {
  let shape = patches.shape
  if shape.rank != 3 || shape[0] != mask.images || shape[1] != mask.patches
    || shape[2] != width ?? shape[2]
  {
    let width = width ?? (shape.rank == 3 ? shape[2] : 0)
    fail("\(operation): \(shape) patches, needs [\(mask.images), \(mask.patches), \(width)]")
  }
}
