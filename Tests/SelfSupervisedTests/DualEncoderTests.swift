import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("CLIP's two towers") struct DualEncoderTests {
  func model(seed: UInt64) -> DualEncoder {
    var random = RandomSource(seed: seed)
    return DualEncoder(
      imageTower: ImageTower(side: Scene.side, using: &random),
      textTower: TextTower(vocabSize: SceneCaptions().words.count, using: &random))
  }

  @Test("one step equals PyTorch's") func step() throws {
    let fixture = try TorchFixture("pairs")
    var random = RandomSource(seed: 0)
    let start = DualEncoder(
      imageTower: ImageTower(
        side: 6, channels: [2, 3, 4], hidden: 7, dimension: 5, using: &random),
      textTower: TextTower(vocabSize: 9, embedDim: 6, hidden: 7, dimension: 5, using: &random))
    let images = try fixture.tensor("clipStep.images")
    let captions = [[0, 1, 2], [3, 3, 8, 1, 5], [4], [7, 2]]
    try fixture.checkStep(start, prefix: "clipStep.") { model in
      model.loss(images: images, captions: captions)
    }

    var model = fixture.load(start, prefix: "clipStep.")
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    let value = model.update(images: images, captions: captions, optimizer: &optimizer)
    expectClose(value.scalar, try fixture.numbers("clipStep.loss")[0], within: 2e-6)
    try expectTensors(of: model, in: fixture, "clipStep.after")
  }

  @Test("starts at temperature 0.07 and never falls below 0.01") func scale() {
    var model = model(seed: 1)
    expectClose(Float(model.temperature), 0.07, within: 1e-6)
    model.logitScale = Tensor(4.6).parameter()
    // Every pair but one is easy to tell: the scale would grow without end.
    var random = RandomSource(seed: 2)
    let language = SceneCaptions()
    let scenes = [Scene(number: 0), Scene(number: 191)]
    let captions = scenes.map { language.caption(of: $0, pattern: 5, using: &random) }
    var optimizer = AdamW(learningRate: 0.05, weightDecay: 0)
    for _ in 0..<20 {
      let images = Scene.pictures(scenes, using: &random)
      _ = model.update(images: images, captions: captions, optimizer: &optimizer)
      #expect(model.logitScale.scalar <= 4.605171)
      #expect(model.logitScale.isRecorded)
    }
    #expect(model.temperature >= 0.01 - 1e-8)
  }

  @Test("a temperature that is not learned stays") func fixedScale() {
    var random = RandomSource(seed: 3)
    var model = DualEncoder(
      imageTower: ImageTower(side: 12, using: &random),
      textTower: TextTower(vocabSize: SceneCaptions().words.count, using: &random),
      temperature: 0.5,
      learnsTemperature: false)
    let scenes = Scene.drawn(4, from: .all, using: &random)
    let captions = scenes.map { SceneCaptions().caption(of: $0, using: &random) }
    var optimizer = AdamW(learningRate: 0.01)
    _ = model.update(
      images: Scene.pictures(scenes, using: &random), captions: captions, optimizer: &optimizer)
    expectClose(Float(model.temperature), 0.5, within: 1e-6)
  }

  @Test("a caption is a bag: its order changes nothing, its words do") func bag() {
    let tower = model(seed: 4).textTower
    let outputs = tower([[1, 2, 3], [3, 1, 2], [1, 2, 4], [1, 2, 3, 1, 2, 3]])
    expectClose(outputs[1].elements, [Double](outputs[0]), within: 1e-5)
    expectClose(outputs[3].elements, [Double](outputs[0]), within: 1e-5)
    #expect(outputs[2] != outputs[0])
  }

  @Test("zero-shot weights are the direction of the prompts' mean") func classifier() {
    let model = model(seed: 5)
    let prompts = [[[1, 2]], [[3], [4, 5]]]
    let weights = model.classifier(prompts: prompts)
    #expect(weights.shape == [2, 32])
    #expect(!weights.isRecorded)
    let rows = model.textTower([[1, 2], [3], [4, 5]]).stopGradient().l2Normalized()
    expectClose(weights[0].elements, [Double](rows[0]), within: 1e-6)
    let mean = (rows[1] + rows[2]) * 0.5
    let length = Double(mean.squared().sum().scalar).squareRoot()
    expectClose(weights[1].elements, mean.elements.map { Double($0) / length }, within: 1e-6)
  }

  @Test("an empty caption stops the program") func emptyCaption() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomSource(seed: 0)
      _ = TextTower(vocabSize: 3, using: &random)([[1], []])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("caption 1 has no words"))
  }

  @Test("sixteen pairs are learned by heart", arguments: [1, 2, 3] as [UInt64])
  func overfits(seed: UInt64) {
    var random = RandomSource(seed: 10 + seed)
    let language = SceneCaptions()
    let scenes = (0..<16).map { Scene(number: 12 * $0 + $0 % 2) }
    let images = Scene.pictures(scenes, using: &random)
    let captions = scenes.map { language.caption(of: $0, pattern: 0, using: &random) }
    var model = model(seed: seed)
    var optimizer = AdamW(learningRate: 2e-3)
    for _ in 0..<80 { _ = model.update(images: images, captions: captions, optimizer: &optimizer) }
    #expect(model.loss(images: images, captions: captions).scalar < 0.2)
    let (u, v) = (model.imageTower(images), model.textTower(captions))
    #expect(retrievalAccuracy(queries: u, candidates: v) == 1)
    #expect(retrievalAccuracy(queries: v, candidates: u) == 1)
    #expect(model.temperature < 0.07)
  }

  @Test(
    "after 150 small steps unseen pictures are read better than by chance",
    arguments: [1, 2, 3] as [UInt64])
  func learns(seed: UInt64) {
    var random = RandomSource(seed: 20 + seed)
    let language = SceneCaptions()
    var model = model(seed: seed)
    var optimizer = AdamW(learningRate: 2e-3, weightDecay: 1e-3, decaysVectors: false)
    for _ in 0..<150 {
      let scenes = Scene.drawn(48, from: .training, using: &random)
      let captions = scenes.map { language.caption(of: $0, using: &random) }
      _ = model.update(
        images: Scene.pictures(scenes, using: &random), captions: captions, optimizer: &optimizer)
    }
    let scenes = Scene.drawn(200, from: .training, using: &random)
    let places = (0..<4).map { language.prompts(pattern: 3, place: $0) }
    let found = model.classes(
      of: Scene.pictures(scenes, using: &random), under: model.classifier(prompts: places))
    let correct = zip(found, scenes).count { $0 == $1.place }
    #expect(correct > 150, "places right of 200")
  }
}

