import Markup

/// Places the panels of a figure in the drawing and draws them.
///
/// From top to bottom: title, legend, rows of panels. Within a panel: its title, the words of the
/// vertical axis (lying, above it, where they can be read), the plot, the labels of the horizontal
/// axis and its words.
struct FigureLayout {
  let figure: Figure
  let parts: [Figure]
  let table: SeriesTable
  var plans: [PanelPlan]

  static let titleSize = 14.0
  static let wordsSize = 12.5

  init(_ figure: Figure) {
    self.figure = figure
    parts = figure.parts
    table = SeriesTable(parts)
    plans = []
    for part in parts { plans.append(PanelPlan(part, table, among: parts)) }
    share()
  }

  private var isGrid: Bool { !figure.panels.isEmpty }

  /// Gives panels that share an axis the same extent.
  private mutating func share() {
    guard isGrid else { return }
    var (x, y) = (Extent(), Extent())
    for plan in plans {
      x.include(plan.xExtent)
      y.include(plan.yExtent)
    }
    for index in plans.indices {
      if figure.sharesX { plans[index].xExtent = x }
      if figure.sharesY { plans[index].yExtent = y }
    }
  }

  func draw() -> Node {
    let width = figure.width
    var nodes: [Node] = []
    var y = 2.0
    if !figure.title.isEmpty {
      for line in titleLines(figure.title, width) {
        nodes.append(
          words(line, x: 0, y: y + 13, size: Self.titleSize, isTitle: true, anchor: "start"))
        y += 18
      }
      y += 4
    }
    let usesLineLabels = usesLineLabels
    if figure.legend != .hidden && !usesLineLabels {
      let legend = Legend(table.entries, width: width)
      nodes.append(contentsOf: legend.draw(x: 0, y: y))
      y += legend.height
    }
    let height = max(width / figure.aspect, y + 90)
    let bottom =
      isGrid
      ? drawGrid(&nodes, top: y, height: height) : drawSingle(&nodes, y, height, usesLineLabels)
    return root(nodes, height: bottom)
  }

  // MARK: One panel

  private var usesLineLabels: Bool {
    guard !isGrid, figure.legend == .automatic,
      let room = LineLabels.width(plans[0], table.entries, in: figure.width)
    else { return false }
    let frame = Panel.Frame(x: 0, y: 0, width: figure.width, height: figure.width / figure.aspect)
    return LineLabels(plans[0], panel(plans[0], in: frame, rightRoom: room), table.entries) != nil
  }

  private func drawSingle(
    _ nodes: inout [Node], _ top: Double, _ height: Double, _ usesLineLabels: Bool
  ) -> Double {
    let room =
      usesLineLabels ? LineLabels.width(plans[0], table.entries, in: figure.width) ?? 0 : 0
    let outer = Panel.Frame(x: 0, y: top, width: figure.width, height: height - top)
    let panel = panel(plans[0], in: outer, rightRoom: room)
    nodes.append(contentsOf: drawPanel(plans[0], panel, outer))
    if usesLineLabels, let labels = LineLabels(plans[0], panel, table.entries) {
      nodes.append(contentsOf: labels.draw(panel))
    }
    return bottom(of: panel)
  }

  private func bottom(of panel: Panel) -> Double {
    panel.frame.bottom + panel.x.labels.depth + (panel.x.title.isEmpty ? 4 : 22)
  }

  // MARK: Several panels

  private func drawGrid(_ nodes: inout [Node], top: Double, height: Double) -> Double {
    let columns = figure.columns
    let rows = (plans.count + columns - 1) / columns
    let gap = 14.0
    let width = (figure.width - gap * Double(columns - 1)) / Double(columns)
    let rowHeight = (height - top - gap * Double(rows - 1)) / Double(rows)
    var y = top
    for row in 0..<rows {
      var end = y
      for column in 0..<columns where row * columns + column < plans.count {
        let index = row * columns + column
        let outer = Panel.Frame(
          x: Double(column) * (width + gap), y: y, width: width, height: rowHeight)
        let isLowest = index + columns >= plans.count
        let panel = panel(
          plans[index], in: outer, rightRoom: 0, showsX: !figure.sharesX || isLowest,
          showsY: !figure.sharesY || column == 0)
        nodes.append(contentsOf: drawPanel(plans[index], panel, outer))
        end = max(end, bottom(of: panel))
      }
      y = end + (row < rows - 1 ? gap : 0)
    }
    return y
  }

  // MARK: A panel in its place

