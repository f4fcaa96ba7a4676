import Networks
import SelfSupervised
import Tensors
import Testing

/// The chapters' trainings at reduced sizes.
@Suite("Language models learn", .serialized) struct LanguageTrainingTests {
  static func train<M: Module>(
    _ model: inout M, steps: Int, peak: Float, loss: (M) -> Tensor
  ) {
    var optimizer = AdamW(learningRate: peak, beta2: 0.99)
    let schedule = WarmupCosine(
      peak: peak, floor: peak / 10, warmupSteps: steps / 15, totalSteps: steps)
    for step in 0..<steps {
      optimizer.learningRate = schedule.learningRate(at: step)
      let value = loss(model)
      optimizer.update(&model, value.gradients(of: model.parameters).clipped(toNorm: 1))
    }
  }

  // V = 4 is learned in a third of the chapter's steps.
  @Test("an autoregressive model passes the bigram's cost", arguments: [1, 2, 3] as [UInt64])
  func secondOrder(seed: UInt64) {
    var random = RandomSource(seed: 1)
    let source = MarkovSource(
      order: 2, symbols: 4, concentration: 0.25, floor: 0.02, using: &random)
    random = RandomSource(seed: seed)
    var model = AutoregressiveModel(
      vocabSize: 4, embedDim: 24, numHeads: 2, depth: 2, contextLength: 16, using: &random)
    Self.train(&model, steps: 250, peak: 6e-3) { model in
      model.loss((0..<32).map { _ in source.sample(length: 17, using: &random) })
    }
    random = RandomSource(seed: 99)
    let held = (0..<400).map { _ in source.sample(length: 17, using: &random) }
    let laws = model.frozen()(held.map { Array($0.dropLast()) }).logSoftmax()
    var (kl, count) = (0.0, 0.0)
    for (b, x) in held.enumerated() {
      for t in 1..<16 {
        for (v, p) in source.law(after: x[0...t]).enumerated() {
          kl += p * (log(p) - Double(laws[element: b, t, v]))
        }
        count += 1
      }
    }
    let gap = source.conditionalEntropy(context: 1) - source.entropyRate
    #expect(kl / count > 0 && kl / count < 0.03)
    #expect(gap > 0.2, "a bigram misses \(gap)")
  }

  @Test("a masked model comes near the exact answer", arguments: [1, 2, 3] as [UInt64])
  func firstOrder(seed: UInt64) {
    var random = RandomSource(seed: 6)
    let chain = MarkovChain(states: 6, concentration: 0.2, floor: 0.03, using: &random)
    random = RandomSource(seed: seed)
    var model = MaskedLanguageModel(
      vocabSize: 6, embedDim: 24, numHeads: 2, depth: 2, contextLength: 16,
      standardDeviation: 0.5, hasSinusoidalStart: true, using: &random)
    let rule = TokenMasking(vocabSize: 6)
    Self.train(&model, steps: 500, peak: 6e-3) { model in
      let texts = (0..<32).map { _ in chain.sample(length: 16, using: &random) }
      return model.loss(texts, texts.map { rule($0, using: &random) })
    }
    random = RandomSource(seed: 99)
    let hideAll = TokenMasking(vocabSize: 6, hide: 1, replace: 0)
    let texts = (0..<500).map { _ in chain.sample(length: 16, using: &random) }
    let masked = texts.map { hideAll($0, using: &random) }
    let answers = MaskedLanguageModel.targets(texts, masked)
    let guesses = model.frozen()(masked.map { $0.input }, at: masked.map { $0.chosen }).argmax()
    let laws = masked.flatMap { mask -> [[Double]] in
      let posteriors = chain.posteriors(given: mask.input.map { $0 == 6 ? nil : $0 })
      return mask.chosen.map { posteriors[$0] }
    }
    let exact = laws.map { law in law.indices.max { law[$0] < law[$1] } ?? 0 }
    func accuracy(_ guesses: [Int]) -> Double {
      Double(zip(guesses, answers).filter { $0 == $1 }.count) / Double(answers.count)
    }
    #expect(accuracy(guesses) > accuracy(exact) - 0.06)
    #expect(accuracy(guesses) < accuracy(exact) + 0.02)
  }
}
