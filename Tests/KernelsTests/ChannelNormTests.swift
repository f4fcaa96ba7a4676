import Kernels
import Testing

@Suite("Batch norm and group norm")
struct ChannelNormTests {
  struct Case: Sendable {
    var images: Int, positions: Int, channels: Int, groups: Int
    var isRelu: Bool
  }

  static let cases = [
    Case(images: 1, positions: 2, channels: 1, groups: 1, isRelu: false),
    Case(images: 3, positions: 7, channels: 6, groups: 3, isRelu: true),
    Case(images: 2, positions: 9, channels: 16, groups: 4, isRelu: true),
    Case(images: 5, positions: 4, channels: 33, groups: 3, isRelu: false),
    Case(images: 40, positions: 3, channels: 20, groups: 20, isRelu: true),
  ]

  /// Normalises the numbers of x whose `set` is alike.
  private func reference(
    _ x: [Double], _ gamma: [Double], _ beta: [Double], channels: Int, isRelu: Bool,
    set: (Int) -> Int
  ) -> [Double] {
    var sums: [Int: (Double, Double, Double)] = [:]
    for (i, x) in x.enumerated() {
      let s = sums[set(i)] ?? (0, 0, 0)
      sums[set(i)] = (s.0 + 1, s.1 + x, s.2 + x * x)
    }
    return x.enumerated().map { i, x in
      let (n, sum, squares) = sums[set(i)] ?? (1, 0, 0)
      let mean = sum / n
      let r = 1 / (squares / n - mean * mean + 1e-3).squareRoot()
      let y = gamma[i % channels] * (x - mean) * r + beta[i % channels]
      return isRelu ? max(0, y) : y
    }
  }

  @Test("channels of one number become beta", arguments: [1, 2, 48, 768, 5000])
  func constants(rows: Int) {
    for value in [1000.7, -1e10, 0.1] as [Float] {
      let x = [Float](repeating: value, count: rows)
      var (y, mean, spread) = (x, [Float(7)], [Float(7)])
      ChannelNorm.batch(
        x, gamma: [1000], beta: [-1], epsilon: 1e-5, isRelu: false, &y, mean: &mean,
        variance: &spread, rows: rows, channels: 1)
      #expect(
        y.allSatisfy { $0 == -1 } && mean[0] == value && spread[0] < 1e-15 * value * value,
        "\(value)")
      ChannelNorm.group(
        x, gamma: [1000], beta: [-1], groups: 1, epsilon: 1e-5, isRelu: false, &y, mean: &mean,
        inverse: &spread, images: 1, positions: rows, channels: 1)
      #expect(y.allSatisfy { $0 == -1 } && mean[0] == value, "\(value)")
    }
  }

  @Test("agree with plain loops, their gradients with finite differences", arguments: cases)
  func agree(_ c: Case) {
    let (n, channels) = (c.images * c.positions * c.channels, c.channels)
    let (x, g) = (Numbers.some(n, seed: 1, scale: 2), Numbers.some(n, seed: 2))
    let (gamma, beta) = (Numbers.some(channels, seed: 3), Numbers.some(channels, seed: 4))
    for isBatch in [true, false] {
      let set = { (i: Int) in
        isBatch
          ? i % channels
          : i / (c.positions * channels) * c.groups + i % channels / (channels / c.groups)
      }
      func f(_ x: [Double], _ gamma: [Double], _ beta: [Double]) -> [Double] {
        reference(x, gamma, beta, channels: channels, isRelu: c.isRelu, set: set)
      }
      var y = [Float](repeating: 7, count: n)
      var dx = y
      var (dGamma, dBeta) = (
        [Float](repeating: 7, count: channels), [Float](repeating: 7, count: channels)
      )
      let statistics = max(channels, c.images * c.groups)
      var (mean, spread) = (
        [Float](repeating: 7, count: statistics), [Float](repeating: 7, count: statistics)
      )
      gamma.withUnsafeBufferPointer { gammas in
        beta.withUnsafeBufferPointer { betas in
          let (gammas, betas) = (gammas.baseAddress, betas.baseAddress)
          if isBatch {
            let rows = c.images * c.positions
            ChannelNorm.batch(
              x, gamma: gammas, beta: betas, epsilon: 1e-3, isRelu: c.isRelu, &y, mean: &mean,
              variance: &spread, rows: rows, channels: channels)
            ChannelNorm.batchBackward(
              g, x, y, gamma: gammas, epsilon: 1e-3, isRelu: c.isRelu, mean: mean,
              variance: spread, dx: &dx, dGamma: &dGamma, dBeta: &dBeta, rows: rows,
              channels: channels)
          } else {
            ChannelNorm.group(
              x, gamma: gammas, beta: betas, groups: c.groups, epsilon: 1e-3, isRelu: c.isRelu,
              &y, mean: &mean, inverse: &spread, images: c.images, positions: c.positions,
              channels: channels)
            ChannelNorm.groupBackward(
              g, x, y, gamma: gammas, groups: c.groups, isRelu: c.isRelu, mean: mean,
              inverse: spread, dx: &dx, dGamma: &dGamma, dBeta: &dBeta, images: c.images,
              positions: c.positions, channels: channels)
          }
        }
      }
      let (wideX, wideGamma, wideBeta) = (doubles(x), doubles(gamma), doubles(beta))
      expectClose(y, f(wideX, wideGamma, wideBeta), tolerance: 1e-5)
      func loss(_ x: [Double], _ gamma: [Double], _ beta: [Double]) -> Double {
        zip(f(x, gamma, beta), doubles(g)).map(*).reduce(0, +)
      }
      expectClose(
        dx, differences(wideX, step: 1e-6) { loss($0, wideGamma, wideBeta) }, tolerance: 1e-4,
        isBatch ? "batch" : "group")
      expectClose(
        dGamma, differences(wideGamma, step: 1e-6) { loss(wideX, $0, wideBeta) },
        tolerance: 1e-4)
      expectClose(
        dBeta, differences(wideBeta, step: 1e-6) { loss(wideX, wideGamma, $0) },
        tolerance: 1e-4)
    }
  }
}
