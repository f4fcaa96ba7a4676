import Networks
import Tensors

/// An encoder f, whose output h is the representation, and a projector g, whose output z = g(h) only
/// the loss sees.
///
///     var model = ContrastiveModel(encoder: [64, 256, 128], projector: [128, 64], using: &random)
///     let views = augmentation.views(of: images, using: &random)
///     let loss = model.loss(views: views, temperature: 0.5)
///
/// - Source: Chen et al. 2020, section 2.1, arXiv:2002.05709.
public struct ContrastiveModel<Encoder: Layer, Projector: Layer>: Layer {
  /// f.
  public var encoder: Encoder
  /// g.
  public var projector: Projector

  /// A model of two layers that fit each other.
  public init(encoder: Encoder, projector: Projector) {
    self.encoder = encoder
    self.projector = projector
  }

  /// z = g(f(x)), of any length: the loss normalizes.
  public func callAsFunction(_ x: Tensor) -> Tensor { projector(encoder(x)) }

  /// NT-Xent of the views' projections; see `ntXentLoss(views:temperature:)`.
  ///
  /// - Parameters:
  ///   - views: `[2N, …]`; rows i and i + N belong together.
  ///   - temperature: τ.
  public func loss(views: Tensor, temperature: Float) -> Tensor {
    ntXentLoss(views: self(views), temperature: temperature)
  }

  /// Visits `encoder`, then `projector`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    encoder.visitParameters(path / "encoder", visit)
    projector.visitParameters(path / "projector", visit)
  }
}

extension ContrastiveModel where Encoder == MLP, Projector == MLP {
  /// Linear layers with ReLU, also after the encoder's last, not after the projector's.
  ///
  /// - Parameters:
  ///   - encoder: widths from the input to the representation.
  ///   - projector: widths after the representation, as `[128, 64]`.
  ///   - random: what the weights are drawn from.
  public init(encoder: [Int], projector: [Int], using random: inout RandomSource) {
    guard let width = encoder.last else { fail("ContrastiveModel: an encoder without widths") }
    self.init(
      encoder: .encoder(encoder, using: &random),
      projector: MLP([width] + projector, using: &random))
  }
}

extension MLP {
  /// Linear layers with ReLU after each, the last included: features ≥ 0.
  public static func encoder(_ sizes: [Int], using random: inout RandomSource) -> MLP {
    var result = MLP(sizes, using: &random)
    result.layers[result.layers.count - 1].activation = .relu
    return result
  }
}
