import SelfSupervised
import Tensors
import Testing

@Suite("Correlated Gaussians") struct CorrelatedGaussiansTests {
  @Test("information has its closed form, and determines the correlation")
  func information() {
    let pair = CorrelatedGaussians(dimension: 20, correlation: 0.5)
    #expect(isClose(pair.mutualInformation, 2.876820724517809))
    let again = CorrelatedGaussians(dimension: 20, mutualInformation: pair.mutualInformation)
    #expect(isClose(again.correlation, 0.5))
  }

  @Test("the log ratio is the ratio of the two densities")
  func density() {
    let pair = CorrelatedGaussians(dimension: 1, correlation: 0.6)
    let (x, y) = (0.7, -0.4)
    let v = 1 - 0.36
    let joint = exp(-(x * x - 1.2 * x * y + y * y) / (2 * v)) / (2 * Double.pi * sqrt(v))
    let product = exp(-(x * x + y * y) / 2) / (2 * Double.pi)
    #expect(isClose(pair.logRatio([x], [y]), log(joint / product)))
  }

  @Test("the mean log ratio is the information", arguments: [0.2, 0.8, 0.95])
  func quadrature(rho: Double) {
    let pair = CorrelatedGaussians(dimension: 1, correlation: rho)
    let rule = GaussHermite(count: 30)
    let mean = rule.mean { x in
      rule.mean { pair.logRatio([x], [rho * x + sqrt(1 - rho * rho) * $0]) }
    }
    #expect(isClose(mean, pair.mutualInformation, within: 1e-10))
  }

  @Test("estimates stay below min(I, log N) within four standard errors", arguments: [2, 16, 64])
  func bound(count: Int) {
    var random = SeededGenerator(seed: 9)
    let pair = CorrelatedGaussians(dimension: 20, mutualInformation: 4)
    let values = pair.infoNCEBounds(candidates: count, batches: 64, using: &random)
    let mean = values.reduce(0, +) / 64
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 63
    #expect(mean - 4 * sqrt(variance / 64) <= min(4, log(Double(count))))
    #expect(mean > 0)
  }

  @Test("a batch's scores have the partners on the diagonal, and the same seed repeats them")
  func scores() {
    let pair = CorrelatedGaussians(dimension: 30, correlation: 0.99)
    var random = SeededGenerator(seed: 1)
    var again = SeededGenerator(seed: 1)
    let scores = pair.scores(count: 32, using: &random)
    #expect(scores == pair.scores(count: 32, using: &again))
    for i in 0..<32 { #expect((0..<32).allSatisfy { scores[i, i] >= scores[i, $0] }) }
  }
}

@Suite("Gauss–Hermite quadrature") struct GaussHermiteTests {
  @Test("moments of the normal law are exact", arguments: [1, 2, 5, 20, 60, 100])
  func moments(count: Int) {
    let rule = GaussHermite(count: count)
    var expected = 1.0
    for power in stride(from: 0, to: min(2 * count, 12), by: 2) {
      let moment = rule.mean { pow($0, Double(power)) }
      #expect(isClose(moment / expected, 1, within: 1e-10))
      expected *= Double(power + 1)
    }
    #expect(isClose(rule.mean { $0 }, 0, within: 1e-12))
  }

  @Test("the mean of an exponential is found")
  func exponential() {
    #expect(isClose(GaussHermite(count: 30).mean { exp($0) }, exp(0.5)))
  }
}

@Suite("Normal draws") struct NormalVariatesTests {
  @Test("have the moments of the standard normal law")
  func moments() {
    var random = SeededGenerator(seed: 3)
    let n = 40_000
    let draws = (0..<n).map { _ in random.normalDouble() }
    let mean = draws.reduce(0, +) / Double(n)
    let square = draws.reduce(0) { $0 + $1 * $1 } / Double(n)
    let fourth = draws.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(n)
    #expect(isClose(mean, 0, within: 0.02))
    #expect(isClose(square, 1, within: 0.03))
    #expect(isClose(fourth, 3, within: 0.2))
  }

  @Test("outcomes come as often as they should, and impossible ones never")
  func outcomes() {
    var random = SeededGenerator(seed: 8)
    var counts = [0, 0, 0]
    for _ in 0..<10_000 { counts[random.outcome(of: [0.2, 0, 0.8])] += 1 }
    #expect(counts[1] == 0)
    #expect(isClose(Double(counts[0]) / 10_000, 0.2, within: 0.02))
  }
}

@Suite("Gaussian models") struct GaussianModelTests {
  static let model = GaussianModel(
    mean: [1, 2, 3],
    covariance: Matrix([[1, 0.8, 0.3], [0.8, 1, 0.5], [0.3, 0.5, 1]]))

  @Test("one visible coordinate is simple regression")
  func regression() {
    let predictor = Self.model.predictor(visible: [0])
    #expect(predictor.hidden == [1, 2])
    #expect(isClose(predictor.weights[0, 0], 0.8))
    #expect(isClose(predictor.weights[1, 0], 0.3))
    #expect(isClose(predictor.residual[0, 0], 1 - 0.64))
    #expect(predictor.complete([2, 0, 0]) == [2, 2.8, 3.3])
  }

  @Test("two visible coordinates solve two equations")
  func twoVisible() {
    // Cramer's rule for 0.8 = a + 0.3 b, 0.5 = 0.3 a + b
    let determinant = 1 - 0.09
    let predictor = Self.model.predictor(visible: [0, 2])
    #expect(isClose(predictor.weights[0, 0], (0.8 - 0.15) / determinant))
    #expect(isClose(predictor.weights[0, 1], (0.5 - 0.24) / determinant))
  }

  @Test("fits mean and covariance as NumPy does")
  func fit() {
    // np.cov([[1, 2, 4, 7], [3, 1, 0, 2]])
    let model = GaussianModel(fitting: [[1, 3], [2, 1], [4, 0], [7, 2]])
    #expect(model.mean == [3.5, 1.5])
    #expect(isClose(model.covariance[0, 0], 7))
    #expect(isClose(model.covariance[0, 1], -2.0 / 3))
    #expect(isClose(model.covariance[1, 1], 5.0 / 3))
  }

  @Test("the loss averages over hidden coordinates only")
  func maskedError() {
    #expect(maskedMeanSquaredError([9, 1, 3], [0, 0, 0], hidden: [1, 2]) == 5)
  }
}

@Suite("Matrices in double precision") struct MatrixTests {
  let a = Matrix([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]])

  // torch.linalg.solve(A, torch.tensor([1., 2., 3.])), torch.logdet(A)
  @Test("Cholesky solves and measures as PyTorch does")
  func cholesky() throws {
    let factor = try #require(CholeskyFactor(a))
    let x = factor.solve([1, 2, 3])
    let expected = [-0.08172851103804601, 0.596524189760451, 1.4607797087834662]
    for (value, number) in zip(x, expected) { #expect(isClose(value, number)) }
    #expect(isClose(factor.logDeterminant, 3.0582374789053883))
    let product = factor.lower.times(factor.lower.transposed)
    for (value, number) in zip(product.values, a.values) { #expect(isClose(value, number)) }
  }

  @Test("a matrix that is not positive definite has no factor")
  func indefinite() { #expect(CholeskyFactor(Matrix([[1, 2], [2, 1]])) == nil) }

  @Test("inner sizes that differ stop the program with both shapes")
  func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Matrix(zeros: 2, 3).times(Matrix(zeros: 4, 1))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("[2, 3] × [4, 1]: inner sizes 3 and 4 differ"))
  }
}
