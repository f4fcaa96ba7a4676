import Markup

/// From a value to the colour of its cell, in steps that cannot be told apart by eye.
///
/// A colour is one hue over the page's paper with more or less opacity, so a dark page turns the
/// scale round by itself; images are grey in absolute terms instead.
struct Ramp: Sendable, Equatable {
  static let levels = 40

  let low: Double
  let high: Double
  let isDiverging: Bool
  let isGray: Bool

  init(for values: [[Double]], domain: ClosedRange<Double>?, colors: RectangleMark.Colors) {
    var extent = Extent()
    for row in values { for value in row { extent.include(value) } }
    var (low, high) = extent.isEmpty ? (0, 1) : (extent.low, extent.high)
    if let domain, domain.lowerBound < domain.upperBound {
      (low, high) = (domain.lowerBound, domain.upperBound)
    }
    isGray = colors == .gray
    isDiverging = colors == .diverging || (colors == .automatic && low < 0 && high > 0)
    if isDiverging {
      high = max(low.magnitude, high.magnitude)
      low = -high
    }
    if !(low < high) { (low, high) = low > 0 ? (0, low) : low < 0 ? (low, 0) : (0, 1) }
    self.low = low
    self.high = high
  }

  /// 0 at the lower end, 1 at the upper one; nil for a value that is not finite.
  func share(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    return max(0, min(1, (value / 2 - low / 2) / (high / 2 - low / 2)))
  }

  /// One of the colours: 0 … 40, or −40 … 40 where the scale has two hues.
  func level(of value: Double) -> Int? {
    share(of: value).map { level(ofShare: $0) }
  }

  func level(ofShare share: Double) -> Int {
    let steps = Double(Self.levels)
    return Int((isDiverging ? (share * 2 - 1) * steps : share * steps).rounded())
  }

  func paint(_ level: Int) -> [(String, String)] {
    if isGray {
      let shade = Int((Double(level) * 255 / Double(Self.levels)).rounded())
      let digits = String(shade, radix: 16)
      let pair = shade < 16 ? "0" + digits : digits
      return [("fill", "#" + pair + pair + pair)]
    }
    // Even the least cell differs from the paper, except at the middle of two hues.
    let share = Double(level.magnitude) / Double(Self.levels)
    let opacity = isDiverging ? share * 0.95 + 0.03 : share * 0.93 + 0.05
    return [
      ("fill", level < 0 ? Palette.low : Palette.high), ("fill-opacity", coordinate(opacity)),
    ]
  }

  /// Whether words on the cell have to take the colour of the paper.
  func isDark(_ value: Double) -> Bool {
    guard let level = level(of: value) else { return false }
    return Double(level.magnitude) > Double(Self.levels) * 0.62
  }
}
