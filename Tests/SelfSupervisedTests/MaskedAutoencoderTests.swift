import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Masked autoencoder") struct MaskedAutoencoderTests {
  static func small(_ seed: UInt64 = 1) -> MaskedAutoencoder {
    var random = RandomSource(seed: seed)
    return MaskedAutoencoder(
      patches: 9, patchDim: 4, encoderDim: 8, encoderHeads: 2, encoderDepth: 2, decoderDim: 6,
      decoderHeads: 3, decoderDepth: 1, using: &random)
  }

  @Test("forward and one training step equal PyTorch's")
  func torch() throws {
    let fixture = try PatchFixture()
    let model = fixture.torch.load(Self.small(), prefix: "vit.")
    let codes = model.encode(fixture.patches, mask: fixture.mask)
    #expect(codes.shape == [3, 3, 8])
    expectClose(codes.elements, try fixture.numbers("vit.codes"), within: 3e-6, "codes")
    let guess = model(fixture.patches, mask: fixture.mask)
    expectClose(guess.elements, try fixture.numbers("vit.prediction"), within: 3e-6, "guess")
    try fixture.torch.checkStep(model, prefix: "vit.") {
      maskedPixelLoss(
        predictions: $0(fixture.patches, mask: fixture.mask), patches: fixture.patches,
        mask: fixture.mask, isNormalized: true)
    }
  }

  @Test("what is hidden never reaches the output, not even if it is no number")
  func noPeeking() throws {
    let fixture = try PatchFixture()
    let model = Self.small().frozen()
    var changed = fixture.patches
    for (image, hidden) in fixture.mask.hidden.enumerated() {
      for patch in hidden {
        for pixel in 0..<4 { changed.update { $0[(9 * image + patch) * 4 + pixel] = .nan } }
      }
    }
    let codes = model.encode(fixture.patches, mask: fixture.mask)
    #expect(model.encode(changed, mask: fixture.mask) == codes)
    #expect(
      model(changed, mask: fixture.mask) == model(fixture.patches, mask: fixture.mask))
    // And a visible pixel does.
    let seen = fixture.mask.visible[0][0]
    changed = fixture.patches
    changed.update { $0[4 * seen] += 1 }
    #expect(model.encode(changed, mask: fixture.mask) != codes)
  }

  @Test("the order in which visible patches are listed changes nothing")
  func equivariance() throws {
    let fixture = try PatchFixture()
    let model = Self.small().frozen()
    let turned = PatchMask(
      order: fixture.mask.order.map { [$0[2], $0[0], $0[1]] + $0[3...].reversed() },
      visibleCount: 3)
    expectClose(
      model(fixture.patches, mask: turned).elements,
      [Double](model(fixture.patches, mask: fixture.mask)), within: 3e-6)
  }

  @Test("features are the codes of all patches, end to end")
  func features() throws {
    let fixture = try PatchFixture()
    let model = Self.small().frozen()
    let features = model.features(of: fixture.patches)
    #expect(features.shape == [3, 72])
    let codes = model.encode(fixture.patches, mask: .none(images: 3, patches: 9))
    #expect(features.elements == codes.elements)
  }

  @Test("four images are learnt by heart")
  func overfit() throws {
    let patches = try digitPatches().training[0..<4]
    var random = RandomSource(seed: 1)
    var model = MaskedAutoencoder(
      patches: 16, patchDim: 4, encoderDim: 32, encoderHeads: 4, encoderDepth: 1, decoderDim: 32,
      using: &random)
    let mask = PatchMask.random(images: 4, patches: 16, hiding: 12, using: &random)
    var optimizer = AdamW(learningRate: 5e-3, weightDecay: 0)
    var last: Float = 1
    for _ in 0..<150 {
      let loss = maskedPixelLoss(
        predictions: model(patches, mask: mask), patches: patches, mask: mask)
      optimizer.update(&model, loss.gradients(of: model.parameters))
      last = loss.scalar
    }
    #expect(last < 2e-3)
  }

  @Test("patches of another number or size stop the program")
  func wrong() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let mask = PatchMask.showing([0, 1], of: 9, images: 2)
      _ = MaskedAutoencoderTests.small()(.zeros([2, 9, 5]), mask: mask)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("MaskedAutoencoder: [2, 9, 5] patches, needs [2, 9, 4]"))
  }
}

@Suite("Masked autoencoder of linear layers") struct MLPMaskedAutoencoderTests {
  static func small() -> MLPMaskedAutoencoder {
    var random = RandomSource(seed: 1)
    return MLPMaskedAutoencoder(
      patches: 9, patchDim: 4, hiddenDim: 10, codeDim: 7, using: &random)
  }

  @Test("forward and one training step equal PyTorch's")
  func torch() throws {
    let fixture = try PatchFixture()
    let model = fixture.torch.load(Self.small(), prefix: "mlp.")
    let codes = model.encode(fixture.patches, mask: fixture.mask)
    expectClose(codes.elements, try fixture.numbers("mlp.codes"), within: 2e-6, "codes")
    let guess = model(fixture.patches, mask: fixture.mask)
    expectClose(guess.elements, try fixture.numbers("mlp.prediction"), within: 2e-6, "guess")
    try fixture.torch.checkStep(model, prefix: "mlp.") {
      maskedPixelLoss(
        predictions: $0(fixture.patches, mask: fixture.mask), patches: fixture.patches,
        mask: fixture.mask)
    }
  }

