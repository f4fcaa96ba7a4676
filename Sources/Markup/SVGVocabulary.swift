/// What a drawing may consist of: shapes, text and paint, and nothing that runs, loads or links.
enum SVGVocabulary {
  private static let elements: [StaticString] = [
    "svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text",
    "tspan", "title", "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath",
    "pattern", "marker", "symbol",
  ]

  private static let attributes: [StaticString] = [
    // Identity and access
    "xmlns", "id", "class", "role", "lang", "dir", "aria-label", "aria-hidden", "aria-labelledby",
    "aria-describedby", "aria-roledescription", "focusable", "version", "style",
    // Geometry
    "viewBox", "preserveAspectRatio", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx",
    "cy", "r", "rx", "ry", "fx", "fy", "d", "points", "transform", "dx", "dy", "rotate",
    "pathLength", "textLength", "lengthAdjust", "overflow",
    // Paint
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray",
    "stroke-dashoffset", "opacity", "color", "display", "visibility", "paint-order",
    "shape-rendering", "text-rendering", "vector-effect", "clip-path", "clip-rule",
    "marker-start", "marker-mid", "marker-end", "mix-blend-mode",
    // Text
    "font-family", "font-size", "font-style", "font-weight", "font-variant",
    "font-variant-numeric", "font-feature-settings", "letter-spacing", "word-spacing",
    "text-anchor", "text-decoration", "dominant-baseline", "alignment-baseline",
    "baseline-shift", "writing-mode", "unicode-bidi", "direction", "xml:space",
    // Gradients, patterns and markers
    "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod",
    "patternUnits", "patternContentUnits", "patternTransform", "clipPathUnits", "markerWidth",
    "markerHeight", "markerUnits", "refX", "refY", "orient",
  ]

  static func allows(element name: String) -> Bool { contains(elements, name) }

  static func allows(attribute name: String) -> Bool {
    contains(attributes, name) || isData(name)
  }

  /// A value may hold `url(#…)`, which stays inside the page, and no other reference.
  static func allows(value: String, of attribute: String) -> Bool {
    if ElementNames.equal(attribute, "xmlns") {
      return ElementNames.equal(value, "http://www.w3.org/2000/svg")
    }
    // Only these are read as CSS; `class`, labels and path data are not.
    var bytes: [UInt8] = []
    for byte in value.utf8 {
      // A backslash is CSS's escape, by which any word can be spelt; comments could split one.
      if byte == UInt8(ascii: "\\") { return false }
      // Blanks between a function's name and its argument would hide the pattern below.
      if byte > 0x20 { bytes.append(byte | (isLetter(byte) ? 0x20 : 0)) }
    }
    if isPlainText(attribute) { return true }
    for word in forbidden where find(word, in: bytes, from: 0) != nil { return false }
    var from = 0
    while let found = find("url(", in: bytes, from: from) {
      from = found + 4
      var first = from
      if first < bytes.count,
        bytes[first] == UInt8(ascii: "\"") || bytes[first] == UInt8(ascii: "'")
      {
        first += 1
      }
      guard first < bytes.count, bytes[first] == UInt8(ascii: "#") else { return false }
    }
    return true
  }

  private static let forbidden: [StaticString] = [
    "/*", "javascript:", "data:", "expression(", "image(", "image-set(", "src(", "@import",
    "position:", "behavior:", "-moz-binding", "://",
  ]

  /// Attributes that browsers read as words for people, never as CSS or an address.
  private static func isPlainText(_ name: String) -> Bool {
    ElementNames.equal(name, "aria-label") || ElementNames.equal(name, "aria-roledescription")
      || isData(name)
  }

  private static func isData(_ name: String) -> Bool {
    guard name.utf8.starts(with: "data-".utf8), name.utf8.count > 5 else { return false }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
    }
  }

  private static func contains(_ list: [StaticString], _ name: String) -> Bool {
    for candidate in list where ElementNames.equal(name, candidate) { return true }
    return false
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func find(_ word: StaticString, in bytes: [UInt8], from: Int) -> Int? {
    let count = word.utf8CodeUnitCount
    guard bytes.count >= from + count else { return nil }
    for start in from...(bytes.count - count) where bytes[start] == word.utf8Start[0] {
      var length = 1
      while length < count, bytes[start + length] == word.utf8Start[length] { length += 1 }
      if length == count { return start }
    }
    return nil
  }
}
