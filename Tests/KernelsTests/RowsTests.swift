import Kernels
import Testing

@Suite("Operations on rows")
struct RowsTests {
  static let shapes = [(0, 3), (1, 1), (3, 7), (5, 16), (7, 17), (33, 33), (4, 65), (9, 129)]

  @Test("softmax and its relatives, forward and backward", arguments: shapes)
  func softmax(r: Int, c: Int) {
    let (x, g) = (Numbers.some(r * c, seed: 1, scale: 5), Numbers.some(r * c, seed: 2))
    let perRow = rows(doubles(x), c)
    var y = [Float](repeating: 7, count: r * c)
    Rows.softmax(x, &y, rows: r, columns: c)
    expectClose(y, perRow.flatMap(Reference.softmax), tolerance: 1e-6)
    var dx = y
    Rows.softmaxBackward(g, y, &dx, rows: r, columns: c)
    expectClose(dx, gradient(x, g, c) { Reference.softmax($0) }, tolerance: 1e-5)

    Rows.logSoftmax(x, &y, rows: r, columns: c)
    let logarithms = { (row: [Double]) in row.map { $0 - Reference.logSumExp(row) } }
    expectClose(y, perRow.flatMap(logarithms), tolerance: 1e-6)
    Rows.logSoftmaxBackward(g, y, &dx, rows: r, columns: c)
    expectClose(dx, gradient(x, g, c, logarithms), tolerance: 1e-5)

    var sums = [Float](repeating: 7, count: r)
    Rows.logSumExp(x, &sums, rows: r, columns: c)
    expectClose(sums, perRow.map(Reference.logSumExp), tolerance: 1e-6)
    Rows.logSumExpBackward(Array(g.prefix(r)), x, sums, &dx, rows: r, columns: c)
    let expected = perRow.enumerated().flatMap { row, x in
      Reference.softmax(x).map { $0 * Double(g[row]) }
    }
    expectClose(dx, expected, tolerance: 1e-5)
  }

  @Test("softmax stays finite far from 0, and log-sum-exp passes infinities on")
  func extremes() {
    var y: [Float] = [0, 0, 0]
    Rows.softmax([1e30, 1e30, -1e30], &y, rows: 1, columns: 3)
    #expect(y == [0.5, 0.5, 0])
    Rows.logSumExp([-.infinity, -.infinity], &y, rows: 1, columns: 2)
    #expect(y[0] == -.infinity)
    Rows.logSumExp([.infinity, 0], &y, rows: 1, columns: 2)
    #expect(y[0] == .infinity)
    Rows.logSumExp([.nan, 0], &y, rows: 1, columns: 2)
    #expect(y[0].isNaN)
  }

  @Test("layer norm, forward and backward", arguments: shapes)
  func layerNorm(r: Int, c: Int) {
    let (x, g) = (Numbers.some(r * c, seed: 1, scale: 2), Numbers.some(r * c, seed: 2))
    let (gamma, beta) = (Numbers.some(c, seed: 3), Numbers.some(c, seed: 4))
    let reference = { (x: [Double], gamma: [Double], beta: [Double]) in
      Reference.layerNorm(x, gamma, beta, epsilon: 1e-3)
    }
    var y = [Float](repeating: 7, count: r * c)
    var (mean, inverse) = ([Float](repeating: 7, count: r), [Float](repeating: 7, count: r))
    gamma.withUnsafeBufferPointer { gammas in
      Rows.layerNorm(
        x, gamma: gammas.baseAddress, beta: beta, epsilon: 1e-3, &y, mean: &mean,
        inverse: &inverse, rows: r, columns: c)
    }
    let (wideGamma, wideBeta) = (doubles(gamma), doubles(beta))
    expectClose(
      y, rows(doubles(x), c).flatMap { reference($0, wideGamma, wideBeta) }, tolerance: 2e-6)
    var dx = [Float](repeating: 7, count: r * c)
    var (dGamma, dBeta) = ([Float](repeating: 7, count: c), [Float](repeating: 7, count: c))
    Rows.layerNormBackward(
      g, x, gamma: gamma, mean: mean, inverse: inverse, dx: &dx, dGamma: &dGamma, dBeta: &dBeta,
      rows: r, columns: c)
    // One number is its own mean: the output is beta, and nothing depends on x.
    guard c > 1 else { return }
    expectClose(dx, gradient(x, g, c) { reference($0, wideGamma, wideBeta) }, tolerance: 1e-4)
    let loss = { (gamma: [Double], beta: [Double]) in
      zip(rows(doubles(x), c).flatMap { reference($0, gamma, beta) }, doubles(g)).map(*)
        .reduce(0, +)
    }
    expectClose(dGamma, differences(wideGamma) { loss($0, wideBeta) }, tolerance: 1e-5)
    expectClose(dBeta, differences(wideBeta) { loss(wideGamma, $0) }, tolerance: 1e-5)
  }

  @Test("L2 norm, forward and backward", arguments: shapes)
  func normalize(r: Int, c: Int) {
    let (x, g) = (Numbers.some(r * c, seed: 1, scale: 2), Numbers.some(r * c, seed: 2))
    let reference = { (x: [Double]) in
      let length = x.map { $0 * $0 }.reduce(0, +).squareRoot()
      return x.map { $0 / length }
    }
    var y = [Float](repeating: 7, count: r * c)
    var inverse = [Float](repeating: 7, count: r)
    Rows.normalize(x, epsilon: 1e-12, &y, inverse: &inverse, rows: r, columns: c)
    expectClose(y, rows(doubles(x), c).flatMap(reference), tolerance: 1e-6)
    var dx = [Float](repeating: 7, count: r * c)
    Rows.normalizeBackward(g, y, inverse: inverse, &dx, rows: r, columns: c)
    if c > 1 { expectClose(dx, gradient(x, g, c, reference), tolerance: 1e-5) }
  }

  @Test("cross-entropy: loss and gradient, ignored rows, in place", arguments: shapes)
  func crossEntropy(r: Int, c: Int) {
    let x = Numbers.some(r * c, seed: 1, scale: 4)
    let targets = (0..<r).map { $0 % 3 == 2 ? -1 : ($0 * 7) % c }
    let perRow = rows(doubles(x), c)
    let expected = perRow.indices.map {
      targets[$0] < 0 ? 0 : Reference.logSumExp(perRow[$0]) - perRow[$0][targets[$0]]
    }
    var losses = [Float](repeating: 7, count: r)
    CrossEntropy.losses(x, targets: targets, &losses, rows: r, columns: c)
    expectClose(losses, expected, tolerance: 1e-6)
    var dx = x
    dx.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      CrossEntropy.lossesAndGradient(
        base, targets: targets, scale: 0.25, &losses, base, rows: r, columns: c)
    }
    expectClose(losses, expected, tolerance: 1e-6)
    let slopes = perRow.indices.flatMap { row in
      Reference.softmax(perRow[row]).enumerated().map { i, p in
        targets[row] < 0 ? 0 : 0.25 * (p - (i == targets[row] ? 1 : 0))
      }
    }
    expectClose(dx, slopes, tolerance: 1e-5)
  }

  /// The gradient of sum(g f(x)) row by row.
  private func gradient(
    _ x: [Float], _ g: [Float], _ c: Int, _ f: ([Double]) -> [Double]
  ) -> [Double] {
    zip(rows(doubles(x), c), rows(doubles(g), c)).flatMap { x, g in
      differences(x) { zip(f($0), g).map(*).reduce(0, +) }
    }
  }
}
