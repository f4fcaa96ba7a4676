import SelfSupervised
import Tensors
import TestSupport
import Testing

/// Cosines of all pairs of rows, in double precision.
private func cosines(_ a: Tensor, _ b: Tensor) -> [[Double]] {
  func unit(_ x: Tensor) -> [[Double]] {
    rows(x).map { row in
      let length = sqrt(row.reduce(0) { $0 + $1 * $1 })
      return row.map { $0 / length }
    }
  }
  let (u, v) = (unit(a), unit(b))
  return u.map { x in v.map { y in zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } } }
}

/// Compares values and gradients of a loss with a fixture's.
private func expectLosses(
  _ losses: Tensor, _ mean: Tensor, of inputs: KeyValuePairs<String, Tensor>, in name: String,
  _ fixture: TorchFixture
) throws {
  let expected = try fixture.numbers("\(name).losses")
  expectClose(losses.elements, expected, within: 2e-6, name)
  expectClose(mean.scalar, expected.reduce(0, +) / Double(expected.count), within: 2e-6, name)
  for (key, input) in inputs {
    let gradient = try fixture.numbers("\(name).gradient.\(key)")
    let found = mean.gradient(of: input, keepsTape: true)
    expectClose(found.elements, gradient, within: 3e-6, "\(name), \(key)")
  }
}

@Suite("SigLIP's loss") struct SigLIPLossTests {
  @Test("scores of 0 cost N ln 2; one pair costs softplus(−s·cos − b)")
  func closedForms() {
    let even = sigLIPLoss(
      images: .identity(4), texts: Tensor.identity(4).gather([1, 2, 3, 0]) * -2,
      logitScale: Tensor(-40), logitBias: Tensor(0))
    expectClose(even.scalar, 4 * log(2.0))
    let one = sigLIPLoss(
      images: Tensor([[3, 0]]), texts: Tensor([[1, 1]]), logitScale: Tensor(1),
      logitBias: Tensor(-2))
    expectClose(one.scalar, log(1 + exp(2 - exp(1) / sqrt(2))))
    // At the start: nearly all pairs are wrong, and the bias says so.
    let start = sigLIPLosses(
      images: .identity(64), texts: .identity(64), logitScale: Tensor(Float(log(10.0))),
      logitBias: Tensor(-10))
    expectClose(start.elements[0], log(2.0) + 63 * log(1 + exp(-10)), within: 1e-6)
  }

  @Test("agrees with algorithm 1 of the paper, written as loops")
  func loops() {
    var random = RandomSource(seed: 1)
    let (a, b) = (Tensor.normal([6, 3], using: &random), Tensor.normal([6, 3], using: &random))
    let c = cosines(a, b)
    var expected: [Double] = []
    for i in 0..<6 {
      var sum = 0.0
      for j in 0..<6 {
        let logit = exp(1.2) * c[i][j] - 3
        sum += log(1 + exp(i == j ? -logit : logit))
      }
      expected.append(sum)
    }
    let losses = sigLIPLosses(
      images: a, texts: b, logitScale: Tensor(1.2), logitBias: Tensor(-3))
    expectClose(losses.elements, expected)
  }

  @Test("exchanging images and texts, or the order of pairs, changes nothing")
  func symmetry() {
    var random = RandomSource(seed: 2)
    let (a, b) = (Tensor.normal([5, 3], using: &random), Tensor.normal([5, 3], using: &random))
    func loss(_ a: Tensor, _ b: Tensor) -> Float {
      sigLIPLoss(images: a, texts: b, logitScale: Tensor(1), logitBias: Tensor(-2)).scalar
    }
    expectClose(loss(b, a), Double(loss(a, b)))
    let order = [3, 1, 0, 4, 2]
    expectClose(loss(a.gather(order), b.gather(order) * 3), Double(loss(a, b)))
  }

