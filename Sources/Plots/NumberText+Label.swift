import Notation

extension NumberText {
  /// `value` with exactly `decimals` digits after the point, as a figure prints it.
  static func label(_ value: Double, decimals: Int) -> String {
    fixed(value, decimals: decimals, spacing: .thin)
  }

  /// `value` with about `digits` significant digits and no zeros at the end: what prose would say.
  static func label(_ value: Double, digits: Int = 4) -> String {
    of(value, digits: digits, spacing: .thin)
  }
}
