import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Autoregressive loss") struct AutoregressiveLossTests {
  static let targets = [[2, 0, 1], [4, 4, 3]]
  static func logits() -> Tensor {
    var random = RandomSource(seed: 4)
    return Tensor.normal([2, 3, 5], using: &random)
  }

  @Test("equal scores cost log V", arguments: [2, 5, 64])
  func equalScores(V: Int) {
    let loss = autoregressiveLoss(logits: .zeros([2, 3, V]), targets: [[0, 1, 1], [1, 0, 0]])
    expectClose(loss.scalar, log(Double(V)))
  }

  @Test("equals plain loops over sequences and positions")
  func loops() {
    let logits = Self.logits()
    var expected: [Double] = []
    for b in 0..<2 {
      for t in 0..<3 {
        let row = [Double](logits[b][t])
        expected.append(logSumExp(row) - row[Self.targets[b][t]])
      }
    }
    let losses = autoregressiveLosses(logits: logits, targets: Self.targets)
    #expect(losses.shape == [2, 3] as Shape)
    expectClose(losses.elements, expected)
    expectClose(
      autoregressiveLoss(logits: logits, targets: Self.targets).scalar,
      expected.reduce(0, +) / 6)
  }

  @Test("a target below 0 is left out of mean and sum")
  func padding() {
    let logits = Self.logits()
    let all = autoregressiveLosses(logits: logits, targets: Self.targets).elements
    let padded = [[2, 0, -1], [4, 4, 3]]
    let losses = autoregressiveLosses(logits: logits, targets: padded).elements
    #expect(losses == [all[0], all[1], 0] + all[3...])
    expectClose(
      autoregressiveLoss(logits: logits, targets: padded).scalar,
      losses.reduce(0) { $0 + Double($1) } / 5)
  }

  @Test("the order of the sequences does not matter, nor a constant added to all scores")
  func symmetry() {
    let logits = Self.logits()
    let loss = autoregressiveLoss(logits: logits, targets: Self.targets)
    let swapped = autoregressiveLoss(
      logits: logits.gather([1, 0]), targets: Self.targets.reversed())
    let shifted = autoregressiveLoss(logits: logits + 3, targets: Self.targets)
    expectClose(swapped.scalar, Double(loss.scalar))
    expectClose(shifted.scalar, Double(loss.scalar))
  }

  @Test("gradients agree with finite differences")
  func gradients() {
    for targets in [Self.targets, [[2, 0, -1], [4, 4, 3]]] {
      let mean = GradientCheck([Self.logits()]) {
        autoregressiveLoss(logits: $0[0], targets: targets)
      }
      #expect(mean.worstError < 1e-3, "\(String(describing: mean.worst))")
      let weights = Tensor([0.5, -1, 2, 1, 3, -0.3], shape: [2, 3])
      let each = GradientCheck([Self.logits()]) {
        (autoregressiveLosses(logits: $0[0], targets: targets) * weights).sum()
      }
      #expect(each.worstError < 1e-3, "\(String(describing: each.worst))")
    }
  }

  @Test("questions and answers, with and without a start token")
  func pairs() {
    let plain = nextTokens(of: [[1, 2, 3]])
    #expect(plain.inputs == [[1, 2]] && plain.targets == [[2, 3]])
    let started = nextTokens(of: [[1, 2, 3]], startToken: 9)
    #expect(started.inputs == [[9, 1, 2]] && started.targets == [[1, 2, 3]])
  }

  @Test("nothing to predict, and shapes that do not fit, stop the program")
  func refusals() async {
    let nothing = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = nextTokens(of: [[1]]) }
    #expect(said(nothing).contains("nextTokens: sequence 0 has 1 tokens"))
    let shape = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = autoregressiveLoss(logits: .zeros([1, 2, 3]), targets: [[0, 1, 2]]) }
    #expect(said(shape).contains("autoregressiveLoss: logits [1, 2, 3] for [1, 3] targets"))
    let padding = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = autoregressiveLoss(logits: .zeros([1, 2, 3]), targets: [[-1, -1]]) }
    #expect(said(padding).contains("no targets"))
  }
}