@Suite("Scenes and their captions") struct SceneTests {
  let language = SceneCaptions()

  @Test("numbers and scenes are the same, and a fifth of the combinations are held out")
  func numbers() {
    var held = 0
    for number in 0..<Scene.count {
      let scene = Scene(number: number)
      #expect(scene.number == number)
      if scene.isHeldOut { held += 1 }
    }
    #expect(held == 38)
  }

  @Test("a split is what it says") func splits() {
    var random = RandomSource(seed: 1)
    #expect(Scene.drawn(300, from: .training, using: &random).allSatisfy { !$0.isHeldOut })
    #expect(Scene.drawn(100, from: .heldOut, using: &random).allSatisfy { $0.isHeldOut })
    let all = Scene.drawn(4000, from: .all, using: &random)
    #expect(Set(all.map { $0.number }).count == 192)
  }

  @Test(
    "without noise there are a ground and a paint, the shape's number of pixels, in its place",
    arguments: [(0, 25), (1, 21), (2, 9), (3, 13)])
  func pixels(shape: Int, count: Int) {
    var random = RandomSource(seed: 2)
    for number in 0..<48 {
      let scene = Scene(number: 48 * shape + number)
      let picture = Scene.pictures([scene], noise: 0, using: &random).elements
      let ground = scene.place == 3 ? Array(picture[0..<3]) : Array(picture[429..<432])
      #expect(ground[0] == ground[1] && ground[1] == ground[2])
      #expect(scene.ground == 0 ? ground[0] < 0.25 : ground[0] >= 0.7)
      let painted = (0..<144).filter { Array(picture[3 * $0..<3 * $0 + 3]) != ground }
      #expect(painted.count == count)
      let (row, column) = (painted.map { $0 / 12 }, painted.map { $0 % 12 })
      #expect(scene.place < 2 ? row.max()! <= 5 : row.min()! >= 5)
      #expect(scene.place % 2 == 0 ? column.max()! <= 5 : column.min()! >= 5)
    }
  }

  @Test("the same seed draws the same pictures") func seeds() {
    var (a, b) = (RandomSource(seed: 5), RandomSource(seed: 5))
    let scenes = [Scene(number: 3), Scene(number: 77)]
    #expect(Scene.pictures(scenes, using: &a) == Scene.pictures(scenes, using: &b))
  }

  @Test("captions name the attributes of their scene") func captions() throws {
    var random = RandomSource(seed: 3)
    let scene = Scene(shape: 1, color: 2, place: 3, ground: 1)
    var texts: Set<String> = []
    for _ in 0..<400 { texts.insert(language.text(language.caption(of: scene, using: &random))) }
    #expect(texts.contains("a blue disc in the lower right of a light picture"))
    #expect(texts.contains("the circle is blue on pale ground"))
    #expect(texts.contains("a blue circle"))
    // 2·2·2 for the first two patterns, 2·2 for the next three, 2 for the last.
    #expect(texts.count == 8 + 8 + 4 + 4 + 4 + 2)
    for text in texts {
      #expect(!text.contains("red") && !text.contains("box") && !text.contains("left"))
    }
  }

  @Test("prompts are all captions of a pattern that agree with the class") func prompts() {
    #expect(language.words.count == 35)
    let discs = language.prompts(pattern: 5, shape: 1).map { language.text($0) }
    #expect(discs.count == 12)
    #expect(discs.contains("a cyan circle") && !discs.contains("a cyan box"))
    #expect(language.prompts(pattern: 5, shape: 3).count == 6)
    let exact = language.prompts(pattern: 0, shape: 3, color: 0, place: 0, ground: 0)
    #expect(exact.count == 4)
    let places = language.prompts(pattern: 3, place: 2)
    #expect(places.count == 6 * 7 * 2)
  }

  @Test("sentences become words and come back") func tokens() throws {
    let tokens = try #require(language.tokens("a  red box"))
    #expect(language.text(tokens) == "a red box")
    #expect(language.tokens("a red hexagon") == nil)
    #expect(language.tokens("") == [])
  }
}
