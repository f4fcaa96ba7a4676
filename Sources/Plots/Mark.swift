import Markup
import Notation

/// Something drawn in a figure: a line, points, bars. Names follow Swift Charts.
///
/// Marks of the same name are one series: they share a colour, a symbol and a place in the legend.
/// A base class rather than a protocol, so that what a mark needs from the figure stays inside the
/// module. Every stored property here and in the subclasses is an immutable value, which is what
/// makes sharing safe; a class that is not final cannot let the compiler check it.
public class Mark: @unchecked Sendable {
  /// The name of the series in labels and legend; empty for a mark without one.
  public let name: String
  let color: PlotColor
  let style: LineStyle

  init(name: String, color: PlotColor, style: LineStyle) {
    self.name = Label.clean(name)
    self.color = color
    self.style = style
  }

  /// Marks of a lower layer are drawn first.
  var layer: Layer { .lines }
  enum Layer: Int { case rectangles, areas, bars, rules, lines, points, texts }

  /// How the mark looks in a legend; nil when it never belongs there.
  var swatch: Swatch? { nil }
  enum Swatch { case line, symbol, block }

  /// Whether the mark is a line that gets symbols when there are several: not one that its dashes or
  /// its lack of colour already set apart.
  var takesSymbols: Bool { false }

  /// Whether a mark without a name takes the next colour of the palette.
  var takesColor: Bool { true }

  /// Adds the values that the axes have to cover.
  func measure(_ x: inout Extent, _ y: inout Extent) {}

  func draw(in panel: Panel, _ look: Look) -> [Node] { [] }

  /// Draws into the plot area of a terminal's figure, where `panel` counts dots.
  func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {}

  /// Where a label at the end of the line would point; nil when the mark is not a line.
  func end(in panel: Panel) -> (x: Double, y: Double)? { nil }

  /// Places that labels should not cover.
  func obstacles(in panel: Panel) -> [(x: Double, y: Double)] { [] }

  /// What the mark shows, as a clause without its subject: "falls from 4.1 at 0 to 0.3 at 100".
  func summary(_ x: AxisFacts) -> String { "" }

  /// The word for a figure that consists of such marks.
  var kind: String { "figure" }

  var bar: BarMark? { nil }
  var heatmap: RectangleMark? { nil }
  var rule: RuleMark? { nil }
}

/// How a mark is drawn as a member of its figure.
struct Look {
  /// The place of the series in the palette.
  var index = 0
  var color = Palette.ink
  var symbol = Symbol.circle
  /// Whether a line carries symbols, because the figure has several.
  var showsSymbols = false
  /// Whether bars are filled differently, because the figure has several series of them.
  var isOneOfSeveral = false
  /// Which of how many bars that stand side by side.
  var slot = 0
  var slots = 1
  /// What the bars stand on; empty for the axis.
  var bases: [Double] = []
}

/// What a description may say of the x axis.
struct AxisFacts {
  var categories: [String] = []

  func name(of value: Double) -> String {
    let index = value.isFinite ? Int(max(-1, min(1e6, value.rounded()))) : -1
    if categories.indices.contains(index) { return categories[index] }
    return NumberText.label(value)
  }
}

/// How a line is drawn.
public struct LineStyle: OptionSet, Sendable {
  /// One bit for each style.
  public let rawValue: Int
  /// The styles of these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Dashes.
  public static let dashed = LineStyle(rawValue: 1)
  /// Round dots.
  public static let dotted = LineStyle(rawValue: 2)
  /// A line of 2.6 units instead of 1.7.
  public static let thick = LineStyle(rawValue: 4)
  /// A line of 0.9 units instead of 1.7.
  public static let thin = LineStyle(rawValue: 8)
  /// Draws a symbol at every point of the line.
  public static let symbols = LineStyle(rawValue: 16)

  var width: Double { contains(.thick) ? 2.6 : contains(.thin) ? 0.9 : 1.7 }

  /// The attributes of a stroke in this style.
  func stroke(_ color: String) -> [(String, String)] {
    var attributes = [("stroke", color), ("stroke-width", coordinate(width))]
    if contains(.dashed) { attributes.append(("stroke-dasharray", "5 3.5")) }
    if contains(.dotted) { attributes.append(("stroke-dasharray", "0.1 3.4")) }
    return attributes
  }
}
