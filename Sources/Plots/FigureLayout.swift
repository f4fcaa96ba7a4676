import Markup

/// Puts a figure together: title, legend, rows of panels.
struct FigureLayout {
  let figure: Figure
  let parts: [Figure]
  let table: SeriesTable
  var plans: [PanelPlan]

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
    for plan in plans where !plan.isEmpty {
      x.include(plan.xExtent)
      y.include(plan.yExtent)
    }
    for index in plans.indices where !plans[index].isEmpty {
      if figure.sharesX { plans[index].xExtent = x }
      if figure.sharesY { plans[index].yExtent = y }
    }
  }

  func draw() -> Node {
    var nodes: [Node] = []
    var size = (width: figure.width, height: 2.0)
    if !figure.title.isEmpty {
      for line in titleLines {
        nodes.append(
          Words.node(line, x: 0, y: size.height + 13, size: Words.titleSize, isTitle: true))
        size.height += 18
      }
      size.height += 4
    }
    let labelRoom = isGrid ? nil : lineLabelRoom
    if figure.legend != .hidden && labelRoom == nil {
      let legend = Legend(table.entries, width: figure.width)
      nodes.append(contentsOf: legend.draw(x: 0, y: size.height))
      size.height += legend.height
    }
    if isGrid {
      drawGrid(&nodes, &size)
    } else {
      drawSingle(&nodes, &size, labelRoom)
    }
    return root(nodes, size)
  }

  private var titleLines: [String] {
    Label.wrapped(figure.title, size: Words.titleSize, within: figure.width * 0.9, lines: 4)
      ?? [Label.fitted(figure.title, size: Words.titleSize, within: figure.width * 0.9)]
  }

  private func bottom(of panel: Panel) -> Double {
    panel.frame.bottom + panel.x.labels.depth + PanelLayout.wordsDepth(panel.x)
  }

  // MARK: One panel

  private func singleLayout(top: Double, rightRoom: Double) -> PanelLayout {
    let room = max(rightRoom, RuleLabels.room(plans[0], in: figure.width))
    return PanelLayout(
      plan: plans[0],
      outer: Panel.Frame(x: 0, y: top, width: figure.width, height: figure.width / figure.aspect),
      rightRoom: room)
  }

  /// The room for names at the ends of the lines; nil when a legend serves better.
  private var lineLabelRoom: Double? {
    guard figure.legend == .automatic,
      let room = LineLabels.room(plans[0], table.entries, in: figure.width),
      LineLabels(plans[0], singleLayout(top: 0, rightRoom: room).panel(), table.entries) != nil
    else { return nil }
    return room
  }

  private func drawSingle(
    _ nodes: inout [Node], _ size: inout (width: Double, height: Double), _ labelRoom: Double?
  ) {
    let layout = singleLayout(top: size.height, rightRoom: labelRoom ?? 0)
    let panel = layout.panel()
    nodes.append(contentsOf: PanelDrawing(plan: plans[0], layout: layout, panel: panel).draw())
    if labelRoom != nil, let labels = LineLabels(plans[0], panel, table.entries) {
      nodes.append(contentsOf: labels.draw(panel))
    }
    size.height = bottom(of: panel)
    // A small matrix makes a small figure, not one with a blank beside it.
    guard plans[0].squareCells != nil else { return }
    var width =
      panel.frame.right + max(layout.colorScale(height: panel.frame.height)?.width ?? 0, 4)
    for line in figure.title.isEmpty ? [] : titleLines {
      width = max(width, Label.width(line, size: Words.titleSize, isBold: true))
    }
    for title in [panel.x.title, panel.y.title] {
      width = max(width, Label.width(title, size: Words.size))
    }
    size.width = min(size.width, width)
  }

  // MARK: Several panels

  private func drawGrid(_ nodes: inout [Node], _ size: inout (width: Double, height: Double)) {
    let columns = figure.columns
    var gap = 24.0
    let scale = sharedColorScale
    var layout = PanelLayout(
      plan: plans[0], outer: Panel.Frame(x: 0, y: 0, width: size.width, height: 200))
    layout.showsTitle = plans.contains { !$0.part.title.isEmpty }
    if layout.isImage { gap = 10 }
    if figure.sharesY {
      layout.showsYTitle = false
      layout.leftRoom = layout.panel().y.labels.depth
    }
    let left = layout.leftRoom ?? 0
    let room = size.width - left - (scale?.width ?? 0)
    let width = (room - gap * Double(columns - 1)) / Double(columns)
    let plotHeight = width / figure.aspect
    let sharedTitle = layout.isImage || !figure.sharesY ? "" : figure.y
    if !sharedTitle.isEmpty {
      nodes.append(Words.node(sharedTitle, x: 0, y: size.height + 12))
      size.height += 19
    }
    var first = 0
    while first < plans.count {
      var end = size.height
      for column in 0..<columns where first + column < plans.count {
        let index = first + column
        let isFirst = column == 0 || !figure.sharesY
        var cell = PanelLayout(
          plan: plans[index],
          outer: Panel.Frame(
            x: Double(column) * (width + gap) + (isFirst ? 0 : left), y: size.height,
            width: width + (isFirst ? left : 0), height: plotHeight))
        cell.plotHeight = plotHeight
        cell.showsTitle = layout.showsTitle
        cell.showsColorScale = scale == nil
        cell.showsYTitle = !figure.sharesY
        cell.showsY = isFirst
        cell.leftRoom = figure.sharesY ? (isFirst ? left : 0) : nil
        cell.showsX = !figure.sharesX || index + columns >= plans.count
        cell.showsXTitle = !figure.sharesX
        let panel = cell.panel()
        nodes.append(
          contentsOf: PanelDrawing(plan: plans[index], layout: cell, panel: panel).draw())
        if index == min(columns, plans.count) - 1, let scale {
          let frame = panel.frame
          nodes.append(contentsOf: scale.draw(x: frame.right, y: frame.y, height: frame.height))
        }
        end = max(end, bottom(of: panel))
      }
      first += columns
      size.height = end + (first < plans.count ? gap / 2 : 0)
    }
    if figure.sharesX && !layout.isImage && !figure.x.isEmpty {
      let text = Label.fitted(figure.x, size: Words.size, within: size.width)
      nodes.append(
        Words.node(text, x: left + (size.width - left) / 2, y: size.height + 11, isCentred: true))
      size.height += 18
    }
  }

  /// One scale for all panels, at the right of the first row, when their colours mean the same.
  private var sharedColorScale: ColorScale? {
    guard let first = plans[0].heatmap?.grid, figure.legend != .hidden else { return nil }
    for plan in plans where plan.heatmap?.grid?.ramp != first.ramp { return nil }
    return ColorScale(
      plans[0].heatmap, height: figure.width / Double(figure.columns) / figure.aspect)
  }

  private func root(_ nodes: [Node], _ size: (width: Double, height: Double)) -> Node {
    let width = coordinate(size.width.rounded(.up))
    let height = coordinate(size.height.rounded(.up))
    let title = figure.title.isEmpty ? figure.shortTitle : figure.title
    return Node(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("class", "plot"), ("role", "img"),
        ("viewBox", "0 0 " + width + " " + height), ("width", "100%"),
        ("style", "max-width:" + coordinate((size.width * 1.28).rounded()) + "px;overflow:visible"),
        ("font-family", "var(--plot-font,system-ui,sans-serif)"), ("font-size", "12"),
        ("fill", "none"),
      ],
      children: [
        Node("title", [], .text(title)), Node("desc", [], .text(figure.description)),
      ] + nodes)
  }
}

extension Figure {
  /// The figure as a tree, to be put into a page.
  public var node: Node { FigureLayout(self).draw() }

  /// The figure as an SVG document. Colours come from the page's CSS variables, with fallbacks.
  public var svg: String { node.rendered }
}
