import Networks
import Tensors

/// A transformer that predicts each token from those before it, as GPT-2 does: learned positions,
/// causal blocks with their norms in front, and the embedding table used again as the head.
///
///     var model = AutoregressiveModel(
///       vocabSize: 8, embedDim: 32, numHeads: 2, depth: 2, contextLength: 32, using: &random)
///     let loss = model.loss(sequences)
///
/// - Source: Radford et al. 2018 and 2019; the tied head, Press and Wolf 2017, arXiv:1608.05859.
public struct AutoregressiveModel: Module {
  /// One row for each token, and one more for the start token if there is one.
  public var tokens: Embedding
  /// T rows, for at most T tokens.
  public var positions: LearnedPositions
  /// From the input to the output.
  public var blocks: [TransformerBlock]
  /// Before the head.
  public var norm: LayerNorm
  /// V: ordinary tokens are 0 ..< vocabSize, and only they are predicted.
  public let vocabSize: Int
  /// Read before the first token, or nil: the first number that is no ordinary token.
  public let startToken: Int?

  /// Embeddings and positions from a normal distribution, the rest initialized like `TransformerBlock`'s.
  ///
  /// - Parameters:
  ///   - vocabSize: V.
  ///   - embedDim: C, the width.
  ///   - numHeads: divides C.
  ///   - depth: the number of blocks.
  ///   - contextLength: T, the most tokens it can read.
  ///   - hasStartToken: whether there is a token for the beginning, so that the first token of a
  ///     sequence is predicted too.
  ///   - standardDeviation: of embeddings and positions; GPT-2's 0.02 is for widths of hundreds.
  ///   - random: what the weights are drawn from.
  public init(
    vocabSize: Int, embedDim: Int, numHeads: Int, depth: Int, contextLength: Int,
    hasStartToken: Bool = false, standardDeviation: Float = 0.1, using random: inout RandomSource
  ) {
    if vocabSize < 1 || contextLength < 1 {
      fail("AutoregressiveModel: \(vocabSize) tokens in contexts of \(contextLength)")
    }
    tokens = Embedding(
      vocabSize: hasStartToken ? vocabSize + 1 : vocabSize, embedDim: embedDim,
      standardDeviation: standardDeviation, using: &random)
    positions = LearnedPositions(
      contextLength: contextLength, embedDim: embedDim, standardDeviation: standardDeviation,
      using: &random)
    require(count: depth, "AutoregressiveModel", "blocks")
    blocks = (0..<depth).map { _ in
      TransformerBlock(
        embedDim: embedDim, numHeads: numHeads, isCausal: true, activation: .geluTanh,
        using: &random)
    }
    norm = LayerNorm(embedDim)
    self.vocabSize = vocabSize
    startToken = hasStartToken ? vocabSize : nil
  }

  /// T: the most tokens it can read.
  public var contextLength: Int { positions.weight.shape[0] }

  /// Scores of what follows each token: `[B, T, V]` for `[B][T]` tokens.
  ///
  /// - Parameter tokens: with the start token in front if the model has one.
  /// - Precondition: sequences of one length, at most ``contextLength``.
  public func callAsFunction(_ tokens: [[Int]]) -> Tensor {
    scores(blocks.reduce(positions(self.tokens(tokens))) { $1($0) })
  }

  /// Scores of what follows each new token, `[B, n, V]`, of `[B][n]` tokens that come after those
  /// the cache holds; the cache then holds them too.
  ///
  /// The result is that of reading everything at once; the keys and values of what was read before
  /// are not computed again.
  ///
  /// - Precondition: all tokens together at most ``contextLength``.
  public func callAsFunction(_ tokens: [[Int]], cache: inout KeyValueCache) -> Tensor {
    let (start, end) = (cache.count, cache.count + (tokens.first?.count ?? 0))
    if end > contextLength {
      fail("AutoregressiveModel: \(end) tokens in a context of \(contextLength)")
    }
    var x = self.tokens(tokens) + positions.weight[start..<end]
    for (index, block) in blocks.enumerated() { x = block(x, index: index, cache: &cache) }
    cache.count = end
    return scores(x)
  }

  /// The mean loss −log q(x_t | x_<t) in nats per token: of every token with a start token, of
  /// every token but the first without.
  ///
  /// - Parameter sequences: `[B][T]` without the start token.
  public func loss(_ sequences: [[Int]]) -> Tensor {
    let (inputs, targets) = nextTokens(of: sequences, startToken: startToken)
    return autoregressiveLoss(logits: self(inputs), targets: targets)
  }

  /// The loss of each token, `[B, T]` with a start token, `[B, T − 1]` without.
  public func losses(_ sequences: [[Int]]) -> Tensor {
    let (inputs, targets) = nextTokens(of: sequences, startToken: startToken)
    return autoregressiveLosses(logits: self(inputs), targets: targets)
  }

  /// How much each token attends to each, in each head: for each block `[B, heads, T, T]`.
  public func attentionWeights(_ tokens: [[Int]]) -> [Tensor] {
    var x = positions(self.tokens(tokens))
    return blocks.map { block in
      defer { x = block(x) }
      return block.attentionWeights(x)
    }
  }

  private func scores(_ x: Tensor) -> Tensor {
    norm(x).matmul(tokens.weight[0..<vocabSize], transposeOther: true)
  }

  /// Visits `tokens`, `positions`, `blocks`, `norm`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    tokens.visitParameters(path / "tokens", visit)
    positions.visitParameters(path / "positions", visit)
    blocks.visitParameters(path / "blocks", visit)
    norm.visitParameters(path / "norm", visit)
  }
}
