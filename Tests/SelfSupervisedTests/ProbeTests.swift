import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

private let classes12 = [0, 1, 2, 2, 1, 0, 0, 1, 2, 1, 0, 2]

@Suite("Ridge probe") struct RidgeProbeTests {
  @Test(
    "agrees with PyTorch, with fewer and with more columns than rows", arguments: ["tall", "wide"])
  func torch(form: String) throws {
    let fixture = try TorchFixture("probes")
    let probe = RidgeProbe(
      features: try fixture.tensor("ridge.\(form).features"), labels: classes12, classes: 3,
      penalty: 0.3)
    expectClose(probe.weight.elements, try fixture.numbers("ridge.\(form).weight"))
    expectClose(probe.bias.elements, try fixture.numbers("ridge.\(form).bias"))
  }

  @Test("the gradient of what it minimizes is 0") func optimality() {
    var random = RandomSource(seed: 1)
    let x = Tensor.normal([12, 4], mean: 2, using: &random)
    let probe = RidgeProbe(features: x, labels: classes12, classes: 3, penalty: 0.2)
    let error = probe(x) - .oneHot(classes12, classes: 3)
    let gradient = x.matmul(error, transposeSelf: true) * (1 / Float(12)) + probe.weight * 0.2
    #expect(gradient.elements.allSatisfy { $0.magnitude < 1e-5 })
    #expect(error.sum(axes: 0).elements.allSatisfy { $0.magnitude < 1e-5 })
  }

  @Test("one column in closed form; without a penalty it is least squares, with ∞ only the mean")
  func closedForm() {
    let x = Tensor([[-1], [1], [-1], [1]])
    let labels = [0, 1, 0, 1]
    // XᵀX/N = 1 and XᵀY/N = ∓½, so that W = ∓½/(1 + λ).
    let probe = RidgeProbe(features: x + 5, labels: labels, classes: 2, penalty: 0.25)
    expectClose(probe.weight.elements, [-0.4, 0.4])
    expectClose(probe(x + 5).elements, [0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9])
    let exact = RidgeProbe(features: x, labels: labels, classes: 2, penalty: 0)
    expectClose(exact(x).elements, [1, 0, 0, 1, 1, 0, 0, 1])
    #expect(exact.accuracy(x, labels: labels) == 1)
    let flat = RidgeProbe(features: x, labels: labels, classes: 2, penalty: 1e9)
    expectClose(flat(x).elements, Array(repeating: 0.5, count: 8), within: 1e-6)
  }

  @Test("turning the features changes no score") func turned() {
    var random = RandomSource(seed: 2)
    let x = Tensor.normal([12, 4], using: &random)
    let turn = Tensor.normal([4, 4], using: &random).singularValueDecomposition().u
    let probe = RidgeProbe(features: x, labels: classes12, classes: 3)
    let other = RidgeProbe(features: x.matmul(turn), labels: classes12, classes: 3)
    expectClose(other(x.matmul(turn)).elements, [Double](probe(x)))
  }

  @Test("NaN in gives NaN out") func notANumber() {
    let x = Tensor([[1, 2], [.nan, 1], [0, 3]])
    let probe = RidgeProbe(features: x, labels: [0, 1, 0], classes: 2)
    #expect(probe.weight.elements.allSatisfy { $0.isNaN })
    #expect(probe.accuracy(.ones([2, 2]), labels: [0, 0]).isNaN)
    let sound = RidgeProbe(features: .identity(2), labels: [0, 1], classes: 2)
    #expect(sound.accuracy(Tensor([[1, 0], [.nan, 1]]), labels: [0, 0]).isNaN)
  }

  @Test("on ten labels a class it reads off pixels what logistic regression does")
  func digits() throws {
    let digits = try bookDigits()
    let chosen = fewLabels(of: digits.training.labels, perClass: 10, draws: 1)[0]
    let few = digits.training[chosen]
    let ridge = RidgeProbe(features: few.images, labels: few.labels, classes: 10)
    #expect(ridge.accuracy(digits.test.images, labels: digits.test.labels) > 0.84)
  }
}

@Suite("Neighbour probe") struct NeighborProbeTests {
  @Test("shares agree with PyTorch's") func torch() throws {
    let fixture = try TorchFixture("probes")
    let probe = NeighborProbe(
      features: try fixture.tensor("ridge.tall.features"), labels: classes12, classes: 3,
      neighbors: 4, temperature: 0.2)
    expectClose(
      probe(try fixture.tensor("neighbors.queries")).elements,
      try fixture.numbers("neighbors.shares"))
  }

  @Test("one neighbour takes all; equal cosines share alike") func closedForms() {
    let keys = Tensor([[2, 0], [0, 3], [0, -1]])
    let one = NeighborProbe(features: keys, labels: [0, 1, 2], classes: 4, neighbors: 1)
    expectClose(one(Tensor([[5, 1], [0.1, 1]])).elements, [1, 0, 0, 0, 0, 1, 0, 0])
    let all = NeighborProbe(features: keys, labels: [0, 1, 1], classes: 2, neighbors: 3)
    let shares = all(Tensor([[1, 0]])).elements
    let (a, b) = (exp(1 / 0.07), 2.0)
    expectClose(shares, [a / (a + b), b / (a + b)])
    #expect(all.accuracy(Tensor([[1, 0]]), labels: [0]) == 1)
  }

