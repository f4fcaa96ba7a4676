/// Marks on a pair of axes, or several such panels; drawn as SVG and, for a terminal, in Unicode.
///
///     Figure(
///       LineMark(x: steps, y: losses, name: "InfoNCE"),
///       RuleMark(y: log(64), label: "log 64"),
///       x: "step", y: "loss (nats)")
public struct Figure: Sendable {
  /// Where the names of the marks stand.
  public enum LegendPlacement: Sendable {
    /// At the ends of the lines where they fit, else above the plot.
    case automatic
    /// Above the plot.
    case top
    /// Nowhere.
    case hidden
  }

  /// How bars of several marks share a category.
  public enum BarArrangement: Sendable {
    /// Side by side.
    case grouped
    /// On top of each other.
    case stacked
  }

  /// In order of drawing within each kind of mark.
  private(set) var marks: [Mark] = []
  private(set) var panels: [Figure] = []
  private(set) var columns = 1
  private(set) var sharesX = false
  private(set) var sharesY = false
  let title: String
  let x: String
  let y: String
  private(set) var xScale = ScaleType.linear
  private(set) var yScale = ScaleType.linear
  private(set) var xDomain: ClosedRange<Double>?
  private(set) var yDomain: ClosedRange<Double>?
  private(set) var bars = BarArrangement.grouped
  let legend: LegendPlacement
  let width: Double
  let aspect: Double

  /// A figure of marks on one pair of axes.
  ///
  /// - Parameters:
  ///   - marks: in the order in which they are drawn and named.
  ///   - title: above the figure.
  ///   - x: what the horizontal axis shows, with its unit.
  ///   - y: what the vertical axis shows, with its unit.
  ///   - xScale: what equal steps along the horizontal axis are.
  ///   - yScale: what equal steps along the vertical axis are.
  ///   - xDomain: the ends of the horizontal axis; by default what the marks need.
  ///   - yDomain: the ends of the vertical axis.
  ///   - bars: how bars of several marks share a category.
  ///   - legend: where the names of the marks stand.
  ///   - width: in units of which the letters are 12 high; the page scales the whole.
  ///   - aspect: width by height.
  public init(
    _ marks: Mark..., title: String = "", x: String = "", y: String = "",
    xScale: ScaleType = .linear, yScale: ScaleType = .linear, xDomain: ClosedRange<Double>? = nil,
    yDomain: ClosedRange<Double>? = nil, bars: BarArrangement = .grouped,
    legend: LegendPlacement = .automatic, width: Double = 440, aspect: Double = 1.6
  ) {
    self.init(
      marks, title: title, x: x, y: y, xScale: xScale, yScale: yScale, xDomain: xDomain,
      yDomain: yDomain, bars: bars, legend: legend, width: width, aspect: aspect)
  }

  /// A figure of marks in a list, with the arguments of the other initializer.
  public init(
    _ marks: [Mark], title: String = "", x: String = "", y: String = "",
    xScale: ScaleType = .linear, yScale: ScaleType = .linear, xDomain: ClosedRange<Double>? = nil,
    yDomain: ClosedRange<Double>? = nil, bars: BarArrangement = .grouped,
    legend: LegendPlacement = .automatic, width: Double = 440, aspect: Double = 1.6
  ) {
    self.marks = marks
    self.title = Label.clean(title)
    self.x = Label.clean(x)
    self.y = Label.clean(y)
    self.xScale = xScale
    self.yScale = yScale
    self.xDomain = xDomain
    self.yDomain = yDomain
    self.bars = bars
    self.legend = legend
    self.width = Self.bounded(width, 120, 2000, or: 440)
    self.aspect = Self.bounded(aspect, 0.2, 12, or: 1.6)
  }

  /// Small multiples: panels in rows, each with its own title, on scales that are the same for all.
  ///
  /// - Parameters:
  ///   - panels: figures with titles; their legends are joined.
  ///   - columns: how many panels stand side by side.
  ///   - title: above all of them.
  ///   - x: what all horizontal axes show; by default what the first panel's does.
  ///   - y: what all vertical axes show, likewise.
  ///   - sharesX: whether the horizontal axes have the same ends.
  ///   - sharesY: whether the vertical axes have the same ends.
  ///   - legend: where the names of the marks stand.
  ///   - width: of the whole, in units of which the letters are 12 high.
  ///   - aspect: width by height of each plot.
  public init(
    panels: [Figure], columns: Int = 2, title: String = "", x: String? = nil, y: String? = nil,
    sharesX: Bool = true, sharesY: Bool = true, legend: LegendPlacement = .automatic,
    width: Double = 440, aspect: Double = 1.5
  ) {
    self.panels = panels
    self.columns = max(1, min(columns, max(1, panels.count)))
    self.sharesX = sharesX
    self.sharesY = sharesY
    self.title = Label.clean(title)
    self.x = x.map { Label.clean($0) } ?? panels.first?.x ?? ""
    self.y = y.map { Label.clean($0) } ?? panels.first?.y ?? ""
    self.legend = legend
    self.width = Self.bounded(width, 120, 2000, or: 440)
    self.aspect = Self.bounded(aspect, 0.2, 12, or: 1.5)
  }

  private static func bounded(_ value: Double, _ low: Double, _ high: Double, or other: Double)
    -> Double
  {
    value.isFinite ? max(low, min(high, value)) : other
  }

  /// The figure's panels: itself when it is one.
  var parts: [Figure] { panels.isEmpty ? [self] : panels }
}
