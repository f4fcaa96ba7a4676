import Markup
import Notation

/// Bars over named places or numbers, upright or lying. Bars of several names stand side by side,
/// or on each other in a figure with `bars: .stacked`.
public final class BarMark: Mark, @unchecked Sendable {
  /// Where the bars stand.
  let places: AxisValues
  let lengths: [Double]
  let isHorizontal: Bool
  /// In the units of the axis; nil for four fifths of the smallest distance between two bars.
  let width: Double?
  /// How many decimals the value above a bar has; nil for no value.
  let decimals: Int?

  init(
    places: AxisValues, lengths: [Double], isHorizontal: Bool, width: Double?, decimals: Int?,
    name: String, color: PlotColor
  ) {
    requireSameCount("BarMark", "x", places.count, "y", lengths.count)
    self.places = places
    self.lengths = lengths
    self.isHorizontal = isHorizontal
    self.width = width
    self.decimals = decimals
    super.init(name: name, color: color, style: [])
  }

  /// Bars over named places. `decimals` writes the value on each bar, with so many decimals.
  public convenience init(
    x: [String], y: some Sequence<some Plottable>, name: String = "", color: PlotColor = .automatic,
    decimals: Int? = nil
  ) {
    self.init(
      places: .categories(x.map { Label.clean($0) }), lengths: plotValues(y), isHorizontal: false,
      width: nil, decimals: decimals, name: name, color: color)
  }

  /// Lying bars, for long names.
  public convenience init(
    x: some Sequence<some Plottable>, y: [String], name: String = "", color: PlotColor = .automatic,
    decimals: Int? = nil
  ) {
    self.init(
      places: .categories(y.map { Label.clean($0) }), lengths: plotValues(x), isHorizontal: true,
      width: nil, decimals: decimals, name: name, color: color)
  }

  /// Bars over numbers, as wide as `width` says in the units of x; by default four fifths of the
  /// smallest distance.
  public convenience init(
    x: some Sequence<some Plottable>, y: some Sequence<some Plottable>, width: Double? = nil,
    name: String = "", color: PlotColor = .automatic, decimals: Int? = nil
  ) {
    self.init(
      places: .numbers(plotValues(x)), lengths: plotValues(y), isHorizontal: false, width: width,
      decimals: decimals, name: name, color: color)
  }

  /// How many of `values` fall into each of `bins` intervals of equal width.
  ///
  /// - Parameters:
  ///   - values: what is counted; those that are not finite are left out.
  ///   - bins: how many intervals.
  ///   - range: what the bins divide; by default from the smallest value to the largest.
  ///   - isDensity: whether the bars have total area 1 instead.
  ///   - name: the series, written in the legend.
  ///   - color: of the bars.
  public convenience init(
    histogram values: some Sequence<some Plottable>, bins: Int = 20,
    range: ClosedRange<Double>? = nil, isDensity: Bool = false, name: String = "",
    color: PlotColor = .automatic
  ) {
    let values = plotValues(values).filter { $0.isFinite }
    let bins = max(1, min(10_000, bins))
    var low = range?.lowerBound ?? values.min() ?? 0
    var high = range?.upperBound ?? values.max() ?? 1
    if !(low < high) || !(high - low).isFinite { (low, high) = (low - 0.5, low + 0.5) }
    let width = (high - low) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in values where value >= low && value <= high {
      counts[max(0, min(bins - 1, Int((value - low) / width)))] += 1
    }
    if isDensity, !values.isEmpty {
      counts = counts.map { $0 / (Double(values.count) * width) }
    }
    self.init(
      places: .numbers((0..<bins).map { low + (Double($0) + 0.5) * width }), lengths: counts,
      isHorizontal: false, width: width, decimals: nil, name: name, color: color)
  }

