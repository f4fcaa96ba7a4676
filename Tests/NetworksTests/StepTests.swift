import Foundation
import Networks
import Tensors
import TestSupport
import Testing
import Workloads

/// A step computed by PyTorch in double precision; see Fixtures/make_steps.py.
struct StepFixture {
  let file: Safetensors

  init(_ name: String) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/step-\(name).safetensors")
    file = try Safetensors([UInt8](Data(contentsOf: path)))
  }

  func tensor(_ name: String) throws -> Tensor { try #require(file[name], "no \(name)") }

  /// Whole numbers, `[B][T]`.
  func lists(_ name: String) throws -> [[Int]] {
    let x = try tensor(name)
    return (0..<x.shape[0]).map { x[$0].elements.map { Int($0) } }
  }

  func list(_ name: String) throws -> [Int] { try tensor(name).elements.map { Int($0) } }

  /// Trains one step from the fixture's weights and compares loss, gradients and new weights.
  func check<M: Module>(_ start: M, loss: (inout M) throws -> Tensor) throws {
    var model = start
    var missing: [String] = []
    var names: [String] = []
    model.visitParameters(ParameterPath()) { path, tensor in
      guard tensor.isRecorded else { return }
      names.append(path.description)
      guard let weight = file["weight.\(path)"], weight.shape == tensor.shape else {
        missing.append("\(path) \(tensor.shape)")
        return
      }
      tensor = weight.parameter()
    }
    #expect(missing == [])
    #expect(names.count == file.entries.count { $0.name.hasPrefix("weight.") })

    let value = try loss(&model)
    expectClose(value.scalar, Double(try tensor("loss").scalar), within: 2e-6, "loss")
    let gradients = value.gradients(of: model.parameters)
    for (name, gradient) in zip(names, gradients) {
      let expected = [Double](try tensor("gradient.\(name)"))
      expectRelative(gradient.elements, expected, within: 2e-5, "gradient of \(name)")
    }
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    optimizer.update(&model, gradients)
    for (name, weight) in zip(names, model.parameters) {
      var (actual, expected) = (weight.elements, [Double](try tensor("after.\(name)")))
      if name.hasSuffix("qkv.bias") {
        // The keys' third is noise: its gradient is zero in exact arithmetic.
        let third = actual.count / 3
        actual.removeSubrange(third..<(2 * third))
        expected.removeSubrange(third..<(2 * third))
      }
      expectClose(actual, expected, within: 2e-5, "\(name) after the step")
    }
  }

  /// Relative to the largest number expected, at least 10⁻⁵.
  private func expectRelative(
    _ actual: [Float], _ expected: [Double], within tolerance: Double, _ what: String
  ) {
    let scale = max(1e-5, expected.reduce(0) { max($0, $1.magnitude) })
    expectClose(
      actual.map { $0 / Float(scale) }, expected.map { $0 / scale }, within: tolerance, what)
  }
}

@Suite("One training step equals PyTorch's") struct StepTests {
  @Test("NT-Xent") func ntXent() throws {
    let fixture = try StepFixture("ntxent")
    let z = try fixture.tensor("input.z").parameter()
    let loss = z.ntXentLoss(partners: (0..<8).map { $0 ^ 1 }, temperature: 0.5)
    expectClose(loss.scalar, Double(try fixture.tensor("loss").scalar), within: 1e-6)
    expectClose(
      loss.gradient(of: z).elements, [Double](try fixture.tensor("gradient.z")), within: 1e-6)
  }

  @Test("SimCLR with linear layers") func simCLR() throws {
    let fixture = try StepFixture("simclr_mlp")
    var random = RandomSource(seed: 0)
    let x = try fixture.tensor("input.x")
    let model = SimCLR(encoder: [8, 12, 8], projector: [8, 4], using: &random)
    try fixture.check(model) { $0.loss(x) }
  }

  @Test("SimCLR with convolutions", arguments: ["gn", "bn"]) func conv(norm: String) throws {
    let fixture = try StepFixture("simclr_conv_\(norm)")
    var random = RandomSource(seed: 0)
    let x = try fixture.tensor("input.x")
    let model = ConvSimCLR(
      channels: [4, 6, 8], groups: norm == "gn" ? 2 : nil, projector: [8, 4], using: &random)
    try fixture.check(model) { $0.loss(x) }
  }

  @Test("GPT") func gpt() throws {
    let fixture = try StepFixture("gpt")
    var random = RandomSource(seed: 0)
    let (x, y) = (try fixture.lists("input.x"), try fixture.list("input.y"))
    let model = GPT(
      vocabSize: 11, embedDim: 8, numHeads: 2, depth: 2, contextLength: 6, using: &random)
    try fixture.check(model) { $0.loss(x, y) }
  }

  @Test("BERT", arguments: [false, true]) func bert(isGathered: Bool) throws {
    let fixture = try StepFixture(isGathered ? "bert_mlm_gather" : "bert_mlm")
    var random = RandomSource(seed: 0)
    let (x, y) = (try fixture.lists("input.x"), try fixture.list("input.y"))
    let model = BERT(
      vocabSize: 13, embedDim: 8, numHeads: 2, depth: 2, contextLength: 6,
      isGathered: isGathered, using: &random)
    try fixture.check(model) { $0.loss(x, y) }
  }

  @Test("masked autoencoder") func mae() throws {
    let fixture = try StepFixture("mae")
    var random = RandomSource(seed: 0)
    let order = try fixture.lists("input.perm")
    let patches = try fixture.tensor("input.x").reshaped([2, 3, 4, 3, 4] as Shape)
      .permuted([0, 1, 3, 2, 4]).reshaped([2, 9, 16] as Shape)
    let model = MaskedAutoencoder(
      patches: 9, patchDim: 16, encoderDim: 8, encoderHeads: 2, encoderDepth: 2, decoderDim: 8,
      decoderHeads: 2, decoderDepth: 1, using: &random)
    try fixture.check(model) { $0.loss(patches, order: order, keep: 3) }
  }

  @Test("CLIP") func clip() throws {
    let fixture = try StepFixture("clip")
    var random = RandomSource(seed: 0)
    let (images, captions) = (try fixture.tensor("input.img"), try fixture.lists("input.txt"))
    let model = CLIP(
      channels: [4, 6, 8], groups: 2, vocabSize: 9, contextLength: 5, embedDim: 8, numHeads: 2,
      depth: 1, projectionDim: 4, using: &random)
    try fixture.check(model) { $0.loss(images, captions) }
  }
}
