import Networks
import Tensors

// The training steps that are timed, and compared with PyTorch at a tiny size. Each model is a
// plain composition of the library's layers; nothing here is special to the benchmark.

/// A next-token transformer with a tied head.
public struct GPT: Module {
  public var tokens: Embedding
  public var positions: LearnedPositions
  public var blocks: [TransformerBlock]
  public var norm: LayerNorm

  public init(
    vocabSize: Int, embedDim: Int, numHeads: Int, depth: Int, contextLength: Int,
    using random: inout RandomSource
  ) {
    tokens = Embedding(vocabSize: vocabSize, embedDim: embedDim, using: &random)
    positions = LearnedPositions(
      contextLength: contextLength, embedDim: embedDim, using: &random)
    blocks = []
    for _ in 0..<depth {
      blocks.append(
        TransformerBlock(
          embedDim: embedDim, numHeads: numHeads, isCausal: true, activation: .geluTanh,
          using: &random))
    }
    norm = LayerNorm(embedDim)
  }

  /// The cross-entropy of the next tokens.
  public func loss(_ x: [[Int]], _ y: [Int]) -> Tensor {
    let h = blocks.reduce(positions(tokens(x))) { $1($0) }  // [B, T, C]
    return tokens.logits(norm(h)).crossEntropy(targets: y)
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    tokens.visitParameters(path / "tokens", visit)
    positions.visitParameters(path / "positions", visit)
    blocks.visitParameters(path / "blocks", visit)
    norm.visitParameters(path / "norm", visit)
  }
}

/// A masked language model with post-norm blocks and a tied head.
public struct BERT: Module {
  public var tokens: Embedding
  public var positions: LearnedPositions
  public var norm: LayerNorm
  public var blocks: [TransformerBlock]
  public var head: Linear
  public var headNorm: LayerNorm
  public var outputBias: Tensor
  /// Whether the head runs on masked positions only.
  public var isGathered: Bool

  public init(
    vocabSize: Int, embedDim: Int, numHeads: Int, depth: Int, contextLength: Int,
    isGathered: Bool, using random: inout RandomSource
  ) {
    tokens = Embedding(vocabSize: vocabSize, embedDim: embedDim, using: &random)
    positions = LearnedPositions(
      contextLength: contextLength, embedDim: embedDim, using: &random)
    norm = LayerNorm(embedDim)
    blocks = []
    for _ in 0..<depth {
      blocks.append(
        TransformerBlock(
          embedDim: embedDim, numHeads: numHeads, isPostNorm: true, using: &random))
    }
    head = Linear(inputs: embedDim, outputs: embedDim, activation: .gelu, using: &random)
    headNorm = LayerNorm(embedDim)
    outputBias = Tensor.zeros([vocabSize]).parameter()
    self.isGathered = isGathered
  }

  /// The cross-entropy of the masked tokens; `y` is negative where nothing is masked.
  public func loss(_ x: [[Int]], _ y: [Int]) -> Tensor {
    var h = blocks.reduce(norm(positions(tokens(x)))) { $1($0) }  // [B, T, C]
    h = h.reshaped([-1, h.shape[2]])
    var targets = y
    if isGathered {
      let masked = y.indices.filter { y[$0] >= 0 }
      h = h.gather(masked)
      targets = masked.map { y[$0] }
    }
    let logits = tokens.logits(headNorm(head(h))) + outputBias
    return logits.crossEntropy(targets: targets)
  }

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

/// A masked autoencoder: the encoder sees a share of the patches, the decoder restores the others.
public struct MaskedAutoencoder: Module {
  public var embed: Linear
  public var encoderPositions: Tensor
  public var encoder: [TransformerBlock]
  public var encoderNorm: LayerNorm
  public var toDecoder: Linear
  public var maskToken: Tensor
  public var decoderPositions: Tensor
  public var decoder: [TransformerBlock]
  public var decoderNorm: LayerNorm
  public var prediction: Linear

  public init(
    patches: Int, patchDim: Int, encoderDim: Int, encoderHeads: Int, encoderDepth: Int,
    decoderDim: Int, decoderHeads: Int, decoderDepth: Int, using random: inout RandomSource
  ) {
    func blocks(_ dim: Int, _ heads: Int, _ depth: Int) -> [TransformerBlock] {
      (0..<depth).map { _ in
        TransformerBlock(embedDim: dim, numHeads: heads, using: &random)
      }
    }
    func positions(_ shape: Shape) -> Tensor {
      Tensor.normal(shape, standardDeviation: 0.02, using: &random).parameter()
    }
    embed = Linear(inputs: patchDim, outputs: encoderDim, using: &random)
    encoderPositions = positions([patches, encoderDim])
    encoder = blocks(encoderDim, encoderHeads, encoderDepth)
    encoderNorm = LayerNorm(encoderDim)
    toDecoder = Linear(inputs: encoderDim, outputs: decoderDim, using: &random)
    maskToken = positions([1, decoderDim])
    decoderPositions = positions([patches, decoderDim])
    decoder = blocks(decoderDim, decoderHeads, decoderDepth)
    decoderNorm = LayerNorm(decoderDim)
    prediction = Linear(inputs: decoderDim, outputs: patchDim, using: &random)
  }

  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - order: a permutation of the patches of each image, of which the first `keep` are visible.
  public func loss(_ patches: Tensor, order: [[Int]], keep: Int) -> Tensor {
    let (B, L, _) = patches.shape3
    let visible = order.map { Array($0.prefix(keep)) }
    let x = embed(patches.gatherRows(visible)) + encoderPositions.gather(visible)
    let encoded = encoderNorm(encoder.reduce(x) { $1($0) })  // [B, keep, encoderDim]
    let seen = toDecoder(encoded)
    let dim = seen.shape[2]
    let hidden = maskToken.broadcast(to: [B, L - keep, dim])
    var place = order
    for b in 0..<B { for (rank, patch) in order[b].enumerated() { place[b][patch] = rank } }
    let all = Tensor.concatenate([seen, hidden], axis: 1).gatherRows(place) + decoderPositions
    let restored = prediction(decoderNorm(decoder.reduce(all) { $1($0) }))  // [B, L, P²]

    let target = patches - patches.mean(axes: -1, keepDims: true)
    let deviation = (patches.variance(axes: -1, keepDims: true) + 1e-6).sqrt()
    let error = (restored - target / deviation).squared().mean(axes: -1)  // [B, L]
    let mask = Tensor(place.joined().map { $0 >= keep ? 1 : 0 }, shape: [B, L])
    return (error * mask).sum() / mask.sum()
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    embed.visitParameters(path / "embed", visit)
    visit(path / "encoderPositions", &encoderPositions)
    encoder.visitParameters(path / "encoder", visit)
    encoderNorm.visitParameters(path / "encoderNorm", visit)
    toDecoder.visitParameters(path / "toDecoder", visit)
    visit(path / "maskToken", &maskToken)
    visit(path / "decoderPositions", &decoderPositions)
    decoder.visitParameters(path / "decoder", visit)
    decoderNorm.visitParameters(path / "decoderNorm", visit)
    prediction.visitParameters(path / "prediction", visit)
  }
}
