import Tensors

/// Sequences turned into questions and answers of next-token prediction: after reading
/// `inputs[b][0...t]`, what comes is `targets[b][t]`.
///
/// - Parameters:
///   - sequences: `[B][T]`, all of one length.
///   - startToken: read before the first token, so that the first one is asked for too; without
///     it a sequence of T tokens asks T − 1 questions.
/// - Returns: lists of T tokens with a start token, of T − 1 without.
/// - Precondition: at least one question in each sequence; stops otherwise.
public func nextTokens(
  of sequences: [[Int]], startToken: Int? = nil
) -> (inputs: [[Int]], targets: [[Int]]) {
  for (row, sequence) in sequences.enumerated() where sequence.count < (startToken == nil ? 2 : 1) {
    fail("nextTokens: sequence \(row) has \(sequence.count) tokens and no next one")
  }
  guard let startToken else {
    return (sequences.map { Array($0.dropLast()) }, sequences.map { Array($0.dropFirst()) })
  }
  return (sequences.map { [startToken] + $0.dropLast() }, sequences)
}

/// The mean surprise −log q(x_t | x_<t) over all tokens of all sequences, in nats per token.
///
///     L = 1/(B·T) Σ_b Σ_t −log softmax(logits[b, t])[targets[b][t]]
///
/// - Parameters:
///   - logits: `[B, T, V]`; row t was computed from the tokens before target t.
///   - targets: `[B][T]`, from 0 to V − 1; a negative one (padding) is left out of the mean.
/// - Returns: shape `[]`; log V for equal logits.
/// - Precondition: one target for each row of logits, and one that is not negative.
/// - Source: Radford et al. 2018, equation 1 (there a sum, and maximised).
public func autoregressiveLoss(logits: Tensor, targets: [[Int]]) -> Tensor {
  let flat = flatTargets("autoregressiveLoss", logits, targets)
  if flat.allSatisfy({ $0 < 0 }) { fail("autoregressiveLoss: no targets for \(logits.shape)") }
  return logits.crossEntropy(targets: flat)
}

/// The surprise −log q(x_t | x_<t) of each token, in nats, `[B, T]`; 0 where a target is negative.
///
/// The sum of a row is the surprise of its sequence, −log q(x); see
/// ``autoregressiveLoss(logits:targets:)`` for the arguments.
public func autoregressiveLosses(logits: Tensor, targets: [[Int]]) -> Tensor {
  let flat = flatTargets("autoregressiveLosses", logits, targets)
  return logits.crossEntropies(targets: flat)
}

private func flatTargets(_ name: StaticString, _ logits: Tensor, _ targets: [[Int]]) -> [Int] {
  let width = targets.first?.count ?? 0
  if logits.rank != 3 || logits.shape[0] != targets.count || logits.shape[1] != width
    || targets.contains(where: { $0.count != width })
  {
    fail("\(name): logits \(logits.shape) for [\(targets.count), \(width)] targets")
  }
  return Array(targets.joined())
}
