import Kernels
import Testing

@Suite("Parameter updates and copies")
struct UpdateTests {
  @Test("AdamW follows its paper for ten steps", arguments: [1, 16, 37])
  func adamW(count: Int) {
    var p = Numbers.some(count, seed: 1)
    var (m, v) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var wide = doubles(p)
    var (wideM, wideV) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for step in 1...10 {
      let g = Numbers.some(count, seed: UInt64(step) + 1)
      Update.adamW(
        &p, g, first: &m, second: &v, count: count, step: step, learningRate: 0.01, beta1: 0.9,
        beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, gradientScale: 0.5)
      for i in 0..<count {
        let gradient = Double(g[i]) * 0.5
        wideM[i] = 0.9 * wideM[i] + 0.1 * gradient
        wideV[i] = 0.999 * wideV[i] + 0.001 * gradient * gradient
        let (c1, c2) = (1 - power(0.9, step), 1 - power(0.999, step))
        wide[i] -= 0.01 * 0.1 * wide[i]
        wide[i] -= 0.01 * wideM[i] / c1 / ((wideV[i] / c2).squareRoot() + 1e-8)
      }
      expectClose(p, wide, tolerance: 2e-6)
    }
  }

  @Test("gradient descent with momentum, plain and Nesterov", arguments: [1, 16, 37])
  func sgd(count: Int) {
    for isNesterov in [false, true] {
      var p = Numbers.some(count, seed: 1)
      var u = [Float](repeating: 0, count: count)
      var (wide, wideU) = (doubles(p), [Double](repeating: 0, count: count))
      for step in 1...5 {
        let g = Numbers.some(count, seed: UInt64(step) + 1)
        Update.sgd(
          &p, g, velocity: &u, count: count, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01,
          isNesterov: isNesterov)
        for i in 0..<count {
          let gradient = Double(g[i]) + 0.01 * wide[i]
          wideU[i] = 0.9 * wideU[i] + gradient
          wide[i] -= 0.1 * (isNesterov ? gradient + 0.9 * wideU[i] : wideU[i])
        }
        expectClose(p, wide, tolerance: 2e-6)
      }
    }
  }

  @Test("rows are gathered by index and added back, repeated ones too")
  func gather() {
    for columns in [1, 7, 16, 33] {
      let table = Numbers.some(5 * columns, seed: 1)
      let indices = [3, 0, 3, 4, 3]
      var y = [Float](repeating: 7, count: indices.count * columns)
      Gather.rows(table, indices, count: indices.count, columns: columns, &y)
      #expect(y == indices.flatMap { table[$0 * columns..<($0 + 1) * columns] })
      var sums = [Float](repeating: 1, count: table.count)
      Gather.addRows(y, indices, count: indices.count, columns: columns, to: &sums)
      for row in 0..<5 {
        let times = indices.filter { $0 == row }.count
        for c in 0..<columns {
          let expected = 1 + Float(times) * table[row * columns + c]
          #expect((sums[row * columns + c] - expected).magnitude < 1e-6)
        }
      }
    }
  }

  @Test("blocks are transposed and copied between row strides")
  func copies() {
    for (r, c) in [(0, 3), (1, 1), (3, 7), (17, 33), (65, 16), (4, 129)] {
      let x = Numbers.some(r * (c + 2) + 2, seed: 1)
      var y = [Float](repeating: 7, count: c * (r + 1))
      Copy.transpose(x, stride: c + 2, &y, stride: r + 1, rows: r, columns: c)
      #expect(
        (0..<c * (r + 1)).allSatisfy { i in
          i % (r + 1) == r ? y[i] == 7 : y[i] == x[i % (r + 1) * (c + 2) + i / (r + 1)]
        })
      var z = [Float](repeating: 7, count: r * (c + 1))
      Copy.rows(x, stride: c + 2, &z, stride: c + 1, rows: r, columns: c)
      #expect(
        (0..<r * (c + 1)).allSatisfy { i in
          i % (c + 1) == c ? z[i] == 7 : z[i] == x[i / (c + 1) * (c + 2) + i % (c + 1)]
        })
    }
  }

  private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { y, _ in y * x } }
}
