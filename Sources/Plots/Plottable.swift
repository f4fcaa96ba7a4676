/// A value that has a place on a numeric axis. Swift Charts' word for the same idea.
public protocol Plottable {
  /// The number in double precision. NaN is a gap.
  var plotValue: Double { get }
}

extension Double: Plottable { public var plotValue: Double { self } }
extension Float: Plottable { public var plotValue: Double { Double(self) } }
extension Int: Plottable { public var plotValue: Double { Double(self) } }
extension Int32: Plottable { public var plotValue: Double { Double(self) } }
extension UInt8: Plottable { public var plotValue: Double { Double(self) } }

/// The values of a mark along one axis.
enum AxisValues: Sendable {
  case numbers([Double])
  case categories([String])

  var count: Int {
    switch self {
    case .numbers(let values): return values.count
    case .categories(let names): return names.count
    }
  }

  /// Where the values lie on an axis whose categories stand at 0, 1, 2, …
  func positions(among categories: [String]) -> [Double] {
    switch self {
    case .numbers(let values): return values
    case .categories(let names):
      return names.map { name in
        for (index, category) in categories.enumerated() where isSame(category, name) {
          return Double(index)
        }
        return .nan
      }
    }
  }
}

func plotValues(_ values: some Sequence<some Plottable>) -> [Double] {
  var result: [Double] = []
  result.reserveCapacity(values.underestimatedCount)
  for value in values { result.append(value.plotValue) }
  return result
}

/// So many numbers, at least two, from one end of an interval to the other.
func evenlySpaced(_ interval: ClosedRange<Double>, count: Int) -> [Double] {
  let last = max(2, count) - 1
  let length = interval.upperBound - interval.lowerBound
  return (0...last).map { interval.lowerBound + length * Double($0) / Double(last) }
}

/// Equality of names by bytes; Swift's own would bring Unicode's tables into every live figure.
func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

/// A mark whose arrays do not belong together is a mistake in the program, and stops it.
func requireSameCount(_ mark: StaticString, _ a: String, _ first: Int, _ b: String, _ second: Int) {
  if first != second {
    fatalError("\(mark): \(a) has \(first) values and \(b) has \(second)")
  }
}
