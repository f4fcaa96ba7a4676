/// How numbers are written on pages, in tables, figures and messages: with a true minus sign, `NaN`,
/// `∞`, and `1.5 × 10⁻⁷` for what is very small or large.
public enum NumberText {
  /// The blanks inside a number.
  public enum Spacing: Sendable {
    /// `12345`, `1.5 × 10⁻⁷`: for sentences and tables.
    case plain
    /// Thin spaces around the cross, and between thousands from five digits on: for figures.
    case thin
  }

  public static let minus = "\u{2212}"
  /// The superscripts of 0 to 9, then the minus sign.
  public static let superscripts: [Character] = Array("⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

  /// At most `digits` significant digits, without zeros at the end.
  public static func of(_ value: Double, digits: Int = 7, spacing: Spacing = .plain) -> String {
    DecimalDigits(value).written(significant: digits, keepsZeros: false, spacing: spacing)
  }

  /// Exactly `decimals` digits after the point.
  public static func fixed(_ value: Double, decimals: Int, spacing: Spacing = .plain) -> String {
    DecimalDigits(value).written(decimals: decimals, spacing: spacing)
  }

  /// `10⁻³`, `2¹⁰`
  public static func power(of base: Int, _ exponent: Int) -> String {
    var result = String(base)
    if exponent < 0 { result.append(superscripts[10]) }
    for byte in String(exponent.magnitude).utf8 { result.append(superscripts[Int(byte) - 48]) }
    return result
  }
}
