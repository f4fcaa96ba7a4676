import Markup
import Notation

/// The scale beside a heatmap: which colour is which value.
struct ColorScale {
  let ramp: Ramp
  private let ticks: Ticks
  private static let barWidth = 11.0

  /// nil for images, whose values nobody reads off.
  init?(_ heatmap: RectangleMark?, height: Double) {
    guard let grid = heatmap?.grid, !grid.isImage else { return nil }
    ramp = grid.ramp
    ticks = Ticks(
      for: Scale(.linear, low: ramp.low, high: ramp.high), target: max(2, min(6, Int(height / 34))))
  }

  var width: Double {
    var widest = 0.0
    for tick in ticks.major { widest = max(widest, Label.width(tick.label, size: 11)) }
    return 14 + Self.barWidth + 6 + widest
  }

  func draw(x: Double, y: Double, height: Double) -> [Node] {
    let left = x + 14
    let steps = 24
    var cells: [Node] = []
    for step in 0..<steps {
      let share = 1 - (Double(step) + 0.5) / Double(steps)
      // Both edges are rounded alike, so that no light falls between two steps.
      var path = PathData()
      path.rectangle(
        x: left, y: y + height * Double(step) / Double(steps), width: Self.barWidth,
        height: height / Double(steps))
      cells.append(Node("path", [("d", path.text)] + ramp.paint(ramp.level(ofShare: share))))
    }
    var texts: [Node] = []
    for tick in ticks.major {
      let share = (tick.value - ramp.low) / (ramp.high - ramp.low)
      texts.append(
        Words.text(
          tick.label, x: left + Self.barWidth + 5, y: y + height * (1 - share) + 3.9))
    }
    if ticks.exponent != 0 {
      texts.append(
        Words.text("× " + NumberText.power(of: 10, ticks.exponent), x: left, y: y - 5))
    }
    return [
      Node("g", [("shape-rendering", "crispEdges")], children: cells),
      Node(
        "g", [("fill", "currentColor"), ("fill-opacity", ".72"), ("font-size", "11")],
        children: texts),
    ]
  }
}
