import Networks
import Tensors
import Testing

@Suite("A training that was saved goes on as if it had not stopped") struct ResumeTests {
  struct Network: Module {
    var body: MLP
    var norm = BatchNorm(4)

    mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
      body.visitParameters(path / "body", visit)
      norm.visitParameters(path / "norm", visit)
    }
  }

  /// Everything that a step reads or changes.
  struct Training<O: Optimizer>: Module {
    var model: Network
    var optimizer: O
    var random: RandomSource

    init(_ optimizer: O, seed: UInt64) {
      random = RandomSource(seed: seed)
      model = Network(body: MLP([3, 4], using: &random))
      self.optimizer = optimizer
    }

    mutating func step() {
      let x = Tensor.normal([7, 3], using: &random)
      let y = Dropout(0.25)(model.norm.train(model.body(x)), using: &random)
      // An odd number of draws, so that a block of the stream is left half used.
      let loss = (y - random.normal()).squared().mean()
      optimizer.update(&model, loss.gradients(of: model.parameters))
    }

    mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
      model.visitParameters(path / "model", visit)
      optimizer.visitParameters(path / "optimizer", visit)
      random.visitParameters(path / "random", visit)
    }
  }

  private func check<O: Optimizer>(_ optimizer: O) throws {
    var training = Training(optimizer, seed: 1)
    for _ in 0..<3 { training.step() }
    let bytes = training.safetensors.bytes
    for _ in 0..<3 { training.step() }

    // Another start, another seed: all of it must come from the file.
    var resumed = Training(optimizer, seed: 2)
    resumed.optimizer.prepare(for: resumed.model)
    try resumed.load(Safetensors(bytes))
    for _ in 0..<3 { resumed.step() }
    #expect(resumed.safetensors.bytes == training.safetensors.bytes)
    #expect(resumed.random.next() == training.random.next())
  }

  @Test("descent with momentum") func sgd() throws {
    try check(SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 0.1))
  }

  @Test("AdamW, with its means and its step") func adamW() throws {
    try check(AdamW(learningRate: 0.05))
  }

  @Test("LARS") func lars() throws { try check(LARS(learningRate: 0.5)) }

  @Test("names are what a reader expects")
  func names() {
    var training = Training(AdamW(), seed: 1)
    training.step()
    #expect(
      training.safetensors.entries.map { $0.name }.filter { $0.hasPrefix("optimizer.") } == [
        "optimizer.first.0", "optimizer.first.1", "optimizer.first.2", "optimizer.first.3",
        "optimizer.second.0", "optimizer.second.1", "optimizer.second.2", "optimizer.second.3",
        "optimizer.step",
      ])
    #expect(training.parameterCount == 3 * 4 + 4 + 4 + 4)
  }

  @Test("an optimizer without room for a state refuses one")
  func unprepared() throws {
    var training = Training(AdamW(), seed: 1)
    training.step()
    var other = Training(AdamW(), seed: 1)
    #expect(
      throws: SafetensorsError.mismatch("optimizer.step", file: [4], module: [0])
    ) { try other.load(training.safetensors) }
  }

  @Test("a stream goes on from any place", arguments: [0, 1, 2, 3, 4, 5, 4097])
  func stream(drawn: Int) throws {
    var random = RandomSource(seed: 0xFEDC_BA98_7654_3210)
    random = random.split()
    for _ in 0..<drawn { _ = random.nextBits() }
    var other = RandomSource(seed: 1)
    try other.load(Safetensors(random.safetensors.bytes))
    for _ in 0..<9 { #expect(other.nextBits() == random.nextBits()) }
    #expect(other.split().safetensors.bytes == random.split().safetensors.bytes)
  }

  @Test("a damaged state is some state, not a crash")
  func damaged() throws {
    var file = Safetensors()
    file.append("", Tensor((0..<16).map { $0 % 3 == 0 ? -1 : $0 % 3 == 1 ? .nan : 70_000.5 }))
    var random = RandomSource(seed: 1)
    try random.load(file)
    _ = Tensor.normal([5], using: &random)
    _ = random.next()
  }
}
