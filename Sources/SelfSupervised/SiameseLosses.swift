import Tensors

/// SimSiam's loss: a prediction made of one view points where the other view's projection does.
///
///     lᵢ = −cos(pᵢ, zᵢ)
///
/// No gradient reaches the targets. Where rows hold both views of each image, the mean is the
/// paper's symmetric loss ½ D(p₁, z₂) + ½ D(p₂, z₁).
///
/// - Parameters:
///   - predictions: `[N, D]`; rows are normalized here.
///   - targets: `[N, D]`; row i shows the same image as row i of the predictions, in its other
///     view (see ``otherViews(_:)``).
/// - Returns: the mean over the rows, `[]`, in −1…1; −1 at the constant map.
/// - Precondition: at least one row, equal shapes; stops with both otherwise.
/// - Source: Chen and He 2021, equations 1 to 4 and algorithm 1, arXiv:2011.10566.
public func simSiamLoss(predictions: Tensor, targets: Tensor) -> Tensor {
  cosines("simSiamLoss", predictions, targets).mean() * -1
}

/// ``simSiamLoss(predictions:targets:)`` of each row.
///
/// - Returns: `[N]`.
public func simSiamLosses(predictions: Tensor, targets: Tensor) -> Tensor {
  cosines("simSiamLosses", predictions, targets) * -1
}

/// BYOL's loss: the squared distance on the unit sphere between a prediction made of one view and
/// the moving target's projection of the other.
///
///     lᵢ = |pᵢ/|pᵢ| − zᵢ/|zᵢ||² = 2 − 2 cos(pᵢ, zᵢ)
///
/// No gradient reaches the targets. Where rows hold both views of each image, the paper's symmetric
/// loss is the sum of two directions, twice this mean.
///
/// - Parameters:
///   - predictions: `[N, D]`; rows are normalized here.
///   - targets: `[N, D]`; row i shows the same image as row i of the predictions, in its other
///     view (see ``otherViews(_:)``).
/// - Returns: the mean over the rows, `[]`, in 0…4; 0 at the constant map.
/// - Precondition: at least one row, equal shapes; stops with both otherwise.
/// - Source: Grill et al. 2020, equation 2, arXiv:2006.07733.
public func byolLoss(predictions: Tensor, targets: Tensor) -> Tensor {
  2 - cosines("byolLoss", predictions, targets).mean() * 2
}

/// ``byolLoss(predictions:targets:)`` of each row.
///
/// - Returns: `[N]`.
public func byolLosses(predictions: Tensor, targets: Tensor) -> Tensor {
  2 - cosines("byolLosses", predictions, targets) * 2
}

/// cos(pᵢ, zᵢ), `[N]`; the targets are constants.
private func cosines(
  _ operation: StaticString, _ predictions: Tensor, _ targets: Tensor
) -> Tensor {
  if predictions.rank != 2 || predictions.shape != targets.shape || predictions.shape[0] == 0 {
    fail(
      "\(operation): predictions \(predictions.shape) and targets \(targets.shape): "
        + "needs two of [N, D], N > 0")
  }
  let p = predictions.l2Normalized()
  return (p * targets.stopGradient().l2Normalized()).sum(axes: 1)
}
