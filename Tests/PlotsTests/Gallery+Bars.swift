import Foundation
import Plots

/// Bars and histograms.
extension Gallery {
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
}
