import Markup

/// Names of the series in a row above the plot.
struct Legend {
  private let rows: [[(entry: SeriesTable.Entry, x: Double)]]

  private static let rowHeight = 18.0
  private static let swatchWidth = 24.0

  init(_ entries: [SeriesTable.Entry], width: Double) {
    var rows: [[(entry: SeriesTable.Entry, x: Double)]] = []
    var x = Double.infinity
    for entry in entries {
      var entry = entry
      entry.name = Label.fitted(entry.name, size: 12.5, within: width - Self.swatchWidth - 6)
      let needed = Self.swatchWidth + 6 + Label.width(entry.name, size: 12.5)
      if x + needed > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((entry, x))
      x += needed + 16
    }
    self.rows = rows
  }

  var height: Double { rows.isEmpty ? 0 : Double(rows.count) * Self.rowHeight + 4 }

  func draw(x: Double, y: Double) -> [Node] {
    var nodes: [Node] = []
    for (index, row) in rows.enumerated() {
      let middle = y + (Double(index) + 0.5) * Self.rowHeight
      for item in row {
        nodes.append(contentsOf: Self.swatch(item.entry, x: x + item.x, y: middle))
        nodes.append(
          Words.text(
            item.entry.name, x: x + item.x + Self.swatchWidth + 6, y: middle + 4.3,
            [("fill", "currentColor"), ("font-size", "12.5")]))
      }
    }
    return nodes
  }

  /// A small piece of the series, drawn as it is in the plot.
  private static func swatch(_ entry: SeriesTable.Entry, x: Double, y: Double) -> [Node] {
    var nodes: [Node] = []
    let middle = x + swatchWidth / 2
    if entry.hasBlock {
      var path = PathData()
      let texture =
        entry.hasLine
        ? .solid : Texture.of(series: entry.look.isOneOfSeveral ? entry.look.index : 0)
      let area = Panel.Frame(x: x + 3, y: y - 5.5, width: swatchWidth - 6, height: 11)
      path.rectangle(x: area.x, y: area.y, width: area.width, height: area.height)
      var paint = texture.paint(entry.look.color)
      if entry.hasLine { paint.append(("fill-opacity", ".2")) }
      nodes.append(Node("path", [("d", path.text)] + paint))
      if texture == .hatched {
        var hatch = PathData()
        Texture.hatch(area, into: &hatch)
        nodes.append(
          Node("path", [("d", hatch.text), ("stroke", entry.look.color), ("stroke-width", "1")]))
      }
    }
    if entry.hasLine {
      var path = PathData()
      path.segment(x, y, x + swatchWidth, y)
      nodes.append(
        Node(
          "path",
          [("d", path.text), ("stroke-linecap", "round")] + entry.style.stroke(entry.look.color)))
    }
    if entry.hasSymbol || (entry.hasLine && entry.look.showsSymbols) {
      var path = PathData()
      entry.look.symbol.add(to: &path, x: middle, y: y, radius: 3)
      nodes.append(
        Node("path", [("d", path.text)] + entry.look.symbol.paint(entry.look.color, radius: 3)))
    }
    return nodes
  }
}
