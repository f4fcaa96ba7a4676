/// One pair of axes with its place in the drawing.
package struct Panel: Sendable {
  struct Frame: Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
  }

  struct Axis: Sendable {
    var scale: Scale
    var ticks: Ticks
    var categories: [String]
    var title: String
    var isHidden: Bool
    var labels = AxisLabels()

    /// What stands along the axis: its categories, or its ticks.
    var items: [(value: Double, label: String)] {
      categories.isEmpty
        ? ticks.major.map { ($0.value, $0.label) }
        : categories.enumerated().map { (Double($0.offset), $0.element) }
    }
  }

  var frame: Frame
  var x: Axis
  var y: Axis

  /// The place of a value, however far outside; NaN when it has none.
  func place(x value: Double) -> Double {
    Self.bounded(frame.x + x.scale.fraction(value) * frame.width)
  }
  func place(y value: Double) -> Double {
    Self.bounded(frame.y + (1 - y.scale.fraction(value)) * frame.height)
  }

  private static func bounded(_ place: Double) -> Double {
    place.isNaN ? place : max(-99_999, min(99_999, place))
  }

  /// The runs of points without a gap between them, in the drawing's units.
  func runs(x xs: [Double], y ys: [Double]) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = []
    var run: [(x: Double, y: Double)] = []
    for index in xs.indices {
      let point = (x: place(x: xs[index]), y: place(y: ys[index]))
      if point.x.isNaN || point.y.isNaN {
        if !run.isEmpty { runs.append(run) }
        run = []
      } else {
        run.append(point)
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs
  }

  /// The same line with at most four points for each unit of width: the first, the lowest, the
  /// highest and the last, which cover the same pixels.
  package static func decimated(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard run.count > 64 else { return run }
    var result: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      let column = run[start].x.rounded(.down)
      var end = start + 1
      var lowest = start
      var highest = start
      while end < run.count, run[end].x.rounded(.down) == column {
        if run[end].y < run[lowest].y { lowest = end }
        if run[end].y > run[highest].y { highest = end }
        end += 1
      }
      var last = -1
      for index in [start, min(lowest, highest), max(lowest, highest), end - 1] where index > last {
        result.append(run[index])
        last = index
      }
      start = end
    }
    return result
  }
}
