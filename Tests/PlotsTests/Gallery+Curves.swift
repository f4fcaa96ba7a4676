import Foundation
import Plots

/// Lines, areas and clouds of points.
extension Gallery {
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

  /// Zero is out of sight.
  static var logLikelihood: Figure {
    Figure(
      LineMark(x: 0...400) { -1.2 - 3 * exp(-$0 / 90) }, RuleMark(y: -1, style: [.dotted]),
      x: "step", y: "log-likelihood, in nats")
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
}
