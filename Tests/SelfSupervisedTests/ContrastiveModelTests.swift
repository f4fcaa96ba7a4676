import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Contrastive model") struct ContrastiveModelTests {
  @Test("forward pass and one step agree with PyTorch")
  func step() throws {
    let fixture = try TorchFixture("contrastive")
    var random = RandomSource(seed: 0)
    let start = ContrastiveModel(encoder: [9, 8, 6], projector: [5, 4], using: &random)
    let views = try fixture.tensor("step.views")
    let model = fixture.load(start, prefix: "step.")
    expectClose(model(views).elements, try fixture.numbers("step.output"), within: 1e-6)
    try fixture.checkStep(start, prefix: "step.") { $0.loss(views: views, temperature: 0.5) }
  }

  @Test("any layer serves as encoder")
  func generic() {
    var random = RandomSource(seed: 1)
    let encoder = Sequential {
      Lambda { $0.reshaped([$0.shape[0], 4, 4, 1]) }
      Conv2d(inputs: 1, outputs: 3, kernelSize: 2, stride: 2, using: &random)
      Lambda { $0.mean(axes: [1, 2]).relu() }
    }
    let model = ContrastiveModel(
      encoder: encoder, projector: Linear(inputs: 3, outputs: 2, using: &random))
    let z = model(Tensor.normal([6, 16], using: &random))
    #expect(z.shape == [6, 2])
    #expect(model.parameters.count == 4)
  }

  @Test("eight images without augmentation are told apart almost perfectly")
  func overfit() throws {
    let digits = try bookDigits()
    var random = RandomSource(seed: 2)
    var model = ContrastiveModel(encoder: [64, 64, 32], projector: [32, 16], using: &random)
    var training = ContrastiveTraining()
    (training.steps, training.batchSize, training.temperature) = (150, 8, 0.1)
    training.augmentation = .none
    var last: Float = .infinity
    training.run(&model, on: digits.training.images[0..<8], using: &random) { last = $1 }
    // Eight points as a simplex would cost log(1 + 14·e^(−(8/7)/τ)) = 0.0002.
    #expect(last < 0.01)
  }

  @Test("training on digits starts at log 511 and beats raw pixels", arguments: [1, 2, 3])
  func digits(seed: UInt64) throws {
    let digits = try bookDigits()
    var random = RandomSource(seed: seed)
    var model = ContrastiveModel(encoder: [64, 256, 128], projector: [128, 64], using: &random)
    var training = ContrastiveTraining()
    training.steps = 200
    var first: Float = 0
    training.run(&model, on: digits.training.images, using: &random) { step, loss in
      if step == 0 { first = loss }
    }
    #expect((first - 6.236).magnitude < 0.05)
    let learned = FeatureEvaluation(of: digits) { model.encoder($0) }
    let raw = FeatureEvaluation(of: digits) { $0 }
    let accuracy = learned.linearAccuracy(labelsPerClass: 10)
    #expect(accuracy > 0.89)
    #expect(
      learned.linearAccuracy(labelsPerClass: 1) > raw.linearAccuracy(labelsPerClass: 1) + 0.05)
  }

  @Test("the same seed gives the same weights, bit for bit")
  func deterministic() throws {
    let digits = try bookDigits()
    func train() -> [Float] {
      var random = RandomSource(seed: 4)
      var model = ContrastiveModel(encoder: [64, 32, 16], projector: [16, 8], using: &random)
      var training = ContrastiveTraining()
      (training.steps, training.batchSize) = (5, 64)
      training.run(&model, on: digits.training.images, using: &random)
      return model.projector.layers[1].weight.elements
    }
    #expect(train() == train())
  }
}
