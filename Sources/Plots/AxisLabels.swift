/// The words along an axis, chosen so that none runs into another.
struct AxisLabels: Sendable {
  struct Item: Sendable {
    var value: Double
    var lines: [String]
  }
  var items: [Item] = []
  /// Whether the words slant upwards to the axis, because they are too long to lie side by side.
  var isSlanted = false
  /// The room they take across the axis.
  var depth = 0.0

  static let size = 12.0
  static let lineHeight = 14.0

  init() {}

  /// Labels below an axis of `length`.
  init(below axis: Panel.Axis, length: Double) {
    guard !axis.isHidden else { return }
    if axis.categories.isEmpty {
      items = Self.thinned(
        axis.items.map { Item(value: $0.value, lines: [$0.label]) }, axis.scale, length)
      depth = 18
      return
    }
    let slot = length / Double(axis.categories.count)
    var wrapped: [Item] = []
    for (index, name) in axis.categories.enumerated() {
      guard let lines = Label.wrapped(name, size: Self.size, within: slot - 4, lines: 3) else {
        break
      }
      wrapped.append(Item(value: Double(index), lines: lines))
    }
    if wrapped.count == axis.categories.count {
      items = wrapped
      depth = 4 + Self.lineHeight * Double(wrapped.reduce(1) { max($0, $1.lines.count) })
      return
    }
    // Numbers are left out before they are slanted: the reader can count.
    let isNumbered = axis.categories.enumerated().allSatisfy { index, name in
      name.utf8.elementsEqual(String(index).utf8)
    }
    let stride = max(1, Int((isNumbered ? 26 : 15) / slot + 0.999))
    for (index, name) in axis.categories.enumerated() where index % stride == 0 {
      let text = isNumbered ? name : Label.fitted(name, size: Self.size, within: 110)
      items.append(Item(value: Double(index), lines: [text]))
      if !isNumbered { depth = max(depth, 12 + 0.71 * Label.width(text, size: Self.size)) }
    }
    isSlanted = !isNumbered
    if isNumbered { depth = 18 }
  }

  /// Labels at the left of an axis of `length`, at most `limit` wide.
  init(beside axis: Panel.Axis, length: Double, limit: Double) {
    guard !axis.isHidden else { return }
    if axis.categories.isEmpty {
      items = axis.ticks.major.map { Item(value: $0.value, lines: [$0.label]) }
    } else {
      let slot = length / Double(axis.categories.count)
      let stride = max(1, Int(13 / max(slot, 0.01) + 0.999))
      for (index, name) in axis.categories.enumerated() where index % stride == 0 {
        let lines = slot >= 30 ? Label.wrapped(name, size: Self.size, within: limit, lines: 2) : nil
        items.append(
          Item(
            value: Double(index),
            lines: lines ?? [Label.fitted(name, size: Self.size, within: limit)]))
      }
    }
    for item in items {
      for line in item.lines { depth = max(depth, Label.width(line, size: Self.size)) }
    }
    if !items.isEmpty { depth += 7 }
  }

  /// Every first, second, third … label, as many as fit with a blank between them.
  private static func thinned(_ items: [Item], _ scale: Scale, _ length: Double) -> [Item] {
    var stride = 1
    while stride < items.count {
      var end = -Double.infinity
      var fits = true
      for (index, item) in items.enumerated() where index % stride == 0 {
        let half = Label.width(item.lines[0], size: size) / 2
        let place = scale.fraction(item.value) * length
        if place - half < end + 7 { fits = false }
        end = place + half
      }
      if fits { break }
      stride += 1
    }
    return items.enumerated().filter { $0.offset % stride == 0 }.map { $0.element }
  }
}
