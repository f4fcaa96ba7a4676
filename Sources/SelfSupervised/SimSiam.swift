import Networks
import Tensors

extension ContrastiveModel {
  /// z = g(f(x)) while both are trained.
  public mutating func train(_ x: Tensor) -> Tensor { projector.train(encoder.train(x)) }
}

extension ContrastiveModel where Encoder == BatchNormMLP, Projector == BatchNormMLP {
  /// Linear layers with batch norm and ReLU, as ``/Networks/BatchNormMLP`` begins; also after the encoder's
  /// last layer, so that features are ≥ 0.
  ///
  /// - Parameters:
  ///   - encoder: widths from the input to the representation.
  ///   - projector: widths after the representation, as `[128, 64]`.
  ///   - ending: what follows the projector's last layer.
  ///   - random: what the weights are drawn from.
  public init(
    encoder: [Int], projector: [Int], ending: BatchNormMLP.Ending,
    using random: inout RandomSource
  ) {
    let features = BatchNormMLP(encoder, ending: .relu, using: &random)
    self.init(
      encoder: features,
      projector: BatchNormMLP(
        [encoder[encoder.count - 1]] + projector, ending: ending, using: &random))
  }
}

/// SimSiam: a network whose predictor h foretells, from one view, the projection of the other,
/// which counts as a constant.
///
///     var model = SimSiam(network, predictor: predictor)
///     training.run(&model, on: images, using: &random) { $0.loss(views: $1) }
///
/// - Source: Chen and He 2021, algorithm 1, arXiv:2011.10566.
public struct SimSiam<Encoder: Layer, Projector: Layer, Predictor: Layer>: Module {
  /// f and g: from a view to z.
  public var network: ContrastiveModel<Encoder, Projector>
  /// h: from z to p, of the same width.
  public var predictor: Predictor

  /// A network and a predictor that fit each other.
  public init(_ network: ContrastiveModel<Encoder, Projector>, predictor: Predictor) {
    (self.network, self.predictor) = (network, predictor)
  }

  /// The loss of views in training, see ``simSiamLoss(predictions:targets:)``, `[]`.
  ///
  /// - Parameter views: `[2N, …]`; rows i and i + N belong together.
  public mutating func loss(views: Tensor) -> Tensor {
    let projections = network.train(views: views)  // [2N, D]
    return simSiamLoss(
      predictions: predictor.train(views: projections),
      targets: otherViews(projections.stopGradient()))
  }

  /// Visits `network`, then `predictor`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    network.visitParameters(path / "network", visit)
    predictor.visitParameters(path / "predictor", visit)
  }
}
