import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// Encoder 6, 8, 5 and projector 5, 7, 4, with batch norms; without a last bias, which a loss of
/// differences would move by noise alone.
private func network(
  _ ending: BatchNormMLP.Ending = .linear, seed: UInt64 = 0
) -> ContrastiveModel<BatchNormMLP, BatchNormMLP> {
  var random = RandomSource(seed: seed)
  var model = ContrastiveModel(
    encoder: [6, 8, 5], projector: [7, 4], ending: ending, using: &random)
  model.projector.layers[1].bias = nil
  return model
}

private func predictor(seed: UInt64 = 0) -> BatchNormMLP {
  var random = RandomSource(seed: seed)
  return BatchNormMLP([4, 3, 4], using: &random)
}

@Suite("One training step of the models without negatives") struct JointEmbeddingStepTests {
  @Test("of VICReg equals PyTorch's, running averages included") func vicReg() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("step.views")
    var norm = BatchNorm(8)
    try fixture.checkStep(network(), prefix: "vicregStep.") { model in
      let loss = vicRegLoss(views: model.train(views: views))
      norm = model.encoder.norms[0]
      return loss
    }
    expectClose(norm.runningMean.elements, try fixture.numbers("vicregStep.mean"))
    expectClose(norm.runningVariance.elements, try fixture.numbers("vicregStep.variance"))
  }

  @Test("of Barlow Twins equals PyTorch's") func barlowTwins() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("step.views")
    try fixture.checkStep(network(), prefix: "barlowStep.") {
      barlowTwinsLoss(views: $0.train(views: views))
    }
  }

  @Test("of SimSiam equals PyTorch's") func simSiam() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("step.views")
    let model = SimSiam(network(.standardized), predictor: predictor())
    try fixture.checkStep(model, prefix: "simsiamStep.") { $0.loss(views: views) }
  }

  @Test("of BYOL equals PyTorch's, and the target follows") func byol() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("step.views")
    let target = fixture.load(network(), prefix: "byolTarget.")
    var model = BYOL(target, predictor: predictor(), momentum: 0.9)
    // BYOL's own loss is the sum of both directions; this library's, their mean.
    try fixture.checkStep(model, prefix: "byolStep.") { $0.loss(views: views) }
    model = fixture.load(model, prefix: "byolStep.")
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    optimizer.update(&model, model.loss(views: views).gradients(of: model.parameters))
    model.moveTarget()
    try expectWeights(of: model.target, in: fixture, "byolStep.target")
  }

  @Test("of DINO with a local view equals PyTorch's; teacher and centre follow") func dino() throws
  {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("step.views")
    var random = RandomSource(seed: 0)
    let start = ContrastiveModel(
      encoder: MLP.encoder([6, 8, 5], using: &random),
      projector: PrototypeHead([5, 7, 4], prototypes: 3, using: &random))
    let teacher = fixture.load(start, prefix: "dinoTeacher.")
    var model = DINO(teacher, momentum: 0.9)
    try fixture.checkStep(model, prefix: "dinoStep.") { $0.loss(views: views, count: 3) }
    model = fixture.load(model, prefix: "dinoStep.")
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    let loss = model.loss(views: views, count: 3)
    optimizer.update(&model, loss.gradients(of: model.parameters))
    model.moveTeacher()
    expectClose(model.center.elements, try fixture.numbers("dinoStep.center"))
    try expectWeights(of: model.teacher, in: fixture, "dinoStep.teacher")
  }

  /// Compares all but running averages.
  func expectWeights<M: Module>(
    of module: M, in fixture: TorchFixture, _ prefix: String
  ) throws {
    var copy = module
    var tensors: [(name: String, tensor: Tensor)] = []
    copy.visitParameters(ParameterPath()) { tensors.append(("\(prefix).\($0)", $1)) }
    for (name, tensor) in tensors where !name.contains("running_") {
      expectClose(tensor.elements, try fixture.numbers(name), within: 1e-5, name)
    }
  }
}

@Suite("Models without negatives") struct JointEmbeddingModelTests {
  /// Two views of sixteen points.
  static func views(_ random: inout RandomSource) -> Tensor {
    let points = Tensor.normal([16, 6], using: &random)
    let noise = Tensor.normal([32, 6], standardDeviation: 0.3, using: &random)
    return .concatenate([points, points]) + noise
  }

  @Test("BYOL whose target moves all the way is SimSiam, bit for bit") func isSimSiam() {
    var siam = SimSiam(network(), predictor: predictor())
    var byol = BYOL(network(), predictor: predictor(), momentum: 0)
    var (one, other) = (SGD(learningRate: 0.1), SGD(learningRate: 0.05))
    var random = RandomSource(seed: 1)
    for _ in 0..<5 {
      let views = Self.views(&random)
      // |p − z|² = 2 − 2 cos: twice the gradient, so half the rate.
      one.update(&siam, siam.loss(views: views).gradients(of: siam.parameters))
      other.update(&byol, byol.loss(views: views).gradients(of: byol.parameters))
      byol.moveTarget()
    }
    #expect(siam.network.projector.layers[1].weight == byol.online.projector.layers[1].weight)
    #expect(siam.predictor.layers[0].weight == byol.predictor.layers[0].weight)
  }

