/// Whether what was measured is what is said: one judge for claims in prose, claims in cells and steps
/// of derivations. Neither NaN nor an infinity is ever what a chapter says.
public enum Judgement {
  /// Integers are compared as integers, and so is a whole number with one. A number that is not whole may be off by the last bit of its
  /// own type, which is what writing it in decimals costs.
  ///
  /// - Parameter tolerance: absolute.
  public static func holds(
    _ relation: Relation, _ measured: Event.Number, _ stated: Event.Number, tolerance: Double = 0
  ) -> Bool {
    guard measured.value.isFinite, stated.value.isFinite, tolerance.isFinite else { return false }
    if measured.integer != nil || stated.integer != nil, let measured = measured.whole,
      let stated = stated.whole
    {
      return switch relation {
      case .equal, .approximately: distance(measured, stated) <= tolerance
      case .less: measured < stated
      case .lessOrEqual: measured <= stated
      case .greater: measured > stated
      case .greaterOrEqual: measured >= stated
      }
    }
    let (value, bound) = (measured.value, stated.value)
    let slack = isWhole(value) && isWhole(bound) ? 0 : max(measured.lastBit, stated.lastBit)
    return switch relation {
    case .equal, .approximately: abs(value - bound) <= tolerance + slack
    case .less: value < bound
    case .lessOrEqual: value <= bound + slack
    case .greater: value > bound
    case .greaterOrEqual: value >= bound - slack
    }
  }

  /// Whether a step of a derivation follows from the one before.
  public static func follows(
    _ relation: Relation, _ value: Double, after previous: Double, within allowed: Double
  ) -> Bool {
    guard value.isFinite, previous.isFinite else { return false }
    return switch relation {
    case .equal, .approximately: abs(value - previous) <= allowed
    case .lessOrEqual: previous <= value + allowed
    case .greaterOrEqual: previous >= value - allowed
    case .less: previous < value
    case .greater: previous > value
    }
  }

  private static func distance(_ a: Int128, _ b: Int128) -> Double {
    let (difference, overflow) = a.subtractingReportingOverflow(b)
    return overflow ? .infinity : Double(difference.magnitude)
  }

  private static func isWhole(_ value: Double) -> Bool { value == value.rounded(.towardZero) }
}

extension Event.Number {
  /// nil for a number with a fraction.
  fileprivate var whole: Int128? { integer ?? Int128(exactly: value) }

  /// The spacing of its type, which is a Float's at the most: a type of the chapter's own could claim
  /// any other.
  fileprivate var lastBit: Double {
    let widest = Double(Float(value).ulp)
    return max(min(spacing, widest.isFinite ? widest : value.ulp), value.ulp)
  }
}
