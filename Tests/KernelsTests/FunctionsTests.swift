import Foundation
import Kernels
import Testing

@Suite("Elementary functions")
struct FunctionsTests {
  typealias Kernel = @Sendable (Floats, MutableFloats, Int) -> Void

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var kernel: Kernel
    var exact: @Sendable (Double) -> Double
    /// Largest error in units in the last place, over the whole range of floats.
    var ulps: Double
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "exp", kernel: Elementwise.exp, exact: { exp($0) }, ulps: 1.03),
    Case(name: "expm1", kernel: Elementwise.expm1, exact: { expm1($0) }, ulps: 1.5),
    Case(name: "log", kernel: Elementwise.log, exact: { log($0) }, ulps: 1),
    Case(name: "log1p", kernel: Elementwise.log1p, exact: { log1p($0) }, ulps: 1.6),
    Case(
      // Without a fused multiply-add the largest error found is 5.6.
      name: "tanh", kernel: Elementwise.tanh, exact: { tanh($0) }, ulps: 6),
    Case(name: "erf", kernel: Elementwise.erf, exact: { erf($0) }, ulps: 6.1),
    Case(name: "sigmoid", kernel: Elementwise.sigmoid, exact: { 1 / (1 + exp(-$0)) }, ulps: 2.5),
    Case(
      name: "softplus", kernel: Elementwise.softplus,
      exact: { max($0, 0) + log1p(exp(-abs($0))) }, ulps: 2),
    Case(
      name: "gelu", kernel: Elementwise.geluErf, exact: { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
      ulps: 6),
    Case(name: "sin", kernel: Elementwise.sin, exact: { sin($0) }, ulps: 2),
    Case(name: "cos", kernel: Elementwise.cos, exact: { cos($0) }, ulps: 2),
    Case(
      name: "square root", kernel: Elementwise.squareRoot,
      exact: { $0.squareRoot() }, ulps: 0.5),
    Case(name: "floor", kernel: Elementwise.floor, exact: { floor($0) }, ulps: 0),
    Case(
      name: "x^3.7", kernel: { Elementwise.power($0, 3.7, $1, count: $2) },
      exact: { pow($0, Double(Float(3.7))) }, ulps: 1.5),
    Case(
      name: "x^-3", kernel: { Elementwise.power($0, -3, $1, count: $2) }, exact: { pow($0, -3) },
      ulps: 1.5),
  ]

  /// 10 007 unless every float is asked for, with EVERY_FLOAT=1 (`make ulps`).
  static let step: UInt64 =
    ProcessInfo.processInfo.environment["EVERY_FLOAT"] == nil ? 10_007 : 1

  @Test(
    "are within their stated error over the range of floats, infinities, subnormals and NaN among them",
    arguments: cases)
  func errors(_ function: Case) {
    var worst = (error: 0.0, place: Float(0))
    func inspect(_ x: [Float]) {
      var y = [Float](repeating: 7, count: x.count)
      function.kernel(x, &y, x.count)
      for (x, y) in zip(x, y) {
        let exact = function.exact(Double(x))
        let nearest = Float(exact)
        if nearest == y || (nearest.isNaN && y.isNaN) { continue }
        // Subnormal results may be flushed to 0 or rounded once more.
        if y == 0, nearest.magnitude < .leastNormalMagnitude { continue }
        let unit = Double(max(nearest.magnitude, .leastNormalMagnitude).ulp)
        let error = (Double(y) - exact).magnitude / unit
        if !(error <= worst.error) { worst = (error, x) }
      }
    }
    inspect([0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, 1e30, -1e-30])
    let block = Self.step << 16
    for start in stride(from: UInt64(0), to: 1 << 32, by: Int(block)) {
      let patterns = stride(from: start, to: min(start + block, 1 << 32), by: Int(Self.step))
      inspect(patterns.map { Float(bitPattern: UInt32($0)) })
    }
    if Self.step == 1 { print("\(function.name): \(worst.error) ulp at \(worst.place)") }
    #expect(worst.error <= function.ulps, "\(worst.error) ulp at \(worst.place)")
  }

  @Test("give every element the same value in place, at any offset and in any length")
  func lengths() {
    for function in Self.cases {
      for count in oddSizes {
        let x = Numbers.some(count + 1, seed: UInt64(count), scale: 3).map { $0 + 3.5 }
        var whole = [Float](repeating: 0, count: count)
        x.withUnsafeBufferPointer {
          guard let base = $0.baseAddress else { return }
          function.kernel(base + 1, &whole, count)
        }
        for i in 0..<count {
          var one: [Float] = [0]
          function.kernel([x[i + 1]], &one, 1)
          #expect(one[0].bitPattern == whole[i].bitPattern, "\(function.name) \(count) \(i)")
        }
        var inPlace = Array(x.dropFirst())
        inPlace.withUnsafeMutableBufferPointer {
          guard let base = $0.baseAddress else { return }
          function.kernel(base, base, count)
        }
        #expect(inPlace == whole, "\(function.name) in place, \(count)")
      }
    }
  }

  @Test("GELU is exact to a millionth, and its derivative with it")
  func gelu() {
    let x = stride(from: Float(-12), through: 12, by: 0.0137).map { $0 }
    let tanhForm: @Sendable (Double) -> Double = {
      $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    }
    let erfForm: @Sendable (Double) -> Double = { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }
    for (activation, exact) in [(Activation.geluErf, erfForm), (.geluTanh, tanhForm)] {
      var (y, d) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: x.count))
      Elementwise.activate(activation, x, &y, derivative: &d, count: x.count)
      for (i, x) in doubles(x).enumerated() {
        let slope = (exact(x + 1e-5) - exact(x - 1e-5)) / 2e-5
        #expect((Double(y[i]) - exact(x)).magnitude < 1.2e-6, "\(x)")
        #expect((Double(d[i]) - slope).magnitude < 4e-6, "\(x)")
      }
    }
  }

  @Test("saturate: erf and tanh at 1, gelu and silu at 0 and x, with their derivatives")
  func tails() {
    func values(_ kernel: Elementwise.Function, _ x: [Float]) -> [Float] {
      var y = [Float](repeating: 7, count: x.count)
      kernel(x, &y, x.count)
      return y
    }
    let far: [Float] = [20, 1e4, 1e30, .infinity]
    let below = far.map { -$0 }
    #expect(values(Elementwise.erf, [3.92] + far).allSatisfy { $0 == 1 })
    #expect(values(Elementwise.tanh, [9.02] + far).allSatisfy { $0 == 1 })
    #expect(values(Elementwise.erf, below).allSatisfy { $0 == -1 })
    // Nowhere beyond 1, whatever rounding does.
    let near = stride(from: Float(3.5), to: 4, by: 1e-6).map { $0 }
    #expect(values(Elementwise.erf, near).allSatisfy { $0 <= 1 })
    expectClose(
      values(Elementwise.geluErf, [-5.5, -10]).map { $0 * 1e7 }, [-1.0444, -7.6199e-16],
      tolerance: 1e-4)
    for (function, backward) in [
      (Elementwise.geluErf, Elementwise.geluErfBackward),
      (Elementwise.geluTanh, Elementwise.geluTanhBackward),
      (Elementwise.silu, Elementwise.siluBackward),
    ] {
      let limits = values(function, [-200, -1e4, -1e30, -.infinity])
      #expect(limits.allSatisfy { $0 == 0 }, "\(limits)")
      #expect(values(function, far + [200]).dropFirst() == [1e4, 1e30, .infinity, 200])
      var dx = [Float](repeating: 7, count: 6)
      backward(
        [1, 1, 1, 1, 1, 1], [-200, -1e30, -.infinity, 200, 1e30, .infinity], &dx, 6)
      #expect(dx == [0, 0, 0, 1, 1, 1])
    }
  }

  @Test("x^0 has the derivative 0, also at 0") func powerOfZero() {
    var dx: [Float] = [7, 7, 7]
    Elementwise.powerBackward([1, 1, 1], [0, 1, -2], 0, &dx, count: 3)
    #expect(dx == [0, 0, 0])
  }

  struct Backward: Sendable, CustomTestStringConvertible {
    var name: String
    var kernel: @Sendable (Floats, Floats, MutableFloats, Int) -> Void
    var exact: @Sendable (Double) -> Double
    /// The kernel wants the function's output instead of its input.
    var wantsOutput = false
    var testDescription: String { name }
  }

  static let backward = [
    Backward(
      name: "square root",
      kernel: Elementwise.squareRootBackward,
      exact: { $0.squareRoot() }, wantsOutput: true),
    Backward(name: "square", kernel: Elementwise.squareBackward, exact: { $0 * $0 }),
    Backward(name: "absolute", kernel: Elementwise.absoluteBackward, exact: { abs($0) }),
    Backward(name: "log", kernel: Elementwise.logBackward, exact: { log($0) }),
    Backward(name: "log1p", kernel: Elementwise.log1pBackward, exact: { log1p($0) }),
    Backward(
      name: "expm1", kernel: Elementwise.expm1Backward,
      exact: { expm1($0) }, wantsOutput: true),
    Backward(
      name: "tanh", kernel: Elementwise.tanhBackward,
      exact: { tanh($0) }, wantsOutput: true),
    Backward(
      name: "sigmoid", kernel: Elementwise.sigmoidBackward,
      exact: { 1 / (1 + exp(-$0)) }, wantsOutput: true),
    Backward(name: "softplus", kernel: Elementwise.softplusBackward, exact: { log1p(exp($0)) }),
    Backward(name: "relu", kernel: Elementwise.reluBackward, exact: { max($0, 0) }),
    Backward(name: "erf", kernel: Elementwise.erfBackward, exact: { erf($0) }),
    Backward(
      name: "gelu", kernel: Elementwise.geluErfBackward,
      exact: { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }),
    Backward(name: "silu", kernel: Elementwise.siluBackward, exact: { $0 / (1 + exp(-$0)) }),
    Backward(name: "sin", kernel: Elementwise.sinBackward, exact: { sin($0) }),
    Backward(name: "cos", kernel: Elementwise.cosBackward, exact: { cos($0) }),
    Backward(
      name: "clip",
      kernel: { Elementwise.clipBackward($0, $1, low: -0.5, high: 1.25, $2, count: $3) },
      exact: { min(max($0, -0.5), 1.25) }),
    Backward(
      name: "x^2.5", kernel: { Elementwise.powerBackward($0, $1, 2.5, $2, count: $3) },
      exact: { pow($0, 2.5) }),
  ]

  @Test("send back their derivatives", arguments: backward)
  func derivatives(_ function: Backward) {
    let wantsPositive = function.exact(-2).isNaN
    for count in [1, 16, 37] {
      let x = Numbers.some(count, seed: 5, scale: wantsPositive ? 0.9 : 2)
        .map { wantsPositive ? $0 + 1.2 : $0 }
      let g = Numbers.some(count, seed: 6)
      let input = function.wantsOutput ? x.map { Float(function.exact(Double($0))) } : x
      var dx = [Float](repeating: 0, count: count)
      function.kernel(g, input, &dx, count)
      let expected = zip(g, doubles(x)).map { g, x in
        Double(g) * (function.exact(x + 1e-6) - function.exact(x - 1e-6)) / 2e-6
      }
      expectClose(dx, expected, tolerance: 1e-5, function.name)
    }
  }
}
