import Markdown

/// What a chapter's own HTML refers to. It passes as it stands, as CommonMark says, but for the
/// addresses of files of the book, which lie elsewhere in the site.
package struct AuthorHTML {
  package struct Address: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case link, image }
    package var kind: Kind
    package var value: String
    fileprivate var range: Range<Int>
  }

  private let bytes: [UInt8]
  package private(set) var addresses: [Address] = []
  /// Images without an alternative text.
  package private(set) var unnamedImages: [String] = []
  /// Places that a link may lead to.
  package private(set) var anchors: [String] = []
  /// What the policy of the pages keeps from working: elements, and attributes that hold code.
  package private(set) var blocked: [String] = []

  private static let blockedElements: Set = [
    "script", "iframe", "frame", "object", "embed", "base", "form",
  ]

  package init(_ html: String) {
    bytes = Array(html.utf8)
    var reader = TagReader(bytes)
    var name = ""
    var source: Address?
    var hasAlternative = false
    while let piece = reader.next() {
      switch piece {
      case .other: break
      case .opening(let range, let isEnd):
        name = isEnd ? "/" : text(range).lowercased()
        (source, hasAlternative) = (nil, false)
        if Self.blockedElements.contains(name) { blocked.append("<\(name)>") }
      case .attribute(let range, let value):
        let attribute = text(range).lowercased()
        if attribute.hasPrefix("on"), name != "/" { blocked.append("\(attribute)=") }
        if attribute == "id" || attribute == "name" && name == "a" { anchors.append(text(value)) }
        guard let kind = Self.kind(of: attribute, name) else {
          if name == "img", attribute == "alt" { hasAlternative = true }
          continue
        }
        let address = Address(
          kind: kind, value: text(value).replacing("&amp;", with: "&"), range: value)
        if attribute == "src" { source = address }
        if !address.value.isEmpty { addresses.append(address) }
      case .closing:
        if name == "img", let source, !hasAlternative { unnamedImages.append(source.value) }
        name = "/"
      }
    }
  }

  private static func kind(of attribute: String, _ element: String) -> Address.Kind? {
    switch (element, attribute) {
    case ("a", "href"), ("area", "href"), ("link", "href"): .link
    case ("img", "src"), ("source", "src"), ("video", "src"), ("video", "poster"),
      ("audio", "src"), ("track", "src"):
      .image
    default: nil
    }
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// With the addresses that lead to files of the book as a page names them.
  package func placed(from chapterPath: String) -> String {
    var result: [UInt8] = []
    var end = 0
    for address in addresses where OutlineBuilder.isLocal(address.value) {
      let place =
        switch address.kind {
        case .link: PageURL.href(of: address.value, from: chapterPath)
        case .image: PageURL.image(address.value, from: chapterPath)
        }
      // One that stays where it is stays as it is written, in whatever way that is.
      if place == PageURL.escaped(address.value) { continue }
      result += bytes[end..<address.range.lowerBound] + place.replacing("&", with: "&amp;").utf8
      end = address.range.upperBound
    }
    return String(decoding: result + bytes[end...], as: UTF8.self)
  }
}