  @Test("gradients agree with finite differences and PyTorch") func gradients() throws {
    var random = RandomSource(seed: 3)
    let inputs = [
      Tensor.normal([3, 4], using: &random), Tensor.normal([3, 4], using: &random), Tensor(0.7),
      Tensor(-1),
    ]
    let check = GradientCheck(inputs) {
      sigLIPLoss(images: $0[0], texts: $0[1], logitScale: $0[2], logitBias: $0[3])
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    let fixture = try TorchFixture("negatives")
    let names = ["images", "texts", "scale", "bias"]
    let x = try names.map { try fixture.tensor("siglip.\($0)").parameter() }
    try expectLosses(
      sigLIPLosses(images: x[0], texts: x[1], logitScale: x[2], logitBias: x[3]),
      sigLIPLoss(images: x[0], texts: x[1], logitScale: x[2], logitBias: x[3]),
      of: ["images": x[0], "texts": x[1], "scale": x[2], "bias": x[3]], in: "siglip", fixture)
  }
}

@Suite("NT-Xent with labels, in both forms") struct SupConFormTests {
  @Test("agrees with equations 2 and 3, written as loops, singletons left out")
  func loops() {
    var random = RandomSource(seed: 4)
    let views = Tensor.normal([7, 3], using: &random)
    let labels = [0, 1, 0, 2, 1, 0, 5]
    let c = cosines(views, views)
    for form in SupConForm.allCases {
      var expected: [Double] = []
      for i in 0..<7 {
        let positives = (0..<7).filter { $0 != i && labels[$0] == labels[i] }
        if positives.isEmpty { continue }
        var sum = 0.0
        for j in 0..<7 where j != i { sum += exp(c[i][j] / 0.3) }
        let q = positives.map { exp(c[i][$0] / 0.3) / sum }
        let size = Double(q.count)
        expected.append(
          form == .inside ? -log(q.reduce(0, +) / size) : -q.reduce(0) { $0 + log($1) } / size)
      }
      #expect(expected.count == 5)
      let losses = supConLosses(views: views, labels: labels, temperature: 0.3, form: form)
      expectClose(losses.elements, expected, within: 2e-6)
    }
  }

