import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Digits as tensors") struct DigitTensorTests {
  @Test("rows are the images, in order")
  func rows() throws {
    let digits = try bookDigits()
    #expect(digits.training.images.shape == [1297, 64])
    #expect(digits.test.images.shape == [500, 64])
    #expect(digits.test.labels == Array(digits.labels.prefix(500)))
    expectClose(digits.training.images[3].elements, digits.trainingImages[3])
    let few = digits.training[[7, 2]]
    #expect(few.images[1] == digits.training.images[2])
    #expect(few.labels == [digits.labels[507], digits.labels[502]])
  }
}

@Suite("Linear probe") struct LinearProbeTests {
  @Test("separable classes are separated, and the gradient vanishes at the end")
  func separable() {
    let x = Tensor([[2, 0], [3, 1], [-2, 0], [-3, 1], [0, -4], [1, -5]])
    let labels = [0, 0, 1, 1, 2, 2]
    let probe = LinearProbe(features: x, labels: labels, classes: 3, penalty: 0.1, steps: 2000)
    #expect(probe.accuracy(x, labels: labels) == 1)
    let error = (probe(x).softmax() - .oneHot(labels, classes: 3)) * (1 / Float(6))
    let gradient = x.matmul(error, transposeSelf: true) + probe.weight * 0.1
    #expect(gradient.elements.allSatisfy { $0.magnitude < 1e-5 })
    #expect(error.sum(axes: 0).elements.allSatisfy { $0.magnitude < 1e-5 })
  }

  @Test("long features do not overshoot")
  func stability() {
    var random = RandomSource(seed: 3)
    let x = Tensor.normal([40, 30], standardDeviation: 100, using: &random)
    let labels = (0..<40).map { $0 % 4 }
    let probe = LinearProbe(features: x, labels: labels, classes: 4, steps: 300)
    #expect(probe.weight.elements.allSatisfy { $0.isFinite && $0.magnitude < 10 })
    #expect(probe.accuracy(x, labels: labels) > 0.9)
  }

  @Test("draws of few labels are balanced, repeatable, and different from each other")
  func draws() {
    let labels = (0..<100).map { $0 % 10 }
    let lists = fewLabels(of: labels, perClass: 3, draws: 2)
    #expect(lists == fewLabels(of: labels, perClass: 3, draws: 2))
    #expect(lists[0] != lists[1])
    for list in lists {
      #expect(Set(list).count == 30)
      for label in 0..<10 { #expect(list.count { labels[$0] == label } == 3) }
    }
  }

  @Test("more labels than there are stop the program")
  func tooMany() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = fewLabels(of: [0, 0, 1], perClass: 2, draws: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("class 1 has 1 examples, 2 are asked for"))
  }
}

@Suite("Features of the digits") struct FeatureEvaluationTests {
  // exp_probe_protocol: raw pixels .627 to .842 to .895, 1-NN .631 and .912, se .01 to .03.
  @Test("raw pixels are worth what they are known to be worth")
  func raw() throws {
    let raw = FeatureEvaluation(of: try bookDigits()) { $0 }
    let linear = [1, 5, 10].map { raw.linearAccuracy(labelsPerClass: $0) }
    let neighbor = [1, 10].map { raw.neighborAccuracy(labelsPerClass: $0) }
    #expect(0.5...0.7 ~= linear[0], "\(linear)")
    #expect(0.78...0.88 ~= linear[1], "\(linear)")
    #expect(0.85...0.92 ~= linear[2], "\(linear)")
    #expect(0.55...0.70 ~= neighbor[0], "\(neighbor)")
    #expect(0.88...0.94 ~= neighbor[1], "\(neighbor)")
    #expect(raw.neighborAccuracy(labelsPerClass: nil) > 0.97)
    #expect(raw.linearAccuracy(labelsPerClass: nil) > 0.92)
  }

  @Test("votes of neighbors as plain loops")
  func votes() {
    let keys = Tensor([[1, 0], [0.9, 0.1], [0, 1], [0.1, 1]])
    let queries = Tensor([[1, 0.05], [0.2, 2]])
    let found = nearestNeighborClasses(of: queries, among: keys, labels: [0, 1, 2, 2])
    #expect(found == [0, 2])
    let voted = nearestNeighborClasses(
      of: queries, among: keys, labels: [0, 2, 1, 1], neighbors: 3)
    #expect(voted == [0, 1] || voted == [2, 1])
  }
}

@Suite("Geometry of features") struct FeatureGeometryTests {
  @Test("agrees with PyTorch")
  func torch() throws {
    let fixture = try TorchFixture("contrastive")
    let h = try fixture.tensor("geometry.features")
    #expect(isClose(effectiveRank(of: h), try fixture.numbers("geometry.rank")[0], within: 1e-6))
    #expect(
      isClose(effectiveRank(of: h.transposed()), effectiveRank(of: h), within: 1e-9))
    #expect(isClose(uniformity(h), try fixture.numbers("geometry.uniformity")[0], within: 1e-6))
    #expect(
      isClose(
        alignment(h[0..<10], h[10..<20]), try fixture.numbers("geometry.alignment")[0],
        within: 1e-6))
    let variances = try fixture.numbers("geometry.variances")
    let components = PrincipalComponents(of: h, count: 3)
    for i in 0..<3 { #expect(isClose(components.variances[i], variances[i], within: 1e-4)) }
    #expect(isClose(components.totalVariance, variances.reduce(0, +), within: 1e-4))
  }

  @Test("closed forms")
  func closedForms() {
    #expect(isClose(effectiveRank(of: .identity(9)), 9))
    #expect(isClose(effectiveRank(of: .ones([7, 5])), 1, within: 1e-5))
    #expect(effectiveRank(of: .zeros([3, 3])) == 0)
    #expect(isClose(uniformity(.ones([6, 3])), 0, within: 1e-6))
    // Opposite points: |z − z′|² = 4.
    #expect(isClose(uniformity(Tensor([[1, 0], [-1, 0]])), -8, within: 1e-6))
    #expect(isClose(alignment(Tensor([[1, 0]]), Tensor([[0, 3]])), 2, within: 1e-6))
  }

  @Test("components are orthonormal, and their scores uncorrelated")
  func components() {
    var random = RandomSource(seed: 5)
    let x = Tensor.normal([60, 6], using: &random).matmul(Tensor.normal([6, 6], using: &random))
    let components = PrincipalComponents(of: x, count: 4)
    let w = components.directions
    expectClose(
      w.matmul(w, transposeSelf: true).elements, [Double](Tensor.identity(4)), within: 1e-5)
    let scores = components(x)
    let covariance = scores.matmul(scores, transposeSelf: true) * (1 / Float(59))
    for i in 0..<4 {
      for j in 0..<4 {
        let expected = i == j ? components.variances[i] : 0
        expectClose(covariance[element: i, j], expected, within: 2e-3)
      }
    }
    #expect(components.variances == components.variances.sorted(by: >))
  }
}
