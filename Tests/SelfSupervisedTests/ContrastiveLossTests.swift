import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("NT-Xent on tensors") struct NTXentTests {
  @Test("equal rows cost log(2N − 1)", arguments: [1, 2, 256])
  func equalRows(n: Int) {
    let views = Tensor.ones([2 * n, 4])
    expectClose(
      ntXentLoss(views: views, temperature: 0.5).scalar, log(Double(2 * n - 1)), within: 1e-5)
  }

  @Test("two aligned orthogonal pairs cost log(1 + 2e^(−1/τ))")
  func twoPairs() {
    let views = Tensor([[1, 0], [0, 1], [1, 0], [0, 1]])
    let loss = ntXentLoss(views: views, temperature: 0.5).scalar
    expectClose(loss, log(1 + 2 * exp(-2.0)))
    expectClose(loss, 0.239545)
  }

  @Test("mean, items and gradient agree with PyTorch", arguments: [("hot", 0.5), ("cold", 0.1)])
  func torch(name: String, temperature: Float) throws {
    let fixture = try TorchFixture("contrastive")
    let views = try fixture.tensor("ntxent.views").parameter()
    let expected = try fixture.numbers("ntxent.\(name).losses")
    let losses = ntXentLosses(views: views, temperature: temperature)
    expectClose(losses.elements, expected, within: 2e-6)
    let loss = ntXentLoss(views: views, temperature: temperature)
    expectClose(loss.scalar, expected.reduce(0, +) / 10, within: 2e-6)
    let gradient = try fixture.numbers("ntxent.\(name).gradient")
    expectClose(loss.gradient(of: views).elements, gradient, within: 2e-6)
    expectClose(losses.mean().gradient(of: views).elements, gradient, within: 2e-6)
  }

  @Test("agrees with the double-precision loops and finite differences")
  func loops() {
    var random = RandomSource(seed: 5)
    let views = Tensor.normal([6, 3], using: &random)
    let matrix = Matrix(rows: 6, columns: 3, values: [Double](views))
    expectClose(
      ntXentLoss(views: views, temperature: 0.3).scalar,
      ntXentLoss(views: matrix, temperature: 0.3))
    let check = GradientCheck([views]) { ntXentLoss(views: $0[0], temperature: 0.5) }
    #expect(check.worstError < 2e-3, "\(String(describing: check.worst))")
  }

  @Test("views may be swapped, images permuted, rows stretched")
  func symmetries() {
    var random = RandomSource(seed: 6)
    let views = Tensor.normal([8, 5], using: &random)
    let loss = Double(ntXentLoss(views: views, temperature: 0.5).scalar)
    for order in [[4, 5, 6, 7, 0, 1, 2, 3], [2, 0, 3, 1, 6, 4, 7, 5]] {
      expectClose(ntXentLoss(views: views.gather(order), temperature: 0.5).scalar, loss)
    }
    let stretch = Tensor([1, 2, 3, 4, 5, 6, 7, 8]).reshaped([8, 1])
    expectClose(ntXentLoss(views: views * stretch, temperature: 0.5).scalar, loss)
  }

  @Test("the gradient is orthogonal to each row")
  func orthogonal() {
    var random = RandomSource(seed: 7)
    let views = Tensor.normal([8, 5], using: &random).parameter()
    let gradient = ntXentLoss(views: views, temperature: 0.2).gradient(of: views)
    let products = (gradient * views.stopGradient()).sum(axes: 1)
    expectClose(products.elements, Array(repeating: 0, count: 8), within: 1e-6)
  }

  @Test("an odd number of rows stops the program")
  func odd() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ntXentLoss(views: Tensor.ones([3, 2]), temperature: 0.5)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("ntXentLoss: views [3, 2]"))
  }
}

@Suite("InfoNCE on tensors") struct InfoNCETensorTests {
  @Test("agrees with PyTorch, negatives in the batch")
  func batch() throws {
    let fixture = try TorchFixture("contrastive")
    let queries = try fixture.tensor("infonce.queries").parameter()
    let keys = try fixture.tensor("infonce.keys").parameter()
    let expected = try fixture.numbers("infonce.batch.losses")
    let losses = infoNCELosses(queries: queries, keys: keys, temperature: 0.7)
    expectClose(losses.elements, expected, within: 2e-6)
    let loss = infoNCELoss(queries: queries, keys: keys, temperature: 0.7)
    expectClose(loss.scalar, expected.reduce(0, +) / 5, within: 2e-6)
    for value in [loss, losses.mean()] {
      let gradients = value.gradients(of: [queries, keys])
      for (name, gradient) in zip(["queries", "keys"], gradients) {
        expectClose(
          gradient.elements, try fixture.numbers("infonce.batch.gradient.\(name)"), within: 2e-6)
      }
    }
  }