  @Test("agrees with the class that nearestNeighborClasses finds") func classes() throws {
    let digits = try bookDigits()
    let few = digits.training[Array(0..<200)]
    let probe = NeighborProbe(
      features: few.images, labels: few.labels, classes: 10, neighbors: 5)
    let found = nearestNeighborClasses(
      of: digits.test.images, among: few.images, labels: few.labels, neighbors: 5)
    let agree = zip(probe(digits.test.images).argmax(), found).count { $0 == $1 }
    #expect(agree >= 499)
  }

  @Test("a key that holds NaN gives NaN out, wherever it would stand") func notANumberInKeys() {
    let keys = Tensor([[1, 0], [0, .nan], [0, 1]])
    for neighbors in 1...3 {
      let probe = NeighborProbe(
        features: keys, labels: [0, 1, 1], classes: 2, neighbors: neighbors)
      #expect(probe(Tensor([[1, 0], [1e30, 1e30]])).elements.allSatisfy { $0.isNaN })
    }
  }

  @Test("NaN in gives NaN out, in its row alone") func notANumber() {
    let probe = NeighborProbe(features: .identity(2), labels: [0, 1], classes: 2, neighbors: 2)
    let shares = probe(Tensor([[1, 0], [.nan, 1]]))
    #expect(shares.elements.map(\.isNaN) == [false, false, true, true])
    #expect(probe.accuracy(Tensor([[1, 0], [.nan, 1]]), labels: [0, 0]).isNaN)
  }
}

@Suite("Linear CKA") struct LinearCKATests {
  @Test("agrees with PyTorch, by the other formula") func torch() throws {
    let fixture = try TorchFixture("probes")
    let (a, b) = (try fixture.tensor("cka.first"), try fixture.tensor("cka.second"))
    #expect(isClose(linearCKA(a, b), try fixture.numbers("cka.value")[0], within: 1e-7))
    #expect(isClose(linearCKA(b, a), linearCKA(a, b), within: 1e-12))
  }

  @Test("turns, scales and shifts do not count; a stretch of one axis does") func invariance() {
    var random = RandomSource(seed: 3)
    let x = Tensor.normal([20, 4], using: &random)
    let turn = Tensor.normal([4, 4], using: &random).singularValueDecomposition().u
    #expect(isClose(linearCKA(x, x.matmul(turn) * 3 + 1), 1, within: 1e-5))
    #expect(linearCKA(x, x * Tensor([1, 1, 1, 30])) < 0.9)
  }

  @Test("of two columns it is the square of their correlation") func columns() {
    let (x, y) = (Tensor([[1], [2], [3], [6]]), Tensor([[2], [1], [4], [3]]))
    // Deviations (−2, −1, 0, 3) and (−½, −3/2, 3/2, ½): product 4, squares 14 and 5.
    #expect(isClose(linearCKA(x, y), 16.0 / 70, within: 1e-12))
    #expect(linearCKA(x, .ones([4, 2])).isNaN)
    #expect(linearCKA(x, Tensor([[2], [.nan], [4], [3]])).isNaN)
  }
}

@Suite("Probes, given what they cannot take") struct ProbeMistakeTests {
  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      ProbeMistakeTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("RidgeProbe: features [3, 2] and 2 labels") {
      _ = RidgeProbe(features: .ones([3, 2]), labels: [0, 1], classes: 2)
    },
    Mistake("RidgeProbe: features [0, 2] and 0 labels") {
      _ = RidgeProbe(features: .zeros([0, 2]), labels: [], classes: 2)
    },
    Mistake("RidgeProbe: label 2 is not one of 2 classes") {
      _ = RidgeProbe(features: .ones([2, 2]), labels: [0, 2], classes: 2)
    },
    Mistake("RidgeProbe: label -1 is not one of 2 classes") {
      _ = RidgeProbe(features: .ones([2, 2]), labels: [0, -1], classes: 2)
    },
    Mistake("RidgeProbe: penalty -1.0 is negative or not a number") {
      _ = RidgeProbe(features: .ones([2, 2]), labels: [0, 1], classes: 2, penalty: -1)
    },
    Mistake("RidgeProbe: columns of [3, 2] depend on each other; give a penalty") {
      _ = RidgeProbe(features: .ones([3, 2]), labels: [0, 1, 1], classes: 2, penalty: 0)
    },
    Mistake("NeighborProbe: label 5 is not one of 2 classes") {
      _ = NeighborProbe(features: .ones([1, 2]), labels: [5], classes: 2, neighbors: 1)
    },
    Mistake("NeighborProbe: 3 neighbors of 2 keys; needs 1 to 2") {
      _ = NeighborProbe(features: .ones([2, 2]), labels: [0, 1], classes: 2, neighbors: 3)
    },
    Mistake("NeighborProbe: temperature 0.0 is not positive") {
      _ = NeighborProbe(
        features: .ones([2, 2]), labels: [0, 1], classes: 2, neighbors: 1, temperature: 0)
    },
    Mistake("NeighborProbe: queries [1, 3] among keys [2, 2]") {
      _ = NeighborProbe(features: .ones([2, 2]), labels: [0, 1], classes: 2, neighbors: 1)(
        .ones([1, 3]))
    },
    Mistake("linearCKA: [3, 2] and [2, 2] are not rows of the same examples") {
      _ = linearCKA(.ones([3, 2]), .ones([2, 2]))
    },
    Mistake("accuracy: 2 predictions for 1 labels") {
      _ = RidgeProbe(features: .identity(2), labels: [0, 1], classes: 2)
        .accuracy(.identity(2), labels: [0])
    },
  ]
}
