/// The fonts that KaTeX's style sheet names. A page needs only those whose classes its formulas
/// carry, and only they are copied into the site.
enum KaTeXFont: String, Sendable, CaseIterable {
  case main = "Main-Regular"
  case mainBold = "Main-Bold"
  case mainItalic = "Main-Italic"
  case mainBoldItalic = "Main-BoldItalic"
  case math = "Math-Italic"
  case mathBold = "Math-BoldItalic"
  case ams = "AMS-Regular"
  case calligraphic = "Caligraphic-Regular"
  case fraktur = "Fraktur-Regular"
  case script = "Script-Regular"
  case sansSerif = "SansSerif-Regular"
  case sansSerifBold = "SansSerif-Bold"
  case sansSerifItalic = "SansSerif-Italic"
  case typewriter = "Typewriter-Regular"
  case size1 = "Size1-Regular"
  case size2 = "Size2-Regular"
  case size3 = "Size3-Regular"
  case size4 = "Size4-Regular"

  var fileName: String { "KaTeX_\(rawValue).woff2" }

  /// The fonts that a formula's HTML asks for, by its classes.
  static func used(in html: String) -> Set<KaTeXFont> {
    var used: Set<KaTeXFont> = [.main]
    var html = html
    html.withUTF8 { bytes in
      var index = 0
      while index + 7 < bytes.count {
        guard bytes[index] == UInt8(ascii: "c"), matches(bytes, index, "class=\"") else {
          index += 1
          continue
        }
        let start = index + 7
        index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
        add(bytes, start..<index, to: &used)
      }
    }
    return used
  }

  /// One attribute: `mord mathbf mtight`.
  private static func add(
    _ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>, to used: inout Set<KaTeXFont>
  ) {
    let isDelimiter = matches(bytes, value.lowerBound, "delimsizing")
    var isBold = false
    var isItalic = false
    var isSans = false
    var start = value.lowerBound
    while start < value.upperBound {
      var end = start
      while end < value.upperBound, bytes[end] != UInt8(ascii: " ") { end += 1 }
      defer { start = end + 1 }
      guard end - start >= 5 else { continue }
      for (name, font) in isDelimiter ? delimiterClasses : classes
      where name.utf8CodeUnitCount == end - start && matches(bytes, start, name) {
        used.insert(font)
        isBold = isBold || font == .mainBold
        isItalic = isItalic || font == .mainItalic
        isSans = isSans || font == .sansSerif
      }
    }
    if isBold && isItalic { used.insert(.mainBoldItalic) }
    if isBold && isSans { used.insert(.sansSerifBold) }
    if isItalic && isSans { used.insert(.sansSerifItalic) }
  }

  private static func matches(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ name: StaticString
  ) -> Bool {
    guard start + name.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<name.utf8CodeUnitCount
    where bytes[start + offset] != name.utf8Start[offset] {
      return false
    }
    return true
  }

  // From the rules of `katex.css` that set a family, a weight or a style.
  private static let classes: [(StaticString, KaTeXFont)] = [
    ("mathnormal", .math), ("boldsymbol", .mathBold), ("mathbf", .mainBold),
    ("textbf", .mainBold), ("mathit", .mainItalic), ("textit", .mainItalic), ("amsrm", .ams),
    ("mathbb", .ams), ("textbb", .ams), ("mathcal", .calligraphic), ("mathfrak", .fraktur),
    ("textfrak", .fraktur), ("mathscr", .script), ("textscr", .script), ("mathsf", .sansSerif),
    ("textsf", .sansSerif), ("mathboldsf", .sansSerifBold), ("textboldsf", .sansSerifBold),
    ("mathitsf", .sansSerifItalic), ("textitsf", .sansSerifItalic), ("mathtt", .typewriter),
    ("texttt", .typewriter), ("small-op", .size1), ("large-op", .size2), ("delim-size1", .size1),
    ("delim-size4", .size4),
  ]
  private static let delimiterClasses: [(StaticString, KaTeXFont)] = [
    ("size1", .size1), ("size2", .size2), ("size3", .size3), ("size4", .size4),
  ]
}
