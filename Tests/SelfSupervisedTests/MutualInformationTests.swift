import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Bounds on mutual information") struct MutualInformationBoundTests {
  let table = JointTable([[0.20, 0.05, 0.05], [0.05, 0.25, 0.05], [0.02, 0.08, 0.25]])

  @Test("agree with PyTorch, and so do their gradients", arguments: ["infonce", "nwj", "dv"])
  func torch(kind: String) throws {
    let fixture = try PatchFixture()
    let scores = try fixture.tensor("scores").parameter()
    let exact = Matrix(rows: 5, columns: 5, values: [Double](scores))
    let (value, double): (Tensor, Double) =
      switch kind {
      case "infonce": (infoNCEBound(scores: scores), infoNCEBound(scores: exact))
      case "nwj": (nwjBound(scores: scores), nwjBound(scores: exact))
      default: (donskerVaradhanBound(scores: scores), donskerVaradhanBound(scores: exact))
      }
    let expected = Double(try fixture.tensor("\(kind).bound").scalar)
    expectClose(value.scalar, expected, within: 2e-6)
    #expect(isClose(double, expected, within: 2e-6))
    expectClose(
      value.gradient(of: scores).elements, try fixture.numbers("\(kind).scoreGradient"),
      within: 2e-6)
  }

  @Test("are plain loops over pairs")
  func loops() {
    let scores = Matrix(rows: 6, columns: 6) { 2 * sin(Double(6 * $0 + $1) * 0.7) }
    var (partners, others) = (0.0, 0.0)
    for i in 0..<6 {
      partners += scores[i, i] / 6
      for j in 0..<6 where j != i { others += exp(scores[i, j]) / 30 }
    }
    #expect(isClose(nwjBound(scores: scores), partners - others / exp(1)))
    #expect(isClose(donskerVaradhanBound(scores: scores), partners - log(others)))
  }

  @Test("a constant changes NWJ only; equal scores say nothing")
  func constants() {
    let scores = Matrix(rows: 4, columns: 4) { sin(Double(4 * $0 + $1)) }
    let moved = Matrix(rows: 4, columns: 4) { scores[$0, $1] + 3 }
    #expect(isClose(donskerVaradhanBound(scores: moved), donskerVaradhanBound(scores: scores)))
    #expect(nwjBound(scores: moved) < nwjBound(scores: scores))
    #expect(isClose(donskerVaradhanBound(scores: Matrix(zeros: 3, 3)), 0))
    let ones = Matrix(rows: 3, columns: 3) { _, _ in 1 }
    #expect(isClose(nwjBound(scores: ones), 0))
    // The best constant turns NWJ into DV: c = 1 − log of the mean of e^score.
    let mean = nwjBound(scores: scores)
    let best = donskerVaradhanBound(scores: scores)
    #expect(mean <= best)
  }

  @Test("on a table NWJ ≤ DV ≤ I, with equality for the right critic")
  func exact() {
    let critic = Matrix(rows: 3, columns: 3) { sin(Double(3 * $0 + $1)) }
    let information = table.mutualInformation
    let (nwj, dv) = (
      table.nwjBound(critic: critic), table.donskerVaradhanBound(critic: critic)
    )
    #expect(nwj <= dv && dv <= information)
    let ratio = table.logRatio
    let shifted = Matrix(rows: 3, columns: 3) { ratio[$0, $1] + 1 }
    #expect(isClose(table.nwjBound(critic: shifted), information))
    #expect(isClose(table.donskerVaradhanBound(critic: ratio), information))
    #expect(isClose(table.donskerVaradhanBound(critic: shifted), information))
  }

  @Test("on Gaussian pairs: NWJ is unbiased, DV sits above, InfoNCE below")
  func gaussians() {
    let pair = CorrelatedGaussians(dimension: 20, mutualInformation: 2)
    var random = RandomSource(seed: 3)
    var (nwj, dv, nce) = (0.0, 0.0, 0.0)
    for _ in 0..<300 {
      let scores = pair.scores(count: 64, using: &random)
      let shifted = Matrix(rows: 64, columns: 64, values: scores.values.map { $0 + 1 })
      nwj += nwjBound(scores: shifted) / 300
      dv += donskerVaradhanBound(scores: scores) / 300
      nce += infoNCEBound(scores: scores) / 300
    }
    // One batch has standard deviations of 0.27, 0.26 and 0.20.
    #expect(isClose(nwj, 2.0, within: 0.07))
    #expect(isClose(dv, 2.01, within: 0.07))
    #expect(isClose(nce, 1.818, within: 0.06))
  }

  @Test("scores that are not square stop the program")
  func shape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = nwjBound(scores: Tensor.zeros([2, 3]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("nwjBound: [2, 3] scores; needs N × N"))
  }
}

@Suite("Gaussian information in closed form") struct GaussianInformationTests {
  static let three = GaussianModel(
    mean: [0, 1, 2], covariance: Matrix([[1, 0.8, 0.3], [0.8, 1, 0.5], [0.3, 0.5, 1]]))

  @Test("entropy and information of one pair")
  func pair() {
    #expect(
      isClose(GaussianModel(mean: [3], covariance: Matrix([[1]])).entropy, 1.4189385332046727))
    // −½ log(1 − 0.8²)
    #expect(isClose(Self.three.mutualInformation(between: [0], and: [1]), 0.5108256237659907))
    #expect(Self.three.mutualInformation(between: [2], and: []) == 0)
    let many = CorrelatedGaussians(dimension: 3, correlation: 0.6)
    let joint = GaussianModel(
      mean: Array(repeating: 0, count: 6),
      covariance: Matrix(rows: 6, columns: 6) {
        $0 == $1 ? 1 : abs($0 - $1) == 3 ? 0.6 : 0
      })
    #expect(
      isClose(
        joint.mutualInformation(between: [0, 1, 2], and: [3, 4, 5]), many.mutualInformation))
  }

  @Test("information is entropies added up, and a divergence")
  func identities() {
    let three = Self.three
    func part(_ indices: [Int]) -> GaussianModel {
      GaussianModel(
        mean: indices.map { three.mean[$0] },
        covariance: three.covariance.block(rows: indices, columns: indices))
    }
    let information = three.mutualInformation(between: [0, 1], and: [2])
    #expect(
      isClose(information, part([0, 1]).entropy + part([2]).entropy - three.entropy))
    let apart = GaussianModel(
      mean: three.mean,
      covariance: Matrix([[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]]))
    #expect(isClose(klDivergence(three, apart), information))
    #expect(isClose(klDivergence(three, three), 0))
  }

  @Test("the divergence of two normal laws is its integral")
  func divergence() {
    let p = GaussianModel(mean: [1], covariance: Matrix([[0.25]]))
    let q = GaussianModel(mean: [0], covariance: Matrix([[2]]))
    func density(_ x: Double, _ mean: Double, _ variance: Double) -> Double {
      exp(-(x - mean) * (x - mean) / (2 * variance)) / sqrt(2 * Double.pi * variance)
    }
    var sum = 0.0
    for step in -4000...4000 {
      let x = 1 + Double(step) / 1000
      let (a, b) = (density(x, 1, 0.25), density(x, 0, 2))
      sum += a * log(a / b) / 1000
    }
    #expect(isClose(klDivergence(p, q), sum, within: 1e-9))
  }

  @Test("the perplexity of V equally likely symbols is V")
  func uniform() { #expect(isClose(perplexity(log(7)), 7)) }
}
