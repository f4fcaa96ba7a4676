import Networks
import Tensors

/// The objective of a masked autoencoder without attention: linear layers see all visible pixels,
/// zeros where something is hidden, and a flag for each patch that tells the two apart.
///
/// On small images it is faster than ``MaskedAutoencoder``, but nothing is saved by hiding.
public struct MLPMaskedAutoencoder: Module {
  /// L·P² pixels and L flags to a code, relu after each layer.
  public var encoder: [Linear]
  /// The code to L·P² pixels.
  public var decoder: MLP
  /// L.
  public let patches: Int

  /// Layers (L·P² + L) – hidden – code – hidden – L·P².
  ///
  /// - Parameters:
  ///   - patches: L, the patches of an image.
  ///   - patchDim: P², the pixels of a patch (times channels).
  ///   - hiddenDim: the width of the inner layers.
  ///   - codeDim: the width of the code.
  ///   - random: what the weights are drawn from.
  public init(
    patches: Int, patchDim: Int, hiddenDim: Int = 256, codeDim: Int = 128,
    using random: inout RandomSource
  ) {
    let pixels = patches * patchDim
    encoder = [
      Linear(inputs: pixels + patches, outputs: hiddenDim, activation: .relu, using: &random),
      Linear(inputs: hiddenDim, outputs: codeDim, activation: .relu, using: &random),
    ]
    decoder = MLP([codeDim, hiddenDim, pixels], using: &random)
    self.patches = patches
  }

  /// The code of what is visible, `[B, code]`; what is hidden is overwritten before it is used.
  ///
  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - mask: what is hidden.
  public func encode(_ patches: Tensor, mask: PatchMask) -> Tensor {
    let width = encoder[0].weight.shape[0] / self.patches - 1
    requirePatches("MLPMaskedAutoencoder", patches, fit: mask, width: width)
    if mask.patches != self.patches {
      fail("MLPMaskedAutoencoder: \(patches.shape) patches, made for \(self.patches)")
    }
    let hidden = mask.hiddenFlags  // [B, L]
    let pixels = patches.maskedFill(hidden.expanded(axis: 2), with: 0)
      .reshaped([mask.images, self.patches * width] as Shape)
    return encoder.reduce(Tensor.concatenate([pixels, 1 - hidden], axis: 1)) { $1($0) }
  }

  /// A guess for every patch, `[B, L, P²]`, from a code, `[B, code]`.
  public func decode(_ code: Tensor) -> Tensor {
    decoder(code).reshaped([code.shape[0], patches, -1])
  }

  /// A guess for every patch, `[B, L, P²]`, from the visible ones.
  public func callAsFunction(_ patches: Tensor, mask: PatchMask) -> Tensor {
    decode(encode(patches, mask: mask))
  }

  /// What a probe is given: the code of unmasked images, `[B, code]`.
  public func features(of patches: Tensor) -> Tensor {
    encode(patches, mask: .none(images: patches.shape3.0, patches: self.patches))
  }

  /// Visits `encoder`, then `decoder`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    encoder.visitParameters(path / "encoder", visit)
    decoder.visitParameters(path / "decoder", visit)
  }
}