  /// - Parameters:
  ///   - rightRoom: what line labels need.
  ///   - showsX: whether the labels below are written, or those of the panel below count for it.
  private func panel(
    _ plan: PanelPlan, in outer: Panel.Frame, rightRoom: Double, showsX: Bool = true,
    showsY: Bool = true
  ) -> Panel {
    var top = outer.y + 5
    if isGrid && !plan.part.title.isEmpty { top += 18 }
    let isFlush = plan.xExtent.isHidden && plan.yExtent.isHidden
    var yAxis = plan.axis(y: max(2, Int((outer.height - 60) / 40)))
    yAxis.title = showsY ? yAxis.title : ""
    if !yAxis.title.isEmpty { top += 19 }
    if isFlush { top -= 3 }
    var frame = Panel.Frame(
      x: outer.x, y: top, width: outer.width, height: outer.y + outer.height - top)
    yAxis.labels = AxisLabels(beside: yAxis, length: frame.height - 40, limit: outer.width * 0.38)
    let left = yAxis.labels.depth
    let scale = plan.part.legend == .hidden ? nil : ColorScale(plan.heatmap, height: frame.height)
    let right = max(rightRoom, scale?.width ?? 0)
    frame.x += left
    frame.width -= left + right
    // The last label of the axis below reaches beyond the frame by half its width.
    var xAxis = xAxis(plan, width: frame.width)
    if let last = xAxis.labels.items.last, !xAxis.labels.isSlanted, !plan.xExtent.isHidden {
      let half = Label.width(last.lines[0], size: AxisLabels.size) / 2
      let beyond = xAxis.scale.fraction(last.value) * frame.width + half - frame.width
      frame.width -= max(right > 0 ? 0 : 4, beyond - right)
      xAxis.labels = AxisLabels(below: xAxis, length: frame.width)
    }
    if !showsX {
      xAxis.labels = AxisLabels()
      xAxis.title = ""
    }
    if !showsY { yAxis.labels.items = [] }
    frame.height -= xAxis.labels.depth + (xAxis.title.isEmpty ? 4 : 22)
    frame.height = max(30, frame.height)
    frame.width = max(30, frame.width)
    if let cells = plan.squareCells { fit(cells, into: &frame, isCentred: isGrid) }
    xAxis.labels =
      xAxis.labels.items.isEmpty ? xAxis.labels : AxisLabels(below: xAxis, length: frame.width)
    if !yAxis.labels.items.isEmpty {
      let depth = yAxis.labels.depth
      yAxis.labels = AxisLabels(beside: yAxis, length: frame.height, limit: outer.width * 0.38)
      yAxis.labels.depth = depth
    }
    return Panel(frame: frame, x: xAxis, y: yAxis)
  }

