// The same operations as plain loops in double precision: what each kernel means.

/// A seeded stream of numbers in -1...1 for test data.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }

  /// `count` numbers between -scale and scale.
  static func some(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var numbers = Numbers(seed: seed)
    return (0..<count).map { _ in numbers.next() * scale }
  }
}

enum Reference {
  /// C = op(A) op(B), operands row-major and transposed where said.
  static func product(
    _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, depth k: Int, aT: Bool = false,
    bT: Bool = false
  ) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for p in 0..<k {
          let x = aT ? a[p * m + i] : a[i * k + p]
          let y = bT ? b[j * k + p] : b[p * n + j]
          sum += Double(x) * Double(y)
        }
        c[i * n + j] = sum
      }
    }
    return c
  }

  static func softmax(_ row: [Double]) -> [Double] {
    let most = row.max() ?? 0
    let e = row.map { exponential($0 - most) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  static func logSumExp(_ row: [Double]) -> Double {
    let most = row.max() ?? -.infinity
    return most + logarithm(row.map { exponential($0 - most) }.reduce(0, +))
  }

  /// Layer norm of one row and, from the gradient of its output, that of its input.
  static func layerNorm(_ x: [Double], _ gamma: [Double], _ beta: [Double], epsilon: Double)
    -> [Double]
  {
    let n = Double(x.count)
    let mean = x.reduce(0, +) / n
    let variance = x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / n
    let r = 1 / (variance + epsilon).squareRoot()
    return x.indices.map { gamma[$0] * (x[$0] - mean) * r + beta[$0] }
  }

  /// softmax(scale Q K^T) V of one head; rows of `width` numbers.
  static func attention(
    _ q: [[Double]], _ k: [[Double]], _ v: [[Double]], scale: Double, sees: (Int, Int) -> Bool
  ) -> [[Double]] {
    q.indices.map { i in
      let seen = k.indices.filter { sees(i, $0) }
      let scores = seen.map { j in scale * zip(q[i], k[j]).map(*).reduce(0, +) }
      let p = seen.isEmpty ? [] : softmax(scores)
      return v[0].indices.map { c in zip(seen, p).map { v[$0][c] * $1 }.reduce(0, +) }
    }
  }

  /// NT-Xent of the rows of z.
  static func ntXent(_ z: [[Double]], partners: [Int], temperature: Double) -> Double {
    let u = z.map { row in
      let length = row.map { $0 * $0 }.reduce(0, +).squareRoot()
      return row.map { $0 / length }
    }
    var loss = 0.0
    for i in u.indices {
      let others = u.indices.filter { $0 != i }
      let scores = others.map { j in zip(u[i], u[j]).map(*).reduce(0, +) / temperature }
      let positive = zip(u[i], u[partners[i]]).map(*).reduce(0, +) / temperature
      loss += logSumExp(scores) - positive
    }
    return loss / Double(z.count)
  }

  /// CLIP's loss: queries against keys, both directions.
  static func infoNCE(_ q: [[Double]], _ k: [[Double]], scale: Double, isSymmetric: Bool)
    -> Double
  {
    let s = q.map { q in k.map { k in scale * zip(q, k).map(*).reduce(0, +) } }
    let rows = s.indices.map { logSumExp(s[$0]) - s[$0][$0] }.reduce(0, +)
    let columns = s.indices.map { i in logSumExp(s.map { $0[i] }) - s[i][i] }.reduce(0, +)
    let n = Double(q.count)
    return isSymmetric ? (rows + columns) / (2 * n) : rows / n
  }

  /// Channels-last convolution, weights kernelHeight x kernelWidth x inputs x outputs.
  static func convolution(
    _ x: [Double], _ w: [Double], batch: Int, height: Int, width: Int, inputs: Int,
    outputs: Int, kernel: Int, stride: Int, padding: Int
  ) -> [Double] {
    let outHeight = (height + 2 * padding - kernel) / stride + 1
    let outWidth = (width + 2 * padding - kernel) / stride + 1
    var y = [Double](repeating: 0, count: batch * outHeight * outWidth * outputs)
    for b in 0..<batch {
      for i in 0..<outHeight {
        for j in 0..<outWidth {
          for o in 0..<outputs {
            var sum = 0.0
            for di in 0..<kernel {
              for dj in 0..<kernel {
                let (r, c) = (i * stride - padding + di, j * stride - padding + dj)
                guard r >= 0, r < height, c >= 0, c < width else { continue }
                for n in 0..<inputs {
                  sum +=
                    x[((b * height + r) * width + c) * inputs + n]
                    * w[((di * kernel + dj) * inputs + n) * outputs + o]
                }
              }
            }
            y[((b * outHeight + i) * outWidth + j) * outputs + o] = sum
          }
        }
      }
    }
    return y
  }
}
