import SelfSupervised
import Tensors
import TestSupport
import Testing

/// Unit rows in double precision.
private func unit(_ x: Tensor) -> [[Double]] {
  (0..<x.shape[0]).map { i in
    let row = x[i].elements.map { Double($0) }
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return row.map { $0 / length }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite("CLIP's loss") struct CLIPLossTests {
  /// Figure 3 of the paper as loops: two cross-entropies over the matrix of scores.
  func figureThree(_ images: Tensor, _ texts: Tensor, _ logitScale: Double) -> [Double] {
    let (u, v) = (unit(images), unit(texts))
    return u.indices.map { i in
      var (rows, columns) = (0.0, 0.0)
      for j in u.indices {
        rows += exp(exp(logitScale) * dot(u[i], v[j]))
        columns += exp(exp(logitScale) * dot(u[j], v[i]))
      }
      let own = exp(logitScale) * dot(u[i], v[i])
      return ((log(rows) - own) + (log(columns) - own)) / 2
    }
  }

  @Test("equal rows cost log N in each direction", arguments: [1, 2, 64])
  func equalRows(n: Int) {
    let rows = Tensor.ones([n, 8])
    let loss = clipLoss(images: rows, texts: rows * 3, logitScale: Tensor(2))
    expectClose(loss.scalar, log(Double(n)), within: 1e-6)
  }

  @Test("orthogonal pairs cost log(1 + (N − 1)e^−s)", arguments: [2, 5])
  func orthogonal(n: Int) {
    let rows = Tensor.identity(n)
    let loss = clipLoss(images: rows, texts: rows, logitScale: Tensor(Float(log(3.0))))
    expectClose(loss.scalar, log(1 + Double(n - 1) * exp(-3.0)), within: 1e-6)
  }

  @Test("agrees with figure 3 of the paper, written as loops", arguments: [-1.0, 0, 2.66])
  func loops(logitScale: Double) {
    var random = RandomSource(seed: 3)
    let images = Tensor.normal([7, 5], using: &random)
    let texts = Tensor.normal([7, 5], using: &random)
    let scale = Tensor(Float(logitScale))
    let expected = figureThree(images, texts, logitScale)
    let losses = clipLosses(images: images, texts: texts, logitScale: scale)
    expectClose(losses.elements, expected, within: 1e-5)
    let loss = clipLoss(images: images, texts: texts, logitScale: scale)
    expectClose(loss.scalar, expected.reduce(0, +) / 7, within: 1e-5)
  }

  @Test("exchanging images and texts, or the order of the pairs, changes nothing")
  func symmetry() {
    var random = RandomSource(seed: 4)
    let images = Tensor.normal([6, 3], using: &random)
    let texts = Tensor.normal([6, 3], using: &random)
    let scale = Tensor(1)
    let loss = Double(clipLoss(images: images, texts: texts, logitScale: scale).scalar)
    let exchanged = clipLoss(images: texts, texts: images, logitScale: scale)
    expectClose(exchanged.scalar, loss, within: 1e-6)
    let order = [3, 0, 5, 1, 4, 2]
    let mixed = clipLoss(
      images: images.gather(order), texts: texts.gather(order), logitScale: scale)
    expectClose(mixed.scalar, loss, within: 1e-6)
  }

  @Test("gradients agree with finite differences") func finiteDifferences() {
    var random = RandomSource(seed: 5)
    let inputs = [
      Tensor.normal([4, 3], using: &random), Tensor.normal([4, 3], using: &random), Tensor(0.7),
    ]
    let mean = GradientCheck(inputs) { clipLoss(images: $0[0], texts: $0[1], logitScale: $0[2]) }
    #expect(mean.worstError < 5e-3, "\(String(describing: mean.worst))")
    let each = GradientCheck(inputs) {
      clipLosses(images: $0[0], texts: $0[1], logitScale: $0[2]).mean()
    }
    #expect(each.worstError < 5e-3, "\(String(describing: each.worst))")
  }

  @Test("agrees with PyTorch's loss and gradients") func torch() throws {
    let fixture = try TorchFixture("pairs")
    let inputs = try ["images", "texts", "logitScale"].map {
      try fixture.tensor("clip.\($0)").parameter()
    }
    let loss = clipLoss(images: inputs[0], texts: inputs[1], logitScale: inputs[2])
    expectClose(loss.scalar, try fixture.numbers("clip.loss")[0], within: 1e-6)
    let losses = clipLosses(images: inputs[0], texts: inputs[1], logitScale: inputs[2])
    expectClose(losses.elements, try fixture.numbers("clip.losses"), within: 2e-6)
    for (name, gradient) in zip(["images", "texts", "logitScale"], loss.gradients(of: inputs)) {
      let expected = try fixture.numbers("clip.gradient.\(name)")
      expectClose(gradient.elements, expected, within: 2e-6, name)
    }
  }

  @Test("a scale beyond 100 counts as 100 and has no gradient") func limit() {
    var random = RandomSource(seed: 6)
    let images = Tensor.normal([3, 4], using: &random)
    let texts = Tensor.normal([3, 4], using: &random)
    let huge = Tensor(9).parameter()
    let loss = clipLoss(images: images.parameter(), texts: texts, logitScale: huge)
    let limit = clipLoss(images: images, texts: texts, logitScale: Tensor(Float(log(100.0))))
    expectClose(loss.scalar, Double(limit.scalar), within: 1e-5)
    #expect(loss.gradient(of: huge).scalar == 0)
  }

  @Test("shapes that differ stop with both") func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = clipLoss(images: .ones([3, 4]), texts: .ones([2, 4]), logitScale: Tensor(0))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("clipLoss: rows [3, 4] and [2, 4]"))
  }

  @Test("retrieval counts partners among the nearest") func retrieval() {
    // Cosines: query 0 finds its own; query 1 prefers 2; query 2 prefers 1.
    let queries = Tensor([[1, 0, 0], [0, 1, 0.5], [0, 0.5, 1]])
    let candidates = Tensor([[2, 0, 0], [0, 0, 1], [0, 1, 0]])
    expectClose(
      Float(retrievalAccuracy(queries: queries, candidates: candidates)), 1 / 3, within: 1e-6)
    #expect(retrievalAccuracy(queries: queries, candidates: candidates, top: 2) == 1)
  }
}

