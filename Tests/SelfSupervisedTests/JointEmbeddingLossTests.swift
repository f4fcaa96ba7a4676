import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// The rows of a tensor in double precision.
func rows(_ x: Tensor) -> [[Double]] { (0..<x.shape[0]).map { [Double](x[$0]) } }

/// Four points at the corners of a square: coordinates without covariance, of variance 4a²/3.
private func square(_ a: Float) -> Tensor { Tensor([[a, a], [a, -a], [-a, a], [-a, -a]]) }

@Suite("VICReg's loss") struct VICRegLossTests {
  /// Algorithm 1 of the paper as loops, with the authors' factors.
  func algorithmOne(_ views: Tensor) -> [Double] {
    let all = rows(views)
    let (n, d) = (all.count / 2, all[0].count)
    var invariance = 0.0
    for i in 0..<n {
      for j in 0..<d { invariance += pow(all[i][j] - all[i + n][j], 2) / Double(n * d) }
    }
    var (variance, covariance) = (0.0, 0.0)
    for view in [Array(all[..<n]), Array(all[n...])] {
      let mean = (0..<d).map { j in view.reduce(0) { $0 + $1[j] } / Double(n) }
      for j in 0..<d {
        for k in 0..<d {
          var c = 0.0
          for z in view { c += (z[j] - mean[j]) * (z[k] - mean[k]) / Double(n - 1) }
          if j == k {
            variance += max(0, 1 - sqrt(c + 1e-4)) / Double(2 * d)
          } else {
            covariance += c * c / Double(d)
          }
        }
      }
    }
    return [invariance, variance, covariance]
  }

  @Test("a constant map costs 25·(1 − 0.01), and its gradient is 0")
  func collapse() {
    let views = Tensor.full([8, 3], 0.7).parameter()
    let loss = vicRegLoss(views: views)
    expectClose(loss.scalar, 24.75, within: 1e-6)
    #expect(loss.gradient(of: views) == .zeros([8, 3]))
  }

  @Test("equal views without covariance cost what their variance lacks", arguments: [0.3, 2])
  func square(side: Float) {
    let z = SelfSupervisedTests.square(side)
    let terms = vicRegTerms(views: .concatenate([z, z]))
    expectClose(terms.invariance.scalar, 0)
    expectClose(terms.covariance.scalar, 0)
    let deviation = sqrt(Double(side * side) * 4 / 3 + 1e-4)
    expectClose(terms.variance.scalar, max(0, 1 - deviation))
  }

  @Test(
    "agrees with algorithm 1 of the paper, written as loops", arguments: [(2, 1), (4, 3), (7, 5)])
  func loops(images: Int, size: Int) {
    var random = RandomSource(seed: 3)
    let views = Tensor.normal([2 * images, size], using: &random)
    let expected = algorithmOne(views)
    let terms = vicRegTerms(views: views)
    expectClose(
      [terms.invariance.scalar, terms.variance.scalar, terms.covariance.scalar], expected)
    let loss = vicRegLoss(
      views: views, invarianceWeight: 2, varianceWeight: 3, covarianceWeight: 0.5)
    expectClose(loss.scalar, 2 * expected[0] + 3 * expected[1] + 0.5 * expected[2])
  }

  @Test("views may be swapped, images and coordinates permuted, everything moved or mirrored")
  func symmetries() {
    var random = RandomSource(seed: 4)
    let views = Tensor.normal([6, 4], using: &random)
    let loss = Double(vicRegLoss(views: views).scalar)
    let mirrored = views * Tensor([1, -1, 1, -1]) + Tensor([3, 0, -2, 1])
    for same in [otherViews(views), views.gather([2, 0, 1, 5, 3, 4]), mirrored] {
      expectClose(vicRegLoss(views: same).scalar, loss, within: 2e-6)
    }
    let turned = views.transposed().gather([3, 1, 0, 2]).transposed()
    expectClose(vicRegLoss(views: turned).scalar, loss, within: 2e-6)
  }

