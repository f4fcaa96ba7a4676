import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// The configurations of the book on the 8 × 8 digits. The accuracies in comments are those of
/// linear probes on ten labels a class, for seeds 1, 2 and 3; raw pixels reach .895 at best. A
/// training takes about three seconds of one core.
@Suite("Methods without negatives learn the digits", .serialized)
struct JointEmbeddingTrainingTests {
  typealias Network = ContrastiveModel<BatchNormMLP, BatchNormMLP>

  /// Trains on the digits and judges what `encoder` makes of them.
  func accuracy<M: Module>(
    _ model: M, _ random: inout RandomSource, learningRate: Float = 3e-3,
    loss: (inout M, Tensor) -> Tensor, afterStep: (inout M) -> Void = { _ in },
    encoder: (M) -> (Tensor) -> Tensor
  ) throws -> Double {
    let digits = try bookDigits()
    var (model, training) = (model, ViewTraining())
    (training.steps, training.learningRate) = (600, learningRate)
    training.run(
      &model, on: digits.training.images, using: &random, loss: loss, afterStep: afterStep)
    return FeatureEvaluation(of: digits, encoder: encoder(model)).linearAccuracy(labelsPerClass: 10)
  }

  func network(
    _ width: Int, _ ending: BatchNormMLP.Ending, _ random: inout RandomSource
  ) -> Network {
    Network(encoder: [64, 256, 128], projector: [128, width], ending: ending, using: &random)
  }

  @Test("VICReg", arguments: [1, 2, 3] as [UInt64]) func vicReg(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let found = try accuracy(network(128, .linear, &random), &random) {
      vicRegLoss(views: $0.train(views: $1))
    } encoder: { model in
      { model.encoder($0) }
    }
    #expect(found >= 0.945)  // .963, .963, .960
  }

  @Test("Barlow Twins", arguments: [1, 2, 3] as [UInt64]) func barlowTwins(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let found = try accuracy(network(128, .linear, &random), &random) {
      barlowTwinsLoss(views: $0.train(views: $1))
    } encoder: { model in
      { model.encoder($0) }
    }
    #expect(found >= 0.91)  // .938, .928, .935
  }

  @Test("SimSiam", arguments: [1, 2, 3] as [UInt64]) func simSiam(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let network = network(64, .standardized, &random)
    let model = SimSiam(network, predictor: BatchNormMLP([64, 32, 64], using: &random))
    let found = try accuracy(model, &random) {
      $0.loss(views: $1)
    } encoder: { model in
      { model.network.encoder($0) }
    }
    #expect(found >= 0.92)  // .945, .946, .940
  }

  @Test("BYOL", arguments: [1, 2, 3] as [UInt64]) func byol(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let network = network(64, .standardized, &random)
    let model = BYOL(network, predictor: BatchNormMLP([64, 32, 64], using: &random))
    let found = try accuracy(model, &random) {
      $0.loss(views: $1)
    } afterStep: {
      $0.moveTarget()
    } encoder: { model in
      { model.online.encoder($0) }
    }
    #expect(found >= 0.91)  // .942, .944, .944
  }

  @Test("DINO", arguments: [1, 2, 3] as [UInt64]) func dino(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let encoder = MLP.encoder([64, 256, 128], using: &random)
    let head = PrototypeHead([128, 128, 64], prototypes: 64, using: &random)
    let model = DINO(ContrastiveModel(encoder: encoder, projector: head))
    let found = try accuracy(model, &random, learningRate: 1e-3) {
      $0.loss(views: $1)
    } afterStep: {
      $0.moveTeacher()
    } encoder: { model in
      { model.student.encoder($0) }
    }
    #expect(found >= 0.86)  // .918, .886, .875
  }

  @Test("views come one of each image after another, the local ones last") func views() {
    var training = ViewTraining()
    (training.augmentation, training.localViews) = (.none, 2)
    training.localAugmentation = ImageAugmentation(gain: 0...0)
    var random = RandomSource(seed: 1)
    let images = Tensor([[1, 2, 3, 4], [5, 6, 7, 8]])
    let zeros = Tensor.zeros([4, 4])
    #expect(
      training.views(of: images, using: &random) == .concatenate([images, images, zeros]))
  }
}
