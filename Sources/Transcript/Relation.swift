/// How two numbers are said to stand to each other.
public enum Relation: String, Equatable, Sendable, CaseIterable {
  case equal = "="
  case approximately = "≈"
  case less = "<"
  case lessOrEqual = "≤"
  case greater = ">"
  case greaterOrEqual = "≥"

  /// The number that is stated is the one that was measured, up to a tolerance.
  public var isEquality: Bool { self == .equal || self == .approximately }
}