  @Test("gradients agree with finite differences") func finiteDifferences() {
    var random = RandomSource(seed: 5)
    let views = Tensor.normal([6, 3], standardDeviation: 0.6, using: &random)
    let check = GradientCheck([views]) {
      vicRegLoss(views: $0[0], invarianceWeight: 1, varianceWeight: 1, covarianceWeight: 1)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
  }

  @Test("agrees with PyTorch's terms and gradient") func torch() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("loss.views").parameter()
    let terms = vicRegTerms(views: views)
    for (name, term) in [
      ("invariance", terms.invariance), ("variance", terms.variance),
      ("covariance", terms.covariance),
    ] {
      expectClose(term.scalar, try fixture.numbers("vicreg.\(name)")[0], within: 1e-6, name)
    }
    let loss = vicRegLoss(views: views)
    expectClose(loss.scalar, try fixture.numbers("vicreg.loss")[0], within: 1e-6)
    expectClose(
      loss.gradient(of: views).elements, try fixture.numbers("vicreg.gradient"), within: 2e-6)
  }
}

@Suite("The loss of Barlow Twins") struct BarlowTwinsLossTests {
  /// Algorithm 1 of the paper as loops.
  func algorithmOne(_ views: Tensor, _ weight: Double) -> Double {
    let all = rows(views)
    let (n, d) = (all.count / 2, all[0].count)
    func standardized(_ view: [[Double]], _ j: Int) -> [Double] {
      let mean = view.reduce(0) { $0 + $1[j] } / Double(n)
      let variance = view.reduce(0) { $0 + pow($1[j] - mean, 2) } / Double(n)
      return view.map { ($0[j] - mean) / sqrt(variance + 1e-5) }
    }
    var loss = 0.0
    for j in 0..<d {
      for k in 0..<d {
        let (a, b) = (standardized(Array(all[..<n]), j), standardized(Array(all[n...]), k))
        let c = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
        loss += j == k ? pow(1 - c, 2) : weight * c * c
      }
    }
    return loss
  }

  @Test("a constant map costs D, and its gradient is 0", arguments: [1, 6])
  func collapse(size: Int) {
    let views = Tensor.full([8, size], 0.7).parameter()
    let loss = barlowTwinsLoss(views: views)
    expectClose(loss.scalar, Double(size), within: 1e-6)
    #expect(loss.gradient(of: views).elements.allSatisfy { $0.magnitude < 1e-6 })
  }

  @Test("equal views without correlation cost nothing, and copies of one coordinate λD(D − 1)")
  func closedForms() {
    let z = square(20)
    expectClose(barlowTwinsLoss(views: .concatenate([z, z])).scalar, 0, within: 1e-6)
    expectClose(
      crossCorrelation(views: .concatenate([z, z])).elements, [1, 0, 0, 1], within: 1e-6)
    expectClose(
      crossCorrelation(views: .concatenate([z, z * -1])).elements, [-1, 0, 0, -1], within: 1e-6)
    let copies = z.slice(0..<1, axis: 1).broadcast(to: [4, 3])
    expectClose(
      barlowTwinsLoss(views: .concatenate([copies, copies]), redundancyWeight: 0.25).scalar, 1.5,
      within: 1e-5)
  }

  @Test(
    "agrees with algorithm 1 of the paper, written as loops", arguments: [(2, 1), (4, 3), (7, 5)])
  func loops(images: Int, size: Int) {
    var random = RandomSource(seed: 3)
    let views = Tensor.normal([2 * images, size], using: &random)
    expectClose(
      barlowTwinsLoss(views: views, redundancyWeight: 0.1).scalar, algorithmOne(views, 0.1),
      within: 2e-6)
  }

  @Test("views may be swapped, images permuted, coordinates stretched and moved")
  func symmetries() {
    var random = RandomSource(seed: 4)
    let views = Tensor.normal([8, 4], using: &random)
    let loss = Double(barlowTwinsLoss(views: views, redundancyWeight: 0.1).scalar)
    let stretched = views * Tensor([2, -1, 3, 10]) + Tensor([3, 0, -2, 1])
    for same in [otherViews(views), views.gather([3, 0, 1, 2, 7, 4, 5, 6]), stretched] {
      expectClose(barlowTwinsLoss(views: same, redundancyWeight: 0.1).scalar, loss, within: 1e-4)
    }
    let correlation = crossCorrelation(views: views)
    expectClose(
      crossCorrelation(views: otherViews(views)).elements, [Double](correlation.transposed()))
  }

