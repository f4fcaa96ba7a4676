import Notation

/// The number with so many significant digits, for prose and tables: `0.0423`, `12 346` is `12346`,
/// `1.20 × 10⁻⁷`; zeros at the end are kept, because they say how precise it is.
public func format(_ value: some RealValue, digits: Int = 3) -> String {
  decimalDigits(value).written(significant: max(1, digits), keepsZeros: true)
}

/// The number with so many digits after the point, and a real minus sign: `−0.25`.
public func format(_ value: some RealValue, decimals: Int) -> String {
  decimalDigits(value).written(decimals: max(0, decimals))
}

/// Those of its own type: a `Float` by its spacing.
private func decimalDigits(_ value: some RealValue) -> DecimalDigits {
  let number = value.realValue
  let isFloat = value.realSpacing > number.ulp && value.realSpacing > 0
  return isFloat ? DecimalDigits(Float(number)) : DecimalDigits(number)
}