/// What a stopped process wrote.
func said(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

@Suite("Autoregressive model") struct AutoregressiveModelTests {
  static func model(start: Bool = false, context: Int = 6) -> AutoregressiveModel {
    var random = RandomSource(seed: 3)
    return AutoregressiveModel(
      vocabSize: 7, embedDim: 8, numHeads: 2, depth: 2, contextLength: context,
      hasStartToken: start, standardDeviation: 1, using: &random)
  }

  @Test("forward and one training step equal PyTorch's", arguments: ["gpt", "gpt-start"])
  func torch(name: String) throws {
    let fixture = try TorchFixture("text-\(name)")
    let model = fixture.load(Self.model(start: name == "gpt-start"))
    let x = try fixture.tensor("x")
    let sequences = (0..<3).map { x[$0].elements.map { Int($0) } }
    let (inputs, targets) = nextTokens(of: sequences, startToken: model.startToken)
    let logits = model(inputs)
    expectClose(logits.elements, [Double](try fixture.tensor("logits")), within: 3e-6, "logits")
    expectClose(
      model.losses(sequences).elements, [Double](try fixture.tensor("losses")), within: 2e-6)
    expectClose(
      autoregressiveLosses(logits: logits, targets: targets).sum(axes: [1]).elements,
      [Double](try fixture.tensor("sequences")), within: 2e-6)
    try fixture.checkStep(model) { $0.loss(sequences) }
  }

  @Test("a later token never changes an earlier output")
  func noPeeking() {
    let model = Self.model()
    let tokens = [3, 1, 4, 1, 5, 2]
    let original = model([tokens])[0]
    for changed in 0..<6 {
      var other = tokens
      other[changed] = 6
      let moved = model([other])[0]
      for t in 0..<6 {
        #expect((original[t].elements == moved[t].elements) == (t < changed))
      }
    }
  }

  @Test("the head gives no scores to the start token")
  func startToken() {
    let model = Self.model(start: true)
    #expect(model.startToken == 7)
    #expect(model([[7, 1, 2]]).shape == [1, 3, 7] as Shape)
    #expect(model.losses([[1, 2, 3]]).shape == [1, 3] as Shape)
  }

  @Test("tokens read one by one, or in pieces, score as if read at once")
  func cache() {
    let model = Self.model().frozen()
    let tokens = [[3, 1, 4, 1, 5, 2], [6, 6, 0, 2, 1, 3]]
    let whole = model(tokens)
    for pieces in [[1, 1, 1, 1, 1, 1], [4, 1, 1], [2, 3, 1], [6]] {
      var cache = KeyValueCache()
      var parts: [Tensor] = []
      var start = 0
      for length in pieces {
        parts.append(model(tokens.map { Array($0[start..<start + length]) }, cache: &cache))
        start += length
      }
      #expect(cache.count == 6)
      expectClose(
        Tensor.concatenate(parts, axis: 1).elements, [Double](whole), within: 1e-5, "\(pieces)")
    }
  }

  @Test("the most probable continuation is that of a model without a cache")
  func continuation() {
    let model = Self.model(context: 8)
    var random = RandomSource(seed: 1)
    let greedy = TokenSampler(temperature: 0)
    let written = model.continuation(of: [3, 1], count: 20, sampler: greedy, using: &random)
    var text = [3, 1]
    var window = 2
    for _ in 0..<20 {
      if window > 8 { window = 4 }
      let scores = model([Array(text.suffix(window))])[0][-1]
      text.append(scores.argmax()[0])
      window += 1
    }
    #expect(written == Array(text.dropFirst(2)))
  }

  @Test("a model with a start token writes from nothing")
  func fromNothing() {
    var random = RandomSource(seed: 1)
    let written = Self.model(start: true).continuation(of: [], count: 30, using: &random)
    #expect(written.count == 30 && written.allSatisfy { 0..<7 ~= $0 })
  }

  @Test("attention shares are a causal distribution that mixes the values as the block does")
  func attentionWeights() {
    let model = Self.model().frozen()
    let tokens = [[3, 1, 4, 1, 5, 2]]
    let shares = model.attentionWeights(tokens)
    #expect(shares.count == 2 && shares[0].shape == [1, 2, 6, 6] as Shape)
    for row in 0..<6 {
      let weights = shares[1][0][1][row].elements
      expectClose(weights.reduce(0, +), 1)
      #expect(weights[(row + 1)...].allSatisfy { $0 == 0 })
    }
    let block = model.blocks[0]
    let x = model.positions(model.tokens(tokens))
    let values = block.attention.qkv(block.norm1(x)).split([8, 8, 8], axis: -1)[2]
    let mixed = (0..<2).map { head in
      shares[0][0][head].matmul(values[0].slice(4 * head..<4 * head + 4, axis: 1))
    }
    let expected = block.attention(block.norm1(x), isCausal: true)[0]
    let actual = block.attention.output(Tensor.concatenate(mixed, axis: 1))
    expectClose(actual.elements, [Double](expected), within: 1e-5)
  }

  @Test("a handful of sequences is learned by heart")
  func overfits() {
    var random = RandomSource(seed: 5)
    let sequences = (0..<4).map { _ in (0..<8).map { _ in random.integer(in: 0..<7) } }
    var model = AutoregressiveModel(
      vocabSize: 7, embedDim: 16, numHeads: 2, depth: 1, contextLength: 8, hasStartToken: true,
      using: &random)
    var optimizer = AdamW(learningRate: 1e-2)
    for _ in 0..<200 {
      optimizer.update(
        &model, model.loss(sequences).gradients(of: model.parameters))
    }
    // Only which of the four begins cannot be known.
    let losses = model.frozen().losses(sequences)
    #expect(losses.sum().scalar / 4 < 1.6)
    #expect(losses.slice(4..<8, axis: 1).max().scalar < 0.05)
  }
}

@Suite("Sampling tokens") struct TokenSamplerTests {
  let scores: [Float] = [1, 3, 2, 3, -1]

  @Test("temperature divides the scores")
  func temperature() {
    let law = TokenSampler(temperature: 2).probabilities(scores)
    let weights = scores.map { exp(Double($0) / 2) }
    for (p, w) in zip(law, weights) { #expect(isClose(p, w / weights.reduce(0, +))) }
    #expect(TokenSampler(temperature: 0).probabilities(scores) == [0, 1, 0, 0, 0])
    let hot = TokenSampler(temperature: 1e9).probabilities(scores)
    #expect(hot.allSatisfy { isClose($0, 0.2, within: 1e-6) })
  }

  @Test("top-k keeps the k most probable in their proportions")
  func topK() {
    let all = TokenSampler().probabilities(scores)
    let law = TokenSampler(topK: 3).probabilities(scores)
    #expect(law[0] == 0 && law[4] == 0)
    #expect(isClose(law.reduce(0, +), 1))
    #expect(isClose(law[1] / law[2], all[1] / all[2]))
    #expect(TokenSampler(topK: 99).probabilities(scores) == all)
  }

  @Test("the nucleus is the smallest set that holds enough", arguments: [0.1, 0.5, 0.8, 0.95, 1])
  func nucleus(mass: Double) {
    let all = TokenSampler().probabilities(scores)
    let law = TokenSampler(nucleus: mass).probabilities(scores)
    let kept = law.indices.filter { law[$0] > 0 }
    let held = kept.reduce(0) { $0 + all[$1] }
    #expect(isClose(law.reduce(0, +), 1))
    #expect(held >= mass - 1e-12)
    if let least = kept.map({ all[$0] }).min() { #expect(held - least < mass) }
  }

  @Test("draws have the law's frequencies")
  func draws() {
    var random = SeededGenerator(seed: 9)
    let sampler = TokenSampler(temperature: 1.5, topK: 4, nucleus: 0.95)
    let law = sampler.probabilities(scores)
    var counts = [Double](repeating: 0, count: 5)
    for _ in 0..<20_000 { counts[sampler(scores, using: &random)] += 1 }
    for (count, p) in zip(counts, law) { #expect(isClose(count / 20_000, p, within: 0.015)) }
  }

  @Test("impossible settings stop the program")
  func refusal() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TokenSampler(nucleus: 0)
    }
    #expect(
      said(result).contains(
        "TokenSampler: temperature 1.0, topK 1, nucleus 0.0: needs a temperature"))
  }
}
