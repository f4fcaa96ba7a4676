import Notation

/// Bars over named places as rows of text, whichever way they lie in the drawing: names are read
/// in rows, and a row has eight times as many steps as a column.
struct TextBars {
  private let plan: PanelPlan
  private let width: Int
  private let bars: [(mark: BarMark, look: Look)]
  private let categories: [String]

  /// nil when the panel has anything but bars over names, and rules.
  init?(_ plan: PanelPlan, width: Int) {
    var bars: [(mark: BarMark, look: Look)] = []
    for (index, mark) in plan.part.marks.enumerated() {
      if let bar = mark.bar {
        guard case .categories = bar.places else { return nil }
        bars.append((bar, plan.looks[index]))
      } else if mark.rule == nil {
        return nil
      }
    }
    guard let first = bars.first else { return nil }
    self.plan = plan
    self.width = width
    self.bars = bars
    categories = first.mark.isHorizontal ? plan.yExtent.categories : plan.xExtent.categories
  }

  func lines() -> [String] {
    let isLying = bars[0].mark.isHorizontal
    let axis = isLying ? plan.axis(x: 5) : plan.axis(y: 5)
    let scale = axis.scale
    let nameWidth = min(width / 3, categories.reduce(0) { max($0, Label.columns($1)) })
    let numbers = bars.map { bar in bar.mark.lengths.map { text($0, bar.mark) } }
    let numberWidth = numbers.reduce(0) { $1.reduce($0) { max($0, Label.columns($1)) } }
    let room = max(8, width - nameWidth - numberWidth - 3)
    func place(_ value: Double) -> Double { scale.fraction(value) * Double(room) }
    let isStacked = plan.part.bars == .stacked
    var lines: [String] = axis.title.isEmpty ? [] : [TextLine.cut(axis.title, to: width)]
    for (index, category) in categories.enumerated() {
      if index > 0 && bars.count > 1 && !isStacked { lines.append("") }
      var row = DotCanvas(columns: room + numberWidth + 2, rows: 1)
      var isFirst = true
      for (number, bar) in bars.enumerated() {
        for (item, position) in bar.mark.places.positions(among: categories).enumerated()
        where position == Double(index) {
          let base = bar.look.bases.isEmpty ? 0 : bar.look.bases[item]
          let value = bar.mark.lengths[item]
          let (from, to) = (place(base) * 2, place(base + value) * 2)
          if from.isFinite, to.isFinite {
            row.column(
              from: 0, to: 4, base: from, tip: to, series: bars.count > 1 ? bar.look.index : 0,
              isLying: true)
          }
          let end = max(from, to).isFinite ? max(from, to) : 0
          if !isStacked || number == bars.count - 1 {
            let text = isStacked ? self.text(base + value, bar.mark) : numbers[number][item]
            drawRules(on: &row, place)
            row.write(text, atDot: (end / 2).rounded(.up) * 2 + 2, 0)
            lines.append(front(isFirst ? category : "", nameWidth) + row.line(0))
            row = DotCanvas(columns: room + numberWidth + 2, rows: 1)
            isFirst = false
          }
        }
      }
    }
    for mark in plan.part.marks {
      guard let rule = mark.rule, !rule.label.isEmpty else { continue }
      lines.append(front("", nameWidth) + "┊ " + rule.label)
    }
    return lines
  }

  private func front(_ name: String, _ width: Int) -> String {
    TextLine.padded(TextLine.cut(name, to: width), to: width, isRight: true) + " "
  }

  private func drawRules(on row: inout DotCanvas, _ place: (Double) -> Double) {
    for mark in plan.part.marks {
      switch mark.rule?.place {
      case .horizontal(let value) where !bars[0].mark.isHorizontal,
        .vertical(let value) where bars[0].mark.isHorizontal:
        row.rule(verticalAt: place(value) * 2)
      default: break
      }
    }
  }

  private func text(_ value: Double, _ bar: BarMark) -> String {
    guard let decimals = bar.decimals else { return NumberText.label(value) }
    return NumberText.label(value, decimals: decimals)
  }
}
