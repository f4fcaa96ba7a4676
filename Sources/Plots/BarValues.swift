import Markup
import Notation

/// The numbers on bars: above everything else, and clear of the rules that cross the figure.
enum BarValues {
  private static let size = 11.0
  /// What a number reaches above its line, and below it.
  private static let ascent = 9.0
  private static let descent = 2.0

  static func draw(_ plan: PanelPlan, _ panel: Panel) -> [Node] {
    var groups: [Node] = []
    for (index, mark) in plan.part.marks.enumerated() {
      guard let bar = mark.bar, let decimals = bar.decimals else { continue }
      let rules = rules(across: bar, plan, panel)
      var texts: [Node] = []
      for box in bar.boxes(in: panel, plan.looks[index]) where box.value.isFinite {
        let text = NumberText.label(box.value, decimals: decimals)
        let middle = (box.start + box.end) / 2
        let isNegative = box.value < 0
        let place =
          bar.isHorizontal
          ? (x: along(box.tip, text, isNegative, rules, panel.frame), y: middle + 4)
          : (x: middle, y: upright(box.tip, isNegative, rules, panel.frame))
        let anchor = bar.isHorizontal ? (isNegative ? "end" : "start") : "middle"
        texts.append(Words.text(text, x: place.x, y: place.y, [("text-anchor", anchor)]))
      }
      guard !texts.isEmpty else { continue }
      groups.append(
        Node(
          "g",
          [
            ("fill", Palette.ink), ("font-size", coordinate(size)), ("stroke", Palette.paper),
            ("stroke-width", "2.5"), ("paint-order", "stroke"),
          ], children: texts))
    }
    return groups
  }

  /// The places, along the bars, of the rules that cross them.
  private static func rules(across bar: BarMark, _ plan: PanelPlan, _ panel: Panel) -> [Double] {
    plan.part.marks.compactMap { mark in
      switch mark.rule?.place {
      case .horizontal(let value): bar.isHorizontal ? nil : panel.place(y: value)
      case .vertical(let value): bar.isHorizontal ? panel.place(x: value) : nil
      case .segments, nil: nil
      }
    }.sorted()
  }

  /// The line of a number above an upright bar, or below one that hangs, moved beyond the rules
  /// that would strike it through as long as it stays in the frame.
  private static func upright(
    _ tip: Double, _ hangs: Bool, _ rules: [Double], _ frame: Panel.Frame
  ) -> Double {
    let start = tip + (hangs ? 12.5 : -4)
    var y = start
    for rule in hangs ? rules : rules.reversed()
    where rule > y - ascent - 2 && rule < y + descent + 2 {
      y = rule + (hangs ? ascent + 2 : -descent - 1)
    }
    return y - ascent < frame.y - 8 || y > frame.bottom + 4 ? start : y
  }

  /// Where a number begins beside a lying bar, or ends beside one that points to the left.
  private static func along(
    _ tip: Double, _ text: String, _ isNegative: Bool, _ rules: [Double], _ frame: Panel.Frame
  ) -> Double {
    let width = Label.width(text, size: size)
    let sign = isNegative ? -1.0 : 1
    let start = tip + 4 * sign
    var x = start
    for rule in isNegative ? rules.reversed() : rules
    where (rule - x) * sign > -3 && (rule - x) * sign < width + 3 {
      x = rule + 4 * sign
    }
    let end = x + width * sign
    return end < frame.x - 2 || end > frame.right + 4 ? start : x
  }
}
