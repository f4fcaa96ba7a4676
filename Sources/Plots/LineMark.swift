import Markup

/// A line through points in the order given. Values that are not finite are gaps.
public final class LineMark: Mark, @unchecked Sendable {
  let x: AxisValues
  let y: [Double]

  init(x: AxisValues, y: [Double], name: String, style: LineStyle, color: PlotColor) {
    requireSameCount("LineMark", "x", x.count, "y", y.count)
    self.x = x
    self.y = y
    super.init(name: name, color: color, style: style)
  }

  /// A line through points, from left to right as they come.
  ///
  /// - Parameters:
  ///   - x: numbers or a range of them, as many as `y` has.
  ///   - y: what is not finite is a gap.
  ///   - name: the series, written at the line's end or in the legend.
  ///   - style: dashes, thickness, symbols.
  ///   - color: by default the next of the palette.
  public convenience init(
    x: some Sequence<some Plottable>, y: some Sequence<some Plottable>, name: String = "",
    style: LineStyle = [], color: PlotColor = .automatic
  ) {
    self.init(
      x: .numbers(plotValues(x)), y: plotValues(y), name: name, style: style, color: color)
  }

  /// A line over 0, 1, 2, …
  public convenience init(
    y: some Sequence<some Plottable>, name: String = "", style: LineStyle = [],
    color: PlotColor = .automatic
  ) {
    let y = plotValues(y)
    self.init(
      x: .numbers(y.indices.map { Double($0) }), y: y, name: name, style: style, color: color)
  }

  /// A line over named places.
  public convenience init(
    x: [String], y: some Sequence<some Plottable>, name: String = "", style: LineStyle = [],
    color: PlotColor = .automatic
  ) {
    self.init(
      x: .categories(x.map { Label.clean($0) }), y: plotValues(y), name: name, style: style,
      color: color)
  }

  /// The graph of a function on an interval, from so many evenly spaced `samples`.
  public convenience init(
    x interval: ClosedRange<Double>, samples: Int = 241, name: String = "", style: LineStyle = [],
    color: PlotColor = .automatic, of function: (Double) -> Double
  ) {
    let xs = evenlySpaced(interval, count: samples)
    self.init(x: .numbers(xs), y: xs.map { function($0) }, name: name, style: style, color: color)
  }

  override var swatch: Swatch? { .line }
  override var takesSymbols: Bool {
    style.isDisjoint(with: [.dashed, .dotted]) && color != .ink && color != .muted
  }
  override var kind: String { "line chart" }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    x.include(self.x)
    for value in self.y { y.include(value) }
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    let runs = panel.runs(x: x.positions(among: panel.x.categories), y: y)
    var line = PathData()
    for run in runs { line.polyline(Panel.decimated(run)) }
    guard !line.isEmpty else { return [] }
    var nodes = [
      Node(
        "path",
        [("d", line.text), ("fill", "none")] + style.stroke(look.color) + [
          ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
        ])
    ]
    let marked = marked(runs, panel, look)
    if !marked.isEmpty {
      var path = PathData()
      for point in marked { look.symbol.add(to: &path, x: point.x, y: point.y, radius: 2.9) }
      nodes.append(Node("path", [("d", path.text)] + look.symbol.paint(look.color, radius: 2.9)))
    }
    return nodes
  }

  /// The points that carry a symbol: all of a short line, six of a long one, at places that differ
  /// from series to series.
  private func marked(_ runs: [[(x: Double, y: Double)]], _ panel: Panel, _ look: Look)
    -> [(x: Double, y: Double)]
  {
    // A point between two gaps is seen by its symbol alone.
    var result = runs.filter { $0.count == 1 }.map { $0[0] }
    guard look.showsSymbols || style.contains(.symbols) else { return result }
    if style.contains(.symbols) || y.count <= 12 {
      for run in runs where run.count > 1 { result.append(contentsOf: run) }
      return result
    }
    let spacing = panel.frame.width / 6
    var next = panel.frame.x + spacing * (0.35 + 0.3 * Double(look.index % 3))
    for run in runs where run.count > 1 {
      for point in run where point.x >= next {
        result.append(point)
        next = point.x + spacing
      }
    }
    return result
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    let runs = panel.runs(x: x.positions(among: panel.x.categories), y: y)
    for run in runs {
      for index in run.indices.dropFirst() {
        canvas.line(
          from: run[index - 1], to: run[index],
          dash: style.contains(.dashed) ? 3 : style.contains(.dotted) ? 1 : 0)
      }
      if run.count == 1 { canvas.dot(run[0].x, run[0].y) }
    }
    for point in marked(runs, panel, look) {
      canvas.put(look.symbol.scalar, atDot: point.x, point.y)
    }
  }

  override func end(in panel: Panel) -> (x: Double, y: Double)? {
    let xs = x.positions(among: panel.x.categories)
    for index in xs.indices.reversed() {
      let point = (x: panel.place(x: xs[index]), y: panel.place(y: y[index]))
      if !point.x.isNaN, !point.y.isNaN, point.x <= panel.frame.right + 0.5 {
        return (point.x, max(panel.frame.y, min(panel.frame.bottom, point.y)))
      }
    }
    return nil
  }

  override func obstacles(in panel: Panel) -> [(x: Double, y: Double)] {
    var result: [(x: Double, y: Double)] = []
    for run in panel.runs(x: x.positions(among: panel.x.categories), y: y) {
      let run = Panel.decimated(run)
      result.append(run[0])
      for index in run.indices.dropFirst() {
        let (a, b) = (run[index - 1], run[index])
        let steps = Int(min(120, max((b.x - a.x).magnitude, (b.y - a.y).magnitude) / 5)) + 1
        for step in 1...steps {
          let t = Double(step) / Double(steps)
          result.append((a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)))
        }
      }
    }
    return result
  }

  override func summary(_ facts: AxisFacts) -> String {
    Summary.ofCurve(x: x.positions(among: facts.categories), y: y, facts)
  }
}