  @Test("the inner form is never more, and equal where all positives are as near")
  func jensen() {
    var random = RandomSource(seed: 5)
    let views = Tensor.normal([8, 4], using: &random)
    let labels = [0, 0, 0, 1, 1, 1, 1, 0]
    let (inside, outside) = (
      supConLosses(views: views, labels: labels, temperature: 0.2, form: .inside),
      supConLosses(views: views, labels: labels, temperature: 0.2, form: .outside)
    )
    for (a, b) in zip(inside.elements, outside.elements) { #expect(a < b) }
    let equal = Tensor.ones([4, 2])
    for form in SupConForm.allCases {
      expectClose(
        supConLoss(views: equal, labels: [0, 0, 1, 1], temperature: 0.1, form: form).scalar,
        log(3.0))
    }
  }

  @Test("with two views of each image both are NT-Xent; without singletons, the older function")
  func special() {
    var random = RandomSource(seed: 6)
    let views = Tensor.normal([8, 4], using: &random)
    let expected = Double(ntXentLoss(views: views, temperature: 0.3).scalar)
    for form in SupConForm.allCases {
      let loss = supConLoss(
        views: views, labels: [3, 1, 7, 9, 3, 1, 7, 9], temperature: 0.3, form: form)
      expectClose(loss.scalar, expected)
    }
    let labels = [0, 1, 0, 1, 1, 0, 0, 1]
    expectClose(
      supConLosses(views: views, labels: labels, temperature: 0.3, form: .outside).elements,
      [Double](supConLosses(views: views, labels: labels, temperature: 0.3)))
    // Names of classes do not count, be they negative or huge.
    expectClose(
      supConLoss(
        views: views, labels: labels.map { $0 == 0 ? -5 : 2_000_000_000 }, temperature: 0.3,
        form: .inside
      ).scalar,
      Double(
        supConLoss(views: views, labels: labels, temperature: 0.3, form: .inside).scalar))
  }

  @Test("gradients agree with finite differences and PyTorch", arguments: SupConForm.allCases)
  func gradients(form: SupConForm) throws {
    var random = RandomSource(seed: 7)
    let check = GradientCheck([Tensor.normal([5, 3], using: &random)]) {
      supConLoss(views: $0[0], labels: [0, 1, 0, 2, 0], temperature: 0.5, form: form)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    let fixture = try TorchFixture("negatives")
    let views = try fixture.tensor("views").parameter()
    let labels = [0, 1, 0, 2, 1, 0, 3, 0, 2, 4]
    try expectLosses(
      supConLosses(views: views, labels: labels, temperature: 0.5, form: form),
      supConLoss(views: views, labels: labels, temperature: 0.5, form: form),
      of: ["views": views], in: "supcon.\(form)", fixture)
  }
}

@Suite("NT-Xent, decoupled and debiased") struct DecoupledLossTests {
  @Test("equal rows cost log(2N − 2) and log(2N − 1)", arguments: [2, 5])
  func equalRows(images: Int) {
    let views = Tensor.ones([2 * images, 3])
    expectClose(
      decoupledNTXentLoss(views: views, temperature: 0.5).scalar, log(Double(2 * images - 2)))
    let debiased = debiasedNTXentLoss(views: views, temperature: 0.5, classPrior: 0.1)
    expectClose(debiased.scalar, log(Double(2 * images - 1)))
  }

  @Test("agree with the papers' formulas, written as loops", arguments: [0.05, 0.3, 0.8])
  func loops(prior: Double) {
    var random = RandomSource(seed: 8)
    let views = Tensor.normal([10, 3], using: &random)
    let c = cosines(views, views)
    var (decoupled, debiased) = ([Double](), [Double]())
    for i in 0..<10 {
      let own = exp(c[i][(i + 5) % 10] / 0.4)
      var sum = 0.0
      for k in 0..<10 where k != i && k != (i + 5) % 10 { sum += exp(c[i][k] / 0.4) }
      decoupled.append(log(sum) - log(own))
      let g = max((sum / 8 - prior * own) / (1 - prior), exp(-1 / 0.4))
      debiased.append(-log(own / (own + 8 * g)))
    }
    expectClose(decoupledNTXentLosses(views: views, temperature: 0.4).elements, decoupled)
    expectClose(
      debiasedNTXentLosses(views: views, temperature: 0.4, classPrior: Float(prior)).elements,
      debiased, within: 2e-6)
  }

  @Test("without a class prior it is NT-Xent, at any temperature", arguments: [1e-3, 0.01, 0.5])
  func isNTXent(temperature: Float) {
    let views = Tensor([[1, 0], [0, 1], [-1, 0.1], [0.2, -1]])
    let expected = [Double](ntXentLosses(views: views, temperature: temperature))
    expectClose(
      debiasedNTXentLosses(views: views, temperature: temperature, classPrior: 0).elements,
      expected)
    let decoupled = decoupledNTXentLosses(views: views, temperature: temperature).elements
    // The positive in the denominator makes log(1 + e^l) of l.
    for (whole, part) in zip(expected, decoupled) {
      let softplus = max(0, Double(part)) + log(1 + exp(-abs(Double(part))))
      #expect(isClose(whole, softplus, within: 1e-3))
    }
  }

  @Test("views may be swapped, images permuted, rows stretched") func symmetries() {
    var random = RandomSource(seed: 9)
    let views = Tensor.normal([8, 3], using: &random)
    let order = [2, 0, 3, 1, 6, 4, 7, 5]
    for same in [otherViews(views), views.gather(order), views * 5] {
      expectClose(
        decoupledNTXentLoss(views: same, temperature: 0.5).scalar,
        Double(decoupledNTXentLoss(views: views, temperature: 0.5).scalar))
      expectClose(
        debiasedNTXentLoss(views: same, temperature: 0.5, classPrior: 0.2).scalar,
        Double(debiasedNTXentLoss(views: views, temperature: 0.5, classPrior: 0.2).scalar))
    }
  }

  @Test("gradients agree with finite differences") func finiteDifferences() {
    var random = RandomSource(seed: 10)
    let views = Tensor.normal([6, 3], using: &random)
    let decoupled = GradientCheck([views]) { decoupledNTXentLoss(views: $0[0], temperature: 0.5) }
    #expect(decoupled.worstError < 5e-3, "\(String(describing: decoupled.worst))")
    let debiased = GradientCheck([views]) {
      debiasedNTXentLoss(views: $0[0], temperature: 0.5, classPrior: 0.1)
    }
    #expect(debiased.worstError < 5e-3, "\(String(describing: debiased.worst))")
  }

  @Test("agree with PyTorch", arguments: [("hot", 0.5), ("cold", 0.05)] as [(String, Float)])
  func torch(name: String, temperature: Float) throws {
    let fixture = try TorchFixture("negatives")
    let views = try fixture.tensor("views").parameter()
    try expectLosses(
      decoupledNTXentLosses(views: views, temperature: temperature),
      decoupledNTXentLoss(views: views, temperature: temperature), of: ["views": views],
      in: "decoupled.\(name)", fixture)
    try expectLosses(
      debiasedNTXentLosses(views: views, temperature: temperature, classPrior: 0.1),
      debiasedNTXentLoss(views: views, temperature: temperature, classPrior: 0.1),
      of: ["views": views], in: "debiased.\(name)", fixture)
  }
}

@Suite("Binary cross-entropy") struct BinaryCrossEntropyTests {
  @Test("closed forms, and no overflow") func closedForms() {
    let x = Tensor([0, 1, -1, 1000, -1000, 40])
    let y = Tensor([0.5, 1, 0, 1, 1, 1])
    let small = log(1 + exp(-1.0))
    let losses = binaryCrossEntropyLosses(logits: x, targets: y).elements
    expectClose(losses, [log(2.0), small, small, 0, 1000, exp(-40.0)])
    // Small losses keep their digits.
    #expect((Double(losses[5]) / exp(-40.0) - 1).magnitude < 1e-5)
  }

  @Test("a target between is a mixture; answers may be turned over") func symmetry() {
    let x = Tensor([0.3, -2, 1.5])
    func losses(_ x: Tensor, _ y: Float) -> Tensor {
      binaryCrossEntropyLosses(logits: x, targets: .full([3], y))
    }
    expectClose(
      losses(x, 0.25).elements, [Double](losses(x, 1) * 0.25 + losses(x, 0) * 0.75))
    expectClose(losses(x * -1, 0.75).elements, [Double](losses(x, 0.25)))
  }

  @Test("gradients agree with finite differences and PyTorch") func gradients() throws {
    let y = Tensor([[0, 1], [0.3, 0.6]])
    let check = GradientCheck([Tensor([[0.5, -1], [2, 0.1]])]) {
      binaryCrossEntropyLoss(logits: $0[0], targets: y)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    let fixture = try TorchFixture("negatives")
    let x = try fixture.tensor("binary.logits").parameter()
    let targets = try fixture.tensor("binary.targets")
    try expectLosses(
      binaryCrossEntropyLosses(logits: x, targets: targets),
      binaryCrossEntropyLoss(logits: x, targets: targets), of: ["logits": x], in: "binary", fixture)
  }
}

@Suite("Losses with negatives, given what they cannot take") struct NegativeMistakeTests {
  @Test("NaN in gives NaN out") func notANumber() {
    let views = Tensor([[1, 2], [.nan, 1], [0, 1], [2, 2]])
    for losses in [
      decoupledNTXentLosses(views: views, temperature: 1),
      debiasedNTXentLosses(views: views, temperature: 1, classPrior: 0.1),
      supConLosses(views: views, labels: [0, 0, 0, 0], temperature: 1, form: .inside),
      supConLosses(views: views, labels: [0, 0, 0, 0], temperature: 1, form: .outside),
      sigLIPLosses(images: views, texts: views, logitScale: Tensor(0), logitBias: Tensor(0)),
    ] { #expect(losses.elements.allSatisfy { $0.isNaN }) }
    let answers = binaryCrossEntropyLosses(
      logits: Tensor([.nan, 1, 1]), targets: Tensor([0, .nan, 1]))
    #expect(answers.elements.map(\.isNaN) == [true, true, false])
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      NegativeMistakeTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("sigLIPLoss: rows [3, 2] and [2, 2]: needs two of [N, D], N > 0") {
      _ = sigLIPLoss(
        images: .ones([3, 2]), texts: .ones([2, 2]), logitScale: Tensor(0), logitBias: Tensor(0))
    },
    Mistake("sigLIPLosses: rows [0, 2] and [0, 2]: needs two of [N, D], N > 0") {
      _ = sigLIPLosses(
        images: .zeros([0, 2]), texts: .zeros([0, 2]), logitScale: Tensor(0), logitBias: Tensor(0)
      )
    },
    Mistake("sigLIPLoss: scale [2] and bias [] are not single numbers") {
      _ = sigLIPLoss(
        images: .ones([2, 2]), texts: .ones([2, 2]), logitScale: Tensor([0, 1]),
        logitBias: Tensor(0))
    },
    Mistake("supConLoss: views [3, 2], 2 labels") {
      _ = supConLoss(views: .ones([3, 2]), labels: [0, 0], temperature: 1, form: .inside)
    },
    Mistake("supConLoss: no two of 3 rows share a label") {
      _ = supConLoss(views: .ones([3, 2]), labels: [0, 1, 2], temperature: 1, form: .inside)
    },
    Mistake("supConLoss: temperature -1.0 is not positive") {
      _ = supConLoss(views: .ones([2, 2]), labels: [0, 0], temperature: -1, form: .outside)
    },
    Mistake("decoupledNTXentLoss: views [2, 3] of one image have no negatives") {
      _ = decoupledNTXentLoss(views: .ones([2, 3]), temperature: 1)
    },
    Mistake("decoupledNTXentLoss: temperature 0.0 is not positive") {
      _ = decoupledNTXentLosses(views: .ones([4, 3]), temperature: 0)
    },
    Mistake("debiasedNTXentLoss: [5, 3] does not hold 2 views of each image") {
      _ = debiasedNTXentLoss(views: .ones([5, 3]), temperature: 1, classPrior: 0)
    },
    Mistake("debiasedNTXentLoss: class prior 1.0 is not in 0..<1") {
      _ = debiasedNTXentLosses(views: .ones([4, 3]), temperature: 1, classPrior: 1)
    },
    Mistake("binaryCrossEntropyLoss: logits [2] and targets [3]") {
      _ = binaryCrossEntropyLoss(logits: .ones([2]), targets: .ones([3]))
    },
    Mistake("binaryCrossEntropyLosses: logits [0] and targets [0]") {
      _ = binaryCrossEntropyLosses(logits: .zeros([0]), targets: .zeros([0]))
    },
    Mistake("binaryCrossEntropyLoss: target 1.5 is not in 0...1") {
      _ = binaryCrossEntropyLoss(logits: .ones([2]), targets: Tensor([1, 1.5]))
    },
  ]
}
