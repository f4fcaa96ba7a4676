import Notation

/// What a panel needs before its place is known: its marks, how they look, what they cover.
struct PanelPlan {
  let part: Figure
  let looks: [Look]
  var xExtent = Extent()
  var yExtent = Extent()

  init(_ part: Figure, _ table: SeriesTable, among parts: [Figure]) {
    self.part = part
    looks = table.looks(of: part, among: parts)
    for (index, mark) in part.marks.enumerated() {
      mark.measure(&xExtent, &yExtent)
      guard let bar = mark.bar else { continue }
      for (base, length) in zip(looks[index].bases, bar.lengths) {
        if bar.isHorizontal {
          xExtent.include(base + length)
        } else {
          yExtent.include(base + length)
        }
      }
    }
  }

  /// Whether there is nothing to draw: no value that has a place on both axes, and no rule.
  var isEmpty: Bool {
    if has(xExtent, part.xScale) && has(yExtent, part.yScale) { return false }
    return !part.marks.contains { mark in
      mark.heatmap == nil && (mark.layer == .rules || mark.layer == .rectangles)
    }
  }

  private func has(_ extent: Extent, _ type: ScaleType) -> Bool {
    if extent.isEmpty { return false }
    return type != .log && type != .log2 || extent.smallestPositive.isFinite
  }

  /// The indices of the marks from the lowest layer to the highest.
  var order: [Int] {
    (0...Mark.Layer.texts.rawValue).flatMap { layer in
      part.marks.indices.filter { part.marks[$0].layer.rawValue == layer }
    }
  }

  var heatmap: RectangleMark? { part.marks.lazy.compactMap { $0.heatmap }.first }

  /// Columns and rows of a matrix whose cells are square.
  var squareCells: (columns: Double, rows: Double)? {
    guard let heatmap, heatmap.isSquare, let grid = heatmap.grid, grid.rows > 0, grid.columns > 0
    else { return nil }
    return (Double(grid.columns), Double(grid.rows))
  }

  func axis(x ticks: Int) -> Panel.Axis {
    axis(xExtent, part.xScale, part.xDomain, ticks, part.x, isVertical: isLying)
  }

  func axis(y ticks: Int) -> Panel.Axis {
    axis(yExtent, part.yScale, part.yDomain, ticks, part.y, isVertical: !isLying)
  }

  /// Whether bars lie, so that their values run along x.
  private var isLying: Bool { part.marks.contains { $0.bar?.isHorizontal == true } }

  private func axis(
    _ extent: Extent, _ type: ScaleType, _ domain: ClosedRange<Double>?, _ count: Int,
    _ title: String, isVertical: Bool
  ) -> Panel.Axis {
    var count = count
    if extent.isIntegral && type == .linear && extent.low < extent.high {
      // Between two steps there is no tick.
      count = Int(max(1, min(Double(count), extent.high - extent.low)))
    }
    let scale = extent.scale(type, domain: domain, ticks: count, isVertical: isVertical)
    var ticks = Ticks(for: scale, target: count)
    if !extent.categories.isEmpty { ticks.exponent = 0 }
    var title = title
    if ticks.exponent != 0 {
      let power = "× " + NumberText.power(of: 10, ticks.exponent)
      title = title.isEmpty ? power : title + " (" + power + ")"
    }
    return Panel.Axis(
      scale: scale, ticks: ticks, categories: extent.categories, title: title,
      isHidden: extent.isHidden)
  }
}
