import Networks
import Tensors

/// A masked autoencoder: a transformer encodes the visible patches only, and a light second one
/// restores all patches from their codes, a mask token standing where something is hidden.
///
/// - Source: He et al. 2022, section 3, arXiv:2111.06377.
public struct MaskedAutoencoder: Module {
  /// Pixels of a patch to a token, P² → C.
  public var embed: Linear
  /// Where a patch is, for the encoder, `[L, C]`.
  public var encoderPositions: Tensor
  /// Of visible tokens only.
  public var encoder: [TransformerBlock]
  /// After the encoder, before the decoder's projection.
  public var encoderNorm: LayerNorm
  /// C → D, the decoder's width.
  public var toDecoder: Linear
  /// What stands for every hidden patch, `[1, D]`.
  public var maskToken: Tensor
  /// Where a patch is, for the decoder, `[L, D]`.
  public var decoderPositions: Tensor
  /// The decoder's blocks, which see every patch.
  public var decoder: [TransformerBlock]
  /// Before the prediction of pixels.
  public var decoderNorm: LayerNorm
  /// D → P².
  public var prediction: Linear

  /// - Parameters:
  ///   - patches: L, the patches of an image.
  ///   - patchDim: P², the pixels of a patch (times channels).
  ///   - encoderDim: C, divided by `encoderHeads`.
  ///   - encoderHeads: heads of attention in the encoder.
  ///   - encoderDepth: blocks of the encoder.
  ///   - decoderDim: D, divided by `decoderHeads`.
  ///   - decoderHeads: heads of attention in the decoder.
  ///   - decoderDepth: blocks of the decoder.
  ///   - positionDeviation: standard deviation with which both tables of positions begin. It
  ///     starts at the size of what it is added to: much smaller, and a short training hardly
  ///     learns where the patches are.
  ///   - random: what the parameters are drawn from.
  public init(
    patches: Int, patchDim: Int, encoderDim: Int = 64, encoderHeads: Int = 4,
    encoderDepth: Int = 2, decoderDim: Int = 64, decoderHeads: Int = 4, decoderDepth: Int = 1,
    positionDeviation: Float = 0.5, using random: inout RandomSource
  ) {
    require(count: encoderDepth, "MaskedAutoencoder", "blocks of the encoder")
    require(count: decoderDepth, "MaskedAutoencoder", "blocks of the decoder")
    embed = Linear(inputs: patchDim, outputs: encoderDim, using: &random)
    encoderPositions = Tensor.normal(
      [patches, encoderDim], standardDeviation: positionDeviation, using: &random
    ).parameter()
    encoder = (0..<encoderDepth).map { _ in
      TransformerBlock(embedDim: encoderDim, numHeads: encoderHeads, using: &random)
    }
    encoderNorm = LayerNorm(encoderDim)
    toDecoder = Linear(inputs: encoderDim, outputs: decoderDim, using: &random)
    maskToken = Tensor.normal([1, decoderDim], standardDeviation: 0.02, using: &random)
      .parameter()
    decoderPositions = Tensor.normal(
      [patches, decoderDim], standardDeviation: positionDeviation, using: &random
    ).parameter()
    decoder = (0..<decoderDepth).map { _ in
      TransformerBlock(embedDim: decoderDim, numHeads: decoderHeads, using: &random)
    }
    decoderNorm = LayerNorm(decoderDim)
    prediction = Linear(inputs: decoderDim, outputs: patchDim, using: &random)
  }

  /// L.
  public var patches: Int { encoderPositions.shape[0] }

  /// The codes of the visible patches; what is hidden is never read.
  ///
  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - mask: what is hidden.
  /// - Returns: `[B, visible, C]`, in the order of the mask's `visible`.
  public func encode(_ patches: Tensor, mask: PatchMask) -> Tensor {
    requirePatches("MaskedAutoencoder", patches, fit: mask, width: embed.weight.shape[0])
    if mask.patches != self.patches {
      fail("MaskedAutoencoder: \(patches.shape) patches for \(encoderPositions.shape) positions")
    }
    let visible = mask.visible
    let tokens = embed(patches.gatherRows(visible)) + encoderPositions.gather(visible)
    return encoderNorm(encoder.reduce(tokens) { $1($0) })
  }

  /// What the decoder's blocks begin with: codes at their places, the mask token at all others,
  /// positions added.
  ///
  /// - Parameters:
  ///   - codes: `[B, visible, C]`, from ``encode(_:mask:)``.
  ///   - mask: the same mask.
  /// - Returns: `[B, L, D]`, patches in their places.
  public func decoderTokens(_ codes: Tensor, mask: PatchMask) -> Tensor {
    let seen = toDecoder(codes)
    let hidden = maskToken.broadcast(to: [mask.images, mask.hiddenCount, seen.shape[2]])
    return Tensor.concatenate([seen, hidden], axis: 1).gatherRows(mask.restoreOrder)
      + decoderPositions
  }

  /// A guess for every patch, `[B, L, P²]`, from the codes of the visible ones, `[B, visible, C]`.
  public func decode(_ codes: Tensor, mask: PatchMask) -> Tensor {
    let tokens = decoder.reduce(decoderTokens(codes, mask: mask)) { $1($0) }
    return prediction(decoderNorm(tokens))
  }

  /// A guess for every patch, `[B, L, P²]`, from the visible ones.
  public func callAsFunction(_ patches: Tensor, mask: PatchMask) -> Tensor {
    decode(encode(patches, mask: mask), mask: mask)
  }

  /// What a probe is given: the codes of all patches of unmasked images, end to end, `[B, L·C]`.
  public func features(of patches: Tensor) -> Tensor {
    let mask = PatchMask.none(images: patches.shape3.0, patches: self.patches)
    let codes = encode(patches, mask: mask)
    return codes.reshaped([codes.shape[0], codes.shape[1] * codes.shape[2]] as Shape)
  }

  /// Visits the encoder's parts, then the decoder's.
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
