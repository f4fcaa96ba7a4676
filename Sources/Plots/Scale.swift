/// How values are spread along an axis. Names follow Swift Charts.
public enum ScaleType: Sendable, Equatable {
  /// Equal steps are equally far apart.
  case linear
  /// Powers of ten. Values that are not positive are gaps.
  case log
  /// Powers of two, for batch sizes and counts of negatives.
  case log2
  /// Logarithmic on both sides of zero, linear close to it.
  case symmetricLog
}

/// Maps an interval of values onto 0…1.
package struct Scale: Sendable {
  package let type: ScaleType
  /// The ends of the axis; `low < high`, both finite, and positive where `type` needs it.
  package let low: Double
  package let high: Double
  /// Half the width of the linear part of a symmetric logarithmic scale.
  let threshold: Double
  /// Whether `low` stands at the far end, as the rows of a matrix count from the top.
  let isReversed: Bool

  private let start: Double
  private let length: Double

  package init(
    _ type: ScaleType, low: Double, high: Double, threshold: Double = 1, isReversed: Bool = false
  ) {
    self.type = type
    self.low = low
    self.high = high
    self.threshold = threshold
    self.isReversed = isReversed
    start = Self.transform(low, type, threshold)
    length = Self.transform(high, type, threshold) - start
  }

  /// Where `value` lies: 0 at `low`, 1 at `high`, beyond them outside; NaN when it has no place.
  package func fraction(_ value: Double) -> Double {
    let fraction = (Self.transform(value, type, threshold) - start) / length
    guard fraction.isFinite else { return .nan }
    return isReversed ? 1 - fraction : fraction
  }

  package func contains(_ value: Double) -> Bool { value >= low && value <= high }

  private static func transform(_ value: Double, _ type: ScaleType, _ threshold: Double) -> Double {
    switch type {
    // Halved, so that an axis from −10³⁰⁸ to 10³⁰⁸ has a length.
    case .linear: return value / 2
    case .log, .log2: return Logarithm.natural(value)
    case .symmetricLog:
      let magnitude = Logarithm.natural(1 + value.magnitude / threshold)
      return value < 0 ? -magnitude : magnitude
    }
  }
}
