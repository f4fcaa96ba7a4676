import Notation

/// The marked values of an axis, with their labels.
package struct Ticks: Sendable {
  package struct Tick: Sendable {
    package var value: Double
    package var label: String
  }
  package var major: [Tick] = []
  package var minor: [Double] = []
  /// The power of ten that the labels leave out, named once in the axis' title; 0 for none.
  package var exponent = 0

  /// About `target` ticks for `scale`.
  package init(for scale: Scale, target: Int) {
    let target = max(1, target)
    switch scale.type {
    case .linear: addLinear(scale.low, scale.high, target)
    case .log: addLogarithmic(scale.low, scale.high, target)
    case .log2: addPowersOfTwo(scale.low, scale.high, target)
    case .symmetricLog: addSymmetric(scale, target)
    }
    major.removeAll { !scale.fraction($0.value).isFinite }
    minor.removeAll { !scale.fraction($0).isFinite }
  }

  /// The step of a linear axis as mantissa (1, 2 or 5) and exponent: the one whose number of ticks
  /// is nearest to `target`.
  static func step(low: Double, high: Double, target: Int) -> (mantissa: Int, exponent: Int) {
    let raw = high / Double(target) - low / Double(target)
    let decade = Logarithm.decade(of: max(raw, .leastNormalMagnitude))
    let ratio = raw / Logarithm.powerOfTen(decade)
    switch ratio {
    case ..<1.42: return (1, decade)
    case ..<3.17: return (2, decade)
    case ..<7.08: return (5, decade)
    default: return (1, decade + 1)
    }
  }

  /// k · mantissa · 10^exponent, rounded once.
  static func multiple(_ k: Double, _ step: (mantissa: Int, exponent: Int)) -> Double {
    let units = k * Double(step.mantissa)
    return step.exponent < 0 && step.exponent >= -300
      ? units / Logarithm.powerOfTen(-step.exponent)
      : units * Logarithm.powerOfTen(step.exponent)
  }

  private mutating func addLinear(_ low: Double, _ high: Double, _ target: Int) {
    let step = Self.step(low: low, high: high, target: target)
    let size = Self.multiple(1, step)
    // A step's thousandth of tolerance: a domain that ends at 0.3 has a tick at 3 × 0.1.
    let first = (low / size - 0.001).rounded(.up)
    let last = (high / size + 0.001).rounded(.down)
    guard last >= first, last - first < 1000 else { return }
    let largest = max(low.magnitude, high.magnitude)
    let decade = largest > 0 ? Logarithm.decade(of: largest) : 0
    if decade >= 6 || decade <= -4 { exponent = decade }
    let decimals = max(0, exponent - step.exponent)
    var k = first
    while k <= last {
      let value = Self.multiple(k, step)
      let shown = Self.multiple(k, (step.mantissa, step.exponent - exponent))
      major.append(Tick(value: value, label: NumberText.label(shown, decimals: decimals)))
      k += 1
    }
  }

  private mutating func addLogarithmic(_ low: Double, _ high: Double, _ target: Int) {
    let first = Logarithm.decade(of: low)
    let last = Logarithm.decade(of: high)
    guard first <= last else { return }
    let decades = Logarithm.base10(high) - Logarithm.base10(low)
    let slack = 1e-9
    func isInside(_ value: Double) -> Bool {
      value >= low * (1 - slack) && value <= high * (1 + slack)
    }
    // Less than two decades: 1, 2, 5; and where even these are too few, an even division.
    if decades < 2 {
      var values: [Double] = []
      for exponent in first...last {
        for factor in [1.0, 2, 5] {
          let value = factor * Logarithm.powerOfTen(exponent)
          if isInside(value) { values.append(value) }
        }
      }
      if values.count >= 3 {
        major = values.map { Tick(value: $0, label: Self.plain($0)) }
        addMinor(first, last, isInside)
      } else {
        addLinear(low, high, target)
      }
      return
    }
    let stride = max(1, Int((decades / Double(target)).rounded(.up)))
    let isPlain = first >= -3 && last <= 4
    for exponent in first...last where exponent % stride == 0 {
      let value = Logarithm.powerOfTen(exponent)
      guard isInside(value) else { continue }
      let label: String
      if isPlain || exponent == 0 || exponent == 1 {
        label = Self.plain(value)
      } else {
        label = NumberText.power(of: 10, exponent)
      }
      major.append(Tick(value: value, label: label))
    }
    if stride == 1 && decades <= 8 {
      addMinor(first, last, isInside)
    } else {
      for exponent in first...last where exponent % stride != 0 {
        let value = Logarithm.powerOfTen(exponent)
        if isInside(value) { minor.append(value) }
      }
    }
  }

  private mutating func addMinor(_ first: Int, _ last: Int, _ isInside: (Double) -> Bool) {
    for exponent in first...last {
      for factor in 2...9 {
        let value = Double(factor) * Logarithm.powerOfTen(exponent)
        if isInside(value), !major.contains(where: { $0.value == value }) { minor.append(value) }
      }
    }
  }

  private mutating func addPowersOfTwo(_ low: Double, _ high: Double, _ target: Int) {
    let first = Int((Logarithm.base2(low) - 1e-9).rounded(.up))
    let last = Int((Logarithm.base2(high) + 1e-9).rounded(.down))
    guard last > first else {
      addLinear(low, high, target)
      return
    }
    let stride = max(1, (last - first + target) / target)
    let isPlain = first >= 0 && last <= 16
    // Counted from the last power, so that the largest size always has its label.
    for exponent in first...last where (last - exponent) % stride == 0 {
      let value = Double(sign: .plus, exponent: exponent, significand: 1)
      major.append(
        Tick(
          value: value,
          label: isPlain ? Self.plain(value) : NumberText.power(of: 2, exponent)))
    }
  }

  private mutating func addSymmetric(_ scale: Scale, _ target: Int) {
    let largest = max(scale.low.magnitude, scale.high.magnitude)
    let first = Logarithm.decade(of: scale.threshold)
    let last = Logarithm.decade(of: largest)
    guard last >= first else {
      addLinear(scale.low, scale.high, target)
      return
    }
    let isTwoSided = scale.low < 0 && scale.high > 0
    let perSide = max(2, isTwoSided ? target / 2 + 1 : target)
    let stride = max(1, (last - first + perSide) / perSide)
    var values: [Double] = scale.contains(0) ? [0] : []
    var exponent = last
    while exponent >= first {
      let value = Logarithm.powerOfTen(exponent)
      if scale.contains(value) { values.append(value) }
      if scale.contains(-value) { values.append(-value) }
      exponent -= stride
    }
    // The steps next to zero lie within the linear part, closer than labels can.
    values = values.filter { value in
      value == 0 || !scale.contains(0)
        || (scale.fraction(value) - scale.fraction(0)).magnitude * Double(target) > 0.4
    }
    values.sort()
    let isPlain = first >= -3 && last <= 4
    major = values.map { value in
      guard value != 0, !isPlain else { return Tick(value: value, label: Self.plain(value)) }
      let power = NumberText.power(of: 10, Logarithm.decade(of: value.magnitude))
      return Tick(value: value, label: value < 0 ? NumberText.minus + power : power)
    }
  }

  private static func plain(_ value: Double) -> String { NumberText.label(value, digits: 6) }
}
