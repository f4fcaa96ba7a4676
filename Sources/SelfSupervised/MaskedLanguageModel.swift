import Networks
import Tensors

/// A transformer that fills in chosen positions from both sides, as BERT does.
///
/// Every token sees every other; the mask token has a row of its own in the embedding table and is
/// never predicted; the head (a layer, a norm, and the table itself with a bias) runs on the chosen
/// positions only. Sequences may differ in length: what pads the shorter ones is seen by nobody.
///
///     let masked = texts.map { masking($0, using: &random) }
///     let loss = model.loss(texts, masked)
///
/// - Source: Devlin et al. 2019, arXiv:1810.04805.
public struct MaskedLanguageModel: Module {
  /// A row for each ordinary token, and the last for the mask token.
  public var tokens: Embedding
  /// T rows, for at most T tokens.
  public var positions: LearnedPositions
  /// After the embeddings with post-norm blocks, after the blocks otherwise.
  public var norm: LayerNorm
  /// From the input to the output.
  public var blocks: [TransformerBlock]
  /// The head's layer, C → C.
  public var head: Linear
  /// The head's norm.
  public var headNorm: LayerNorm
  /// Added to the scores, `[V]`.
  public var outputBias: Tensor
  /// V: ordinary tokens are 0 ..< vocabSize.
  public let vocabSize: Int
  /// Whether norms stand after the residual sums.
  public let isPostNorm: Bool

  /// Embeddings from a normal distribution, blocks initialized like `TransformerBlock`; the head's norm
  /// starts so small that scores begin with a deviation of 1 at most, wide as the table may be.
  ///
  /// - Parameters:
  ///   - vocabSize: V, without the mask token.
  ///   - embedDim: C, the width.
  ///   - numHeads: divides C.
  ///   - depth: the number of blocks.
  ///   - contextLength: T, the most tokens it can read.
  ///   - isPostNorm: norms after the residual sums, as in BERT; without, before, as in GPT-2,
  ///     which short trainings prefer.
  ///   - standardDeviation: of embeddings and positions; BERT's 0.02 is for widths of hundreds.
  ///   - hasSinusoidalStart: positions start as sines and cosines, with waves between 2π and 2π·T
  ///     long, times the standard deviation instead of random numbers, and are trained from there.
  ///   - random: what the weights are drawn from.
  public init(
    vocabSize: Int, embedDim: Int, numHeads: Int, depth: Int, contextLength: Int,
    isPostNorm: Bool = true, standardDeviation: Float = 0.1, hasSinusoidalStart: Bool = false,
    using random: inout RandomSource
  ) {
    if vocabSize < 1 || contextLength < 1 {
      fail("MaskedLanguageModel: \(vocabSize) tokens in contexts of \(contextLength)")
    }
    tokens = Embedding(
      vocabSize: vocabSize + 1, embedDim: embedDim, standardDeviation: standardDeviation,
      using: &random)
    positions = LearnedPositions(
      contextLength: contextLength, embedDim: embedDim, standardDeviation: standardDeviation,
      using: &random)
    if hasSinusoidalStart {
      positions.weight =
        (Self.waves(length: contextLength, width: embedDim) * standardDeviation).parameter()
    }
    norm = LayerNorm(embedDim)
    require(count: depth, "MaskedLanguageModel", "blocks")
    blocks = (0..<depth).map { _ in
      TransformerBlock(
        embedDim: embedDim, numHeads: numHeads, isPostNorm: isPostNorm, using: &random)
    }
    head = Linear(inputs: embedDim, outputs: embedDim, activation: .gelu, using: &random)
    headNorm = LayerNorm(embedDim)
    let scale = standardDeviation * Float(embedDim).squareRoot()
    headNorm.weight = Tensor.full([embedDim], scale > 1 ? 1 / scale : 1).parameter()
    outputBias = Tensor.zeros([vocabSize]).parameter()
    self.vocabSize = vocabSize
    self.isPostNorm = isPostNorm
  }

  /// The mask token: the first number that is no ordinary token, as in ``TokenMasking``.
  public var maskToken: Int { vocabSize }
  /// T: the most tokens it can read.
  public var contextLength: Int { positions.weight.shape[0] }

