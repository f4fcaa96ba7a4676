import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Masked language modelling loss") struct MaskedLanguageModelLossTests {
  static func logits() -> Tensor {
    var random = RandomSource(seed: 6)
    return Tensor.normal([2, 3, 4], using: &random)
  }
  static let targets = [-1, 2, 0, -1, -1, 3]

  @Test("equal scores cost log V") func equalScores() {
    let loss = maskedLanguageModelLoss(logits: .zeros([3, 11]), targets: [0, 5, 10])
    expectClose(loss.scalar, log(11))
  }

  @Test("equals plain loops over the chosen positions")
  func loops() {
    let rows = Self.logits().reshaped([6, 4])
    var losses = [Double](repeating: 0, count: 6)
    for (row, target) in Self.targets.enumerated() where target >= 0 {
      let scores = [Double](rows[row])
      losses[row] = logSumExp(scores) - scores[target]
    }
    let each = Self.logits().crossEntropies(targets: Self.targets)
    #expect(each.shape == [2, 3] as Shape)
    expectClose(each.elements, losses)
    let mean = maskedLanguageModelLoss(logits: Self.logits(), targets: Self.targets)
    expectClose(mean.scalar, losses.reduce(0, +) / 3)
  }

  @Test("rows alone and rows among others cost the same, in any order")
  func symmetry() {
    let rows = Self.logits().reshaped([6, 4])
    let all = maskedLanguageModelLoss(logits: Self.logits(), targets: Self.targets).scalar
    for order in [[1, 2, 5], [5, 1, 2]] {
      let some = maskedLanguageModelLoss(
        logits: rows.gather(order), targets: order.map { Self.targets[$0] })
      expectClose(some.scalar, Double(all))
    }
  }

  @Test("gradients agree with finite differences")
  func gradients() {
    let mean = GradientCheck([Self.logits()]) {
      maskedLanguageModelLoss(logits: $0[0], targets: Self.targets)
    }
    #expect(mean.worstError < 1e-3, "\(String(describing: mean.worst))")
  }

  @Test("a batch in which nothing was chosen stops the program")
  func nothing() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maskedLanguageModelLoss(logits: .zeros([0, 4]), targets: [])
    }
    #expect(said(result).contains("no position was chosen"))
  }
}

@Suite("Masked language model") struct MaskedLanguageModelTests {
  static func model(post: Bool = true) -> MaskedLanguageModel {
    var random = RandomSource(seed: 8)
    return MaskedLanguageModel(
      vocabSize: 7, embedDim: 8, numHeads: 2, depth: 2, contextLength: 6, isPostNorm: post,
      standardDeviation: 1, using: &random)
  }
  /// As in the fixture: two sequences of different lengths.
  static let originals = [[3, 1, 4, 1, 5, 6], [2, 6, 5, 3]]
  static let masked = [
    MaskedTokens(input: [3, 7, 4, 0, 5, 7], chosen: [1, 3, 5]),
    MaskedTokens(input: [7, 6, 5, 3], chosen: [0, 2]),
  ]

  @Test("forward and one training step equal PyTorch's", arguments: ["bert-post", "bert-pre"])
  func torch(name: String) throws {
    let fixture = try TorchFixture("text-\(name)")
    let model = fixture.load(Self.model(post: name == "bert-post"))
    let logits = model(Self.masked.map { $0.input }, at: Self.masked.map { $0.chosen })
    expectClose(logits.elements, [Double](try fixture.tensor("logits")), within: 3e-6, "logits")
    let targets = MaskedLanguageModel.targets(Self.originals, Self.masked)
    expectClose(
      logits.crossEntropies(targets: targets).elements,
      [Double](try fixture.tensor("losses")), within: 3e-6)
    try fixture.checkStep(model) { $0.loss(Self.originals, Self.masked) }
  }

  @Test("the original of a masked position never reaches the network")
  func noPeeking() {
    var random = RandomSource(seed: 2)
    let rule = TokenMasking(vocabSize: 7, choose: 0.5, hide: 1, replace: 0)
    let text = [0, 1, 2, 3, 4, 5]
    let masked = rule(text, using: &random)
    var other = text
    for position in masked.chosen { other[position] = 6 }
    #expect(masked.chosen.count > 0)
    for position in masked.chosen { #expect(masked.input[position] == Self.model().maskToken) }
    var again = RandomSource(seed: 2)
    #expect(rule(other, using: &again) == masked)
  }

  @Test("padding changes nothing", arguments: [true, false])
  func padding(post: Bool) {
    let model = Self.model(post: post)
    let alone = model([[7, 6, 5, 3]], at: [[0, 2]])
    let beside = model(Self.masked.map { $0.input }, at: [[], [0, 2]])
    expectClose(beside.elements, [Double](alone), within: 1e-6)
  }

  @Test("every visible token reaches every output, and the order of tokens matters")
  func twoSided() {
    let model = Self.model()
    let original = model([[3, 7, 4, 0, 5, 7]], at: [[1]]).elements
    for position in [0, 2, 3, 4] {
      var tokens = [3, 7, 4, 0, 5, 7]
      tokens[position] = 6
      #expect(model([tokens], at: [[1]]).elements != original)
    }
    let swapped = model([[4, 7, 3, 0, 5, 7]], at: [[1]])
    #expect(zip(swapped.elements, original).contains { abs($0 - $1) > 1e-3 })
  }

  @Test("the mask token is reserved, and never predicted")
  func maskToken() {
    let model = Self.model()
    #expect(model.maskToken == TokenMasking(vocabSize: 7).maskToken)
    #expect(model([[7, 1]], at: [[0]]).shape == [1, 7] as Shape)
  }

  @Test("sines and cosines are where positions may start")
  func sinusoids() {
    var random = RandomSource(seed: 1)
    let model = MaskedLanguageModel(
      vocabSize: 7, embedDim: 8, numHeads: 2, depth: 1, contextLength: 6,
      standardDeviation: 0.5, hasSinusoidalStart: true, using: &random)
    #expect(model.positions.weight.isRecorded)
    expectClose(model.positions.weight[element: 3, 0], 0.5 * sin(3))
    expectClose(model.positions.weight[element: 3, 1], 0.5 * cos(3))
  }

  @Test("a handful of texts is learned by heart")
  func overfits() {
    var random = RandomSource(seed: 5)
    let texts = (0..<4).map { _ in (0..<8).map { _ in random.integer(in: 0..<7) } }
    var model = MaskedLanguageModel(
      vocabSize: 7, embedDim: 16, numHeads: 2, depth: 1, contextLength: 8,
      standardDeviation: 0.5, using: &random)
    let masked = (0..<4).map { row -> MaskedTokens in
      var input = texts[row]
      for position in [row, row + 4] { input[position] = 7 }
      return MaskedTokens(input: input, chosen: [row, row + 4])
    }
    var optimizer = AdamW(learningRate: 1e-2)
    for _ in 0..<150 {
      optimizer.update(
        &model, model.loss(texts, masked).gradients(of: model.parameters))
    }
    #expect(model.loss(texts, masked).scalar < 0.01)
  }

  @Test("positions outside a sequence stop the program")
  func outside() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomSource(seed: 1)
      let model = MaskedLanguageModel(
        vocabSize: 3, embedDim: 4, numHeads: 1, depth: 1, contextLength: 4, using: &random)
      _ = model([[1, 2, 0], [1]], at: [[0], [1]])
    }
    #expect(said(result).contains("position 1 of 1 tokens"))
  }
}
