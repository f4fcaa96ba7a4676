import Networks
import Tensors
import TestSupport
import Testing

@Suite("Fine-tuning") struct FineTuningTests {
  static func network() -> MLP {
    var random = RandomSource(seed: 1)
    return MLP([3, 4, 5, 2], using: &random)
  }

  static func gradients(of model: MLP, _ step: Int) -> [Tensor] {
    var random = RandomSource(seed: UInt64(10 + step))
    let x = Tensor.normal([6, 3], using: &random)
    return model(x).crossEntropy(targets: [0, 1, 1, 0, 1, 0]).gradients(of: model.parameters)
  }

  @Test("each part moves as by an optimizer of its own rate", arguments: [0.3, 1] as [Float])
  func rates(decay: Float) {
    var model = Self.network()
    var optimizer = LayerwiseRates(
      AdamW(learningRate: 1e-2, weightDecay: 0.1), parts: [2, 2, 2], decay: decay)
    var expected = Self.network()
    var others = (0..<3).map { _ in AdamW(weightDecay: 0.1) }
    for step in 0..<3 {
      let rate: Float = step == 1 ? 2e-2 : 1e-2
      optimizer.learningRate = rate
      optimizer.update(&model, Self.gradients(of: model, step))
      let gradients = Self.gradients(of: expected, step)
      for part in 0..<3 {
        others[part].learningRate = [rate * decay * decay, rate * decay, rate][part]
        others[part].update(&expected.layers[part], Array(gradients[2 * part..<2 * part + 2]))
      }
    }
    #expect(model.safetensors.bytes == expected.safetensors.bytes)
    #expect(model.parameters.count == 6)
  }

  @Test("equal factors are the optimizer itself") func equal() {
    var (model, other) = (Self.network(), Self.network())
    var optimizer = LayerwiseRates(AdamW(learningRate: 1e-2), parts: [4, 2], factors: [1, 1])
    var plain = AdamW(learningRate: 1e-2)
    for step in 0..<2 {
      optimizer.update(&model, Self.gradients(of: model, step))
      plain.update(&other, Self.gradients(of: other, step))
    }
    #expect(model.safetensors.bytes == other.safetensors.bytes)
  }

  @Test("a part of factor 0 rests, decay and all") func rests() {
    var model = Self.network()
    var optimizer = LayerwiseRates(
      AdamW(learningRate: 1e-2, weightDecay: 0.5), parts: [4, 2], factors: [0, 1])
    optimizer.update(&model, Self.gradients(of: model, 0))
    #expect(model.layers[1].weight == Self.network().layers[1].weight)
    #expect(model.layers[2].weight != Self.network().layers[2].weight)
  }

  @Test("a training that was saved goes on to the same bits") func resumes() throws {
    func start() -> (MLP, LayerwiseRates<AdamW>) {
      (Self.network(), LayerwiseRates(AdamW(learningRate: 1e-2), parts: [0, 2, 4], decay: 0.5))
    }
    var (model, optimizer) = start()
    optimizer.update(&model, Self.gradients(of: model, 0))
    let saved = (model.safetensors.bytes, optimizer.safetensors.bytes)
    optimizer.update(&model, Self.gradients(of: model, 1))
    var (again, other) = start()
    other.prepare(for: again)
    try again.load(Safetensors(saved.0))
    try other.load(Safetensors(saved.1))
    other.update(&again, Self.gradients(of: again, 1))
    #expect(again.safetensors.bytes == model.safetensors.bytes)
  }

  @Test("what was frozen is trained again, running averages are not") func thawed() {
    var random = RandomSource(seed: 2)
    let start = BatchNormMLP([3, 4, 2], using: &random)
    let frozen = start.frozen()
    #expect(frozen.parameters.isEmpty)
    let again = frozen.trained(like: start)
    #expect(again.parameterCount == start.parameterCount)
    #expect(!again.norms[0].runningMean.isRecorded)
    #expect(again.safetensors.bytes == start.safetensors.bytes)
  }

  @Test("one sentence for each", arguments: 0..<5)
  func stops(index: Int) async {
    let sentences = [
      "LayerwiseRates: 1 factors for 2 parts", "LayerwiseRates: a part of -1 tensors",
      "LayerwiseRates: factor nan is negative or not a number",
      "LayerwiseRates: parts of 5 tensors for 6 parameters", "trained: 6 tensors like 4",
    ]
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      var model = FineTuningTests.network()
      switch index {
      case 0: _ = LayerwiseRates(SGD(learningRate: 1), parts: [1, 2], factors: [1])
      case 1: _ = LayerwiseRates(SGD(learningRate: 1), parts: [-1, 2], factors: [1, 1])
      case 2: _ = LayerwiseRates(SGD(learningRate: 1), parts: [1, 2], factors: [.nan, 1])
      case 3:
        var optimizer = LayerwiseRates(SGD(learningRate: 1), parts: [3, 2], decay: 0.5)
        optimizer.update(&model, FineTuningTests.gradients(of: model, 0))
      default:
        var random = RandomSource(seed: 1)
        _ = model.trained(like: MLP([3, 4, 2], using: &random))
      }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(": " + sentences[index]), "\(text.prefix(300))")
  }
}
