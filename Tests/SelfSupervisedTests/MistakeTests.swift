import SelfSupervised
import Tensors
import Testing

@Suite("Numbers out of range stop with the value and the range") struct MistakeTests {
  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      MistakeTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = labels + tokens + laws + images + counts

  private static let views = Tensor([[1, 0], [0, 1]])
  private static let chain = MarkovChain([[0.9, 0.1], [0.2, 0.8]])
  private static let grid = PatchGrid(side: 4, patchSize: 2)
  private static let gaussian = GaussianModel(mean: [0, 0], covariance: .identity(2))

  static let labels: [Mistake] = [
    .init("supConLoss: label -1 at 0 is negative; classes count from 0") {
      _ = supConLosses(views: views, labels: [-1, -1], temperature: 1)
    },
    .init("supConLoss: row 0 is the only one of class 2000000000 in [2, 2]") {
      _ = supConLosses(views: views, labels: [2_000_000_000, 1], temperature: 1)
    },
    .init("supConLoss: row 0 is the only one of class 9223372036854775807 in [2, 2]") {
      _ = supConLosses(views: views, labels: [Int.max, 1], temperature: 1)
    },
    .init("nearestNeighborClasses: label -1 at 1 is negative; classes count from 0") {
      _ = nearestNeighborClasses(of: views, among: views, labels: [0, -1], neighbors: 2)
    },
    .init("nearestNeighborClasses: no keys to look among") {
      _ = nearestNeighborClasses(of: views, among: .zeros([0, 2]), labels: [], neighbors: 2)
    },
    .init("nearestNeighborClasses: 0 neighbors; needs 1 or more") {
      _ = nearestNeighborClasses(of: views, among: views, labels: [0, 1], neighbors: 0)
    },
    .init("nearestNeighborClasses: score 0 of [2, 2] is NaN") {
      _ = nearestNeighborClasses(of: .full([2, 2], .nan), among: views, labels: [0, 1])
    },
    .init("LabeledImages: label -1 at 1 is negative; classes count from 0") {
      _ = LabeledImages(images: views, labels: [0, -1])
    },
    .init("FeatureEvaluation: label 2000000000 at 1 is not in 0..<2, as many classes as there are")
    {
      let images = LabeledImages(images: views, labels: [0, 2_000_000_000])
      _ = FeatureEvaluation(training: images, test: images)
    },
    .init("fewLabels: label -1 at 0 is negative; classes count from 0") {
      _ = fewLabels(of: [-1, 0], perClass: 1, draws: 1)
    },
    .init("fewLabels: class 1 has 0 examples, 1 are asked for") {
      _ = fewLabels(of: [0, Int.max], perClass: 1, draws: 1)
    },
    .init("fewLabels: -1 draws of 1 examples; needs one or more examples") {
      _ = fewLabels(of: [0], perClass: 1, draws: -1)
    },
    .init("accuracy: label -1 at 1 is negative; classes count from 0") {
      let probe = LinearProbe(features: views, labels: [0, 1], classes: 2, steps: 1)
      _ = probe.accuracy(views, labels: [0, -1])
    },
    .init("oneHot: index 2 at 1 is not in 0..<2") {
      _ = LinearProbe(features: views, labels: [0, 2], classes: 2)
    },
    .init("retrievalAccuracy: top 0 is not 1 or more") {
      _ = retrievalAccuracy(queries: views, candidates: views, top: 0)
    },
  ]

