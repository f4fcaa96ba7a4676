/// Finds the place of a panel's frame inside the room it is given.
///
/// From top to bottom: the panel's title, the words of the vertical axis (lying, above it, where
/// they can be read), the plot, the labels of the horizontal axis and its words.
struct PanelLayout {
  let plan: PanelPlan
  /// Where the panel may draw. The height is a wish: square cells and slanted words change it.
  var outer: Panel.Frame
  /// What labels beside the plot need.
  var rightRoom = 0.0
  /// The room for labels at the left, where several panels share them.
  var leftRoom: Double?
  /// The height of the plot, where several panels agree on one.
  var plotHeight: Double?
  var showsTitle = false
  var showsColorScale = true
  var showsYTitle = true
  var showsY = true
  var showsXTitle = true
  var showsX = true

  private static let wordsDepth = 22.0

  func panel() -> Panel {
    let top = outer.y + (isImage ? 2 : 5) + titleDepth + (yTitle.isEmpty ? 0 : 19)
    var frame = Panel.Frame(
      x: outer.x, y: top, width: outer.width, height: plotHeight ?? outer.bottom - top)
    var y = plan.axis(y: max(2, Int((plotHeight ?? outer.height - 60) / 40)))
    y.title = yTitle
    y.labels = AxisLabels(
      beside: y, length: frame.height - (plotHeight == nil ? 40 : 0), limit: outer.width * 0.4)
    let left = leftRoom ?? (showsY ? y.labels.depth : 0)
    let right = max(rightRoom, colorScale(height: frame.height)?.width ?? 0)
    frame.x += left
    frame.width -= left + right
    var x = xAxis(width: frame.width)
    makeRoom(for: &x, in: &frame, right: right)
    if !showsX { x.labels = AxisLabels() }
    if !showsX || !showsXTitle { x.title = "" }
    if plotHeight == nil { frame.height -= x.labels.depth + Self.wordsDepth(x) }
    frame.height = max(30, frame.height)
    frame.width = max(30, frame.width)
    if let cells = plan.squareCells { fit(cells, into: &frame) }
    if !x.labels.items.isEmpty { x.labels = AxisLabels(below: x, length: frame.width) }
    y.labels = AxisLabels(beside: y, length: frame.height, limit: outer.width * 0.4)
    if !showsY { y.labels.items = [] }
    return Panel(frame: frame, x: x, y: y)
  }

  var titleDepth: Double { showsTitle && !plan.part.title.isEmpty ? 18 : 0 }

  /// Whether nothing but a picture is shown.
  var isImage: Bool { plan.xExtent.isHidden && plan.yExtent.isHidden }

  private var yTitle: String {
    guard showsYTitle else { return "" }
    return plan.axis(y: max(2, Int((plotHeight ?? outer.height - 60) / 40))).title
  }

  static func wordsDepth(_ x: Panel.Axis) -> Double { x.title.isEmpty ? 4 : wordsDepth }

  func colorScale(height: Double) -> ColorScale? {
    plan.part.legend == .hidden || !showsColorScale ? nil : ColorScale(plan.heatmap, height: height)
  }

  private func xAxis(width: Double) -> Panel.Axis {
    // Powers of two are short, and a reader looks for each of them.
    var count = max(2, Int(width / (plan.part.xScale == .log2 ? 34 : 62)))
    var axis = plan.axis(x: count)
    // Fewer ticks before every second label is left out.
    while count > 2, axis.categories.isEmpty, !axis.isHidden {
      axis.labels = AxisLabels(below: axis, length: width)
      if axis.labels.items.count == axis.ticks.major.count { break }
      count -= 1
      axis = plan.axis(x: count)
    }
    axis.labels = AxisLabels(below: axis, length: width)
    return axis
  }

  /// Labels below reach beyond the frame: the last by half its width, slanted ones to the left.
  private func makeRoom(for x: inout Panel.Axis, in frame: inout Panel.Frame, right: Double) {
    guard !plan.xExtent.isHidden, let last = x.labels.items.last else { return }
    if x.labels.isSlanted {
      guard leftRoom == nil else { return }
      var beyond = 0.0
      for item in x.labels.items {
        let reach = 0.71 * Label.width(item.lines[0], size: AxisLabels.size) + 4
        beyond = max(beyond, reach - x.scale.fraction(item.value) * frame.width)
      }
      let room = max(0, beyond - (frame.x - outer.x))
      frame.x += room
      frame.width -= room
    } else {
      let half = (last.lines.map { Label.width($0, size: AxisLabels.size) }.max() ?? 0) / 2
      let beyond = x.scale.fraction(last.value) * frame.width + half - frame.width
      frame.width -= max(right > 0 ? 0 : 4, beyond - right)
    }
    x.labels = AxisLabels(below: x, length: frame.width)
  }

  /// Makes the cells of a matrix square; the figure becomes lower or the matrix narrower.
  private func fit(_ cells: (columns: Double, rows: Double), into frame: inout Panel.Frame) {
    let isShared = plotHeight != nil
    let limit =
      isShared ? frame.width / cells.columns * cells.rows : max(frame.height, outer.width * 0.8)
    let side = min(frame.width / cells.columns, limit / cells.rows, isShared ? .infinity : 54)
    frame.width = side * cells.columns
    frame.height = side * cells.rows
  }
}
