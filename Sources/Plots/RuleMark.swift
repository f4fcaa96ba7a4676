import Markup
import Notation

/// A straight line across the figure at one value, or line segments: error bars.
public final class RuleMark: Mark, @unchecked Sendable {
  enum Place: Sendable {
    case horizontal(Double)
    case vertical(Double)
    case segments(x: AxisValues, yStart: [Double], yEnd: [Double])
  }
  let place: Place
  let label: String

  init(place: Place, label: String, name: String, style: LineStyle, color: PlotColor) {
    self.place = place
    self.label = Label.clean(label)
    super.init(name: name, color: color, style: style)
  }

  /// A horizontal rule.
  public convenience init(
    y: some Plottable, label: String = "", style: LineStyle = [.dashed, .thin],
    color: PlotColor = .ink
  ) {
    self.init(place: .horizontal(y.plotValue), label: label, name: "", style: style, color: color)
  }

  /// A vertical rule.
  public convenience init(
    x: some Plottable, label: String = "", style: LineStyle = [.dashed, .thin],
    color: PlotColor = .ink
  ) {
    self.init(place: .vertical(x.plotValue), label: label, name: "", style: style, color: color)
  }

  /// Vertical segments, such as error bars. Given the name of a series, they take its colour;
  /// without a name, that of the text.
  public convenience init(
    x: some Sequence<some Plottable>, yStart: some Sequence<some Plottable>,
    yEnd: some Sequence<some Plottable>, name: String = "", color: PlotColor? = nil
  ) {
    self.init(
      x: .numbers(plotValues(x)), yStart: plotValues(yStart), yEnd: plotValues(yEnd), name: name,
      color: color)
  }

  /// Vertical segments over named places.
  public convenience init(
    x: [String], yStart: some Sequence<some Plottable>, yEnd: some Sequence<some Plottable>,
    name: String = "", color: PlotColor? = nil
  ) {
    self.init(
      x: .categories(x.map { Label.clean($0) }), yStart: plotValues(yStart), yEnd: plotValues(yEnd),
      name: name, color: color)
  }

  private convenience init(
    x: AxisValues, yStart: [Double], yEnd: [Double], name: String, color: PlotColor?
  ) {
    requireSameCount("RuleMark", "x", x.count, "yStart", yStart.count)
    requireSameCount("RuleMark", "x", x.count, "yEnd", yEnd.count)
    self.init(
      place: .segments(x: x, yStart: yStart, yEnd: yEnd), label: "", name: name, style: [],
      color: color ?? (name.isEmpty ? .ink : .automatic))
  }

  override var layer: Layer {
    if case .segments = place { return .points }
    return .rules
  }
  override var takesColor: Bool { false }
  override var kind: String { "figure" }
  override var rule: RuleMark? { self }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    switch place {
    case .horizontal(let value): y.include(value)
    case .vertical(let value):
      x.include(value)
      if !label.isEmpty { y.needsHeadroom = true }
    case .segments(let xs, let starts, let ends):
      x.include(xs)
      for value in starts { y.include(value) }
      for value in ends { y.include(value) }
    }
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    var path = PathData()
    let frame = panel.frame
    switch place {
    case .horizontal(let value):
      let y = panel.place(y: value)
      guard y >= frame.y - 0.5, y <= frame.bottom + 0.5 else { return [] }
      path.segment(frame.x, y, frame.right, y)
    case .vertical(let value):
      let x = panel.place(x: value)
      guard x >= frame.x - 0.5, x <= frame.right + 0.5 else { return [] }
      path.segment(x, frame.bottom, x, frame.y)
    case .segments(let xs, let starts, let ends):
      let positions = xs.positions(among: panel.x.categories)
      for index in positions.indices {
        let x = panel.place(x: positions[index])
        let (start, end) = (panel.place(y: starts[index]), panel.place(y: ends[index]))
        guard !x.isNaN, !start.isNaN, !end.isNaN else { continue }
        path.segment(x - 3, start, x + 3, start)
        path.segment(x, start, x, end)
        path.segment(x - 3, end, x + 3, end)
      }
    }
    guard !path.isEmpty else { return [] }
    var attributes = [("d", path.text), ("fill", "none")] + style.stroke(look.color)
    if case .segments = place {
      attributes[3] = ("stroke-width", "1.2")
    } else if color == .ink {
      attributes.append(("stroke-opacity", ".75"))
    }
    // Without round ends a dot is a tenth of a pixel long.
    if style.contains(.dotted) { attributes.append(("stroke-linecap", "round")) }
    return [Node("path", attributes)]
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    let frame = panel.frame
    switch place {
    case .horizontal(let value):
      let y = panel.place(y: value)
      guard y >= frame.y, y <= frame.bottom else { return }
      canvas.rule(horizontalAt: y)
      if !label.isEmpty { canvas.write(label, endingAtDot: frame.right, y - 4) }
    case .vertical(let value):
      let x = panel.place(x: value)
      guard x >= frame.x, x <= frame.right else { return }
      canvas.rule(verticalAt: x)
      if !label.isEmpty {
        let width = Double(Label.columns(label)) * 2
        let fits = x + 4 + width <= frame.right
        canvas.write(label, atDot: fits ? x + 4 : x - 2 - width, frame.y)
      }
    case .segments(let xs, let starts, let ends):
      let positions = xs.positions(among: panel.x.categories)
      for index in positions.indices {
        let x = panel.place(x: positions[index])
        let (start, end) = (panel.place(y: starts[index]), panel.place(y: ends[index]))
        guard !x.isNaN, !start.isNaN, !end.isNaN else { continue }
        canvas.line(from: (x, start), to: (x, end), dash: 0)
      }
    }
  }

  override func summary(_ facts: AxisFacts) -> String {
    let quoted = label.isEmpty ? "" : " “" + label + "”"
    switch place {
    case .horizontal(let value):
      return "A horizontal rule" + quoted + " at " + NumberText.label(value)
    case .vertical(let value): return "A vertical rule" + quoted + " at " + facts.name(of: value)
    case .segments(let xs, _, _): return "Error bars at " + String(xs.count) + " places"
    }
  }
}
