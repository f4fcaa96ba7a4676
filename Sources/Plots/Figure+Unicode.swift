extension Figure {
  /// The figure for a terminal, at most `width` columns wide, lines separated by line feeds.
  public func unicode(width: Int = 72) -> String {
    let width = max(24, min(width, 400))
    let layout = FigureLayout(self)
    var lines: [String] = []
    if !title.isEmpty { lines.append(TextLine.cut(title, to: width)) }
    if legend != .hidden, let names = legendLine(layout.table, width) {
      lines.append(contentsOf: names)
    }
    if panels.isEmpty {
      lines.append(contentsOf: TextPanel(plan: layout.plans[0], width: width, height: 15).lines())
      return lines.joined("\n")
    }
    let columns = max(1, min(self.columns, width / 30))
    let panelWidth = (width - 2 * (columns - 1)) / columns
    var first = 0
    while first < layout.plans.count {
      let row = layout.plans[first..<min(first + columns, layout.plans.count)].map { plan in
        var lines = plan.part.title.isEmpty ? [] : [TextLine.cut(plan.part.title, to: panelWidth)]
        lines += TextPanel(plan: plan, width: panelWidth, height: columns > 1 ? 10 : 12).lines()
        return lines
      }
      if first > 0 { lines.append("") }
      for index in 0..<row.reduce(0, { max($0, $1.count) }) {
        var line = ""
        for (column, panel) in row.enumerated() where index < panel.count {
          line = TextLine.padded(line, to: column * (panelWidth + 2), isRight: false) + panel[index]
        }
        lines.append(line)
      }
      first += columns
    }
    return lines.joined("\n")
  }

  /// "● InfoNCE   ■ JSD", in as many lines as needed.
  private func legendLine(_ table: SeriesTable, _ width: Int) -> [String]? {
    guard !table.entries.isEmpty else { return nil }
    var lines = [""]
    for entry in table.entries {
      let isBar = entry.hasBlock && !entry.hasLine && !entry.hasSymbol
      let blocks = ["█", "▒", "▓", "░"]
      let isOnly = table.entries.count == 1
      let mark =
        isBar
        ? blocks[isOnly ? 0 : entry.look.index % 4]
        : entry.hasSymbol || entry.look.showsSymbols
          ? String(Character(entry.look.symbol.scalar))
          : entry.style.isDisjoint(with: [.dashed, .dotted]) ? "⠒⠒" : "⠂⠂"
      let text = TextLine.cut(mark + " " + entry.name, to: width)
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = text
      } else if Label.columns(last) + 3 + Label.columns(text) <= width {
        lines[lines.count - 1] = last + "   " + text
      } else {
        lines.append(text)
      }
    }
    return lines
  }
}
