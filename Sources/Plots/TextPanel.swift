/// One panel as lines of text: Braille dots between axes of box-drawing characters.
struct TextPanel {
  let plan: PanelPlan
  let width: Int
  let height: Int

  func lines() -> [String] {
    if plan.isEmpty { return ["(no data)"] }
    if let bars = TextBars(plan, width: width) { return bars.lines() }
    if let heatmap = TextHeatmap(plan, width: width) { return heatmap.lines() }
    return plot()
  }

  private func plot() -> [String] {
    var y = plan.axis(y: max(2, height / 3))
    y.labels = AxisLabels(beside: y, length: 1e4, limit: 1e4)
    var labels: [(row: Int, text: String)] = []
    for item in y.labels.items {
      let row = Int(((1 - y.scale.fraction(item.value)) * Double(height * 4 - 1)).rounded()) / 4
      guard (0..<height).contains(row), !labels.contains(where: { $0.row == row }) else { continue }
      labels.append((row, TextLine.cut(item.lines.joined(" "), to: width / 3)))
    }
    let margin = labels.reduce(1) { max($0, Label.columns($1.text)) } + 2
    let columns = max(8, width - margin)
    let x = xAxis(columns)
    var canvas = DotCanvas(columns: columns, rows: height)
    let panel = Panel(
      frame: Panel.Frame(
        x: 0, y: 0, width: Double(columns * 2 - 1), height: Double(height * 4 - 1)), x: x, y: y)
    for index in plan.order {
      plan.part.marks[index].draw(on: &canvas, in: panel, plan.looks[index])
    }
    var lines: [String] = []
    if !y.title.isEmpty { lines.append(TextLine.cut(y.title, to: width)) }
    for row in 0..<height {
      let label = labels.first { $0.row == row }?.text
      let front = TextLine.padded(label ?? "", to: margin - 2, isRight: true)
      lines.append(front + (label == nil ? " │" : " ┤") + canvas.line(row))
    }
    lines.append(contentsOf: below(x, margin: margin, columns: columns))
    return lines
  }

  private func xAxis(_ columns: Int) -> Panel.Axis {
    var count = max(2, columns / 12)
    var axis = plan.axis(x: count)
    while count > 2, !fits(axis, columns) {
      count -= 1
      axis = plan.axis(x: count)
    }
    return axis
  }

  private func fits(_ axis: Panel.Axis, _ columns: Int) -> Bool {
    var end = -2
    for item in axis.items {
      let width = Label.columns(item.label)
      let start = Int(axis.scale.fraction(item.value) * Double(columns - 1)) - width / 2
      if start < end + 2 { return false }
      end = start + width
    }
    return true
  }

  /// The horizontal axis, its labels and its words.
  private func below(_ axis: Panel.Axis, margin: Int, columns: Int) -> [String] {
    var line = [Bool](repeating: false, count: columns)
    var labels = ""
    for item in axis.items {
      let place = Int((axis.scale.fraction(item.value) * Double(columns - 1)).rounded())
      guard (0..<columns).contains(place) else { continue }
      let label = TextLine.cut(item.label, to: width / 2)
      let labelWidth = Label.columns(label)
      let start = min(max(0, margin + place - labelWidth / 2), margin + columns - labelWidth)
      let used = Label.columns(labels)
      guard used == 0 || start >= used + 1 else { continue }
      line[place] = true
      labels = TextLine.padded(labels, to: start, isRight: false) + label
    }
    var result = String(repeating: " ", count: margin - 1) + "└"
    for isTick in line { result += isTick ? "┬" : "─" }
    var lines = [result, labels]
    if !axis.title.isEmpty {
      let title = TextLine.cut(axis.title, to: width)
      let start = max(0, margin + (columns - Label.columns(title)) / 2)
      lines.append(String(repeating: " ", count: min(start, width)) + title)
    }
    return lines
  }
}

/// Text in columns of a terminal.
enum TextLine {
  static func padded(_ text: String, to width: Int, isRight: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - Label.columns(text)))
    return isRight ? blanks + text : text + blanks
  }

  static func cut(_ text: String, to width: Int) -> String {
    guard Label.columns(text) > width else { return text }
    var result = String.UnicodeScalarView()
    var used = 1
    for scalar in text.unicodeScalars {
      used += Label.columns(scalar)
      if used > width { break }
      result.append(scalar)
    }
    return String(result) + "…"
  }
}

extension [String] {
  func joined(_ separator: String) -> String {
    var result = ""
    for (index, part) in enumerated() { result += index == 0 ? part : separator + part }
    return result
  }
}
