/// What formulas draw: KaTeX's fonts are cut down to it.
///
/// Which font draws which of the characters is left to the style sheet: every font that the classes
/// call for is cut to all characters, and a browser loads those that a page uses.
public struct FontUse: Sendable, Equatable {
  public internal(set) var characters: Set<Unicode.Scalar> = []
  /// Of the elements: `mathnormal`, `delimsizing`.
  public internal(set) var classes: Set<String> = []

  public init() {}

  /// - Parameter html: what KaTeX made of one formula.
  package init(html: String) {
    // The MathML in front of it is for screen readers.
    let html = Array(html.utf8)[...]
    guard let start = html.range(of: #"<span class="katex-html""#)?.lowerBound else { return }
    var text: [UInt8] = []
    var attributes: Set<ArraySlice<UInt8>> = []
    var rest = html[start...]
    while let tag = rest.firstIndex(of: UInt8(ascii: "<")) {
      text += rest[..<tag]
      rest = rest[tag...]
      let end = rest.firstIndex(of: UInt8(ascii: ">")) ?? rest.endIndex - 1
      if let value = rest[...end].range(of: #"class=""#)?.upperBound {
        attributes.insert(rest[value...end].prefix { $0 != UInt8(ascii: "\"") })
      }
      rest = rest[(end + 1)...]
    }
    characters = Self.characters(of: text + rest)
    for attribute in attributes {
      for word in attribute.split(separator: UInt8(ascii: " ")) {
        classes.insert(String(decoding: word, as: UTF8.self))
      }
    }
  }

  package mutating func formUnion(_ other: FontUse) {
    characters.formUnion(other.characters)
    classes.formUnion(other.classes)
  }

  private static func characters(of html: [UInt8]) -> Set<Unicode.Scalar> {
    var text = String(decoding: html, as: UTF8.self)
    if html.contains(UInt8(ascii: "&")) {
      for (entity, character) in entities { text = text.replacing(entity, with: character) }
    }
    return Set(text.unicodeScalars)
  }

  private static let entities = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&"),
  ]
}
