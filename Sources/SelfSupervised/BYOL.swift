import Networks
import Tensors

/// BYOL: a network whose predictor foretells, from one view, what a slowly moving copy of it makes
/// of the other.
///
///     var model = BYOL(network, predictor: predictor, momentum: 0.99)
///     training.run(&model, on: images, using: &random) {
///       $0.loss(views: $1)
///     } afterStep: {
///       $0.moveTarget()
///     }
///
/// With momentum 0 it is ``SimSiam``.
///
/// - Source: Grill et al. 2020, algorithm 1, arXiv:2006.07733.
public struct BYOL<Encoder: Layer, Projector: Layer, Predictor: Layer>: Module {
  /// f and g: from a view to z. What is trained, and kept afterwards.
  public var online: ContrastiveModel<Encoder, Projector>
  /// q: from z to p, of the same width.
  public var predictor: Predictor
  /// What computes targets: constants, so that neither gradients nor an optimizer reach it.
  public private(set) var target: ContrastiveModel<Encoder, Projector>
  /// τ: how much of the target stays at each step.
  public var momentum: Float

  /// Online network and target both as `network` is.
  ///
  /// - Parameters:
  ///   - network: f and g.
  ///   - predictor: q, which fits them.
  ///   - momentum: τ in 0…1; stops with it otherwise.
  public init(
    _ network: ContrastiveModel<Encoder, Projector>, predictor: Predictor, momentum: Float = 0.99
  ) {
    if !(momentum >= 0 && momentum <= 1) { fail("BYOL: momentum \(momentum) is not in 0...1") }
    (online, self.predictor, target) = (network, predictor, network.frozen())
    self.momentum = momentum
  }

  /// The loss of views in training, see ``byolLoss(predictions:targets:)``, `[]`.
  ///
  /// - Parameter views: `[2N, …]`; rows i and i + N belong together.
  public mutating func loss(views: Tensor) -> Tensor {
    let predictions = predictor.train(views: online.train(views: views))
    let targets = target.train(views: views.stopGradient())
    return byolLoss(predictions: predictions, targets: otherViews(targets))
  }

  /// Moves the target towards the online network; to be called after each update of that.
  public mutating func moveTarget() { target.follow(online, momentum: momentum) }

  /// Visits `online`, `predictor`, `target`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    online.visitParameters(path / "online", visit)
    predictor.visitParameters(path / "predictor", visit)
    target.visitParameters(path / "target", visit)
  }
}