  @Test("agrees with PyTorch, negatives given")
  func given() throws {
    let fixture = try TorchFixture("contrastive")
    let inputs = try ["queries", "keys", "negatives"].map {
      try fixture.tensor("infonce.\($0)").parameter()
    }
    let expected = try fixture.numbers("infonce.given.losses")
    let losses = infoNCELosses(
      queries: inputs[0], keys: inputs[1], negatives: inputs[2], temperature: 0.7)
    expectClose(losses.elements, expected, within: 2e-6)
    let loss = infoNCELoss(
      queries: inputs[0], keys: inputs[1], negatives: inputs[2], temperature: 0.7)
    expectClose(loss.scalar, expected.reduce(0, +) / 5, within: 2e-6)
    for value in [loss, losses.mean()] {
      for (name, gradient) in zip(
        ["queries", "keys", "negatives"], value.gradients(of: inputs))
      {
        expectClose(
          gradient.elements, try fixture.numbers("infonce.given.gradient.\(name)"), within: 2e-6)
      }
    }
  }

  @Test("equal scores cost the log of the candidates; finite differences agree")
  func closedForms() {
    let ones = Tensor.ones([5, 3])
    expectClose(infoNCELoss(queries: ones, keys: ones, temperature: 1).scalar, log(5))
    let negatives = Tensor.ones([7, 3])
    expectClose(
      infoNCELoss(queries: ones, keys: ones, negatives: negatives, temperature: 0.1).scalar,
      log(8))
    var random = RandomSource(seed: 8)
    let inputs = [[4, 3], [4, 3], [6, 3]].map { Tensor.normal(Shape($0), using: &random) }
    let check = GradientCheck(inputs) {
      infoNCELoss(queries: $0[0], keys: $0[1], negatives: $0[2], temperature: 0.8)
    }
    #expect(check.worstError < 2e-3, "\(String(describing: check.worst))")
  }

  @Test("the order of negatives does not matter, a shift along a query does not either")
  func symmetries() {
    var random = RandomSource(seed: 9)
    let queries = Tensor.normal([4, 3], using: &random)
    let keys = Tensor.normal([4, 3], using: &random)
    let negatives = Tensor.normal([6, 3], using: &random)
    let loss = infoNCELoss(queries: queries, keys: keys, negatives: negatives, temperature: 0.5)
    let other = infoNCELoss(
      queries: queries, keys: keys + Tensor([1, 2, 3]),
      negatives: negatives.gather([5, 3, 1, 0, 2, 4]) + Tensor([1, 2, 3]), temperature: 0.5)
    expectClose(other.scalar, Double(loss.scalar), within: 2e-6)
  }

  @Test("negatives of another width stop the program")
  func shape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let ones = Tensor.ones([2, 3])
      _ = infoNCELoss(queries: ones, keys: ones, negatives: Tensor.ones([4, 5]), temperature: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("queries [2, 3] and negatives [4, 5]"))
  }
}

@Suite("NT-Xent with labels") struct SupConTests {
  @Test("agrees with PyTorch")
  func torch() throws {
    let fixture = try TorchFixture("contrastive")
    let views = try fixture.tensor("ntxent.views").parameter()
    let losses = supConLosses(
      views: views, labels: [0, 1, 0, 2, 1, 0, 1, 0, 2, 1], temperature: 0.5)
    expectClose(losses.elements, try fixture.numbers("supcon.losses"), within: 2e-6)
    expectClose(
      losses.mean().gradient(of: views).elements, try fixture.numbers("supcon.gradient"),
      within: 2e-6)
  }

  @Test("with a class for each image it is NT-Xent")
  func ownClasses() {
    var random = RandomSource(seed: 10)
    let views = Tensor.normal([8, 4], using: &random)
    let loss = supConLoss(views: views, labels: [0, 1, 2, 3, 0, 1, 2, 3], temperature: 0.3)
    expectClose(loss.scalar, Double(ntXentLoss(views: views, temperature: 0.3).scalar))
  }
}
