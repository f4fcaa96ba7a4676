/// What fills the bars of a series, so that neighbours differ without colour.
enum Texture {
  case solid, tinted, hatched

  static func of(series index: Int) -> Texture {
    index % 3 == 0 ? .solid : index % 3 == 1 ? .tinted : .hatched
  }

  func paint(_ color: String) -> [(String, String)] {
    switch self {
    case .solid: return [("fill", color)]
    case .tinted:
      return [("fill", color), ("fill-opacity", ".35"), ("stroke", color), ("stroke-width", "1")]
    case .hatched:
      return [("fill", color), ("fill-opacity", ".08"), ("stroke", color), ("stroke-width", "1")]
    }
  }

  /// Lines rising to the right at a distance of 5, cut to `area`.
  static func hatch(_ area: Panel.Frame, into path: inout PathData) {
    guard area.width > 1, area.height > 1 else { return }
    var offset = ((area.x + area.y) / 5).rounded(.up) * 5
    while offset < area.right + area.bottom {
      let (left, right) = (max(area.x, offset - area.bottom), min(area.right, offset - area.y))
      if right > left {
        path.segment(left, offset - left, right, offset - right)
      }
      offset += 5
    }
  }
}
