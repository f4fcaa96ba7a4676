import Tensors

/// The mean surprise −log q(xᵢ | x̃) over the chosen positions, in nats: BERT's masked language
/// modelling loss.
///
/// The mean is over all chosen positions of the batch together, as in BERT's code, so a sequence
/// with more of them counts more.
///
/// - Parameters:
///   - logits: `[…, V]`: rows for the chosen positions alone, or for all.
///   - targets: the original token of each row, in memory order; negative where none is asked for.
/// - Returns: shape `[]`; log V for equal logits.
/// - Precondition: one target for each row, and one that is not negative: a batch in which nothing
///   was chosen has no loss.
/// - Source: Devlin et al. 2019, section 3.1, arXiv:1810.04805.
public func maskedLanguageModelLoss(logits: Tensor, targets: [Int]) -> Tensor {
  if targets.allSatisfy({ $0 < 0 }) {
    fail("maskedLanguageModelLoss: no position was chosen, logits \(logits.shape)")
  }
  return logits.crossEntropy(targets: targets)
}
