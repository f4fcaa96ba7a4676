import Markup

/// The words at rules, each where it covers the least of the data.
enum RuleLabels {
  private static let size = 12.0

  /// The room beside the plot for the words at horizontal rules through bars, which cannot stand
  /// on the bars; 0 where they stand in the plot.
  static func room(_ plan: PanelPlan, in width: Double) -> Double {
    guard !plan.xExtent.categories.isEmpty else { return 0 }
    var widest = 0.0
    for mark in plan.part.marks {
      guard let rule = mark.rule, case .horizontal = rule.place, !rule.label.isEmpty else {
        continue
      }
      widest = max(widest, Label.width(rule.label, size: size) + 8)
    }
    return widest <= width * 0.3 ? widest : 0
  }

  /// - Parameter isBeside: whether horizontal rules have their words at the right of the frame.
  static func draw(_ plan: PanelPlan, _ panel: Panel, isBeside: Bool) -> [Node] {
    var obstacles: [(x: Double, y: Double)] = []
    var nodes: [Node] = []
    var taken: [Panel.Frame] = []
    var isCollected = false
    for (index, mark) in plan.part.marks.enumerated() {
      guard let rule = mark.rule, !rule.label.isEmpty else { continue }
      if isBeside, !plan.xExtent.categories.isEmpty, case .horizontal(let value) = rule.place {
        let y = panel.place(y: value)
        guard y >= panel.frame.y - 0.5, y <= panel.frame.bottom + 0.5 else { continue }
        nodes.append(
          Words.text(
            rule.label, x: panel.frame.right + 5, y: y + 4.2,
            [("fill", plan.looks[index].color)]))
        continue
      }
      if !isCollected {
        for mark in plan.part.marks { obstacles.append(contentsOf: mark.obstacles(in: panel)) }
        isCollected = true
      }
      guard let box = place(rule, panel, obstacles, taken) else { continue }
      taken.append(box)
      nodes.append(
        Words.text(
          rule.label, x: box.x, y: box.bottom - 3.5,
          [("fill", plan.looks[index].color)] + Words.halo))
    }
    return nodes
  }

  /// The best of the places at both ends and on both sides of the rule.
  private static func place(
    _ rule: RuleMark, _ panel: Panel, _ obstacles: [(x: Double, y: Double)], _ taken: [Panel.Frame]
  ) -> Panel.Frame? {
    let frame = panel.frame
    let width = Label.width(rule.label, size: size)
    let height = 14.0
    var candidates: [Panel.Frame] = []
    switch rule.place {
    case .horizontal(let value):
      let y = panel.place(y: value)
      guard y >= frame.y - 0.5, y <= frame.bottom + 0.5 else { return nil }
      let middle = frame.x + (frame.width - width) / 2
      for x in [frame.right - width - 2, frame.x + 4, middle] {
        candidates.append(Panel.Frame(x: x, y: y - height - 2, width: width, height: height))
        candidates.append(Panel.Frame(x: x, y: y + 3, width: width, height: height))
      }
    case .vertical(let value):
      let x = panel.place(x: value)
      guard x >= frame.x - 0.5, x <= frame.right + 0.5 else { return nil }
      for y in [frame.y + 1, frame.bottom - height - 4, frame.y + frame.height / 2] {
        candidates.append(Panel.Frame(x: x + 5, y: y, width: width, height: height))
        candidates.append(Panel.Frame(x: x - 5 - width, y: y, width: width, height: height))
      }
    case .segments: return nil
    }
    var best: (cost: Double, box: Panel.Frame)?
    for (rank, box) in candidates.enumerated() {
      var cost = Double(rank) * 0.9
      for point in obstacles
      where point.x > box.x - 3 && point.x < box.right + 3 && point.y > box.y - 2
        && point.y < box.bottom + 2
      {
        cost += 1
      }
      for other in taken
      where other.x < box.right && box.x < other.right && other.y < box.bottom
        && box.y < other.bottom
      {
        cost += 1000
      }
      let outside = max(0, frame.x - box.x) + max(0, box.right - frame.right)
      cost += 10 * outside + (box.y < frame.y - 3 || box.bottom > frame.bottom + 2 ? 200 : 0)
      if best.map({ cost < $0.cost }) ?? true { best = (cost, box) }
    }
    return best?.box
  }
}
