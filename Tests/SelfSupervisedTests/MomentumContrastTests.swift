import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// Compares a module's tensors with those of a fixture.
func expectTensors<M: Module>(of module: M, in fixture: TorchFixture, _ prefix: String) throws {
  var copy = module
  var tensors: [(name: String, tensor: Tensor)] = []
  copy.visitParameters(ParameterPath()) { path, tensor in
    tensors.append(("\(prefix).\(path)", tensor))
  }
  for (name, tensor) in tensors {
    expectClose(tensor.elements, try fixture.numbers(name), within: 1e-5, name)
  }
}

@Suite("MoCo's queue") struct KeyQueueTests {
  /// Rows that say when they were put in.
  func batch(_ numbers: [Int]) -> Tensor {
    Tensor(numbers.flatMap { [Float($0), -Float($0)] }, shape: [numbers.count, 2])
  }

  func contents(_ queue: KeyQueue) -> [Int] {
    let keys = queue.keys
    return queue.order.map { Int(keys[$0].elements[0]) }
  }

  @Test(
    "first in, first out, with exact ages, for batches that divide K and that do not",
    arguments: [(6, 2), (7, 3), (5, 5), (4, 7), (1, 1), (8, 3)])
  func order(capacity: Int, size: Int) {
    var queue = KeyQueue(capacity: capacity, dimension: 2)
    var all: [(key: Int, batch: Int)] = []
    for step in 0..<11 {
      let numbers = (0..<size).map { step * size + $0 }
      queue.enqueue(batch(numbers))
      all += numbers.map { ($0, step) }
      all = Array(all.suffix(capacity))
      #expect(queue.count == all.count)
      #expect(queue.keys.shape == [all.count, 2])
      #expect(contents(queue) == all.map { $0.key })
      let ages = queue.ages
      #expect(queue.order.map { ages[$0] } == all.map { step - $0.batch })
    }
  }

  @Test("a key that is not replaced does not move") func inPlace() {
    var queue = KeyQueue(capacity: 4, dimension: 2)
    queue.enqueue(batch([1, 2, 3]))
    queue.enqueue(batch([4, 5]))
    #expect(queue.keys == Tensor([[5, -5], [2, -2], [3, -3], [4, -4]]))
    #expect(queue.order == [1, 2, 3, 0])
    #expect(queue.ages == [0, 1, 1, 0])
    #expect(queue.head == 1)
  }

  @Test("starts full of unit vectors, which leave first") func randomStart() {
    var random = RandomSource(seed: 11)
    var queue = KeyQueue(capacity: 6, dimension: 3, using: &random)
    #expect(queue.count == 6)
    let lengths = queue.keys.squared().sum(axes: 1).elements
    expectClose(lengths, [Double](repeating: 1, count: 6), within: 1e-6)
    queue.enqueue(.zeros([4, 3]))
    #expect(queue.ages == [0, 0, 0, 0, 1, 1])
  }

  @Test("a copy keeps its keys") func value() {
    var queue = KeyQueue(capacity: 2, dimension: 2)
    queue.enqueue(batch([1, 2]))
    let (copy, keys) = (queue, queue.keys)
    queue.enqueue(batch([3]))
    #expect(contents(copy) == [1, 2])
    #expect(keys == batch([1, 2]))
  }

  @Test("keys of another length stop with both shapes") func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var queue = KeyQueue(capacity: 2, dimension: 3)
      queue.enqueue(.zeros([1, 4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("KeyQueue: keys [1, 4] into a queue [2, 3]"))
  }
}

@Suite("Momentum contrast") struct MomentumContrastTests {
  @Test("one step equals PyTorch's: queries trained, keys follow, queue turns") func step() throws {
    let fixture = try TorchFixture("pairs")
    var random = RandomSource(seed: 0)
    let layers = fixture.load(MLP([6, 8, 4], using: &random), prefix: "mocoStep.")
    var model = MomentumContrast(
      layers, dimension: 4, capacity: 5, momentum: 0.9, temperature: 0.2, using: &random)
    model.queue.enqueue(try fixture.tensor("mocoStep.queue"))
    let views = try fixture.tensor("mocoStep.queries")
    let others = try fixture.tensor("mocoStep.keys")
    try fixture.checkStep(layers, prefix: "mocoStep.") { encoder in
      mocoLoss(
        queries: encoder(views), keys: model.keys(of: others), queue: model.queue.keys,
        temperature: 0.2)
    }

    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    let value = model.update(queries: views, keys: others, optimizer: &optimizer)
    expectClose(value.scalar, try fixture.numbers("mocoStep.loss")[0], within: 2e-6)
    try expectTensors(of: model.queryEncoder, in: fixture, "mocoStep.after")
    try expectTensors(of: model.keyEncoder, in: fixture, "mocoStep.key")
    let turned = try fixture.numbers("mocoStep.newKeys") + fixture.numbers("mocoStep.queue")[12...]
    expectClose(model.queue.keys.elements, turned, within: 2e-6)
  }

