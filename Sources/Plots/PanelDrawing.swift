import Markup

/// Draws one panel at its place.
struct PanelDrawing {
  let plan: PanelPlan
  let layout: PanelLayout
  let panel: Panel

  func draw() -> [Node] {
    var nodes = titles()
    if plan.isEmpty {
      nodes.append(emptyNote())
      nodes.append(contentsOf: xTitle())
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
    nodes.append(contentsOf: clipped(below))
    if plan.heatmap == nil { nodes.append(Axes.baseline(panel)) }
    nodes.append(contentsOf: clipped(above))
    nodes.append(contentsOf: clipped(BarValues.draw(plan, panel)))
    nodes.append(contentsOf: RuleLabels.draw(plan, panel, isBeside: layout.rightRoom > 0))
    nodes.append(contentsOf: Axes.labels(panel))
    nodes.append(contentsOf: xTitle())
    if let scale = layout.colorScale(height: panel.frame.height) {
      nodes.append(
        contentsOf: scale.draw(x: panel.frame.right, y: panel.frame.y, height: panel.frame.height))
    }
    return nodes
  }

  private func titles() -> [Node] {
    var nodes: [Node] = []
    let top = layout.outer.y
    if layout.titleDepth > 0 {
      let width = layout.isImage ? panel.frame.width : layout.outer.width
      let text = Label.fitted(plan.part.title, size: 12.5, within: width * 0.92)
      nodes.append(
        layout.isImage
          ? Words.node(
            text, x: panel.frame.x + width / 2, y: top + 12, isTitle: true, isCentred: true)
          : Words.node(
            text, x: layout.leftRoom == nil ? layout.outer.x : panel.frame.x, y: top + 15,
            isTitle: true))
    }
    if !panel.y.title.isEmpty {
      let text = Label.fitted(panel.y.title, size: Words.size, within: layout.outer.width)
      nodes.append(Words.node(text, x: layout.outer.x, y: top + layout.titleDepth + 14))
    }
    return nodes
  }

  private func xTitle() -> [Node] {
    guard !panel.x.title.isEmpty else { return [] }
    let outer = layout.outer
    let text = Label.fitted(panel.x.title, size: Words.size, within: outer.width)
    let half = Label.width(text, size: Words.size) / 2
    let middle = panel.frame.x + panel.frame.width / 2
    return [
      Words.node(
        text, x: min(max(middle, outer.x + half), max(outer.x + half, outer.right - half)),
        y: panel.frame.bottom + panel.x.labels.depth + 15, isCentred: true)
    ]
  }

  /// Marks that reach beyond a domain are cut by an inner `svg`, which needs no identifier.
  private func clipped(_ nodes: [Node]) -> [Node] {
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
          ("viewBox", box[0] + " " + box[1] + " " + box[2] + " " + box[3]), ("overflow", "hidden"),
        ], children: nodes)
    ]
  }

  private func emptyNote() -> Node {
    let frame = panel.frame
    return .fragment([
      Node(
        "rect",
        [
          ("x", coordinate(layout.outer.x + 0.5)), ("y", coordinate(frame.y)),
          ("width", coordinate(frame.right - layout.outer.x - 1)),
          ("height", coordinate(frame.height + panel.x.labels.depth)), ("rx", "4"),
          ("stroke", "currentColor"), ("stroke-opacity", ".3"), ("stroke-dasharray", "4 4"),
        ]),
      Words.node(
        "no data", x: (layout.outer.x + frame.right) / 2, y: frame.y + frame.height / 2 + 12,
        isCentred: true),
    ])
  }
}

/// Text in a figure, and the lines around a plot.
enum Words {
  /// What lets words stand out from the marks behind them.
  static let halo = [
    ("stroke", Palette.paper), ("stroke-width", "3"), ("stroke-linejoin", "round"),
    ("paint-order", "stroke"),
  ]

  static func text(
    _ text: String, x: Double, y: Double, _ attributes: [(String, String)] = []
  ) -> Node {
    Node("text", [("x", coordinate(x)), ("y", coordinate(y))] + attributes, .text(text))
  }

  static let size = 12.5
  static let titleSize = 14.0

  static func node(
    _ text: String, x: Double, y: Double, size: Double = Words.size, isTitle: Bool = false,
    isCentred: Bool = false
  ) -> Node {
    var attributes = [("font-size", coordinate(size)), ("fill", "currentColor")]
    if isCentred { attributes.append(("text-anchor", "middle")) }
    if isTitle { attributes.append(("font-weight", "600")) }
    return Words.text(text, x: x, y: y, attributes)
  }
}
