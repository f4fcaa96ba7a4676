import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Masked diffusion") struct MaskedDiffusionTests {
  @Test("every number of masks is equally likely, and every set of one size") func law() {
    let noise = AbsorbingNoise(vocabSize: 5)
    var random = RandomSource(seed: 1)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<9000 {
      let masked = noise([4, 2, 0], using: &random)
      for (i, token) in masked.input.enumerated() {
        #expect(token == (masked.chosen.contains(i) ? 5 : [4, 2, 0][i]))
      }
      counts[masked.chosen, default: 0] += 1
    }
    #expect(counts.count == 7)
    for (chosen, count) in counts {
      let expected = chosen.count == 3 ? 3000.0 : 1000
      #expect((Double(count) - expected).magnitude < 5 * sqrt(expected), "\(chosen) \(count)")
    }
  }

  // Uria et al.: each set of masked places is asked by k!(T − k)! of the T! orders of writing, so
  // that the loss with the exact laws is −log p(x)/T for every x.
  @Test(
    "over all masks, with a chain's own laws, it is −log p(x)/T",
    arguments: [[0, 1, 2, 1], [2, 2, 0, 0]])
  func exact(x: [Int]) {
    let chain = MarkovChain([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.4, 0.4]])
    let T = x.count
    var total = 0.0
    for set in 1..<(1 << T) {
      let chosen = (0..<T).filter { set >> $0 & 1 == 1 }
      let states = (0..<T).map { chosen.contains($0) ? nil : Optional(x[$0]) }
      let laws = chain.posteriors(given: states)
      let logits = Tensor(
        chosen.flatMap { i in laws[i].map { log($0) } }, shape: [chosen.count, 3])
      let loss = maskedDiffusionLoss(
        logits: logits, targets: chosen.map { x[$0] }, counts: [chosen.count])
      total += Double(loss.scalar) / Double(T * binomial(T, chosen.count))
    }
    #expect(isClose(total, -chain.logProbability(x) / Double(T), within: 1e-6))
  }

  @Test("equal logits cost log V; sequences count alike, however many masks they have")
  func closedForms() {
    let flat = maskedDiffusionLosses(
      logits: .ones([4, 6]), targets: [0, 5, 2, 2], counts: [1, 3])
    expectClose(flat.elements, [log(6.0), log(6.0)])
    let logits = Tensor([[0, 0], [10, 0], [10, 0], [0, 10]])
    let losses = maskedDiffusionLosses(logits: logits, targets: [1, 0, 0, 0], counts: [1, 3])
    let (near, far) = (log(1 + exp(-10.0)), 10 + log(1 + exp(-10.0)))
    expectClose(losses.elements, [log(2.0), (2 * near + far) / 3])
    let mean = maskedDiffusionLoss(logits: logits, targets: [1, 0, 0, 0], counts: [1, 3])
    expectClose(mean.scalar, (log(2.0) + (2 * near + far) / 3) / 2)
  }

  @Test("the order of places in a sequence changes nothing; gradients are differences")
  func gradients() {
    var random = RandomSource(seed: 2)
    let logits = Tensor.normal([5, 3], using: &random)
    let targets = [0, 2, 1, 1, 0]
    let loss = maskedDiffusionLoss(logits: logits, targets: targets, counts: [2, 3])
    let order = [1, 0, 4, 2, 3]
    let mixed = maskedDiffusionLoss(
      logits: logits.gather(order), targets: order.map { targets[$0] }, counts: [2, 3])
    expectClose(mixed.scalar, Double(loss.scalar))
    let check = GradientCheck([logits]) {
      maskedDiffusionLoss(logits: $0[0], targets: targets, counts: [2, 3])
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    // Of one sequence it is BERT's loss.
    expectClose(
      maskedDiffusionLoss(logits: logits, targets: targets, counts: [5]).scalar,
      Double(maskedLanguageModelLoss(logits: logits, targets: targets).scalar))
  }

  @Test("agrees with PyTorch's losses and gradient") func torch() throws {
    let fixture = try TorchFixture("negatives")
    let logits = try fixture.tensor("diffusion.logits").parameter()
    let losses = maskedDiffusionLosses(
      logits: logits, targets: [3, 0, 0, 2, 1, 3], counts: [2, 1, 3])
    expectClose(losses.elements, try fixture.numbers("diffusion.losses"))
    expectClose(
      losses.mean().gradient(of: logits).elements,
      try fixture.numbers("diffusion.gradient.logits"))
  }

  @Test("a model learns a chain: its loss falls below that of single tokens") func trains() {
    let chain = MarkovChain([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]])
    var random = RandomSource(seed: 3)
    var model = MaskedLanguageModel(
      vocabSize: 3, embedDim: 16, numHeads: 2, depth: 1, contextLength: 8, isPostNorm: false,
      standardDeviation: 0.5, using: &random)
    let noise = AbsorbingNoise(vocabSize: 3)
    var optimizer = AdamW(learningRate: 5e-3)
    var last: Float = 0
    for step in 0..<300 {
      let texts = (0..<32).map { _ in chain.sample(length: 8, using: &random) }
      let masked = texts.map { noise($0, using: &random) }
      let loss = model.diffusionLoss(texts, masked)
      optimizer.update(&model, loss.gradients(of: model.parameters))
      if step >= 250 { last += loss.scalar / 50 }
    }
    // H(X₁) = log 3 = 1.099; per token of eight: (1.099 + 7·0.394)/8 = 0.482.
    #expect(last < 0.65 && last > 0.44, "\(last)")
  }

  @Test("NaN in gives NaN out, in its sequence alone") func notANumber() {
    let losses = maskedDiffusionLosses(
      logits: Tensor([[1, 2], [.nan, 1]]), targets: [0, 0], counts: [1, 1])
    #expect(losses.elements[1].isNaN)
    #expect(
      maskedDiffusionLoss(logits: Tensor([[1, 2], [.nan, 1]]), targets: [0, 0], counts: [2])
        .scalar.isNaN)
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      MaskedDiffusionTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("AbsorbingNoise: a vocabulary of 0 tokens") { _ = AbsorbingNoise(vocabSize: 0) },
    Mistake("AbsorbingNoise: a sequence of 0 tokens") {
      var random = RandomSource(seed: 0)
      _ = AbsorbingNoise(vocabSize: 2)([], using: &random)
    },
    Mistake("AbsorbingNoise: token 2 is not one of 2") {
      var random = RandomSource(seed: 0)
      _ = AbsorbingNoise(vocabSize: 2)([0, 2], using: &random)
    },
    Mistake(
      "maskedDiffusionLoss: logits [3, 2], 3 targets and 2 positions of 1 sequences"
    ) { _ = maskedDiffusionLoss(logits: .ones([3, 2]), targets: [0, 0, 0], counts: [2]) },
    Mistake("maskedDiffusionLoss: a sequence with 0 masked positions has no loss") {
      _ = maskedDiffusionLoss(logits: .ones([3, 2]), targets: [0, 0, 0], counts: [3, 0])
    },
    Mistake("maskedDiffusionLoss: target 2 is not one of 2 tokens") {
      _ = maskedDiffusionLosses(logits: .ones([1, 2]), targets: [2], counts: [1])
    },
    Mistake("TokenMasking: special token 7 is not one of 7") {
      _ = TokenMasking(vocabSize: 7, specialTokens: [7])
    },
    Mistake("TokenMasking: special token 3 stands twice") {
      _ = TokenMasking(vocabSize: 7, specialTokens: [3, 3])
    },
    Mistake("TokenMasking: all 2 tokens are special, none is left to choose") {
      _ = TokenMasking(vocabSize: 2, specialTokens: [0, 1])
    },
  ]
}

