import Foundation
import Plots
import Testing

/// One figure of every kind, and of every difficulty met so far.
enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    var name: String
    var figure: Figure
    var testDescription: String { name }
  }

  static let entries: [Entry] = [
    Entry(name: "line-loss", figure: loss),
    Entry(
      name: "line-single",
      figure: Figure(LineMark(x: 0...6.4) { sin($0) }, x: "angle (rad)", y: "sin x")),
    Entry(name: "line-bounds", figure: bounds),
    Entry(name: "line-log-log", figure: powerLaws),
    Entry(name: "line-log2", figure: batchSizes),
    Entry(name: "line-symmetric-log", figure: symmetric),
    Entry(name: "line-gaps", figure: gaps),
    Entry(name: "line-crossing", figure: crossing),
    Entry(name: "line-many", figure: many),
    Entry(name: "line-100000", figure: long),
    Entry(name: "band", figure: band),
    Entry(name: "area-densities", figure: densities),
    Entry(name: "points-clusters", figure: clusters),
    Entry(name: "points-fit", figure: fit),
    Entry(name: "bars-accuracy", figure: accuracy),
    Entry(name: "bars-grouped", figure: grouped),
    Entry(name: "bars-stacked", figure: stacked),
    Entry(name: "bars-lying", figure: lying),
    Entry(name: "bars-negative", figure: negative),
    Entry(name: "bars-long-names", figure: longNames),
    Entry(name: "bars-and-rules", figure: barsAndRules),
    Entry(name: "bars-lying-and-rules", figure: lyingAndRules),
    Entry(name: "line-negative", figure: logLikelihood),
    Entry(name: "histogram", figure: histogram),
    Entry(name: "heatmap-similarity", figure: similarity),
    Entry(name: "heatmap-labelled", figure: joint),
    Entry(name: "heatmap-function", figure: surface),
    Entry(name: "images-masked", figure: masked),
    Entry(name: "image-color", figure: colored),
    Entry(name: "panels", figure: panels),
    Entry(name: "panels-heatmaps", figure: attention),
    Entry(name: "rules-and-regions", figure: rules),
    Entry(
      name: "empty",
      figure: Figure(LineMark(y: [Double]()), title: "Nothing yet", x: "step", y: "loss")),
    Entry(
      name: "single-point",
      figure: Figure(LineMark(x: [3], y: [2.5], name: "one"), x: "step", y: "loss")),
    Entry(name: "constant", figure: Figure(LineMark(y: [0.1, 0.1, 0.1]), x: "step", y: "loss")),
    Entry(
      name: "tiny-range",
      figure: Figure(LineMark(x: 0...1) { 2e-7 + 3e-9 * $0 * $0 }, x: "x", y: "f(x)")),
    Entry(name: "huge-range", figure: Figure(LineMark(y: [-1e308, 1e308, 0]), x: "i", y: "value")),
    Entry(name: "hostile-names", figure: hostile),
    Entry(name: "domain-cut", figure: cut),
  ]

  /// Noise that is the same everywhere: a linear congruential generator.
  struct Noise {
    var state: UInt64
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
  }

  static var rules: Figure {
    Figure(
      LineMark(x: 0...10) { 5 * exp(-$0 / 3) }, RuleMark(y: 1, label: "target"),
      RuleMark(x: 2.5, label: "warm-up ends"), RectangleMark(x: 6...8, y: nil),
      TextMark(x: 7, y: 4.5, "decay", anchor: .center),
      RuleMark(x: [1.0, 4, 9], yStart: [3.2, 1.0, 0.1], yEnd: [4.0, 1.7, 0.5]),
      x: "step (thousands)", y: "loss")
  }

  static var hostile: Figure {
    Figure(
      LineMark(x: 0...3, name: "<script>alert(1)</script>") { $0 },
      LineMark(x: 0...3, name: "\"quoted\" & 'more'") { 3 - $0 },
      LineMark(x: 0...3, name: "🙂 emoji 漢字") { 0.5 * $0 },
      LineMark(x: 0...3, name: "שלום עולם") { 1 + 0.2 * $0 },
      LineMark(x: 0...3, name: "line\nbreak\u{202E}flip\u{0}") { 2 + 0.1 * $0 },
      title:
        "</title><svg onload=alert(1)> and a title that is much too long to stand in one line of a figure",
      x: "<b>x</b>", y: "&amp; y")
  }

  static var cut: Figure {
    Figure(
      LineMark(x: -3...3, name: "tan x") { tan($0) }, LineMark(x: -3...3, name: "x") { $0 },
      x: "x", y: "value", xDomain: -2...2, yDomain: -4...4)
  }
}
