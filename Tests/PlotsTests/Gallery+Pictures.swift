import Foundation
import Plots

/// Matrices, images and panels of them.
extension Gallery {
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
}