  private func xAxis(_ plan: PanelPlan, width: Double) -> Panel.Axis {
    var count = max(2, Int(width / 62))
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

  /// Makes the cells of a matrix square; the figure becomes lower or the matrix narrower.
  private func fit(
    _ cells: (columns: Double, rows: Double), into frame: inout Panel.Frame, isCentred: Bool
  ) {
    let limit =
      isGrid ? frame.width / cells.columns * cells.rows : max(frame.height, figure.width * 0.8)
    let side = min(frame.width / cells.columns, min(limit / cells.rows, 46))
    if isCentred { frame.x += (frame.width - side * cells.columns) / 2 }
    frame.width = side * cells.columns
    frame.height = side * cells.rows
  }

  private func drawPanel(_ plan: PanelPlan, _ panel: Panel, _ outer: Panel.Frame) -> [Node] {
    var nodes: [Node] = []
    let frame = panel.frame
    var y = outer.y + 5
    if isGrid && !plan.part.title.isEmpty {
      let limit = outer.width - (isGrid ? 0 : 4)
      let text = Label.fitted(plan.part.title, size: 13, within: limit * 0.94)
      let isFlush = plan.xExtent.isHidden
      nodes.append(
        isFlush
          ? words(
            text, x: frame.x + frame.width / 2, y: y + 10, size: 12.5, isTitle: true,
            anchor: "middle")
          : words(text, x: outer.x, y: y + 10, size: 12.5, isTitle: true, anchor: "start"))
      y += 18
    }
    if !panel.y.title.isEmpty {
      let text = Label.fitted(panel.y.title, size: Self.wordsSize, within: outer.width)
      nodes.append(
        words(text, x: outer.x, y: y + 9, size: Self.wordsSize, isTitle: false, anchor: "start"))
    }
    if plan.isEmpty {
      nodes.append(emptyNote(panel))
      return nodes
    }
    if plan.heatmap == nil { nodes.append(contentsOf: Axes.grid(panel)) }
    var below: [Node] = []
    var above: [Node] = []
    for index in plan.order {
      let mark = plan.part.marks[index]
      let drawn = mark.draw(in: panel, plan.looks[index])
      if mark.layer.rawValue <= Mark.Layer.bars.rawValue {
        below.append(contentsOf: drawn)
      } else {
        above.append(contentsOf: drawn)
      }
    }
    nodes.append(contentsOf: clipped(below, plan, panel))
    if plan.heatmap == nil { nodes.append(Axes.baseline(panel)) }
    nodes.append(contentsOf: clipped(above, plan, panel))
    nodes.append(contentsOf: RuleLabels.draw(plan, panel))
    nodes.append(contentsOf: Axes.labels(panel))
    if !panel.x.title.isEmpty {
      let text = Label.fitted(panel.x.title, size: Self.wordsSize, within: outer.width)
      let half = Label.width(text, size: Self.wordsSize) / 2
      let middle = min(max(frame.x + frame.width / 2, half), max(half, figure.width - half))
      nodes.append(
        words(
          text, x: middle, y: frame.bottom + panel.x.labels.depth + 15, size: Self.wordsSize,
          isTitle: false, anchor: "middle"))
    }
    if figure.legend != .hidden, plan.part.legend != .hidden,
      let scale = ColorScale(plan.heatmap, height: frame.height)
    {
      nodes.append(contentsOf: scale.draw(x: frame.right, y: frame.y, height: frame.height))
    }
    return nodes
  }

  /// Marks that reach beyond a domain are cut by an inner `svg`, which needs no identifier.
  private func clipped(_ nodes: [Node], _ plan: PanelPlan, _ panel: Panel) -> [Node] {
    func exceeds(_ extent: Extent, _ scale: Scale) -> Bool {
      extent.categories.isEmpty && (extent.low < scale.low || extent.high > scale.high)
    }
    guard !nodes.isEmpty,
      exceeds(plan.xExtent, panel.x.scale) || exceeds(plan.yExtent, panel.y.scale)
    else { return nodes }
    let room = 1.0
    let frame = panel.frame
    let box = [
      coordinate(frame.x - room), coordinate(frame.y - room), coordinate(frame.width + 2 * room),
      coordinate(frame.height + 2 * room),
    ]
    return [
      Node(
        "svg",
        [
          ("x", box[0]), ("y", box[1]), ("width", box[2]), ("height", box[3]),
          ("viewBox", box[0] + " " + box[1] + " " + box[2] + " " + box[3]),
        ], children: nodes)
    ]
  }

  private func emptyNote(_ panel: Panel) -> Node {
    let frame = panel.frame
    return .fragment([
      Node(
        "rect",
        [
          ("x", coordinate(frame.x)), ("y", coordinate(frame.y)),
          ("width", coordinate(frame.width)), ("height", coordinate(frame.height)), ("rx", "4"),
          ("fill", "none"), ("stroke", "currentColor"), ("stroke-opacity", ".3"),
          ("stroke-dasharray", "4 4"),
        ]),
      Node(
        "text",
        [
          ("x", coordinate(frame.x + frame.width / 2)),
          ("y", coordinate(frame.y + frame.height / 2 + 4)), ("text-anchor", "middle"),
          ("fill", "currentColor"), ("fill-opacity", ".72"),
        ], .text("no data")),
    ])
  }

  // MARK: Words

  private func titleLines(_ title: String, _ width: Double) -> [String] {
    Label.wrapped(title, size: Self.titleSize, within: width * 0.94, lines: 4)
      ?? [Label.fitted(title, size: Self.titleSize, within: width * 0.94)]
  }

  private func words(
    _ text: String, x: Double, y: Double, size: Double, isTitle: Bool, anchor: String
  ) -> Node {
    var attributes = [
      ("x", coordinate(x)), ("y", coordinate(y)), ("font-size", coordinate(size)),
      ("fill", "currentColor"),
    ]
    if anchor.utf8.count == 6 { attributes.append(("text-anchor", anchor)) }
    if isTitle { attributes.append(("font-weight", "600")) }
    return Node("text", attributes, .text(text))
  }

  private func root(_ nodes: [Node], height: Double) -> Node {
    let width = coordinate(figure.width)
    let height = coordinate(height.rounded(.up))
    let description = figure.description
    let title = figure.title.isEmpty ? figure.shortTitle : figure.title
    return Node(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("class", "plot"), ("role", "img"),
        ("viewBox", "0 0 " + width + " " + height), ("width", "100%"),
        ("style", "max-width:" + coordinate(figure.width * 1.28) + "px"),
        ("font-family", "var(--plot-font,system-ui,sans-serif)"), ("font-size", "12"),
        ("fill", "none"),
      ],
      children: [
        Node("title", [], .text(title)), Node("desc", [], .text(description)),
      ] + nodes)
  }
}

extension Figure {
  /// The figure as a tree, to be put into a page.
  public var node: Node { FigureLayout(self).draw() }

  /// The figure as an SVG document. Colours come from the page's CSS variables, with fallbacks.
  public var svg: String { node.rendered }
}
