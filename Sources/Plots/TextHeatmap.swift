import Notation

/// A matrix in shades: every cell is at least two characters wide, which makes it about square.
struct TextHeatmap {
  private let plan: PanelPlan
  private let mark: RectangleMark
  private let grid: RectangleMark.Grid
  private let width: Int

  init?(_ plan: PanelPlan, width: Int) {
    guard let mark = plan.heatmap, let grid = mark.grid, grid.rows > 0, grid.columns > 0 else {
      return nil
    }
    self.plan = plan
    self.mark = mark
    self.grid = grid
    self.width = width
  }

  func lines() -> [String] {
    var y = plan.axis(y: 4)
    y.labels = AxisLabels(beside: y, length: 1e5, limit: 1e5)
    let nameWidth =
      y.isHidden
      ? 0 : min(width / 3, y.labels.items.reduce(0) { max($0, Label.columns($1.lines[0])) })
    let room = max(4, width - nameWidth - 1)
    var cell = max(2, min(4, room / grid.columns))
    let texts = cellTexts()
    let widest = texts.reduce(0) { $1.reduce($0) { max($0, Label.columns($1)) } }
    let showsTexts = widest > 0 && (widest + 2) * grid.columns <= room
    if showsTexts { cell = max(cell, widest + 2) }
    let columns = min(room, cell * grid.columns)
    let natural =
      columns < cell * grid.columns ? grid.rows * columns / (2 * grid.columns) : grid.rows
    let perCell = cell >= 4 && grid.rows <= 8 ? 2 : 1
    let rows = max(1, min(showsTexts ? grid.rows : natural * perCell, 36))
    var canvas = DotCanvas(columns: columns, rows: rows)
    let panel = Panel(
      frame: Panel.Frame(x: 0, y: 0, width: Double(columns * 2 - 1), height: Double(rows * 4 - 1)),
      x: plan.axis(x: 4), y: y)
    mark.draw(on: &canvas, in: panel, Look())
    if showsTexts {
      for (row, items) in texts.enumerated() {
        for (column, text) in items.enumerated() {
          let middle = Double(column * cell) + Double(cell - Label.columns(text)) / 2
          canvas.write(text, atDot: middle.rounded(.up) * 2, Double(row * 4))
        }
      }
    }
    var lines: [String] = y.title.isEmpty ? [] : [TextLine.cut(y.title, to: width)]
    for row in 0..<rows {
      var label = ""
      for item in y.labels.items {
        let place = (1 - y.scale.fraction(item.value)) * Double(rows) - 0.5
        if Int(max(0, min(Double(rows - 1), place)).rounded(.up)) == row { label = item.lines[0] }
      }
      let front =
        nameWidth == 0
        ? ""
        : TextLine.padded(TextLine.cut(label, to: nameWidth), to: nameWidth, isRight: true) + " "
      lines.append(front + canvas.line(row))
    }
    lines.append(contentsOf: below(columns, margin: nameWidth == 0 ? 0 : nameWidth + 1))
    return lines
  }

  private func cellTexts() -> [[String]] {
    guard let decimals = grid.decimals else { return [] }
    return grid.values.map { row in
      row.map { $0.isFinite ? NumberText.label($0, decimals: decimals) : "" }
    }
  }

  /// The names of the columns, the words of the axis, and what the shades mean.
  private func below(_ columns: Int, margin: Int) -> [String] {
    var lines: [String] = []
    let axis = plan.axis(x: 4)
    if !axis.isHidden {
      var labels = ""
      for (value, label) in axis.items {
        let middle = margin + Int(axis.scale.fraction(value) * Double(columns))
        let start = max(0, middle - Label.columns(label) / 2)
        let used = Label.columns(labels)
        guard used == 0 || start > used, start + Label.columns(label) <= width else { continue }
        labels = TextLine.padded(labels, to: start, isRight: false) + label
      }
      lines.append(labels)
      if !axis.title.isEmpty {
        let title = TextLine.cut(axis.title, to: width)
        let start = max(0, margin + (columns - Label.columns(title)) / 2)
        lines.append(String(repeating: " ", count: start) + title)
      }
    }
    if !grid.isImage {
      let blanks = String(repeating: " ", count: margin)
      let (low, high) = (NumberText.label(grid.ramp.low), NumberText.label(grid.ramp.high))
      lines.append(blanks + low + " [ ░▒▓█] " + high)
    }
    return lines
  }
}