  @Test("gradients agree with finite differences") func finiteDifferences() {
    var random = RandomSource(seed: 5)
    let views = Tensor.normal([8, 3], using: &random)
    let check = GradientCheck([views]) { barlowTwinsLoss(views: $0[0], redundancyWeight: 0.5) }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
  }

  @Test("agrees with PyTorch's correlation, loss and gradient") func torch() throws {
    let fixture = try TorchFixture("joint")
    let views = try fixture.tensor("loss.views").parameter()
    expectClose(
      crossCorrelation(views: views).elements, try fixture.numbers("barlow.correlation"),
      within: 1e-6)
    let loss = barlowTwinsLoss(views: views)
    expectClose(loss.scalar, try fixture.numbers("barlow.loss")[0], within: 1e-6)
    expectClose(
      loss.gradient(of: views).elements, try fixture.numbers("barlow.gradient"), within: 2e-6)
  }
}

@Suite("Losses of SimSiam and BYOL") struct SiameseLossTests {
  @Test("equal directions cost −1 and 0, orthogonal ones 0 and 2, opposite ones 1 and 4")
  func closedForms() {
    let p = Tensor([[2, 0], [1, 0], [0, -3]])
    let z = Tensor([[5, 0], [0, 1], [0, 1]])
    expectClose(simSiamLosses(predictions: p, targets: z).elements, [-1, 0, 1])
    expectClose(byolLosses(predictions: p, targets: z).elements, [0, 2, 4])
    expectClose(simSiamLoss(predictions: p, targets: z).scalar, 0)
    expectClose(byolLoss(predictions: p, targets: z).scalar, 2)
  }

  @Test("agree with the papers' formulas, written as loops")
  func loops() {
    var random = RandomSource(seed: 3)
    let p = Tensor.normal([5, 4], using: &random)
    let z = Tensor.normal([5, 4], using: &random)
    let expected = zip(rows(p), rows(z)).map { p, z in
      let (a, b) = (sqrt(p.reduce(0) { $0 + $1 * $1 }), sqrt(z.reduce(0) { $0 + $1 * $1 }))
      return zip(p, z).reduce(0) { $0 + pow($1.0 / a - $1.1 / b, 2) }
    }
    expectClose(byolLosses(predictions: p, targets: z).elements, expected)
    expectClose(simSiamLosses(predictions: p, targets: z).elements, expected.map { $0 / 2 - 1 })
  }

  @Test("lengths do not count; turning both changes nothing") func symmetries() {
    var random = RandomSource(seed: 4)
    let p = Tensor.normal([5, 4], using: &random)
    let z = Tensor.normal([5, 4], using: &random)
    let loss = Double(byolLoss(predictions: p, targets: z).scalar)
    expectClose(byolLoss(predictions: p * 7, targets: z * 0.1).scalar, loss)
    expectClose(byolLoss(predictions: z, targets: p).scalar, loss)
    let turn = Tensor.normal([4, 4], using: &random).singularValueDecomposition().u
    expectClose(byolLoss(predictions: p.matmul(turn), targets: z.matmul(turn)).scalar, loss)
  }

  @Test("gradients agree with finite differences, and none reaches the targets")
  func gradients() {
    var random = RandomSource(seed: 5)
    let p = Tensor.normal([3, 4], using: &random)
    let z = Tensor.normal([3, 4], using: &random)
    for loss in [byolLoss, simSiamLoss] as [(Tensor, Tensor) -> Tensor] {
      let check = GradientCheck([p]) { loss($0[0], z) }
      #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
      let target = z.parameter()
      #expect(loss(p.parameter(), target).gradient(of: target) == .zeros([3, 4]))
    }
  }