  /// A vector for each token that has seen all others, `[B, T, C]`, T the longest sequence's
  /// length; rows past the end of a shorter one mean nothing.
  ///
  /// - Parameter inputs: ordinary tokens and mask tokens.
  public func features(_ inputs: [[Int]]) -> Tensor {
    let length = inputs.reduce(0) { max($0, $1.count) }
    var padded = inputs
    var keyMask: Tensor?
    if inputs.contains(where: { $0.count < length }) {
      padded = inputs.map { $0 + Array(repeating: maskToken, count: length - $0.count) }
      let seen = inputs.flatMap { row in (0..<length).map { $0 < row.count ? Float(1) : 0 } }
      keyMask = Tensor(seen, shape: [inputs.count, length])
    }
    var x = positions(tokens(padded))
    if isPostNorm { x = norm(x) }
    for block in blocks { x = block(x, keyMask: keyMask) }
    return isPostNorm ? x : norm(x)
  }

  /// Scores of the ordinary tokens at the chosen positions, `[n, V]`: those of the first sequence
  /// in the order given, then those of the second, and so on.
  ///
  /// - Parameters:
  ///   - inputs: what the network sees.
  ///   - chosen: positions for each sequence.
  public func callAsFunction(_ inputs: [[Int]], at chosen: [[Int]]) -> Tensor {
    if inputs.count != chosen.count {
      fail("MaskedLanguageModel: positions of \(chosen.count) for \(inputs.count) sequences")
    }
    let features = features(inputs)
    let (batch, length, width) = features.shape3
    var rows: [Int] = []
    for b in 0..<batch {
      for position in chosen[b] {
        if position < 0 || position >= inputs[b].count {
          fail("MaskedLanguageModel: position \(position) of \(inputs[b].count) tokens")
        }
        rows.append(b * length + position)
      }
    }
    let asked = features.reshaped([batch * length, width] as Shape).gather(rows)
    return headNorm(head(asked))
      .matmul(tokens.weight[0..<vocabSize], transposeOther: true) + outputBias
  }

  /// The mean loss over all chosen positions, in nats.
  ///
  /// - Parameters:
  ///   - originals: the sequences before their corruption.
  ///   - masked: what ``TokenMasking`` made of them; at least one position is chosen.
  public func loss(_ originals: [[Int]], _ masked: [MaskedTokens]) -> Tensor {
    maskedLanguageModelLoss(
      logits: self(masked.map { $0.input }, at: masked.map { $0.chosen }),
      targets: Self.targets(originals, masked))
  }

  /// The original tokens of the chosen positions, in the order of the scores' rows.
  ///
  /// - Precondition: as many of one as of the other, and positions of each sequence.
  public static func targets(_ originals: [[Int]], _ masked: [MaskedTokens]) -> [Int] {
    if originals.count != masked.count {
      fail("MaskedLanguageModel: \(masked.count) masked for \(originals.count) sequences")
    }
    return zip(originals, masked).flatMap { tokens, mask in
      require(mask.chosen, below: tokens.count, "MaskedLanguageModel.targets", "position")
      return mask.chosen.map { tokens[$0] }
    }
  }

  /// Sines and cosines of wavelengths from 2π to 2π·length: over a short context, those of the
  /// transformer's own table, up to 2π·10⁴, are nearly constant.
  private static func waves(length: Int, width: Int) -> Tensor {
    Tensor(
      (0..<length).flatMap { t in
        (0..<width).map { i in
          let rate = pow(Double(length), -Double(i / 2 * 2) / Double(width))
          return i % 2 == 0 ? sin(Double(t) * rate) : cos(Double(t) * rate)
        }
      }, shape: [length, width])
  }

  /// Visits `tokens`, `positions`, `norm`, `blocks`, `head`, `headNorm`, `outputBias`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    tokens.visitParameters(path / "tokens", visit)
    positions.visitParameters(path / "positions", visit)
    norm.visitParameters(path / "norm", visit)
    blocks.visitParameters(path / "blocks", visit)
    head.visitParameters(path / "head", visit)
    headNorm.visitParameters(path / "headNorm", visit)
    visit(path / "outputBias", &outputBias)
  }
}
