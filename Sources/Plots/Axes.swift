import Markup

/// Grid, ticks and words around a panel: present, and quieter than the data.
enum Axes {
  /// What stands below the data.
  static func grid(_ panel: Panel) -> [Node] {
    let frame = panel.frame
    var minor = PathData()
    var major = PathData()
    if panel.x.categories.isEmpty && !panel.x.isHidden {
      for value in panel.x.ticks.minor { vertical(panel.place(x: value), frame, &minor) }
      for tick in panel.x.ticks.major { vertical(panel.place(x: tick.value), frame, &major) }
    }
    if panel.y.categories.isEmpty && !panel.y.isHidden {
      for value in panel.y.ticks.minor { horizontal(panel.place(y: value), frame, &minor) }
      for tick in panel.y.ticks.major { horizontal(panel.place(y: tick.value), frame, &major) }
    }
    var nodes: [Node] = []
    for (path, opacity) in [(minor, ".06"), (major, ".13")] where !path.isEmpty {
      nodes.append(
        Node(
          "path",
          [
            ("d", path.text), ("stroke", "currentColor"), ("stroke-opacity", opacity),
            ("stroke-width", ".8"),
          ]))
    }
    return nodes
  }

  /// The lines on which upright or lying marks stand; drawn over bars, below lines.
  static func baseline(_ panel: Panel) -> Node {
    var path = PathData()
    let frame = panel.frame
    if !panel.x.isHidden && panel.y.categories.isEmpty {
      // Where zero is out of sight, the axis is the edge that carries the labels.
      let zero = panel.place(y: 0)
      let y = zero >= frame.y - 0.5 && zero < frame.bottom ? zero : frame.bottom
      path.segment(frame.x, y, frame.right, y)
      if panel.x.categories.isEmpty && y > frame.bottom - 0.5 {
        for item in panel.x.labels.items {
          path.segment(
            panel.place(x: item.value), frame.bottom, panel.place(x: item.value), frame.bottom + 4)
        }
      }
    } else if !panel.y.isHidden && panel.x.categories.isEmpty {
      let zero = panel.place(x: 0)
      let x = zero.isNaN ? frame.x : max(frame.x, min(frame.right, zero))
      path.segment(x, frame.y, x, frame.bottom)
    }
    guard !path.isEmpty else { return .fragment([]) }
    return Node(
      "path",
      [
        ("d", path.text), ("stroke", "currentColor"), ("stroke-opacity", ".55"),
        ("stroke-width", "1"),
      ])
  }

  /// The labels of both axes.
  static func labels(_ panel: Panel) -> [Node] {
    let frame = panel.frame
    var texts: [Node] = []
    for item in panel.x.labels.items {
      let x = panel.place(x: item.value)
      if panel.x.labels.isSlanted {
        let place = coordinate(x + 4) + " " + coordinate(frame.bottom + 11)
        texts.append(
          Node(
            "text",
            [
              ("transform", "translate(" + place + ")rotate(-45)"), ("text-anchor", "end"),
            ], .text(item.lines[0])))
      } else {
        for (index, line) in item.lines.enumerated() {
          let y = frame.bottom + 16 + Double(index) * AxisLabels.lineHeight
          texts.append(Words.text(line, x: x, y: y, [("text-anchor", "middle")]))
        }
      }
    }
    for item in panel.y.labels.items {
      let middle = panel.place(y: item.value) + 4.2
      for (index, line) in item.lines.enumerated() {
        let shift = Double(index) - Double(item.lines.count - 1) / 2
        texts.append(
          Node(
            "text",
            [
              ("x", coordinate(frame.x - 7)), ("text-anchor", "end"),
              ("y", coordinate(middle + shift * AxisLabels.lineHeight)),
            ], .text(line)))
      }
    }
    guard !texts.isEmpty else { return [] }
    return [Node("g", [("fill", "currentColor"), ("fill-opacity", ".72")], children: texts)]
  }

  private static func vertical(_ x: Double, _ frame: Panel.Frame, _ path: inout PathData) {
    guard x >= frame.x - 0.5, x <= frame.right + 0.5 else { return }
    path.segment(x, frame.y, x, frame.bottom)
  }

  private static func horizontal(_ y: Double, _ frame: Panel.Frame, _ path: inout PathData) {
    guard y >= frame.y - 0.5, y <= frame.bottom + 0.5 else { return }
    path.segment(frame.x, y, frame.right, y)
  }
}