  static let tokens: [Mistake] = [
    .init("TokenSampler: the score of token 1 is nan") {
      _ = TokenSampler().probabilities([0, .nan])
    },
    .init("TokenSampler: the score of token 0 is inf") {
      _ = TokenSampler(temperature: 0).probabilities([.infinity, 0])
    },
    .init("TokenSampler: none of 2 scores is above −∞") {
      _ = TokenSampler().probabilities([-.infinity, -.infinity])
    },
    .init("TokenSampler: none of 0 scores is above −∞") { _ = TokenSampler().probabilities([]) },
    .init("TokenSampler: temperature nan, topK 1, nucleus 1.0: needs a temperature ≥ 0") {
      var sampler = TokenSampler()
      sampler.temperature = .nan
      _ = sampler.probabilities([0])
    },
    .init("BytePairEncoder.decode: token 999 at 1 is not in 0..<256") {
      _ = BytePairEncoder(vocabSize: 256, trainedOn: []).decode([65, 999])
    },
    .init("CharacterTokenizer.decode: token -1 at 0 is not in 0..<3") {
      _ = CharacterTokenizer(vocabularyOf: Array("ab".utf8)).decode([-1])
    },
    .init("CharacterTokenizer.decode: token 3 at 1 is not in 0..<3") {
      _ = CharacterTokenizer(vocabularyOf: Array("ab".utf8)).decode([2, 3])
    },
    .init("NGramModel: token 2 at 1 is not in 0..<2") {
      _ = NGramModel(order: 2, vocabSize: 2, counting: [0, 2])
    },
    .init("NGramModel: token -1 at 0 is not in 0..<2") {
      _ = NGramModel(order: 2, vocabSize: 2).probability(of: -1, after: [])
    },
    .init("NGramModel: token -1 at 0 is not in 0..<2") {
      _ = NGramModel(order: 2, vocabSize: 2).probability(of: 0, after: [-1])
    },
    .init("NGramModel: order 64 over 2 tokens cannot be counted") {
      _ = NGramModel(order: 64, vocabSize: 2)
    },
    .init("NeighbourCounts: token 2 at 0 is not in 0..<2") {
      _ = NeighbourCounts(vocabSize: 2, counting: [2])
    },
    .init("NeighbourCounts.law: token -1 at 0 is not in 0..<2") {
      _ = NeighbourCounts(vocabSize: 2, counting: [0, 1]).law(left: -1, right: nil)
    },
    .init("MaskedLanguageModel.targets: position 2 at 0 is not in 0..<2") {
      _ = MaskedLanguageModel.targets([[5, 6]], [MaskedTokens(input: [5, 6], chosen: [2])])
    },
    .init("continuation: -1 tokens; needs 0 or more") {
      var random = RandomSource(seed: 1)
      let model = AutoregressiveModel(
        vocabSize: 2, embedDim: 2, numHeads: 1, depth: 1, contextLength: 4, using: &random)
      _ = model.continuation(of: [0], count: -1, using: &random)
    },
    .init("RepeatedWords.law: token 8 at 0 is not in 0..<8") {
      _ = RepeatedWords().law(after: [8])
    },
    .init("SceneCaptions.text: word -1 at 0 is not in 0..<") { _ = SceneCaptions().text([-1]) },
    .init("SceneCaptions: pattern 6 at 0 is not in 0..<6") {
      _ = SceneCaptions().prompts(pattern: 6)
    },
    .init("SceneCaptions.prompts: attribute 6 at 0 is not in 0..<6") {
      _ = SceneCaptions().prompts(pattern: 0, color: 6)
    },
    .init("continuation: 9223372036854775807 tokens; needs fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      let model = AutoregressiveModel(
        vocabSize: 2, embedDim: 2, numHeads: 1, depth: 1, contextLength: 4, using: &random)
      _ = model.continuation(of: [0], count: Int.max, using: &random)
    },
    .init("randomWindows: 9223372036854775807 windows; needs fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      _ = [1, 2, 3].randomWindows(count: Int.max, length: 2, using: &random)
    },
    .init("randomWindows: -1 windows; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = [1, 2, 3].randomWindows(count: -1, length: 2, using: &random)
    },
  ]

  static let laws: [Mistake] = [
    .init("entropy: probability -0.5 at 1 is negative") { _ = entropy([0.5, -0.5]) },
    .init("klDivergence: probability -1.0 at 0 is negative") { _ = klDivergence([1], [-1]) },
    .init("outcome: probability nan at 0 is not a number from 0 on") {
      var random = RandomSource(seed: 1)
      _ = random.outcome(of: [.nan, 1])
    },
    .init("outcome: none of 0 probabilities is positive") {
      var random = RandomSource(seed: 1)
      _ = random.outcome(of: [])
    },
    .init("dirichlet: concentration inf, 2 outcomes: needs more than 0 of both") {
      var random = RandomSource(seed: 1)
      _ = random.dirichlet(concentration: .infinity, count: 2)
    },
    .init("normalDoubles: 9223372036854775807 numbers; needs fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      _ = random.normalDoubles(count: Int.max)
    },
    .init("dirichlet: 9223372036854775807 outcomes; needs fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      _ = random.dirichlet(concentration: 1, count: Int.max)
    },
    .init("Scene.drawn: 9223372036854775807 scenes; needs fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      _ = Scene.drawn(Int.max, from: .all, using: &random)
    },
    .init("PatchMask: 9223372036854775807 images; needs fewer than 2³¹ − 1") {
      _ = PatchMask.none(images: Int.max, patches: 4)
    },
    .init("normalDoubles: -1 numbers; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = random.normalDoubles(count: -1)
    },
    .init("binomial: 33 of 67 is more than an Int holds; take logBinomial") {
      _ = binomial(67, 33)
    },
    .init("MarkovChain.logProbability: state 2 at 1 is not in 0..<2") {
      _ = chain.logProbability([0, 2])
    },
    .init("MarkovChain.posterior: position 2 at 0 is not in 0..<2") {
      _ = chain.posterior(at: 2, given: [nil, 1])
    },
    .init("MarkovChain.posterior: state -1 at 0 is not in 0..<2") {
      _ = chain.posterior(at: 0, given: [nil, -1])
    },
    .init("MarkovChain.posteriors: state 2 at 0 is not in 0..<2") {
      _ = chain.posteriors(given: [nil, 2])
    },
    .init("MarkovChain.transition: -1 steps; needs 0 or more") { _ = chain.transition(steps: -1) },
    .init("MarkovSource.blockEntropy: -1 symbols; needs 0 or more") {
      _ = chain.blockEntropy(length: -1)
    },
    .init("MarkovSource.sample: -1 symbols; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = chain.sample(length: -1, using: &random)
    },
    .init("MarkovSource.law: symbol 2 at 0 is not in 0..<2") {
      _ = MarkovSource(order: 1, rows: [[0.5, 0.5], [0.5, 0.5]]).law(after: [2])
    },
    .init("MarkovSource: order 100 over 2 symbols has no table") {
      var random = RandomSource(seed: 1)
      _ = MarkovSource(order: 100, symbols: 2, concentration: 1, floor: 0.1, using: &random)
    },
    .init("scatteredHiddenEntropy: probability nan is not in 0...1") {
      _ = chain.scatteredHiddenEntropy(hiding: .nan)
    },
    .init("Matrix: no element [0, 2] in [2, 2]") {
      _ = JointTable([[0.5, 0], [0, 0.5]])[0, 2]
    },
  ]

  static let images: [Mistake] = [
    .init("PatchGrid.pixels: patch 9 at 0 is not in 0..<4") { _ = grid.pixels(of: 9) },
    .init("PatchGrid.pixels: patch -1 at 0 is not in 0..<4") { _ = grid.pixels(of: -1) },
    .init("PatchMask.showing: patch 1 of 4 is named twice") {
      _ = PatchMask.showing([1, 1], of: 4, images: 1)
    },
    .init("PatchMask.showing: patch 4 at 0 is not in 0..<4") {
      _ = PatchMask.showing([4], of: 4, images: 1)
    },
    .init("PatchMask: -1 images; needs 0 or more") { _ = PatchMask.none(images: -1, patches: 4) },
    .init("PatchMask: -1 patches; needs 0 or more") { _ = PatchMask.none(images: 1, patches: -1) },
    .init("GaussianModel: vector 1 has 1 numbers, not 2") {
      _ = GaussianModel(fitting: [[1, 2], [3]])
    },
    .init("LinearPredictor: coordinate 2 at 0 is not in 0..<2") {
      _ = gaussian.predictor(visible: [2])
    },
    .init("LinearPredictor.complete: vector 0 has 1 numbers, not 2") {
      _ = gaussian.predictor(visible: [0]).complete([1])
    },
    .init("GaussianModel.mutualInformation: coordinate -1 at 1 is not in 0..<2") {
      _ = gaussian.mutualInformation(between: [0], and: [-1])
    },
    .init("maskedMeanSquaredError: coordinate 2 at 0 is not in 0..<2") {
      _ = maskedMeanSquaredError([1, 2], [1, 2], hidden: [2])
    },
    .init("ImageAugmentation: rotation nan is not in 0...1000000") {
      var random = RandomSource(seed: 1)
      _ = ImageAugmentation(rotation: .nan)(.zeros([1, 2, 2]), using: &random)
    },
    .init("ImageAugmentation: scale 0.0...1.0 is not in") {
      var random = RandomSource(seed: 1)
      _ = ImageAugmentation(scale: 0...1)(.zeros([1, 2, 2]), using: &random)
    },
    .init("ImageAugmentation: blur 0.0...inf is not in 0.0...1000.0") {
      var random = RandomSource(seed: 1)
      _ = ImageAugmentation(blur: 0...(.infinity))(.zeros([1, 2, 2]), using: &random)
    },
    .init("Scene: number -1 at 0 is not in 0..<192") { _ = Scene(number: -1) },
  ]

  static let counts: [Mistake] = [
    .init("logRatio: 1 and 2 numbers for 2 dimensions") {
      _ = CorrelatedGaussians(dimension: 2, correlation: 0.5).logRatio([1], [1, 2])
    },
    .init("CorrelatedGaussians: -1 pairs; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = CorrelatedGaussians(dimension: 2, correlation: 0.5).scores(count: -1, using: &random)
    },
    .init("AutoregressiveModel: -1 blocks; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = AutoregressiveModel(
        vocabSize: 2, embedDim: 2, numHeads: 1, depth: -1, contextLength: 4, using: &random)
    },
    .init("ContrastiveModel: an encoder without widths") {
      var random = RandomSource(seed: 1)
      _ = ContrastiveModel(encoder: [], projector: [2], using: &random)
    },
    .init("DualEncoder: temperature 0.0 is not positive") {
      var random = RandomSource(seed: 1)
      let images = ImageTower(side: 4, hidden: 2, dimension: 2, using: &random)
      let texts = TextTower(vocabSize: 2, dimension: 2, using: &random)
      _ = DualEncoder(imageTower: images, textTower: texts, temperature: 0)
    },
    .init("ntXentLoss: temperature nan is not positive") {
      _ = ntXentLoss(views: views, temperature: .nan)
    },
  ]
}
