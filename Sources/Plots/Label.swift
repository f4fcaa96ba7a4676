/// Text that stands in a figure: what may be in it, and how wide it is.
///
/// Widths are the advances of Helvetica and Arial and a seventh more, which is what the widest of
/// the usual sans-serifs, DejaVu and Verdana, take.
package enum Label {
  /// Names come from data. Control characters, line ends and the marks that reverse the direction
  /// of text become blanks, so that a name cannot reach beyond its own place.
  package static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
        result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The width of one line of `text` set at `size`, in the figure's units.
  package static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    var thousandths = 0
    for scalar in text.unicodeScalars { thousandths += advance(scalar) }
    return Double(thousandths) / 1000 * size * (isBold ? 1.26 : air)
  }

  /// `text`, cut with an ellipsis when it is wider than `limit`.
  package static func fitted(_ text: String, size: Double, within limit: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = String.UnicodeScalarView()
    var used = width("…", size: size)
    for scalar in text.unicodeScalars {
      used += Double(advance(scalar)) / 1000 * size * air
      if used > limit { break }
      kept.append(scalar)
    }
    while kept.last == " " { kept.removeLast() }
    return String(kept) + "…"
  }

  /// `text` in at most `limit` lines of at most `width`, broken at blanks; nil when it does not fit.
  package static func wrapped(_ text: String, size: Double, within width: Double, lines limit: Int)
    -> [String]?
  {
    var lines: [String] = []
    for word in text.utf8.split(separator: UInt8(ascii: " ")) {
      let word = String(Substring(word))
      if let last = lines.last, self.width(last + " " + word, size: size) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        guard self.width(word, size: size) <= width, lines.count < limit else { return nil }
        lines.append(word)
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// How many columns of a terminal a character takes.
  package static func columns(_ scalar: Unicode.Scalar) -> Int {
    let thousandths = advance(scalar)
    return thousandths == 0 ? 0 : scalar.value >= 0x1100 && thousandths == 1000 ? 2 : 1
  }

  package static func columns(_ text: String) -> Int {
    var count = 0
    for scalar in text.unicodeScalars { count += columns(scalar) }
    return count
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: return ascii[Int(scalar.value) - 0x20]
    case 0x300...0x36F, 0x200B...0x200F, 0x2060...0x2064, 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF:
      return 0
    case 0xB2, 0xB3, 0xB9, 0x2070...0x209F: return 345
    case 0x2009, 0x200A, 0x202F: return 180
    case 0xB7, 0x2019, 0x2018: return 250
    case 0x2013, 0x2212, 0xD7, 0xB1, 0x2248, 0x2264, 0x2265: return 584
    case 0x2014, 0x2026: return 1000
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      return 1000
    default: return 600
    }
  }

  private static let air = 1.14

  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
