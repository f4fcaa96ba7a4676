import Kernels
import Testing

@Suite("Matrix products")
struct MatmulTests {
  static let shapes: [(Int, Int, Int)] = {
    var shapes: [(Int, Int, Int)] = []
    for m in [0, 1, 3, 12, 17, 33] {
      for n in [0, 1, 7, 16, 17, 33, 65] {
        for k in [0, 1, 3, 33] { shapes.append((m, n, k)) }
      }
    }
    return shapes + [
      (129, 65, 17), (13, 48, 1100), (100, 129, 513), (260, 33, 200), (15, 257, 1024),
      // Rows of B that lie in whole panels, near one another and far apart.
      (31, 64, 530), (29, 1056, 40),
      // So large that tiles are asked for ahead: shallow and deep, whole panels and a narrow one.
      (2101, 96, 40), (1003, 224, 200), (1400, 65, 150), (300, 1056, 64),
    ]
  }()

  @Test("agree with plain loops in every orientation, on every odd size", arguments: shapes)
  func product(shape: (Int, Int, Int)) {
    let (m, n, k) = shape
    let (a, b) = (Numbers.some(m * k, seed: 1), Numbers.some(k * n, seed: 2))
    for (aT, bT) in [(false, false), (false, true), (true, false), (true, true)] {
      var c = [Float](repeating: 9, count: m * n)
      Product.multiply(
        Matrix(a, stride: aT ? m : k, isTransposed: aT),
        Matrix(b, stride: bT ? k : n, isTransposed: bT), into: &c, stride: n, rows: m,
        columns: n, depth: k)
      expectClose(
        c, Reference.product(a, b, rows: m, columns: n, depth: k, aT: aT, bT: bT),
        tolerance: 3e-6, "\(shape) \(aT) \(bT)")
    }
  }

  @Test("add a base and a bias, apply an activation, and leave what lies between rows alone")
  func ends() {
    for (m, n, k) in [(1, 1, 1), (13, 17, 5), (40, 70, 600), (1501, 160, 40)] {
      let (a, b) = (Numbers.some(m * k, seed: 3), Numbers.some(k * n, seed: 4))
      let (base, bias) = (Numbers.some(m * n, seed: 5), Numbers.some(n, seed: 6))
      let plain = Reference.product(a, b, rows: m, columns: n, depth: k)
      let stride = n + 3
      var c = [Float](repeating: 9, count: m * stride)
      var slope = [Float](repeating: 9, count: m * stride)
      slope.withUnsafeMutableBufferPointer { slope in
        Product.multiply(
          Matrix(a, stride: k), Matrix(b, stride: n), into: &c, stride: stride, rows: m,
          columns: n, depth: k, adding: Matrix(base, stride: n),
          end: ProductEnd(bias: bias, activation: .relu, derivative: slope.baseAddress))
      }
      let expected = plain.indices.map {
        max(0, plain[$0] + Double(base[$0]) + Double(bias[$0 % n]))
      }
      for i in 0..<m {
        let row = Array(c[i * stride..<i * stride + n])
        expectClose(row, Array(expected[i * n..<i * n + n]), tolerance: 1e-5)
        #expect(zip(row, slope[i * stride..<i * stride + n]).allSatisfy { ($0 > 0) == ($1 == 1) })
        #expect(c[i * stride + n..<(i + 1) * stride].allSatisfy { $0 == 9 })
      }
    }
  }

  @Test("run as a batch, with an operand shared by all")
  func batch() {
    for (count, m, n, k) in [(0, 3, 3, 3), (1, 5, 7, 3), (9, 17, 12, 24), (70, 49, 49, 16)] {
      let (a, b) = (Numbers.some(count * m * k, seed: 7), Numbers.some(k * n, seed: 8))
      var c = [Float](repeating: 9, count: count * m * n)
      Product.multiplyBatch(
        count, Matrix(a, stride: k), step: m * k, Matrix(b, stride: n), step: 0, into: &c,
        stride: n, step: m * n, rows: m, columns: n, depth: k)
      for i in 0..<count {
        expectClose(
          Array(c[i * m * n..<(i + 1) * m * n]),
          Reference.product(
            Array(a[i * m * k..<(i + 1) * m * k]), b, rows: m, columns: n, depth: k),
          tolerance: 3e-6)
      }
    }
  }

  @Test("pass infinities and NaN on as IEEE says")
  func specials() {
    var c: [Float] = [0, 0]
    Product.multiply(
      Matrix([Float.infinity, 1], stride: 2), Matrix([Float](arrayLiteral: 1, 0, 1, 0), stride: 2),
      into: &c, stride: 2, rows: 1, columns: 2, depth: 2)
    #expect(c[0] == .infinity)
    #expect(c[1].isNaN)
  }

  @Test("give the same bits for one, two and five threads")
  func threads() {
    let (m, n, k) = (300, 200, 700)
    let (a, b) = (Numbers.some(m * k, seed: 9), Numbers.some(k * n, seed: 10))
    let results = [1, 2, 5].map { threads in
      withThreads(threads) {
        var c = [Float](repeating: 0, count: m * n)
        Product.multiply(
          Matrix(a, stride: m, isTransposed: true), Matrix(b, stride: n), into: &c, stride: n,
          rows: m, columns: n, depth: k)
        return c
      }
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }
}