@Suite("MoCo's loss") struct MoCoLossTests {
  /// Algorithm 1 of the paper as loops: one row of K + 1 logits, whose label is 0.
  func algorithmOne(_ queries: Tensor, _ keys: Tensor, _ queue: Tensor, _ temperature: Double)
    -> [Double]
  {
    let (q, k, old) = (unit(queries), unit(keys), unit(queue))
    return q.indices.map { i in
      var logits = [dot(q[i], k[i]) / temperature]
      for key in old { logits.append(dot(q[i], key) / temperature) }
      return log(logits.reduce(0) { $0 + exp($1) }) - logits[0]
    }
  }

  @Test("equal rows cost log(K + 1)", arguments: [1, 64, 1024])
  func equalRows(count: Int) {
    let loss = mocoLoss(
      queries: .ones([4, 8]), keys: .ones([4, 8]), queue: .ones([count, 8]), temperature: 0.2)
    expectClose(loss.scalar, log(Double(count + 1)), within: 1e-6)
  }

  @Test("an own key found among orthogonal ones costs log(1 + K e^−1/τ)")
  func orthogonal() {
    let row = Tensor([[1, 0, 0]])
    let queue = Tensor([[0, 1, 0], [0, 0, 1], [0, -1, 0]])
    let loss = mocoLoss(queries: row, keys: row * 5, queue: queue, temperature: 0.5)
    expectClose(loss.scalar, log(1 + 3 * exp(-2.0)), within: 1e-6)
  }

