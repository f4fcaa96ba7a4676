import Tensors

/// Attention in several heads between projections of its input, projected once more.
///
/// - Source: Vaswani et al. 2017, arXiv:1706.03762.
public struct MultiHeadAttention: Module {
  /// Queries, keys and values side by side, `[C, 3C]`.
  public var qkv: Linear
  /// What mixes the heads, `[C, C]`.
  public var output: Linear
  /// The number of heads; divides C.
  public let numHeads: Int

  /// Projections as ``Linear`` begins.
  ///
  /// - Parameters:
  ///   - embedDim: C, the width of inputs and outputs.
  ///   - numHeads: divides C; stops with both numbers otherwise.
  ///   - random: what the weights are drawn from.
  public init(embedDim: Int, numHeads: Int, using random: inout RandomSource) {
    if numHeads < 1 || embedDim < 0 || embedDim > Int(Int32.max) / 3 || embedDim % numHeads != 0 {
      fail("MultiHeadAttention: width \(embedDim) does not divide into \(numHeads) heads")
    }
    qkv = Linear(inputs: embedDim, outputs: 3 * embedDim, using: &random)
    output = Linear(inputs: embedDim, outputs: embedDim, using: &random)
    self.numHeads = numHeads
  }

  /// Each token's mixture of the tokens it sees.
  ///
  /// - Parameters:
  ///   - x: `[B, T, C]`.
  ///   - isCausal: a token sees itself and what is before it.
  ///   - keyMask: `[B, T]`, 0 where a token is padding that nobody sees.
  ///   - residual: added to the result, `[B, T, C]`, or none.
  /// - Returns: `[B, T, C]`.
  public func callAsFunction(
    _ x: Tensor, isCausal: Bool = false, keyMask: Tensor? = nil, addedTo residual: Tensor? = nil
  ) -> Tensor {
    let mixed = qkv(x)  // [B, T, 3C]
      .selfAttention(heads: numHeads, isCausal: isCausal, keyMask: keyMask)  // [B, T, C]
    return mixed.linear(output.weight, bias: output.bias, residual: residual)
  }

  /// Visits `qkv`, then `output`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    qkv.visitParameters(path / "qkv", visit)
    output.visitParameters(path / "output", visit)
  }
}

/// Attention and a two-layer network, each with a residual connection and a layer norm.
///
/// Norms stand before attention and network, as in GPT-2 and the vision transformer; with
/// `isPostNorm`, after the sums, as in BERT.
public struct TransformerBlock: Module {
  /// Before attention, or after its sum with `isPostNorm`.
  public var norm1: LayerNorm

  /// What lets tokens see each other.
  public var attention: MultiHeadAttention

  /// Before the network, or after its sum with `isPostNorm`.
  public var norm2: LayerNorm

  /// Two layers applied to each token alone, C → mlpRatio·C → C.
  public var mlp: MLP
  /// Whether tokens see only what is before them.
  public var isCausal: Bool
  /// Whether norms stand after the residual sums.
  public var isPostNorm: Bool

  /// Parts as ``MultiHeadAttention``, ``MLP`` and ``LayerNorm`` begin.
  ///
  /// - Parameters:
  ///   - embedDim: C, the width.
  ///   - numHeads: divides C; stops with both numbers otherwise.
  ///   - mlpRatio: the network's inner width over C.
  ///   - isCausal: a token sees itself and what is before it.
  ///   - isPostNorm: norms after the sums, as in BERT.
  ///   - activation: of the inner layer.
  ///   - random: what the weights are drawn from.
  public init(
    embedDim: Int, numHeads: Int, mlpRatio: Int = 4, isCausal: Bool = false,
    isPostNorm: Bool = false, activation: Activation = .gelu,
    using random: inout RandomSource
  ) {
    let (hidden, isTooWide) = embedDim.multipliedReportingOverflow(by: mlpRatio)
    if isTooWide { fail("TransformerBlock: \(mlpRatio) times \(embedDim) is too wide") }
    norm1 = LayerNorm(embedDim)
    attention = MultiHeadAttention(embedDim: embedDim, numHeads: numHeads, using: &random)
    norm2 = LayerNorm(embedDim)
    mlp = MLP([embedDim, hidden, embedDim], activation: activation, using: &random)
    (self.isCausal, self.isPostNorm) = (isCausal, isPostNorm)
  }

  /// The tokens after attention and network.
  ///
  /// - Parameters:
  ///   - x: `[B, T, C]`.
  ///   - keyMask: `[B, T]`, 0 where a token is padding that nobody sees; nil hides none.
  /// - Returns: `[B, T, C]`.
  public func callAsFunction(_ x: Tensor, keyMask: Tensor? = nil) -> Tensor {
    if isPostNorm {
      let mixed = norm1(attention(x, isCausal: isCausal, keyMask: keyMask, addedTo: x))
      return norm2(mlp(mixed, addedTo: mixed))
    }
    let mixed = attention(norm1(x), isCausal: isCausal, keyMask: keyMask, addedTo: x)
    return mlp(norm2(mixed), addedTo: mixed)
  }

  /// Visits `norm1`, `attention`, `norm2`, `mlp`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    norm1.visitParameters(path / "norm1", visit)
    attention.visitParameters(path / "attention", visit)
    norm2.visitParameters(path / "norm2", visit)
    mlp.visitParameters(path / "mlp", visit)
  }
}
