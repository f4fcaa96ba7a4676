import Notation

extension Figure: CustomStringConvertible {
  /// What the figure shows, in words: the text alternative.
  public var description: String {
    if panels.isEmpty { return describe(among: [self]) }
    var result = String(panels.count) + " panels"
    result += title.isEmpty ? "." : ": " + title + "."
    for (index, panel) in panels.enumerated() {
      let name = panel.title.isEmpty ? String(index + 1) : panel.title
      result += " Panel " + name + ": " + panel.describe(among: panels)
    }
    return result
  }

  /// "Line chart of loss (nats) against step"
  var shortTitle: String {
    var kind = panels.isEmpty ? "figure" : "small multiples"
    var layer = -1
    // The strongest mark names the figure: lines before points, points before areas.
    let ranks: [Mark.Layer] = [.rules, .areas, .points, .rectangles, .bars, .lines]
    for mark in marks {
      if let rank = ranks.firstIndex(where: { $0 == mark.layer }), rank > layer {
        layer = rank
        kind = mark.kind
      }
    }
    var result = kind
    if !y.isEmpty { result += " of " + y }
    if !x.isEmpty { result += y.isEmpty ? " over " + x : " against " + x }
    return Self.capitalized(result)
  }

  private func describe(among parts: [Figure]) -> String {
    let layout = PanelPlan(self, SeriesTable(parts), among: parts)
    if layout.isEmpty { return shortTitle + ", without data." }
    var result = shortTitle + "."
    let facts = AxisFacts(categories: layout.xExtent.categories)
    var count = 0
    for mark in marks {
      // A figure of a hundred lines is not told line by line.
      count += 1
      if count > 12 {
        result += " And " + String(marks.count - 12) + " more."
        break
      }
      let summary = mark.summary(facts)
      switch mark.layer {
      case .rules, .texts: result += " " + (mark.layer == .texts ? "Text " : "") + summary + "."
      case .points where mark.rule != nil: result += " " + summary + "."
      default:
        let name = mark.name.isEmpty ? subject(of: mark) : "“" + mark.name + "”"
        result += " " + name + " " + summary + "."
      }
    }
    result += axisSentence("horizontal", layout.xExtent, xScale, xDomain)
    result += axisSentence("vertical", layout.yExtent, yScale, yDomain)
    return result
  }

  private func subject(of mark: Mark) -> String {
    switch mark.layer {
    case .lines: return "The line"
    case .points: return "The set of points"
    case .bars: return "The series of bars"
    case .areas: return "The area"
    default: return "It"
    }
  }

  private func axisSentence(
    _ name: String, _ extent: Extent, _ type: ScaleType, _ domain: ClosedRange<Double>?
  ) -> String {
    if extent.isHidden || (extent.isEmpty && domain == nil) { return "" }
    let kind = type == .linear ? "" : ", on a logarithmic scale"
    if !extent.categories.isEmpty {
      return extent.categories.count > 12
        ? " The \(name) axis has \(extent.categories.count) places." : ""
    }
    let low = domain?.lowerBound ?? (extent.includesZero ? min(0, extent.low) : extent.low)
    let high = domain?.upperBound ?? (extent.includesZero ? max(0, extent.high) : extent.high)
    return " The " + name + " axis shows " + NumberText.label(low) + " to "
      + NumberText.label(high) + kind + "."
  }

  private static func capitalized(_ text: String) -> String {
    var bytes = [UInt8](text.utf8)
    if let first = bytes.first, (0x61...0x7A).contains(first) { bytes[0] = first - 0x20 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
