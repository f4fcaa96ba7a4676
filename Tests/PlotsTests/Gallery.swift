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

  static var loss: Figure {
    var noise = Noise(state: 1)
    let steps = Array(0..<400)
    let losses = steps.map { step -> Float in
      let decay: Double = exp(-Double(step) / 90)
      return Float(0.9 + 3.2 * decay + 0.06 * noise.normal())
    }
    return Figure(
      LineMark(x: steps, y: losses, name: "InfoNCE"), RuleMark(y: 4.158883, label: "log 64"),
      x: "step", y: "loss (nats)")
  }

  static var bounds: Figure {
    let mi = Array(stride(from: 0.0, through: 10, by: 0.25))
    func bound(_ n: Double) -> [Double] { mi.map { min($0, log(n)) - 0.15 * $0 * exp(-0.4 * $0) } }
    return Figure(
      LineMark(x: mi, y: mi, name: "true value", style: .dashed, color: .muted),
      LineMark(x: mi, y: bound(16), name: "N = 16"), LineMark(x: mi, y: bound(64), name: "N = 64"),
      LineMark(x: mi, y: bound(256), name: "N = 256"),
      LineMark(x: mi, y: bound(1024), name: "N = 1024"),
      title: "The bound saturates at log N", x: "mutual information (nats)", y: "estimate (nats)")
  }

  static var powerLaws: Figure {
    let x = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000]
    return Figure(
      LineMark(x: x, y: x.map { 1 / $0 }, name: "1/N"),
      LineMark(x: x, y: x.map { 1 / $0.squareRoot() }, name: "1/√N"),
      x: "samples N", y: "error", xScale: .log, yScale: .log)
  }

  static var batchSizes: Figure {
    let n = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    return Figure(
      LineMark(x: n, y: n.map { log(Double($0)) }, name: "log N", style: .dashed),
      LineMark(
        x: n, y: n.map { 5 * (1 - exp(-log(Double($0)) / 5)) }, name: "InfoNCE", style: .symbols),
      x: "batch size N", y: "nats", xScale: .log2)
  }

  static var symmetric: Figure {
    let x = Array(stride(from: -50.0, through: 50, by: 0.5))
    return Figure(
      LineMark(x: x, y: x.map { $0 * $0 * $0 }), x: "logit", y: "gradient", yScale: .symmetricLog)
  }

  static var gaps: Figure {
    let y = [1, 2, .nan, 3, 2.5, .infinity, 2, .nan, 1, -.infinity, 1.5, 1.8]
    return Figure(
      LineMark(y: y, name: "measured", style: .symbols), x: "epoch", y: "score")
  }

  static var crossing: Figure {
    Figure(
      LineMark(x: 0...10, name: "SimCLR") { 70 * (1 - exp(-$0 / 2)) },
      LineMark(x: 0...10, name: "MoCo v2") { 71 * (1 - exp(-$0 / 2.6)) },
      LineMark(x: 0...10, name: "BYOL") { 74 * (1 - exp(-$0 / 3.5)) },
      LineMark(x: 0...10, name: "supervised", style: .dashed, color: .ink) {
        76 * (1 - exp(-$0 / 1.5))
      },
      x: "epochs (hundreds)", y: "linear probe accuracy (%)", yDomain: 0...80)
  }

  static var many: Figure {
    Figure(
      (1...10).map { k in
        LineMark(x: 0...3, name: "temperature \(k)") { exp(-$0 * Double(k) / 4) }
      }, x: "distance", y: "weight")
  }

  static var long: Figure {
    var noise = Noise(state: 3)
    var level = 0.0
    let y = (0..<100_000).map { _ -> Float in
      level += noise.uniform() - 0.5
      return Float(level)
    }
    return Figure(LineMark(y: y), x: "step", y: "random walk")
  }

  static var band: Figure {
    let x = Array(stride(from: 0.0, through: 1, by: 0.02))
    let mean = x.map { 0.5 + 0.4 * $0 - 0.5 * $0 * $0 }
    let other = x.map { 0.35 + 0.3 * $0 }
    return Figure(
      AreaMark(
        x: x, yStart: mean.map { $0 - 0.06 }, yEnd: mean.map { $0 + 0.06 }, name: "random mask"),
      LineMark(x: x, y: mean, name: "random mask"),
      AreaMark(
        x: x, yStart: other.map { $0 - 0.03 }, yEnd: other.map { $0 + 0.03 }, name: "block mask"),
      LineMark(x: x, y: other, name: "block mask"),
      title: "Accuracy by mask ratio, mean and 95 % interval", x: "mask ratio", y: "accuracy")
  }

  static var densities: Figure {
    func normal(_ mean: Double, _ deviation: Double) -> (Double) -> Double {
      { x in
        let z = (x - mean) / deviation
        return exp(-z * z / 2) / (deviation * 2.5066282746)
      }
    }
    return Figure(
      AreaMark(x: -4...6, name: "p", of: normal(0, 1)),
      LineMark(x: -4...6, name: "p", of: normal(0, 1)),
      AreaMark(x: -4...6, name: "q", of: normal(1.5, 1.4)),
      LineMark(x: -4...6, name: "q", of: normal(1.5, 1.4)), x: "x", y: "density")
  }

  static var clusters: Figure {
    var noise = Noise(state: 5)
    let marks = (0..<4).map { k -> PointMark in
      let centre = (x: cos(Double(k) * 1.57), y: sin(Double(k) * 1.57))
      let points = (0..<60).map { _ in
        (centre.x + 0.28 * noise.normal(), centre.y + 0.28 * noise.normal())
      }
      return PointMark(x: points.map { $0.0 }, y: points.map { $0.1 }, name: "class \(k)")
    }
    return Figure(
      marks, title: "Embeddings after training", x: "first axis", y: "second axis", aspect: 1.15)
  }

  static var fit: Figure {
    var noise = Noise(state: 8)
    let x = (0..<30).map { Double($0) / 3 }
    return Figure(
      PointMark(x: x, y: x.map { 2 + 0.7 * $0 + 0.8 * noise.normal() }, name: "measured"),
      LineMark(x: 0...10, name: "least squares") { 2 + 0.7 * $0 },
      TextMark(x: 1, y: 8.5, "slope 0.70 ± 0.05"), x: "input", y: "response")
  }

  static var accuracy: Figure {
    Figure(
      BarMark(
        x: ["random", "pixels", "MAE", "SimCLR", "supervised"], y: [11.2, 41.5, 68.0, 71.7, 76.5],
        decimals: 1),
      RuleMark(y: 10, label: "chance"), x: "features", y: "accuracy (%)")
  }

  static var grouped: Figure {
    let x = ["CIFAR-10", "STL-10", "Tiny ImageNet"]
    return Figure(
      BarMark(x: x, y: [88.1, 79.3, 41.2], name: "SimCLR"),
      BarMark(x: x, y: [90.2, 82.0, 43.9], name: "MoCo"),
      BarMark(x: x, y: [92.4, 84.1, 47.0], name: "BYOL"), y: "accuracy (%)")
  }

  static var stacked: Figure {
    let x = ["p = q", "near", "far"]
    return Figure(
      BarMark(x: x, y: [1.2, 1.2, 1.2], name: "entropy H(p)"),
      BarMark(x: x, y: [0, 0.31, 0.92], name: "KL(p‖q)"), y: "nats", bars: .stacked)
  }

  static var lying: Figure {
    Figure(
      BarMark(
        x: [0.80, 0.10, 0.10],
        y: ["replaced by [MASK]", "replaced by a random token", "left as it is"], decimals: 2),
      title: "What BERT does with a chosen token", x: "share of chosen tokens")
  }

  static var negative: Figure {
    Figure(
      BarMark(x: ["a", "b", "c", "d", "e"], y: [-0.31, 0.22, 0.05, -0.12, 0.4], decimals: 2),
      y: "correlation")
  }

  /// Numbers that would stand on the rules.
  static var barsAndRules: Figure {
    Figure(
      BarMark(x: ["a", "b", "c", "d"], y: [0.50, 0.47, -0.22, 0.54], decimals: 2),
      RuleMark(y: 0.52, label: "best known"), RuleMark(y: 0.57, style: [.dotted]),
      RuleMark(y: -0.25, label: "worst known"), y: "gain")
  }

  static var lyingAndRules: Figure {
    Figure(
      BarMark(x: [0.5, 0.46, -0.2], y: ["first", "second", "third"], decimals: 2),
      RuleMark(x: 0.52, label: "best"), RuleMark(x: -0.23), x: "gain")
  }

  /// Zero is out of sight.
  static var logLikelihood: Figure {
    Figure(
      LineMark(x: 0...400) { -1.2 - 3 * exp(-$0 / 90) }, RuleMark(y: -1, style: [.dotted]),
      x: "step", y: "log-likelihood, in nats")
  }

  static var longNames: Figure {
    Figure(
      BarMark(
        x: [
          "random crop", "colour distortion", "Gaussian blur", "horizontal flip", "solarisation",
          "grey scale", "rotation by 90°", "cut-out",
        ], y: [33.1, 18.8, 4.2, 2.9, 1.1, 9.7, 5.5, 6.1]), y: "gain (points)")
  }

  static var histogram: Figure {
    var noise = Noise(state: 21)
    let values = (0..<4000).map { _ in noise.normal() }
    return Figure(
      BarMark(histogram: values, bins: 40, isDensity: true), RuleMark(x: 0, label: "mean"),
      x: "cosine similarity (standardised)", y: "density")
  }

  static var similarity: Figure {
    var noise = Noise(state: 2)
    let n = 16
    let z = (0..<n).map { row in
      (0..<n).map { column in row == column ? 0.93 : 0.15 + 0.25 * noise.normal() }
    }
    return Figure(
      RectangleMark(z: z, domain: -1...1), title: "Similarities of a batch", x: "key j",
      y: "query i")
  }

  static var joint: Figure {
    Figure(
      RectangleMark(
        z: [[0.30, 0.05, 0.05], [0.05, 0.20, 0.05], [0.02, 0.08, 0.20]],
        x: ["sun", "rain", "snow"],
        y: ["dry", "wet", "white"], decimals: 2), x: "weather Y", y: "ground X")
  }

  static var surface: Figure {
    let z = (0..<48).map { row in
      (0..<64).map { column -> Double in
        let x = Double(column) / 63 * 4 - 2
        let y = Double(row) / 47 * 3 - 1.5
        return exp(-(x - 0.5) * (x - 0.5) - y * y) - 0.7
          * exp(-(x + 1) * (x + 1) * 2 - (y - 0.5) * (y - 0.5))
      }
    }
    return Figure(RectangleMark(z: z, x: -2...2, y: -1.5...1.5), x: "w₁", y: "w₂")
  }

  static func digit(masking: Bool) -> [[Double]] {
    (0..<16).map { row in
      (0..<16).map { column in
        if masking && (row / 4 * 7 + column / 4 * 3) % 4 != 0 { return .nan }
        let (x, y) = (Double(column) - 7.5, Double(row) - 7.5)
        let radius = (x * x + y * y).squareRoot()
        return max(0, 1 - abs(radius - 5) / 2.2)
      }
    }
  }

  static var masked: Figure {
    Figure(
      panels: [
        Figure(RectangleMark(image: digit(masking: false)), title: "image"),
        Figure(RectangleMark(image: digit(masking: true)), title: "75 % masked"),
        Figure(
          RectangleMark(image: digit(masking: false).map { $0.map { 0.15 + 0.7 * $0 } }),
          title: "reconstruction"),
      ], columns: 3)
  }

  static var colored: Figure {
    func channel(_ value: (Double, Double) -> Double) -> [[Double]] {
      (0..<12).map { row in (0..<12).map { value(Double(row) / 11, Double($0) / 11) } }
    }
    let disc = channel { y, x in (x - 0.4) * (x - 0.4) + (y - 0.5) * (y - 0.5) < 0.1 ? 1 : 0.2 }
    return Figure(
      panels: [
        Figure(
          RectangleMark(red: disc, green: channel { y, _ in y }, blue: channel { _, x in x }),
          title: "colours"),
        Figure(RectangleMark(red: disc, green: disc, blue: disc), title: "greys"),
      ], columns: 2)
  }

  static var panels: Figure {
    Figure(
      panels: [0.05, 0.1, 0.5, 1].map { temperature in
        Figure(
          LineMark(x: -1...1, name: "attraction") { exp(($0 - 1) / temperature) },
          LineMark(x: -1...1, name: "repulsion") { 1 - exp(($0 - 1) / temperature) },
          title: "τ = \(temperature)", x: "similarity", y: "weight")
      }, columns: 2, title: "What the temperature does")
  }

  static var attention: Figure {
    func weights(isCausal: Bool) -> [[Double]] {
      (0..<7).map { row in
        (0..<7).map { column in
          if isCausal && column > row { return 0 }
          return exp(-abs(Double(row - column)) / 2)
        }
      }
    }
    let words = ["the", "cat", "sat", "on", "the", "mat", "."]
    return Figure(
      panels: [
        Figure(
          RectangleMark(z: weights(isCausal: false), x: words, y: words, domain: 0...1),
          title: "no mask", x: "key", y: "query"),
        Figure(
          RectangleMark(z: weights(isCausal: true), x: words, y: words, domain: 0...1),
          title: "causal mask"),
      ], columns: 2)
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
