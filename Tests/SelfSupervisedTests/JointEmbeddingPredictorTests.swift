import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Joint-embedding predictor") struct JointEmbeddingPredictorTests {
  static let mask = PatchMask(
    order: Array(repeating: [0, 1, 4, 5, 8, 2, 3, 6, 7], count: 3), visibleCount: 5)

  static func network(_ seed: UInt64 = 1) -> MaskedAutoencoder {
    var random = RandomSource(seed: seed)
    return MaskedAutoencoder(
      patches: 9, patchDim: 4, encoderDim: 8, encoderHeads: 2, encoderDepth: 1, decoderDim: 6,
      decoderHeads: 3, decoderDepth: 1, using: &random)
  }

  static func model(_ network: MaskedAutoencoder, momentum: Float = 0.9) -> JointEmbeddingPredictor
  {
    var random = RandomSource(seed: 2)
    return JointEmbeddingPredictor(network, momentum: momentum, using: &random)
  }

  @Test("one training step equals PyTorch's, and the target follows") func step() throws {
    let fixture = try TorchFixture("jepa")
    let patches = try fixture.tensor("patches")
    var model = Self.model(fixture.load(Self.network(), prefix: "target."))
    expectClose(
      model.targets(of: patches).elements, try fixture.numbers("targets"), within: 3e-6)
    try fixture.checkStep(model, prefix: "step.") { $0.loss(of: patches, mask: Self.mask) }
    model = fixture.load(model, prefix: "step.")
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    let loss = model.loss(of: patches, mask: Self.mask)
    optimizer.update(&model, loss.gradients(of: model.parameters))
    model.moveTarget()
    var target = model.target
    var worst: [String] = []
    target.visitParameters(ParameterPath()) { path, tensor in
      let name = "followed.\(path)"
      guard !name.contains("prediction"), let expected = fixture.file[name] else { return }
      let error = (tensor - expected).abs().max().scalar
      // The keys' bias has a gradient of 0 in exact arithmetic; its step is noise of the rate.
      if !(error < (name.hasSuffix("qkv.bias") ? 3e-4 : 1e-5)) { worst.append("\(name) \(error)") }
    }
    #expect(worst == [])
  }

  @Test("hidden pixels reach the target alone, visible ones both; no gradient reaches the target")
  func noPeeking() {
    var random = RandomSource(seed: 3)
    let model = Self.model(Self.network())
    let patches = Tensor.normal([3, 9, 4], using: &random)
    var changed = patches
    changed.update { $0[4 * 7] += 1 }
    #expect(model.network(changed, mask: Self.mask) == model.network(patches, mask: Self.mask))
    #expect(model.targets(of: changed) != model.targets(of: patches))
    #expect(!model.targets(of: patches.parameter()).isRecorded)
    #expect(model.parameterCount == model.network.parameterCount)
  }

  @Test("the loss is the mean over hidden patches of what plain loops find") func loops() {
    var random = RandomSource(seed: 4)
    let model = Self.model(Self.network())
    let patches = Tensor.normal([3, 9, 4], using: &random)
    let (guess, goal) = (model.network(patches, mask: Self.mask), model.targets(of: patches))
    var sum = 0.0
    for image in 0..<3 {
      for patch in [2, 3, 6, 7] {
        for k in 0..<8 {
          let error = guess[element: image, patch, k] - goal[element: image, patch, k]
          sum += Double(error * error) / (3 * 4 * 8)
        }
      }
    }
    expectClose(model.loss(of: patches, mask: Self.mask).scalar, sum, within: 2e-6)
    for row in 0..<9 {
      expectClose(goal[0][row].mean().scalar, 0, within: 1e-5)
      expectClose(goal[0][row].variance().scalar, 1, within: 1e-3)
    }
  }

  @Test("four images are learnt by heart while the target rests") func overfits() {
    var random = RandomSource(seed: 5)
    var model = Self.model(Self.network(), momentum: 1)
    let patches = Tensor.normal([3, 9, 4], using: &random)
    let start = model.loss(of: patches, mask: Self.mask).scalar
    var optimizer = AdamW(learningRate: 1e-2, weightDecay: 0)
    for _ in 0..<200 {
      let loss = model.loss(of: patches, mask: Self.mask)
      optimizer.update(&model, loss.gradients(of: model.parameters))
      model.moveTarget()
    }
    #expect(model.loss(of: patches, mask: Self.mask).scalar < 0.15 * start)
  }

  @Test("a block is a rectangle, at every place equally often") func blocks() {
    var random = RandomSource(seed: 6)
    let grid = PatchGrid(side: 8, patchSize: 2)
    let mask = PatchMask.randomBlocks(images: 3000, grid: grid, height: 2, width: 3, using: &random)
    #expect(mask.visibleCount == 10)
    var counts: [[Int]: Int] = [:]
    for hidden in mask.hidden { counts[hidden, default: 0] += 1 }
    // Three rows to begin in, and two columns.
    #expect(counts.count == 6)
    for block in counts.keys {
      let (top, left) = (block[0] / 4, block[0] % 4)
      #expect(top < 3 && left < 2)
      for (index, patch) in block.enumerated() {
        #expect(patch == (top + index / 3) * 4 + left + index % 3)
      }
    }
    for count in counts.values { #expect((420...580).contains(count)) }
    let none = PatchMask.randomBlocks(images: 0, grid: grid, height: 1, width: 1, using: &random)
    #expect(none.images == 0)
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      JointEmbeddingPredictorTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("JointEmbeddingPredictor: momentum nan is not in 0...1") {
      _ = model(network(), momentum: .nan)
    },
    Mistake("PatchMask.randomBlocks: a block of 5 × 1 in 4 × 4 patches") {
      var random = RandomSource(seed: 0)
      _ = PatchMask.randomBlocks(
        images: 1, grid: PatchGrid(side: 8, patchSize: 2), height: 5, width: 1, using: &random)
    },
    Mistake("PatchMask.randomBlocks: -1 images are fewer than none") {
      var random = RandomSource(seed: 0)
      _ = PatchMask.randomBlocks(
        images: -1, grid: PatchGrid(side: 8, patchSize: 2), height: 1, width: 1, using: &random)
    },
  ]
}
