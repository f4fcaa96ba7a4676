import Markup
import Notation

/// The area between a line and zero, or between two lines: an error band.
public final class AreaMark: Mark, @unchecked Sendable {
  let x: AxisValues
  let yStart: [Double]
  let yEnd: [Double]
  let standsOnZero: Bool

  init(
    x: AxisValues, yStart: [Double], yEnd: [Double], standsOnZero: Bool, name: String,
    color: PlotColor
  ) {
    requireSameCount("AreaMark", "x", x.count, "yStart", yStart.count)
    requireSameCount("AreaMark", "x", x.count, "yEnd", yEnd.count)
    self.x = x
    self.yStart = yStart
    self.yEnd = yEnd
    self.standsOnZero = standsOnZero
    super.init(name: name, color: color, style: [])
  }

  /// A band. Given the name of a line, it takes the line's colour.
  public convenience init(
    x: some Sequence<some Plottable>, yStart: some Sequence<some Plottable>,
    yEnd: some Sequence<some Plottable>, name: String = "", color: PlotColor = .automatic
  ) {
    self.init(
      x: .numbers(plotValues(x)), yStart: plotValues(yStart), yEnd: plotValues(yEnd),
      standsOnZero: false, name: name, color: color)
  }

  /// The area under a line.
  public convenience init(
    x: some Sequence<some Plottable>, y: some Sequence<some Plottable>, name: String = "",
    color: PlotColor = .automatic
  ) {
    let y = plotValues(y)
    self.init(
      x: .numbers(plotValues(x)), yStart: y.map { _ in 0 }, yEnd: y, standsOnZero: true, name: name,
      color: color)
  }

  /// The area under the graph of a function.
  public convenience init(
    x interval: ClosedRange<Double>, samples: Int = 241, name: String = "",
    color: PlotColor = .automatic, of function: (Double) -> Double
  ) {
    let xs = evenlySpaced(interval, count: samples)
    self.init(x: xs, y: xs.map { function($0) }, name: name, color: color)
  }

  override var layer: Layer { .areas }
  override var swatch: Swatch? { .block }
  override var takesColor: Bool { standsOnZero }
  override var kind: String { standsOnZero ? "area chart" : "chart with a band" }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    x.include(self.x)
    for value in yEnd { y.include(value) }
    if standsOnZero { y.includesZero = true } else { for value in yStart { y.include(value) } }
  }

  /// The lower and upper edges of every run without a gap.
  private func edges(in panel: Panel) -> [(
    lower: [(x: Double, y: Double)], upper: [(x: Double, y: Double)]
  )] {
    let xs = x.positions(among: panel.x.categories)
    var result: [(lower: [(x: Double, y: Double)], upper: [(x: Double, y: Double)])] = []
    var lower: [(x: Double, y: Double)] = []
    var upper: [(x: Double, y: Double)] = []
    for index in 0...xs.count {
      if index < xs.count {
        let place = panel.place(x: xs[index])
        var start = panel.place(y: yStart[index])
        // Zero has no place on a logarithmic axis; the area then stands on the frame.
        if standsOnZero && start.isNaN { start = panel.frame.bottom }
        let end = panel.place(y: yEnd[index])
        if !place.isNaN, !start.isNaN, !end.isNaN {
          lower.append((place, start))
          upper.append((place, end))
          continue
        }
      }
      if !lower.isEmpty { result.append((lower, upper)) }
      lower = []
      upper = []
    }
    return result
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    var path = PathData()
    for run in edges(in: panel) {
      path.polyline(Panel.decimated(run.upper))
      for point in Panel.decimated(run.lower).reversed() { path.line(point.x, point.y) }
      path.close()
    }
    guard !path.isEmpty else { return [] }
    return [Node("path", [("d", path.text), ("fill", look.color), ("fill-opacity", ".2")])]
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    for run in edges(in: panel) {
      for index in run.lower.indices {
        let next = min(index + 1, run.lower.count - 1)
        let (from, to) = (run.lower[index].x, run.lower[next].x)
        let columns = Int(max(0, min(4000, (to - from).magnitude)))
        for step in 0...columns {
          let t = columns == 0 ? 0 : Double(step) / Double(columns)
          canvas.shade(
            x: from + t * (to - from),
            from: run.lower[index].y + t * (run.lower[next].y - run.lower[index].y),
            to: run.upper[index].y + t * (run.upper[next].y - run.upper[index].y))
        }
      }
    }
  }

  override func summary(_ facts: AxisFacts) -> String {
    let xs = x.positions(among: facts.categories)
    if standsOnZero { return "covers an area that " + Summary.ofCurve(x: xs, y: yEnd, facts) }
    var low = Extent()
    for index in xs.indices {
      low.include(yStart[index])
      low.include(yEnd[index])
    }
    if low.isEmpty { return "has no values" }
    return "is a band between " + NumberText.label(low.low) + " and "
      + NumberText.label(low.high)
  }
}
