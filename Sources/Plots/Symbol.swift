/// The shape that tells a series apart where colour cannot: for the colour-blind, and in print.
enum Symbol: Int, Sendable {
  case circle, square, triangle, diamond, cross, plus, hollowDiamond, downTriangle

  /// From the ninth series on colours return, but with other symbols.
  static func of(series index: Int) -> Symbol {
    Symbol(rawValue: (index + index / 8 * 3) % 8) ?? .circle
  }

  /// The same shape in a terminal.
  var scalar: Unicode.Scalar {
    switch self {
    case .circle: return "●"
    case .square: return "■"
    case .triangle: return "▲"
    case .diamond: return "◆"
    case .cross: return "×"
    case .plus: return "+"
    case .hollowDiamond: return "◇"
    case .downTriangle: return "▼"
    }
  }

  /// Adds the shape around (x, y), of the same visual weight as a circle of `radius`.
  func add(to path: inout PathData, x: Double, y: Double, radius r: Double) {
    switch self {
    case .circle: path.dot(x, y)
    case .square:
      path.rectangle(x: x - 0.89 * r, y: y - 0.89 * r, width: 1.78 * r, height: 1.78 * r)
    case .triangle, .downTriangle:
      let up = self == .triangle ? 1.0 : -1
      path.move(x, y - 1.3 * r * up)
      path.line(x + 1.2 * r, y + 0.8 * r * up)
      path.line(x - 1.2 * r, y + 0.8 * r * up)
      path.close()
    case .diamond, .hollowDiamond:
      let reach = self == .diamond ? 1.3 * r : 1.1 * r
      path.move(x, y - reach)
      path.line(x + reach, y)
      path.line(x, y + reach)
      path.line(x - reach, y)
      path.close()
    case .cross:
      path.segment(x - 0.85 * r, y - 0.85 * r, x + 0.85 * r, y + 0.85 * r)
      path.segment(x - 0.85 * r, y + 0.85 * r, x + 0.85 * r, y - 0.85 * r)
    case .plus:
      path.segment(x - 1.1 * r, y, x + 1.1 * r, y)
      path.segment(x, y - 1.1 * r, x, y + 1.1 * r)
    }
  }

  /// The attributes that draw shapes of `radius` collected in one path.
  func paint(_ color: String, radius: Double) -> [(String, String)] {
    switch self {
    case .circle:
      return [
        ("stroke", color), ("stroke-width", coordinate(2 * radius)), ("stroke-linecap", "round"),
      ]
    case .cross, .plus, .hollowDiamond:
      return [
        ("fill", "none"), ("stroke", color), ("stroke-width", coordinate(max(0.8, radius * 0.5))),
      ]
    default: return [("fill", color)]
    }
  }
}
