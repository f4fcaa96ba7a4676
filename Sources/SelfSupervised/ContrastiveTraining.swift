import Networks
import Tensors

/// How a contrastive model is trained: SimCLR's loop with its settings in one value.
///
///     var training = ContrastiveTraining()
///     training.temperature = 0.2
///     training.run(&model, on: digits.training.images, using: &random) { _, loss in
///       report(loss: loss)
///     }
public struct ContrastiveTraining: Sendable {
  /// Updates.
  public var steps = 600
  /// N: images to a step; twice as many views.
  public var batchSize = 256
  /// τ.
  public var temperature: Float = 0.5
  /// The highest rate; 20 steps rise to it, the rest fall along a cosine.
  public var learningRate: Float = 3e-3
  /// λ of AdamW.
  public var weightDecay: Float = 1e-4
  /// How views are made.
  public var augmentation = ImageAugmentation.digits

  /// The settings that suit small digits.
  public init() {}

  /// Trains a model.
  ///
  /// - Parameters:
  ///   - model: the network, changed in place.
  ///   - images: `[|D|, …]`, as the augmentation takes them.
  ///   - random: what batches and views are drawn from.
  ///   - report: told the number of every step, from 0, and its loss.
  public func run<Encoder: Layer, Projector: Layer>(
    _ model: inout ContrastiveModel<Encoder, Projector>, on images: Tensor,
    using random: inout RandomSource, report: (_ step: Int, _ loss: Float) -> Void = { _, _ in }
  ) {
    require(count: steps, "ContrastiveTraining", "steps")
    var loop = ViewTraining()
    (loop.steps, loop.batchSize, loop.augmentation) = (steps, batchSize, augmentation)
    (loop.learningRate, loop.weightDecay) = (learningRate, weightDecay)
    loop.run(
      &model, on: images, using: &random,
      loss: { ntXentLoss(views: $0.train($1), temperature: temperature) }, report: report)
  }
}
