import Markup

extension RectangleMark {
  /// A tinted region; nil reaches from one end of the axis to the other.
  public convenience init(
    x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil, color: PlotColor = .muted
  ) {
    self.init(grid: nil, x: x, y: y, color: color)
  }

  func drawRegion(in panel: Panel, _ look: Look) -> Node {
    let frame = panel.frame
    func clamped(_ value: Double, _ low: Double, _ high: Double) -> Double {
      value.isNaN ? low : max(low, min(high, value))
    }
    var (left, right, top, bottom) = (frame.x, frame.right, frame.y, frame.bottom)
    if let range = region.x {
      left = clamped(panel.place(x: range.lowerBound), frame.x, frame.right)
      right = clamped(panel.place(x: range.upperBound), frame.x, frame.right)
    }
    if let range = region.y {
      bottom = clamped(panel.place(y: range.lowerBound), frame.y, frame.bottom)
      top = clamped(panel.place(y: range.upperBound), frame.y, frame.bottom)
    }
    return Node(
      "rect",
      [
        ("x", coordinate(min(left, right))), ("y", coordinate(min(top, bottom))),
        ("width", coordinate((right - left).magnitude)),
        ("height", coordinate((bottom - top).magnitude)), ("fill", look.color),
        ("fill-opacity", ".1"),
      ])
  }
}