  override var layer: Layer { .bars }
  override var swatch: Swatch? { .block }
  override var kind: String { "bar chart" }
  override var bar: BarMark? { self }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    if isHorizontal {
      measure(along: &y, across: &x)
    } else {
      measure(along: &x, across: &y)
    }
  }

  private func measure(along: inout Extent, across: inout Extent) {
    along.include(places)
    if isHorizontal { along.isReversed = true }
    if case .numbers(let numbers) = places {
      let half = span / 2
      for number in numbers {
        along.include(number - half)
        along.include(number + half)
      }
    }
    for length in lengths { across.include(length) }
    across.includesZero = true
    if decimals != nil { across.needsHeadroom = true }
  }

  /// The room of one bar in units of its axis.
  var span: Double {
    if let width { return width.magnitude }
    guard case .numbers(let numbers) = places else { return 0.8 }
    let sorted = numbers.filter { $0.isFinite }.sorted()
    var gap = Double.infinity
    for index in sorted.indices.dropFirst() where sorted[index] > sorted[index - 1] {
      gap = min(gap, sorted[index] - sorted[index - 1])
    }
    return gap.isFinite ? 0.8 * gap : 0.8
  }

  /// A bar as start and end along its axis, and base and tip across it.
  struct Box {
    var start: Double
    var end: Double
    var base: Double
    var tip: Double
    var value: Double
  }

  func boxes(in panel: Panel, _ look: Look) -> [Box] {
    let axis = isHorizontal ? panel.y : panel.x
    let positions = places.positions(among: axis.categories)
    var result: [Box] = []
    let half = span / 2
    for index in positions.indices {
      let position = positions[index]
      var (start, end) = (position - half, position + half)
      (start, end) =
        isHorizontal
        ? (panel.place(y: start), panel.place(y: end))
        : (panel.place(x: start), panel.place(x: end))
      if start.isNaN || end.isNaN {
        let middle = isHorizontal ? panel.place(y: position) : panel.place(x: position)
        (start, end) = (middle - 4, middle + 4)
      }
      if start > end { (start, end) = (end, start) }
      let width = (end - start) / Double(look.slots)
      start += width * Double(look.slot)
      let below = look.bases.isEmpty ? 0 : look.bases[index]
      let frame = panel.frame
      var base: Double
      var tip: Double
      if isHorizontal {
        (base, tip) = (panel.place(x: below), panel.place(x: below + lengths[index]))
        if base.isNaN { base = frame.x }
        (base, tip) = (clamp(base, frame.x, frame.right), clamp(tip, frame.x, frame.right))
      } else {
        (base, tip) = (panel.place(y: below), panel.place(y: below + lengths[index]))
        if base.isNaN { base = frame.bottom }
        (base, tip) = (clamp(base, frame.y, frame.bottom), clamp(tip, frame.y, frame.bottom))
      }
      guard !start.isNaN, !tip.isNaN else { continue }
      result.append(
        Box(start: start, end: start + width, base: base, tip: tip, value: lengths[index]))
    }
    return result
  }

  private func clamp(_ value: Double, _ low: Double, _ high: Double) -> Double {
    value.isNaN ? value : max(low, min(high, value))
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    let boxes = boxes(in: panel, look)
    var path = PathData()
    var hatch = PathData()
    let texture = Texture.of(series: look.isOneOfSeveral ? look.index : 0)
    for box in boxes {
      let gap = box.end - box.start > 6 ? 0.5 : 0
      let (start, width) = (box.start + gap, box.end - box.start - 2 * gap)
      let (low, length) = (min(box.base, box.tip), (box.tip - box.base).magnitude)
      let area =
        isHorizontal
        ? Panel.Frame(x: low, y: start, width: length, height: width)
        : Panel.Frame(x: start, y: low, width: width, height: length)
      path.rectangle(x: area.x, y: area.y, width: area.width, height: area.height)
      if texture == .hatched { Texture.hatch(area, into: &hatch) }
    }
    guard !path.isEmpty else { return [] }
    var nodes = [Node("path", [("d", path.text)] + texture.paint(look.color))]
    if !hatch.isEmpty {
      nodes.append(
        Node("path", [("d", hatch.text), ("stroke", look.color), ("stroke-width", "1")]))
    }
    return nodes
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    for box in boxes(in: panel, look) {
      canvas.column(
        from: box.start, to: box.end, base: box.base, tip: box.tip, series: look.index,
        isLying: isHorizontal)
    }
  }

  override func obstacles(in panel: Panel) -> [(x: Double, y: Double)] {
    guard !isHorizontal else { return [] }
    var result: [(x: Double, y: Double)] = []
    for box in boxes(in: panel, Look()) {
      var y = min(box.tip, box.base)
      while y <= max(box.tip, box.base) {
        result.append(((box.start + box.end) / 2, y))
        y += 6
      }
      if decimals != nil { result.append(((box.start + box.end) / 2, min(box.tip, box.base) - 8)) }
    }
    return result
  }

  override func summary(_ facts: AxisFacts) -> String {
    guard case .categories(let names) = places else {
      return Summary.ofCurve(x: places.positions(among: []), y: lengths, facts)
    }
    if names.isEmpty { return "has no values" }
    if names.count <= 8 {
      var parts: [String] = []
      for index in names.indices {
        parts.append(names[index] + " " + NumberText.label(lengths[index]))
      }
      return "is " + Summary.list(parts)
    }
    var facts = facts
    facts.categories = names
    return Summary.ofCurve(x: names.indices.map { Double($0) }, y: lengths, facts)
  }
}
