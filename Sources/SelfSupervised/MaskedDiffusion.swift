import Tensors

/// The noise of masked diffusion: some tokens, any number of them equally likely, at places equally
/// likely, become the mask token and are all asked for.
///
///     let masked = texts.map { noise($0, using: &random) }
///     let loss = model.diffusionLoss(texts, masked)
///
/// It is the law of masks that hide each token with a probability drawn uniformly before, given that
/// they hide one: k of T tokens with probability 1/T for each k > 0.
///
/// - Source: Austin et al. 2021, section 3.1 (absorbing state), arXiv:2107.03006; Hoogeboom et al.
///   2022, algorithm 2, arXiv:2110.02037.
public struct AbsorbingNoise: Sendable, Equatable {
  /// V: ordinary tokens are 0 ..< vocabSize.
  public let vocabSize: Int

  /// The mask token: the first number that is no ordinary token.
  public var maskToken: Int { vocabSize }

  /// Noise for tokens 0 ..< vocabSize.
  ///
  /// - Precondition: at least one token; stops with the number otherwise.
  public init(vocabSize: Int) {
    if vocabSize < 1 { fail("AbsorbingNoise: a vocabulary of \(vocabSize) tokens") }
    self.vocabSize = vocabSize
  }

  /// Masks 1 to all tokens of a sequence.
  ///
  /// - Precondition: tokens of the vocabulary, at least one; stops with what is not.
  public func callAsFunction(_ tokens: [Int], using random: inout RandomSource) -> MaskedTokens {
    if tokens.isEmpty { fail("AbsorbingNoise: a sequence of 0 tokens") }
    for token in tokens where token < 0 || token >= vocabSize {
      fail("AbsorbingNoise: token \(token) is not one of \(vocabSize)")
    }
    let count = random.integer(in: 0..<tokens.count) + 1
    let chosen = random.permutation(tokens.count).prefix(count).sorted()
    var input = tokens
    for position in chosen { input[position] = maskToken }
    return MaskedTokens(input: input, chosen: chosen)
  }
}

/// The loss of masked diffusion: for each sequence the mean surprise at its own masked tokens.
///
///     l = −1/k Σ_{i masked} log q(xᵢ | x̃),  k tokens masked
///
/// Over the noise of ``AbsorbingNoise`` it is on average the surprise, per token, of a model that
/// writes the tokens in random order, each given those before: at least −log q(x)/T, and equal to
/// −log p(x)/T where every conditional law is p's own.
///
/// - Parameters:
///   - logits: `[n, V]`, rows of the masked positions: those of the first sequence, then those of
///     the second, and so on.
///   - targets: the original token of each row.
///   - counts: how many positions are masked in each sequence; n in all, none 0.
/// - Returns: the mean over the sequences, in nats per token, `[]`; log V for equal logits.
/// - Precondition: numbers that fit, targets in 0..<V; stops with what does not.
/// - Source: Uria, Murray and Larochelle 2014, section 3, arXiv:1310.1757; Hoogeboom et al. 2022,
///   section 3, arXiv:2110.02037; Sahoo et al. 2024, section 3, arXiv:2406.07524.
public func maskedDiffusionLoss(logits: Tensor, targets: [Int], counts: [Int]) -> Tensor {
  maskedDiffusionLosses(logits: logits, targets: targets, counts: counts).mean()
}

/// ``maskedDiffusionLoss(logits:targets:counts:)`` of each sequence.
///
/// - Returns: `[B]`, in nats per token.
public func maskedDiffusionLosses(logits: Tensor, targets: [Int], counts: [Int]) -> Tensor {
  let rows = targets.count
  if logits.rank != 2 || logits.shape[0] != rows || counts.isEmpty || counts.reduce(0, +) != rows {
    fail(
      "maskedDiffusionLoss: logits \(logits.shape), \(rows) targets and \(counts.reduce(0, +)) "
        + "positions of \(counts.count) sequences")
  }
  for count in counts where count < 1 {
    fail("maskedDiffusionLoss: a sequence with \(count) masked positions has no loss")
  }
  for target in targets where target < 0 || target >= logits.shape[1] {
    fail("maskedDiffusionLoss: target \(target) is not one of \(logits.shape[1]) tokens")
  }
  let surprises = logits.logSumExp(axes: 1) - logits.picked(targets)
  let shares = Tensor([counts.count, rows]) { share in
    share.update(repeating: 0, count: counts.count * rows)
    var row = 0
    for (sequence, count) in counts.enumerated() {
      for _ in 0..<count {
        share[sequence * rows + row] = 1 / Float(count)
        row += 1
      }
    }
  }
  return shares.matmul(surprises.expanded(axis: 1)).squeezed(axis: 1)
}

extension MaskedLanguageModel {
  /// ``maskedDiffusionLoss(logits:targets:counts:)`` of the model.
  ///
  /// - Parameters:
  ///   - originals: the sequences before the noise.
  ///   - masked: what ``AbsorbingNoise`` made of them.
  public func diffusionLoss(_ originals: [[Int]], _ masked: [MaskedTokens]) -> Tensor {
    maskedDiffusionLoss(
      logits: self(masked.map { $0.input }, at: masked.map { $0.chosen }),
      targets: Self.targets(originals, masked), counts: masked.map { $0.chosen.count })
  }
}
