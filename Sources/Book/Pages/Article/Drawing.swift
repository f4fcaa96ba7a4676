import Markup

/// A figure's SVG on its way into a page that holds others.
///
/// The text comes from the chapter's program and may be anything. Whatever it is, the page around it
/// stays whole: the drawing is one balanced `svg` element of shapes and text, which the HTML parser
/// ends where it ends here, and in which nothing runs, loads or links. It may look odd, and its
/// styles may reach over the page; the program is the author's own.
package struct Drawing {
  private let bytes: [UInt8]
  /// The attributes of the root, each with the blank before it, but for those that name it.
  private var rootAttributes: [UInt8] = []
  /// Behind the name of the root, and behind its last attribute.
  private var rootTail = 0
  /// The identifier of the root's first title or description.
  private var titleIdentifier: ArraySlice<UInt8>?
  /// Its width in its own units: letters of 12 are as high as those of a text when one is a pixel.
  private(set) var units: Int?

  package init(svg: String) throws(DrawingFault) {
    bytes = Array(svg.trimmingPrefix(while: \.isWhitespace).utf8)
    guard bytes.starts(with: "<svg".utf8) else { throw .notADrawing }
    try read()
  }

  /// The drawing as one image with a text alternative; its identifiers get its number.
  package func placed(number: Int, alternative: String) -> String {
    var root = Array("<svg".utf8) + rootAttributes + Array(" role=\"img\"".utf8)
    if alternative.isEmpty {
      if let titleIdentifier {
        root += Array(" aria-labelledby=\"".utf8) + titleIdentifier + Array("\"".utf8)
      }
    } else {
      root += Array(" aria-label=\"\(Node.text(alternative).rendered)\"".utf8)
    }
    let renamed = IdentifierPrefix("d\(number)-").applied(to: root + bytes[rootTail...])
    return String(decoding: renamed, as: UTF8.self)
  }

  private mutating func read() throws(DrawingFault) {
    var reader = TagReader(bytes)
    var open: [ArraySlice<UInt8>] = []
    var name = bytes[0..<0]
    var isEnd = false
    while let piece = reader.next() {
      switch piece {
      case .other: throw .malformed(offset: reader.offset)
      case .opening(let range, let isEndTag):
        name = bytes[range]
        isEnd = isEndTag
        guard isEnd ? open.last == name : Self.elements.contains(Self.text(name)) else {
          throw isEnd ? .malformed(offset: range.lowerBound) : .element(Self.text(name))
        }
        // The HTML parser reads elements inside these as HTML.
        if !isEnd, let parent = open.last, Self.textOnly.contains(Self.text(parent)) {
          throw .element(Self.text(name))
        }
      case .attribute(let range, let value):
        try check(range, value, of: name)
        if isEnd { throw .malformed(offset: range.lowerBound) }
        let attribute = Self.text(bytes[range])
        if open.isEmpty {
          if attribute == "viewBox" {
            units = Self.text(bytes[value]).split(separator: " ").dropFirst(2).first
              .flatMap { Double($0) }.flatMap { Int(exactly: $0.rounded()) }
          }
          if !Self.labels.contains(attribute) {
            rootAttributes += [UInt8(ascii: " ")] + bytes[range.lowerBound...value.upperBound]
          }
          rootTail = value.upperBound + 1
        } else if open.count == 1, attribute == "id", Self.textOnly.contains(Self.text(name)) {
          titleIdentifier = titleIdentifier ?? bytes[value]
        }
      case .closing(let isEmpty):
        if open.isEmpty { rootTail = max(rootTail, "<svg".utf8.count) }
        if isEnd, isEmpty { throw .malformed(offset: reader.offset) }
        if isEnd { open.removeLast() } else if !isEmpty { open.append(name) }
        guard open.count <= Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
        if open.isEmpty { return try checkEnd(reader.offset) }
      }
    }
    throw .malformed(offset: bytes.count)
  }

  private func check(
    _ name: Range<Int>, _ value: Range<Int>, of element: ArraySlice<UInt8>
  ) throws(DrawingFault) {
    let isQuoted =
      value.lowerBound > name.upperBound && value.upperBound < bytes.count
      && bytes[value.lowerBound - 1] == UInt8(ascii: "\"")
    guard isQuoted, bytes[name].allSatisfy(Self.isNameByte) else {
      throw .malformed(offset: name.lowerBound)
    }
    let text = Self.text(bytes[name]).lowercased()
    let isForeignLink = text.hasSuffix("href") && bytes[value].first != UInt8(ascii: "#")
    if text.hasPrefix("on") || isForeignLink {
      throw .attribute(Self.text(bytes[name]), element: Self.text(element))
    }
  }

  /// Nothing but blanks may follow the root.
  private func checkEnd(_ offset: Int) throws(DrawingFault) {
    guard bytes[offset...].allSatisfy({ $0 <= 0x20 }) else { throw .notADrawing }
  }

  private static let depthLimit = 64
  private static let elements: Set = [
    "svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text",
    "tspan", "title", "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath",
    "pattern", "marker", "symbol",
  ]
  private static let textOnly: Set = ["title", "desc"]
  private static let labels: Set = ["role", "aria-label", "aria-labelledby"]

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x3A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