  @Test("only the online network and the predictor are trained") func parameters() {
    let byol = BYOL(network(), predictor: predictor())
    let siam = SimSiam(network(), predictor: predictor())
    #expect(byol.parameterCount == siam.parameterCount)
    let start = DINOTargetTests.tinyNetwork()
    #expect(DINO(start).parameterCount == start.parameterCount)
  }

  @Test("without a predictor, stopping the gradient halves it") func halved() {
    var random = RandomSource(seed: 2)
    let views = Self.views(&random)
    var model = network()
    let z = model.train(views: views)
    let stopped = simSiamLoss(predictions: z, targets: otherViews(z))
    let product = z.l2Normalized() * otherViews(z).l2Normalized()
    let whole = product.sum(axes: 1).mean() * -1
    let weight = model.encoder.layers[0].weight
    let (half, full) = (
      stopped.gradient(of: weight, keepsTape: true), whole.gradient(of: weight)
    )
    expectClose((half * 2).elements, [Double](full), within: 1e-6)
  }

  @Test("the target of BYOL is the average of past networks") func average() {
    var model = BYOL(network(), predictor: predictor(), momentum: 0.8)
    let start = [Double](model.target.encoder.layers[0].weight)
    var optimizer = SGD(learningRate: 0.5)
    var random = RandomSource(seed: 3)
    var expected = start
    for _ in 0..<4 {
      let loss = model.loss(views: Self.views(&random))
      optimizer.update(&model, loss.gradients(of: model.parameters))
      model.moveTarget()
      for (i, weight) in [Double](model.online.encoder.layers[0].weight).enumerated() {
        expected[i] = 0.8 * expected[i] + 0.2 * weight
      }
    }
    expectClose(model.target.encoder.layers[0].weight.elements, expected, within: 1e-6)
    #expect(expected != start)
  }

  @Test("a DINO that was saved goes on to the same bits, teacher and centre too")
  func resumes() throws {
    var random = RandomSource(seed: 4)
    let batches = (0..<4).map { _ in Tensor.normal([6, 4], using: &random) }
    func train(_ model: inout DINO<MLP>, _ optimizer: inout AdamW, _ steps: Range<Int>) {
      for step in steps {
        let loss = model.loss(views: batches[step], count: 3)
        optimizer.update(&model, loss.gradients(of: model.parameters))
        model.moveTeacher()
      }
    }
    var (model, optimizer) = (DINO(DINOTargetTests.tinyNetwork()), AdamW())
    train(&model, &optimizer, 0..<2)
    let saved = (model.safetensors.bytes, optimizer.safetensors.bytes)
    train(&model, &optimizer, 2..<4)
    var (again, second) = (DINO(DINOTargetTests.tinyNetwork()), AdamW())
    second.prepare(for: again)
    try again.load(Safetensors(saved.0))
    try second.load(Safetensors(saved.1))
    train(&again, &second, 2..<4)
    #expect(again.safetensors.bytes == model.safetensors.bytes)
  }

  @Test("each view is normalised by itself") func byView() {
    var random = RandomSource(seed: 5)
    let views = Self.views(&random)
    var (together, alone) = (network(.standardized), network(.standardized))
    let z = together.train(views: views)
    let first = alone.train(views[0..<16])
    #expect(z[0..<16] == first)
    let means = z[16...].mean(axes: 0)
    expectClose(means.elements, [0, 0, 0, 0], within: 1e-6)
  }

  @Test("SimCLR and MoCo train batch norms too") func batchNorms() {
    var random = RandomSource(seed: 6)
    let images = Tensor.normal([8, 4], mean: 3, using: &random)
    var model = ContrastiveModel(
      encoder: [4, 5, 3], projector: [4, 2], ending: .linear, using: &random)
    var training = ContrastiveTraining()
    (training.steps, training.batchSize) = (2, 8)
    training.run(&model, on: images, using: &random)
    var contrast = MomentumContrast(
      BatchNormMLP([4, 5, 2], using: &random), dimension: 2, capacity: 8, using: &random)
    var optimizer = SGD(learningRate: 0.1)
    _ = contrast.update(queries: images, keys: images + 1, optimizer: &optimizer)
    for norms in [model.encoder.norms, contrast.queryEncoder.norms, contrast.keyEncoder.norms] {
      #expect(norms[0].runningMean != .zeros([5]))
    }
  }

  @Test("a momentum outside 0...1 stops the program") func momentum() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomSource(seed: 0)
      let layers = ContrastiveModel(encoder: [2, 2], projector: [2], using: &random)
      _ = BYOL(layers, predictor: MLP([2, 2], using: &random), momentum: -0.1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("BYOL: momentum -0.1 is not in 0...1"))
  }
}
