import Tensors

/// The cross-entropy of yes-or-no answers, each given by its logit.
///
/// With σ(x) = 1/(1 + e^−x),
///
///     lᵢ = −yᵢ ln σ(xᵢ) − (1 − yᵢ) ln(1 − σ(xᵢ)) = yᵢ softplus(−xᵢ) + (1 − yᵢ) softplus(xᵢ)
///
/// in which nothing overflows and small losses keep their digits.
///
/// - Parameters:
///   - logits: x, the logarithms of the odds of a yes, of any shape.
///   - targets: y, of the same shape, 1 for yes and 0 for no, or a probability between; constants.
/// - Returns: the mean over all answers, in nats, `[]`; ln 2 for logits of 0.
/// - Precondition: equal shapes that hold something, targets in 0…1; stops with what is wrong.
/// - Source: Cover and Thomas 2006, section 2.1; the form, PyTorch's `BCEWithLogitsLoss`.
public func binaryCrossEntropyLoss(logits: Tensor, targets: Tensor) -> Tensor {
  answerLosses("binaryCrossEntropyLoss", logits, targets).mean()
}

/// ``binaryCrossEntropyLoss(logits:targets:)`` of each answer.
///
/// - Returns: the shape of the logits, in nats.
public func binaryCrossEntropyLosses(logits: Tensor, targets: Tensor) -> Tensor {
  answerLosses("binaryCrossEntropyLosses", logits, targets)
}

private func answerLosses(
  _ operation: StaticString, _ logits: Tensor, _ targets: Tensor
) -> Tensor {
  if logits.shape != targets.shape || logits.count == 0 {
    fail("\(operation): logits \(logits.shape) and targets \(targets.shape)")
  }
  for target in targets.elements where target < 0 || target > 1 {
    fail("\(operation): target \(target) is not in 0...1")
  }
  let yes = targets.stopGradient()
  return (logits * -1).softplus() * yes + logits.softplus() * (1 - yes)
}
