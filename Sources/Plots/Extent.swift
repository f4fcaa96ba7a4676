/// The values that an axis has to cover, collected from the marks.
package struct Extent: Sendable {
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  private(set) var smallestPositive = Double.infinity
  private(set) var smallestMagnitude = Double.infinity
  private(set) var categories: [String] = []
  /// Whether all values are whole numbers, as steps and counts are.
  private(set) var isIntegral = true
  /// Bars and areas stand on zero.
  var includesZero = false
  /// Symbols must not be cut by the frame.
  var needsRoom = false
  /// Words stand above the highest value.
  var needsHeadroom = false
  /// Cells reach to the frame on all sides.
  var isTight = false
  /// Rows of a matrix count from the top.
  var isReversed = false
  /// An image has no axis.
  var isHidden = false

  package init() {}

  var isEmpty: Bool { low > high && categories.isEmpty }

  package mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    if value < low { low = value }
    if value > high { high = value }
    if isIntegral, value != value.rounded() { isIntegral = false }
    if value > 0 && value < smallestPositive { smallestPositive = value }
    let magnitude = value.magnitude
    if magnitude > 0 && magnitude < smallestMagnitude { smallestMagnitude = magnitude }
  }

  mutating func include(_ values: AxisValues) {
    switch values {
    case .numbers(let numbers): for number in numbers { include(number) }
    case .categories(let names):
      for name in names where !categories.contains(where: { isSame($0, name) }) {
        categories.append(name)
      }
    }
  }

  mutating func include(_ other: Extent) {
    include(other.low)
    include(other.high)
    include(other.smallestPositive)
    if other.smallestMagnitude < smallestMagnitude { smallestMagnitude = other.smallestMagnitude }
    include(.categories(other.categories))
    includesZero = includesZero || other.includesZero
    needsRoom = needsRoom || other.needsRoom
    needsHeadroom = needsHeadroom || other.needsHeadroom
    isIntegral = isIntegral && other.isIntegral
    isTight = isTight || other.isTight
    isReversed = isReversed || other.isReversed
    isHidden = isHidden || other.isHidden
  }

  /// The scale that shows all of it.
  ///
  /// - Parameters:
  ///   - domain: what the author asked for; ignored where it makes no axis.
  ///   - ticks: how many ticks are wanted; the ends move out to a tick that is near.
  ///   - isVertical: lines may run to the side frames, but not along the upper and lower ones.
  package func scale(_ type: ScaleType, domain: ClosedRange<Double>?, ticks: Int, isVertical: Bool)
    -> Scale
  {
    if !categories.isEmpty {
      return Scale(
        .linear, low: -0.5, high: Double(categories.count) - 0.5, isReversed: isReversed)
    }
    let isLogarithmic = type == .log || type == .log2
    if let domain, domain.lowerBound < domain.upperBound, domain.lowerBound.isFinite,
      domain.upperBound.isFinite,
      !isLogarithmic || domain.lowerBound >= .leastNormalMagnitude
    {
      return Scale(
        type, low: domain.lowerBound, high: domain.upperBound,
        threshold: threshold(domain.lowerBound, domain.upperBound), isReversed: isReversed)
    }
    if isLogarithmic { return logarithmic(type, isVertical: isVertical) }
    var (low, high) = low > high ? (0, 1) : (low, high)
    if includesZero { (low, high) = (min(low, 0), max(high, 0)) }
    (low, high) = Self.opened(low, high)
    if type == .symmetricLog {
      let threshold = threshold(low, high)
      return Scale(
        type, low: low < 0 ? max(low * 1.3, -.greatestFiniteMagnitude) : low,
        high: high > 0 ? min(high * 1.3, .greatestFiniteMagnitude) : high,
        threshold: threshold, isReversed: isReversed)
    }
    if !isTight {
      (low, high) = roomy(low, high, ticks: ticks, isVertical: isVertical)
    }
    return Scale(.linear, low: low, high: high, isReversed: isReversed)
  }

  private func logarithmic(_ type: ScaleType, isVertical: Bool) -> Scale {
    guard smallestPositive <= high else { return Scale(type, low: 1, high: 10) }
    var low = max(smallestPositive, .leastNormalMagnitude)
    var high = max(high, low)
    let length = Logarithm.natural(high) - Logarithm.natural(low)
    if length < 0.05 {
      (low, high) = (low / 2, high * 2)
    } else if isVertical || needsRoom {
      let factor = Self.exponential(length * (isVertical ? 1.0 / 24 : 1.0 / 40))
      (low, high) = (low / factor, high * factor)
    }
    low = max(low, .leastNormalMagnitude)
    high = min(high, .greatestFiniteMagnitude)
    return Scale(type, low: low, high: high, isReversed: isReversed)
  }

  /// eˣ by its series, for the small x of a margin: at most 60.
  private static func exponential(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for k in 1...200 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }

  private func threshold(_ low: Double, _ high: Double) -> Double {
    let largest = max(low.magnitude, high.magnitude)
    guard largest > 0, smallestMagnitude.isFinite else { return 1 }
    let floor = max(smallestMagnitude, largest * 1e-6)
    return max(.leastNormalMagnitude, Logarithm.powerOfTen(Logarithm.decade(of: floor)))
  }

  /// A single value, or values that differ by rounding only, are given an interval around them.
  private static func opened(_ low: Double, _ high: Double) -> (Double, Double) {
    let largest = max(low.magnitude, high.magnitude)
    guard high / 2 - low / 2 <= largest * 1e-12 else { return (low, high) }
    if largest == 0 { return (-1, 1) }
    let room = max(largest * 0.1, .leastNormalMagnitude)
    return (max(low - room, -.greatestFiniteMagnitude), min(high + room, .greatestFiniteMagnitude))
  }

  private func roomy(_ low: Double, _ high: Double, ticks: Int, isVertical: Bool) -> (
    Double, Double
  ) {
    var (newLow, newHigh) = (low, high)
    let room = isVertical ? 0.04 : needsRoom ? 0.03 : 0
    let pad = high * room - low * room
    if !(includesZero && low == 0) { newLow -= pad }
    if !(includesZero && high == 0) { newHigh += needsHeadroom ? 2.5 * pad : pad }
    if needsHeadroom && includesZero && low < 0 { newLow -= 1.5 * pad }
    if !isVertical && !needsRoom {
      // A line over 0…399 gets its tick at 400.
      let size = Ticks.multiple(1, Ticks.step(low: low, high: high, target: ticks))
      let above = (high / size - 0.001).rounded(.up) * size
      if above.isFinite, above - high < 0.02 * (high - low) { newHigh = above }
    }
    guard isVertical, newLow.isFinite, newHigh.isFinite else {
      return newLow.isFinite && newHigh.isFinite ? (newLow, newHigh) : (low, high)
    }
    let size = Ticks.multiple(1, Ticks.step(low: low, high: high, target: ticks))
    let below = (low / size + 0.001).rounded(.down) * size
    let above = ((needsHeadroom ? newHigh : high) / size - 0.001).rounded(.up) * size
    if below.isFinite, newLow - below < 0.4 * size { newLow = below }
    if above.isFinite, above - newHigh < 0.4 * size { newHigh = above }
    return (newLow, newHigh)
  }
}