  @Test("agree with PyTorch's losses and gradients") func torch() throws {
    let fixture = try TorchFixture("joint")
    let predictions = try fixture.tensor("siamese.predictions").parameter()
    let targets = try fixture.tensor("siamese.targets")
    for (name, losses) in [
      ("simsiam", simSiamLosses(predictions: predictions, targets: targets)),
      ("byol", byolLosses(predictions: predictions, targets: targets)),
    ] {
      expectClose(losses.elements, try fixture.numbers("\(name).losses"), within: 1e-6, name)
      expectClose(
        losses.mean().gradient(of: predictions).elements,
        try fixture.numbers("\(name).gradient"), within: 1e-6, name)
    }
  }

  @Test("the other view of each image is N rows away") func others() {
    let views = Tensor([[1], [2], [3], [4], [5], [6]])
    #expect(otherViews(views) == Tensor([[4], [5], [6], [1], [2], [3]]))
  }
}

@Suite("Losses without negatives, given what they cannot take") struct JointEmbeddingMistakeTests {
  @Test("NaN in gives NaN out") func notANumber() {
    let views = Tensor([[1, 2], [.nan, 1], [0, 1], [2, 2]])
    #expect(vicRegLoss(views: views).scalar.isNaN)
    #expect(barlowTwinsLoss(views: views).scalar.isNaN)
    for losses in [simSiamLosses, byolLosses] as [(Tensor, Tensor) -> Tensor] {
      let elements = losses(views, otherViews(views)).elements
      #expect(elements.map(\.isNaN) == [false, true, false, true])
    }
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      JointEmbeddingMistakeTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("otherViews: [3, 2] does not hold 2 views of each image") {
      _ = otherViews(.ones([3, 2]))
    },
    Mistake("otherViews: [] does not hold 2 views of each image") { _ = otherViews(Tensor(1)) },
    Mistake("otherViews: [0, 2] does not hold 2 views of each image") {
      _ = otherViews(.zeros([0, 2]))
    },
    Mistake("vicRegTerms: views [4] are not [2N, D]") { _ = vicRegLoss(views: .ones([4])) },
    Mistake("vicRegTerms: views [2, 3] have no variance") { _ = vicRegLoss(views: .ones([2, 3])) },
    Mistake("vicRegTerms: [5, 3] does not hold 2 views of each image") {
      _ = vicRegTerms(views: .ones([5, 3]))
    },
    Mistake("crossCorrelation: views [2, 2, 2] are not [2N, D]") {
      _ = barlowTwinsLoss(views: .ones([2, 2, 2]))
    },
    Mistake("simSiamLoss: predictions [3, 2] and targets [2, 3]: needs two of [N, D], N > 0") {
      _ = simSiamLoss(predictions: .ones([3, 2]), targets: .ones([2, 3]))
    },
    Mistake("simSiamLosses: predictions [3] and targets [3]: needs two of [N, D], N > 0") {
      _ = simSiamLosses(predictions: .ones([3]), targets: .ones([3]))
    },
    Mistake("byolLoss: predictions [0, 2] and targets [0, 2]: needs two of [N, D], N > 0") {
      _ = byolLoss(predictions: .zeros([0, 2]), targets: .zeros([0, 2]))
    },
    Mistake("ViewTraining: -1 steps are fewer than none") {
      var (random, training) = (RandomSource(seed: 0), ViewTraining())
      var model = MLP([4, 2], using: &random)
      training.steps = -1
      training.run(&model, on: .ones([8, 4]), using: &random) { $0($1).sum() }
    },
    Mistake("ViewTraining: -1 local views are fewer than none") {
      var (random, training) = (RandomSource(seed: 0), ViewTraining())
      training.localViews = -1
      _ = training.views(of: .ones([8, 4]), using: &random)
    },
    Mistake("byolLosses: predictions [3, 2] and targets [3, 1]: needs two of [N, D], N > 0") {
      _ = byolLosses(predictions: .ones([3, 2]), targets: .ones([3, 1]))
    },
  ]
}
