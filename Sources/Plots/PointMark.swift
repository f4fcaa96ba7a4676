import Markup

/// Single points. Values that are not finite are left out.
public final class PointMark: Mark, @unchecked Sendable {
  let x: AxisValues
  let y: [Double]
  let size: Double?

  init(x: AxisValues, y: [Double], name: String, color: PlotColor, size: Double?) {
    requireSameCount("PointMark", "x", x.count, "y", y.count)
    self.x = x
    self.y = y
    self.size = size
    super.init(name: name, color: color, style: [])
  }

  /// A cloud of points.
  ///
  /// - Parameters:
  ///   - x: numbers or a range of them, as many as `y` has.
  ///   - y: a point that is not finite is left out.
  ///   - name: the series, written in the legend.
  ///   - color: by default the next of the palette.
  ///   - size: the diameter in the figure's units; by default smaller the more points there are.
  public convenience init(
    x: some Sequence<some Plottable>, y: some Sequence<some Plottable>, name: String = "",
    color: PlotColor = .automatic, size: Double? = nil
  ) {
    self.init(x: .numbers(plotValues(x)), y: plotValues(y), name: name, color: color, size: size)
  }

  /// Points over named places.
  public convenience init(
    x: [String], y: some Sequence<some Plottable>, name: String = "", color: PlotColor = .automatic,
    size: Double? = nil
  ) {
    self.init(
      x: .categories(x.map { Label.clean($0) }), y: plotValues(y), name: name, color: color,
      size: size)
  }

  override var layer: Layer { .points }
  override var swatch: Swatch? { .symbol }
  override var kind: String { "scatter plot" }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    x.include(self.x)
    for value in self.y { y.include(value) }
    x.needsRoom = true
  }

  private var radius: Double {
    if let size { return max(0.3, min(40, size / 2)) }
    return y.count <= 40 ? 3.2 : y.count <= 200 ? 2.5 : y.count <= 1000 ? 1.8 : 1.2
  }

  private func places(in panel: Panel) -> [(x: Double, y: Double)] {
    let xs = x.positions(among: panel.x.categories)
    var result: [(x: Double, y: Double)] = []
    for index in xs.indices {
      let point = (x: panel.place(x: xs[index]), y: panel.place(y: y[index]))
      guard !point.x.isNaN, !point.y.isNaN else { continue }
      if point.x >= panel.frame.x - 0.5, point.x <= panel.frame.right + 0.5,
        point.y >= panel.frame.y - 0.5, point.y <= panel.frame.bottom + 0.5
      {
        result.append(point)
      }
    }
    return result
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    let points = Self.thinned(places(in: panel), in: panel.frame)
    guard !points.isEmpty else { return [] }
    var path = PathData()
    for point in points { look.symbol.add(to: &path, x: point.x, y: point.y, radius: radius) }
    var attributes = [("d", path.text)] + look.symbol.paint(look.color, radius: radius)
    if y.count > 40 { attributes.append(("opacity", ".8")) }
    return [Node("path", attributes)]
  }

  /// Of many points, one for each unit square: the others would be drawn on the same place.
  private static func thinned(_ points: [(x: Double, y: Double)], in frame: Panel.Frame) -> [(
    x: Double, y: Double
  )] {
    guard points.count > 4000 else { return points }
    let columns = Int(frame.width) + 2
    var seen = [Bool](repeating: false, count: columns * (Int(frame.height) + 3))
    var result: [(x: Double, y: Double)] = []
    for point in points {
      let column = max(0, min(columns - 1, Int(point.x - frame.x)))
      let cell = column + max(0, Int(point.y - frame.y)) * columns
      guard cell < seen.count, !seen[cell] else { continue }
      seen[cell] = true
      result.append(point)
    }
    return result
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    for point in places(in: panel) {
      if y.count > 60 {
        canvas.dot(point.x, point.y)
      } else {
        canvas.put(look.symbol.scalar, atDot: point.x, point.y)
      }
    }
  }

  override func obstacles(in panel: Panel) -> [(x: Double, y: Double)] { places(in: panel) }

  override func summary(_ facts: AxisFacts) -> String {
    Summary.ofPoints(x: x.positions(among: facts.categories), y: y, facts)
  }
}
