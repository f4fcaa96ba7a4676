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

  @Test("losses and logarithms keep their digits beside large numbers")
  func offsets() {
    for offset in [0, 100, 1e5] as [Float] {
      let x: [Float] = [offset, offset + 1]
      let exact = [-logarithm(1 + exponential(1)), -logarithm(1 + exponential(-1))]
      var y: [Float] = [7, 7]
      Rows.logSoftmax(x, &y, rows: 1, columns: 2)
      expectClose(y, exact, tolerance: 1e-7)
      var (loss, dx): ([Float], [Float]) = ([7], [7, 7])
      CrossEntropy.losses(x, targets: [1], &loss, rows: 1, columns: 2)
      expectClose(loss, [-exact[1]], tolerance: 1e-7)
      CrossEntropy.lossesAndGradient(
        x, targets: [1], scale: 1, &loss, &dx, rows: 1, columns: 2)
      expectClose(loss, [-exact[1]], tolerance: 1e-7)
    }
  }

  @Test("the gradient of the log-sum-exp of nothing is 0") func nothing() {
    var dx: [Float] = [7, 7, 7, 7]
    let x: [Float] = [-.infinity, -.infinity, 0, -.infinity]
    Rows.logSumExpBackward([1, 1], x, [-.infinity, 0], &dx, rows: 2, columns: 2)
    #expect(dx == [0, 0, 1, 0])
    var y: [Float] = [7, 7]
    Rows.logSumExp([.nan, -.infinity, .nan, .infinity], &y, rows: 2, columns: 2)
    #expect(y[0].isNaN && y[1].isNaN)
  }

  @Test(
    "rows of one number become 0, and huge ones do not overflow", arguments: [1, 3, 16, 48, 77])
  func constantRows(columns: Int) {
    for value in [1_000_001, 12345.678, -1e30, 1e-30, 0.1] as [Float] {
      let x = [Float](repeating: value, count: columns)
      let (gamma, beta) = (
        [Float](repeating: 1e10, count: columns), [Float](repeating: -1, count: columns)
      )
      var (y, mean, inverse) = (x, [Float(7)], [Float(7)])
      Rows.layerNorm(
        x, gamma: gamma, beta: beta, epsilon: 1e-5, &y, mean: &mean, inverse: &inverse, rows: 1,
        columns: columns)
      #expect(y.allSatisfy { $0 == -1 }, "\(value): \(y[0])")
    }
    let halves = (0..<2 * columns).map { Float($0 % 2 == 0 ? 1e25 : -1e25) }
    var (y, mean, inverse) = (halves, [Float(7)], [Float(7)])
    Rows.layerNorm(
      halves, gamma: nil, beta: nil, epsilon: 1e-5, &y, mean: &mean, inverse: &inverse, rows: 1,
      columns: 2 * columns)
    expectClose(y, halves.map { Double($0 / 1e25) }, tolerance: 1e-6)
  }

  @Test("a row of any length becomes 1 long", arguments: [1, 5, 16, 40])
  func lengths(columns: Int) {
    let x = Numbers.some(columns, seed: 3)
    let length = doubles(x).reduce(0) { $0 + $1 * $1 }.squareRoot()
    let unit = doubles(x).map { $0 / length }
    for scale in [1, 1e20, 1e38, 1e-20, 1e-37] as [Float] {
      let row = x.map { $0 * scale }
      var (y, inverse) = ([Float](repeating: 7, count: columns), [Float(7)])
      Rows.normalize(row, epsilon: 0, &y, inverse: &inverse, rows: 1, columns: columns)
      expectClose(y, unit, tolerance: 1e-6, "\(scale)")
      expectClose([inverse[0] * scale], [1 / length], tolerance: 1e-4)
      let found = Reduce.length(row, count: columns) / Double(scale)
      #expect((found / length - 1).magnitude < 1e-6, "\(scale)")
    }
    #expect(Reduce.length([Float](repeating: 0, count: columns), count: columns) == 0)
    #expect(Reduce.length([.infinity, 1], count: 2) == .infinity)
    #expect(Reduce.length([.nan, 1e30], count: 2).isNaN)
  }

  @Test("a number whose products may not be finite is noticed anywhere") func finite() {
    for count in oddSizes where count > 0 {
      let x = Numbers.some(count, seed: 1, scale: 1e18)
      #expect(Reduce.isModerate(x, count: count))
      for value in [.nan, .infinity, -.infinity, -0x1p64] as [Float] {
        for place in [0, count / 2, count - 1] {
          var broken = x
          broken[place] = value
          #expect(!Reduce.isModerate(broken, count: count))
        }
      }
    }
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
