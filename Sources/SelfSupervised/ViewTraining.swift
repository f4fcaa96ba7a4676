import Networks
import Tensors

/// How a model is trained on views of images: a loop with its settings in one value, for any loss.
///
///     var training = ViewTraining()
///     training.steps = 300
///     training.run(&model, on: digits.training.images, using: &random) {
///       vicRegLoss(views: $0.train(views: $1))
///     }
public struct ViewTraining: Sendable {
  /// Updates.
  public var steps = 600
  /// N: images to a step.
  public var batchSize = 256
  /// The highest rate; 20 steps rise to it, the rest fall along a cosine.
  public var learningRate: Float = 3e-3
  /// λ of AdamW.
  public var weightDecay: Float = 1e-4
  /// How the first two views are made.
  public var augmentation = ImageAugmentation.digits
  /// How many more views of each image there are (multi-crop).
  public var localViews = 0
  /// How those are made: from smaller windows.
  public var localAugmentation = ImageAugmentation.none

  /// The settings that suit small digits, and two views.
  public init() {}

  /// The views of a batch, one of each image after another, `[(2 + localViews)·N, …]`.
  ///
  /// - Parameters:
  ///   - images: `[N, …]`, as the augmentations take them.
  ///   - random: what the views are drawn from.
  public func views(of images: Tensor, using random: inout RandomSource) -> Tensor {
    if localViews < 0 { fail("ViewTraining: \(localViews) local views are fewer than none") }
    var views = [augmentation.views(of: images, using: &random)]
    for _ in 0..<localViews { views.append(localAugmentation(images, using: &random)) }
    return .concatenate(views)
  }

  /// Trains `model`, from the first step to the last.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - images: `[|D|, …]`, as the augmentations take them.
  ///   - random: what batches and views are drawn from.
  ///   - loss: of the views of a batch, recorded, `[]`.
  ///   - afterStep: what follows each update, as the move of a target.
  ///   - report: called with the number and the loss of every step.
  public func run<Model: Module>(
    _ model: inout Model, on images: Tensor, using random: inout RandomSource,
    loss: (_ model: inout Model, _ views: Tensor) -> Tensor,
    afterStep: (_ model: inout Model) -> Void = { _ in },
    report: (_ step: Int, _ loss: Float) -> Void = { _, _ in }
  ) {
    if steps < 0 { fail("ViewTraining: \(steps) steps are fewer than none") }
    var batches = ShuffledBatches(count: images.shape[0], batchSize: batchSize, using: &random)
    var optimizer = AdamW(learningRate: learningRate, weightDecay: weightDecay)
    let schedule = WarmupCosine(
      peak: learningRate, warmupSteps: min(20, steps / 2), totalSteps: steps)
    for step in 0..<steps {
      let value = loss(&model, views(of: images.gather(batches.next()), using: &random))
      optimizer.learningRate = schedule.learningRate(at: step)
      optimizer.update(&model, value.gradients(of: model.parameters))
      afterStep(&model)
      report(step, value.scalar)
    }
  }
}