@Suite("Special tokens") struct SpecialTokenTests {
  @Test("are never chosen, and never stand in for another; all others do") func exempt() {
    var random = RandomSource(seed: 1)
    let rule = TokenMasking(
      vocabSize: 6, choose: 0.9, hide: 0, replace: 1, specialTokens: [4, 0])
    let tokens = Array(repeating: [0, 3, 4, 5], count: 500).flatMap { $0 }
    let masked = rule(tokens, using: &random)
    #expect(masked.chosen.allSatisfy { tokens[$0] != 0 && tokens[$0] != 4 })
    #expect((860...940).contains(masked.chosen.count))
    var counts = Array(repeating: 0, count: 6)
    for position in masked.chosen { counts[masked.input[position]] += 1 }
    #expect(counts[0] == 0 && counts[4] == 0)
    for token in [1, 2, 3, 5] { #expect((180...270).contains(counts[token])) }
  }

  @Test("without any, the draws are what they were") func unchanged() {
    var (one, other) = (RandomSource(seed: 2), RandomSource(seed: 2))
    let tokens = (0..<200).map { $0 % 7 }
    let rule = TokenMasking(vocabSize: 7, choose: 0.5, hide: 0.3, replace: 0.4)
    // The same law written out.
    var input = tokens
    var chosen: [Int] = []
    for position in tokens.indices {
      if Double(one.next() >> 11) * 0x1p-53 >= 0.5 { continue }
      chosen.append(position)
      let lot = Double(one.next() >> 11) * 0x1p-53
      if lot < 0.3 {
        input[position] = 7
      } else if lot < 0.7 {
        input[position] = Int.random(in: 0..<7, using: &one)
      }
    }
    #expect(rule(tokens, using: &other) == MaskedTokens(input: input, chosen: chosen))
  }
}