  @Test("agrees with algorithm 1 of the paper, written as loops", arguments: [0.07, 0.2, 1])
  func loops(temperature: Double) {
    var random = RandomSource(seed: 7)
    let queries = Tensor.normal([5, 6], using: &random)
    let keys = Tensor.normal([5, 6], using: &random)
    let queue = Tensor.normal([9, 6], using: &random)
    let expected = algorithmOne(queries, keys, queue, temperature)
    let losses = mocoLosses(
      queries: queries, keys: keys, queue: queue, temperature: Float(temperature))
    expectClose(losses.elements, expected, within: 1e-5)
    let loss = mocoLoss(
      queries: queries, keys: keys, queue: queue, temperature: Float(temperature))
    expectClose(loss.scalar, expected.reduce(0, +) / 5, within: 1e-5)
  }

  @Test("the order of the queue changes nothing; the other keys of the batch do not count")
  func symmetry() {
    var random = RandomSource(seed: 8)
    let queries = Tensor.normal([3, 4], using: &random)
    let keys = Tensor.normal([3, 4], using: &random)
    let queue = Tensor.normal([5, 4], using: &random)
    let losses = mocoLosses(queries: queries, keys: keys, queue: queue, temperature: 0.3)
    let turned = mocoLosses(
      queries: queries, keys: keys, queue: queue.gather([4, 2, 0, 1, 3]), temperature: 0.3)
    expectClose(turned.elements, [Double](losses), within: 1e-6)
    let alone = mocoLosses(
      queries: queries[1..<2], keys: keys[1..<2], queue: queue, temperature: 0.3)
    expectClose(alone.scalar, Double(losses.elements[1]), within: 1e-6)
  }

  @Test("gradients agree with finite differences") func finiteDifferences() {
    var random = RandomSource(seed: 9)
    let queries = Tensor.normal([3, 4], using: &random)
    let keys = Tensor.normal([3, 4], using: &random)
    let queue = Tensor.normal([5, 4], using: &random)
    let check = GradientCheck([queries]) {
      mocoLoss(queries: $0[0], keys: keys, queue: queue, temperature: 0.5)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
  }

  @Test("no gradient reaches keys or queue") func stopped() {
    var random = RandomSource(seed: 10)
    let queries = Tensor.normal([3, 4], using: &random).parameter()
    let keys = Tensor.normal([3, 4], using: &random).parameter()
    let queue = Tensor.normal([5, 4], using: &random).parameter()
    let loss = mocoLoss(queries: queries, keys: keys, queue: queue, temperature: 0.5)
    let gradients = loss.gradients(of: [queries, keys, queue])
    #expect(gradients[0] != .zeros([3, 4]))
    #expect(gradients[1] == .zeros([3, 4]))
    #expect(gradients[2] == .zeros([5, 4]))
  }

  @Test("agrees with PyTorch's loss and gradient") func torch() throws {
    let fixture = try TorchFixture("pairs")
    let queries = try fixture.tensor("moco.queries").parameter()
    let (keys, queue) = (try fixture.tensor("moco.keys"), try fixture.tensor("moco.queue"))
    let loss = mocoLoss(queries: queries, keys: keys, queue: queue, temperature: 0.2)
    expectClose(loss.scalar, try fixture.numbers("moco.loss")[0], within: 1e-6)
    let losses = mocoLosses(queries: queries, keys: keys, queue: queue, temperature: 0.2)
    expectClose(losses.elements, try fixture.numbers("moco.losses"), within: 2e-6)
    expectClose(
      loss.gradient(of: queries).elements, try fixture.numbers("moco.gradient.queries"),
      within: 2e-6)
  }

  @Test("shapes that do not fit stop with both") func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = mocoLoss(
        queries: .ones([3, 4]), keys: .ones([3, 4]), queue: .ones([7, 5]), temperature: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("mocoLoss: queries [3, 4] and a queue [7, 5]"))
  }
}