  @Test("what is hidden never reaches the output, not even if it is no number")
  func noPeeking() throws {
    let fixture = try PatchFixture()
    let model = Self.small().frozen()
    let hidden = fixture.mask.hiddenFlags.expanded(axis: 2)
    let changed = fixture.patches.maskedFill(hidden, with: .nan)
    #expect(
      model(changed, mask: fixture.mask) == model(fixture.patches, mask: fixture.mask))
  }

  @Test("features see everything")
  func features() throws {
    let fixture = try PatchFixture()
    let features = Self.small().frozen().features(of: fixture.patches)
    #expect(features.shape == [3, 7])
  }

  @Test("eight images are learnt by heart")
  func overfit() throws {
    let patches = try digitPatches().training[0..<8]
    var random = RandomSource(seed: 1)
    var model = MLPMaskedAutoencoder(
      patches: 16, patchDim: 4, hiddenDim: 64, codeDim: 32, using: &random)
    let mask = PatchMask.random(images: 8, patches: 16, hiding: 12, using: &random)
    var optimizer = AdamW(learningRate: 3e-3, weightDecay: 0)
    var last: Float = 1
    for _ in 0..<300 {
      let loss = maskedPixelLoss(
        predictions: model(patches, mask: mask), patches: patches, mask: mask)
      optimizer.update(&model, loss.gradients(of: model.parameters))
      last = loss.scalar
    }
    #expect(last < 1e-3)
  }
}

/// Trained for a short time on digits, three quarters hidden, against what covariances can do.
@Suite("Masked autoencoders on digits") struct MaskedDigitsTests {
  let grid = PatchGrid(side: 8, patchSize: 2)

  private func batch(_ patches: Tensor, of size: Int, using random: inout RandomSource) -> Tensor {
    patches.gather(Array(random.permutation(patches.shape[0]).prefix(size)))
  }

  private func linearError(_ training: Tensor, _ test: Tensor, _ mask: PatchMask) -> Float {
    let images = grid.images(from: training).reshaped([training.shape[0], 64] as Shape)
    let model = GaussianModel(fitting: images, ridge: 1e-3)
    let guess = model.completed(test, mask: mask, grid: grid)
    return maskedPixelLoss(predictions: guess, patches: test, mask: mask).scalar
  }

  @Test("linear layers pass the exact linear predictor", arguments: [1, 2, 3] as [UInt64])
  func mlp(seed: UInt64) throws {
    let (training, test) = try digitPatches()
    var random = RandomSource(seed: seed)
    var model = MLPMaskedAutoencoder(patches: 16, patchDim: 4, using: &random)
    let schedule = WarmupCosine(peak: 3e-3, warmupSteps: 50, totalSteps: 1000)
    var optimizer = AdamW(learningRate: 0, weightDecay: 1e-4)
    for step in 0..<1000 {
      let patches = batch(training, of: 128, using: &random)
      let mask = PatchMask.random(images: 128, patches: 16, hiding: 12, using: &random)
      let loss = maskedPixelLoss(
        predictions: model(patches, mask: mask), patches: patches, mask: mask)
      optimizer.learningRate = schedule.learningRate(at: step)
      optimizer.update(&model, loss.gradients(of: model.parameters))
    }
    let mask = PatchMask.random(images: test.shape[0], patches: 16, hiding: 12, using: &random)
    let error = maskedPixelLoss(
      predictions: model.frozen()(test, mask: mask), patches: test, mask: mask)
    let linear = linearError(training, test, mask)
    #expect(linear > 0.045 && linear < 0.058)
    #expect(error.scalar < linear - 0.003)
  }

  @Test("a small transformer passes the mean image by far", arguments: [1, 2, 3] as [UInt64])
  func transformer(seed: UInt64) throws {
    let (training, test) = try digitPatches()
    var random = RandomSource(seed: seed)
    var model = MaskedAutoencoder(
      patches: 16, patchDim: 4, encoderDim: 32, encoderDepth: 1, decoderDim: 32, using: &random)
    let schedule = WarmupCosine(peak: 4e-3, warmupSteps: 50, totalSteps: 500)
    var optimizer = AdamW(learningRate: 0, beta2: 0.95, weightDecay: 0.05)
    for step in 0..<500 {
      let patches = batch(training, of: 64, using: &random)
      let mask = PatchMask.random(images: 64, patches: 16, hiding: 12, using: &random)
      let loss = maskedPixelLoss(
        predictions: model(patches, mask: mask), patches: patches, mask: mask)
      optimizer.learningRate = schedule.learningRate(at: step)
      optimizer.update(&model, loss.gradients(of: model.parameters))
    }
    let mask = PatchMask.random(images: test.shape[0], patches: 16, hiding: 12, using: &random)
    let error = maskedPixelLoss(
      predictions: model.frozen()(test, mask: mask), patches: test, mask: mask)
    let mean = training.mean(axes: 0, keepDims: true).broadcast(to: test.shape)
    let meanError = maskedPixelLoss(predictions: mean, patches: test, mask: mask)
    // Three seeds lie within 0.0608 … 0.0625, the mean image at 0.072 to 0.074.
    #expect(error.scalar < meanError.scalar - 0.006)
  }
}