  @Test("only the query encoder is trained") func parameters() {
    var random = RandomSource(seed: 12)
    let layers = MLP([4, 3], using: &random)
    var model = MomentumContrast(layers, dimension: 3, capacity: 8, using: &random)
    #expect(model.parameterCount == 15)
    let keys = model.keys(of: .ones([2, 4]).parameter())
    #expect(!keys.isRecorded)
    #expect(!model.queue.keys.isRecorded)
    // The key encoder begins as a copy and stays one while m = 1.
    model.momentum = 1
    var optimizer = SGD(learningRate: 1)
    _ = model.update(queries: .ones([2, 4]), keys: .ones([2, 4]), optimizer: &optimizer)
    #expect(model.keyEncoder.layers[0].weight == layers.layers[0].weight)
    #expect(model.queryEncoder.layers[0].weight != layers.layers[0].weight)
  }

  @Test("a training that was saved goes on to the same bits, queue and all") func resumes() throws {
    var random = RandomSource(seed: 14)
    let views = (0..<5).map { _ in Tensor.normal([3, 4], using: &random) }
    func start(_ seed: UInt64) -> (model: MomentumContrast<MLP>, optimizer: AdamW) {
      var random = RandomSource(seed: seed)
      let model = MomentumContrast(
        MLP([4, 3], using: &random), dimension: 3, capacity: 8, momentum: 0.9, using: &random)
      return (model, AdamW(learningRate: 0.1))
    }
    var (model, optimizer) = start(1)
    func train(_ steps: Range<Int>) {
      for i in steps {
        _ = model.update(queries: views[i], keys: views[i] * 0.9, optimizer: &optimizer)
      }
    }
    train(0..<3)
    let saved = (model.safetensors.bytes, optimizer.safetensors.bytes)
    train(3..<5)
    let expected = (model.safetensors.bytes, model.queue.ages, model.queue.order)
    (model, optimizer) = start(2)
    optimizer.prepare(for: model.queryEncoder)
    try model.load(Safetensors(saved.0))
    try optimizer.load(Safetensors(saved.1))
    train(3..<5)
    #expect(model.safetensors.bytes == expected.0)
    #expect(model.queue.ages == expected.1)
    #expect(model.queue.order == expected.2)
  }

  @Test("the key encoder is the average of past query encoders") func unrolled() {
    var random = RandomSource(seed: 13)
    let layers = MLP([3, 2], using: &random)
    var model = MomentumContrast(
      layers, dimension: 2, capacity: 4, momentum: 0.8, temperature: 0.5, using: &random)
    var optimizer = SGD(learningRate: 0.5)
    var past: [[Float]] = []
    for _ in 0..<6 {
      let x = Tensor.normal([2, 3], using: &random)
      _ = model.update(queries: x, keys: x + 0.1, optimizer: &optimizer)
      past.append(model.queryEncoder.layers[0].weight.elements)
    }
    let start = layers.layers[0].weight.elements
    let expected = start.indices.map { i in
      var sum = pow(0.8, 6) * Double(start[i])
      for (t, weight) in past.enumerated() {
        sum += 0.2 * pow(0.8, Double(5 - t)) * Double(weight[i])
      }
      return sum
    }
    expectClose(model.keyEncoder.layers[0].weight.elements, expected, within: 1e-5)
  }

  @Test("a small batch is learned by heart", arguments: [1, 2, 3] as [UInt64]) func overfits(
    seed: UInt64
  ) {
    var random = RandomSource(seed: seed)
    let x = Tensor.normal([8, 6], using: &random)
    let encoder = MLP([6, 32, 16], using: &random)
    var model = MomentumContrast(
      encoder, dimension: 16, capacity: 24, momentum: 0.95, temperature: 0.1, using: &random)
    // Fill the queue with other points, then ask each point for its noisy copy.
    var optimizer = AdamW(learningRate: 3e-3)
    var loss: Float = 0
    for _ in 0..<200 {
      let others = Tensor.normal([8, 6], using: &random)
      model.queue.enqueue(model.keys(of: others))
      let noise = Tensor.normal([8, 6], standardDeviation: 0.05, using: &random)
      let value = model.loss(of: x, keys: model.keys(of: x + noise))
      loss = value.scalar
      optimizer.update(
        &model.queryEncoder, value.gradients(of: model.queryEncoder.parameters))
    }
    #expect(loss < 0.7)
  }
}
