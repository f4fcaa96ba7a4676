import Foundation
import Kernels
import Testing

@Suite("Functions of two operands")
struct BinaryTests {
  typealias Kernel =
    @Sendable (
      Floats, Stretch, Floats, Stretch, MutableFloats, Int, Int
    ) -> Void

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var kernel: Kernel
    var exact: @Sendable (Float, Float) -> Float
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "add", kernel: Binary.add, exact: +),
    Case(name: "subtract", kernel: Binary.subtract, exact: -),
    Case(name: "multiply", kernel: Binary.multiply, exact: *),
    Case(name: "divide", kernel: Binary.divide, exact: /),
    Case(name: "maximum", kernel: Binary.maximum, exact: { max($0, $1) }),
    Case(name: "minimum", kernel: Binary.minimum, exact: { min($0, $1) }),
    Case(name: "less", kernel: Binary.less, exact: { $0 < $1 ? 1 : 0 }),
    Case(name: "greater or equal", kernel: Binary.greaterOrEqual, exact: { $0 >= $1 ? 1 : 0 }),
    Case(name: "equal", kernel: Binary.equal, exact: { $0 == $1 ? 1 : 0 }),
  ]

  @Test("stretch either operand over rows, columns or all", arguments: cases)
  func stretches(_ function: Case) {
    let all: [Stretch] = [.none, .overRows, .overColumns, .overAll]
    for (r, c) in [(1, 1), (3, 7), (5, 16), (17, 33), (0, 4), (4, 0)] {
      for (left, right) in all.flatMap({ l in all.map { (l, $0) } }) {
        let a = Numbers.some(max(1, r * c), seed: 1).map { ($0 * 4).rounded() }
        let b = Numbers.some(max(1, r * c), seed: 2).map { ($0 * 4).rounded() + 0.0 }
        var y = [Float](repeating: 7, count: r * c)
        function.kernel(a, left, b, right, &y, r, c)
        func element(_ x: [Float], _ stretch: Stretch, _ i: Int, _ j: Int) -> Float {
          switch stretch {
          case .none: x[i * c + j]
          case .overRows: x[j]
          case .overColumns: x[i]
          case .overAll: x[0]
          }
        }
        for i in 0..<r {
          for j in 0..<c {
            let expected = function.exact(element(a, left, i, j), element(b, right, i, j))
            let actual = y[i * c + j]
            #expect(
              actual == expected || (actual.isNaN && expected.isNaN),
              "\(left) \(right) \(r)x\(c) at \(i), \(j)")
          }
        }
      }
    }
  }

  @Test("raise to powers as IEEE 754 says")
  func powers() {
    let values: [Float] = [
      0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 2.5, .infinity, -.infinity, .nan, 1e20, -1e-20,
    ]
    for x in values {
      for y in values {
        var result: [Float] = [0]
        Binary.power([x], .none, [y], .none, &result, 1, 1)
        let expected = Float(Foundation.pow(Double(x), Double(y)))
        #expect(
          (result[0].isNaN && expected.isNaN) || result[0] == expected
            || (result[0] / expected - 1).magnitude < 3e-7, "\(x)^\(y) = \(result[0])")
      }
    }
  }

  @Test("let a NaN on either side win a maximum and a minimum")
  func nan() {
    for (a, b) in [(Float.nan, Float(1)), (1, .nan)] {
      var y: [Float] = [0]
      Binary.maximum([a], .none, [b], .none, &y, 1, 1)
      #expect(y[0].isNaN)
      Binary.minimum([a], .none, [b], .none, &y, 1, 1)
      #expect(y[0].isNaN)
    }
  }

  @Test("select, mask, scale and interpolate")
  func others() {
    for n in oddSizes {
      let (a, b) = (Numbers.some(n, seed: 1), Numbers.some(n, seed: 2))
      let mask = Numbers.some(n, seed: 3).map { $0 > 0 ? Float(1) : 0 }
      var y = [Float](repeating: 7, count: n)
      Elementwise.select(mask, a, b, &y, count: n)
      #expect(y == (0..<n).map { mask[$0] != 0 ? a[$0] : b[$0] })
      Elementwise.maskedFill(a, mask, with: -9, &y, count: n)
      #expect(y == (0..<n).map { mask[$0] != 0 ? -9 : a[$0] })
      Elementwise.clip(a, &y, low: -0.25, high: 0.5, count: n)
      #expect(y == a.map { min(max($0, -0.25), 0.5) })
      Elementwise.interpolate(a, b, weight: 0.25, &y, count: n)
      expectClose(
        y, (0..<n).map { 0.75 * Double(a[$0]) + 0.25 * Double(b[$0]) }, tolerance: 1e-6)
    }
  }
}
