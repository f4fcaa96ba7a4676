import Markup

/// Names at the ends of the lines, where the eye already is.
struct LineLabels {
  private struct Item {
    var name: String
    var color: String
    var end: (x: Double, y: Double)
    var y: Double
  }
  private var items: [Item] = []
  private static let distance = 14.5

  /// How much room the names need at the right; nil when this figure is better off with a legend.
  static func room(_ plan: PanelPlan, _ entries: [SeriesTable.Entry], in width: Double) -> Double? {
    guard !entries.isEmpty, entries.count <= 8 else { return nil }
    var widest = 0.0
    for entry in entries {
      guard entry.hasLine, !entry.hasSymbol else { return nil }
      widest = max(widest, Label.width(entry.name, size: 12.5))
    }
    return widest <= width * 0.3 ? widest + 9 : nil
  }

  /// The names at their places, pushed apart; nil when a name would end far from its line.
  init?(_ plan: PanelPlan, _ panel: Panel, _ entries: [SeriesTable.Entry]) {
    for entry in entries {
      var end: (x: Double, y: Double)?
      for mark in plan.part.marks where isSame(mark.name, entry.name) {
        guard let candidate = mark.end(in: panel) else { continue }
        if end.map({ candidate.x > $0.x }) ?? true { end = candidate }
      }
      guard let end else { continue }
      guard end.x > panel.frame.x + panel.frame.width * 0.9 else { return nil }
      items.append(Item(name: entry.name, color: entry.look.color, end: end, y: end.y))
    }
    items.sort { $0.end.y < $1.end.y }
    // Lines that end in one place are told apart by a legend only.
    for index in items.indices.dropFirst()
    where (items[index].end.y - items[index - 1].end.y).magnitude < 5 { return nil }
    spread(panel.frame)
    for item in items where (item.y - item.end.y).magnitude > 34 { return nil }
  }

  /// Moves neighbours apart to a line's distance, each group around its own middle.
  private mutating func spread(_ frame: Panel.Frame) {
    // Groups of labels that touch; each lies as near to its lines as it can.
    var groups: [(first: Int, count: Int, start: Double)] = []
    for index in items.indices {
      groups.append((index, 1, items[index].end.y))
      while let last = groups.last {
        let middle = (last.first..<(last.first + last.count)).reduce(0.0) { sum, item in
          sum + items[item].end.y - Double(item - last.first) * Self.distance
        }
        let room = Double(last.count - 1) * Self.distance
        let start = max(
          frame.y + 2, min(frame.bottom - room, middle / Double(last.count)))
        groups[groups.count - 1].start = start
        guard groups.count > 1 else { break }
        let before = groups[groups.count - 2]
        guard before.start + Double(before.count) * Self.distance > start else { break }
        groups.removeLast()
        groups[groups.count - 1].count += last.count
      }
    }
    for group in groups {
      for item in 0..<group.count {
        items[group.first + item].y = group.start + Double(item) * Self.distance
      }
    }
  }

  func draw(_ panel: Panel) -> [Node] {
    let x = panel.frame.right + 8
    return items.map { item in
      Words.text(
        item.name, x: x, y: item.y + 4.3, [("fill", item.color), ("font-size", "12.5")])
    }
  }
}
