import Markup

/// A few words at a place in the figure.
public final class TextMark: Mark, @unchecked Sendable {
  /// Which part of the words stands at the place.
  public enum Anchor: Sendable {
    /// Their beginning.
    case leading
    /// Their middle.
    case center
    /// Their end.
    case trailing
  }
  let x: Double
  let y: Double
  let text: String
  let anchor: Anchor

  private init(at x: Double, _ y: Double, _ text: String, anchor: Anchor, color: PlotColor) {
    self.x = x
    self.y = y
    self.text = Label.clean(text)
    self.anchor = anchor
    super.init(name: "", color: color, style: [])
  }

  /// Words at (x, y), of which the `anchor` stands there.
  public convenience init(
    x: some Plottable, y: some Plottable, _ text: String, anchor: Anchor = .leading,
    color: PlotColor = .ink
  ) {
    self.init(at: x.plotValue, y.plotValue, text, anchor: anchor, color: color)
  }

  override var layer: Layer { .texts }
  override var takesColor: Bool { false }
  override var kind: String { "annotated figure" }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    x.include(self.x)
    y.include(self.y)
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    let (x, y) = (panel.place(x: self.x), panel.place(y: self.y))
    guard !x.isNaN, !y.isNaN else { return [] }
    let side = anchor == .leading ? "start" : anchor == .center ? "middle" : "end"
    return [
      Words.text(
        text, x: x, y: y + 4.3, [("text-anchor", side), ("fill", look.color)] + Words.halo)
    ]
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    let (x, y) = (panel.place(x: self.x), panel.place(y: self.y))
    guard !x.isNaN, !y.isNaN else { return }
    let width = Double(Label.columns(text)) * 2
    let shift = anchor == .leading ? 0 : anchor == .center ? width / 2 : width
    canvas.write(text, atDot: x - shift, y)
  }

  override func summary(_ facts: AxisFacts) -> String { "“" + text + "” at " + facts.name(of: x) }
}
