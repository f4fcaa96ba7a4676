import Foundation
import Testing

func exponential(_ x: Double) -> Double { Foundation.exp(x) }
func logarithm(_ x: Double) -> Double { Foundation.log(x) }

/// Sizes around the widths of vectors and tiles.
let oddSizes = [0, 1, 3, 7, 15, 16, 17, 31, 33, 65, 129]

/// Expects every number within `tolerance` of the reference, relative to the largest of it.
func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  let size = max(1e-3, expected.map(\.magnitude).max() ?? 0)
  let worst = zip(actual, expected).enumerated().map { index, pair in
    (index: index, error: (Double(pair.0) - pair.1).magnitude / size)
  }.max { !($0.error >= $1.error) }
  guard let worst else { return }
  #expect(
    worst.error <= tolerance,
    "\(what): \(actual[worst.index]) for \(expected[worst.index]) at \(worst.index)",
    sourceLocation: sourceLocation)
}

/// The gradient of `f` at x by central differences in double precision.
func differences(_ x: [Double], step: Double = 1e-5, _ f: ([Double]) -> Double) -> [Double] {
  x.indices.map { i in
    var (up, down) = (x, x)
    up[i] += step
    down[i] -= step
    return (f(up) - f(down)) / (2 * step)
  }
}

func doubles(_ x: [Float]) -> [Double] { x.map(Double.init) }

/// Rows of `width` numbers.
func rows(_ x: [Double], _ width: Int) -> [[Double]] {
  stride(from: 0, to: x.count, by: width).map { Array(x[$0..<$0 + width]) }
}
