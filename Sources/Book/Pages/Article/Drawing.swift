import Markup

/// A figure's SVG on its way into a page that holds others.
enum Drawing {
  /// Every identifier gets the drawing's number, and the root becomes one image with a text
  /// alternative.
  static func placed(_ node: Node, number: Int, alternative: String) -> Node {
    guard case .element(var root) = renamed(node, prefix: "d\(number)-") else { return node }
    root.attributes.removeAll { ["role", "aria-label", "aria-labelledby"].contains($0.name) }
    root.attributes.append(.init("role", "img"))
    if alternative.isEmpty {
      if let title = names(root).first { root.attributes.append(.init("aria-labelledby", title)) }
    } else {
      root.attributes.append(.init("aria-label", alternative))
    }
    return .element(root)
  }

  private static func names(_ root: Node.Element) -> [String] {
    root.children.compactMap { child in
      guard case .element(let element) = child, element.name == "title" || element.name == "desc"
      else { return nil }
      return element.attributes.first { $0.name == "id" }?.value
    }
  }

  private static func renamed(_ node: Node, prefix: String) -> Node {
    switch node {
    case .text, .raw: return node
    case .fragment(let nodes): return .fragment(nodes.map { renamed($0, prefix: prefix) })
    case .element(var element):
      for index in element.attributes.indices {
        let attribute = element.attributes[index]
        switch attribute.name {
        case "id": element.attributes[index].value = prefix + attribute.value
        case "href", "xlink:href":
          if attribute.value.hasPrefix("#") {
            element.attributes[index].value = "#" + prefix + attribute.value.dropFirst()
          }
        case "aria-labelledby", "aria-describedby":
          element.attributes[index].value = attribute.value.split(separator: " ")
            .map { prefix + $0 }.joined(separator: " ")
        default:
          if attribute.value.utf8.contains(UInt8(ascii: "#")) {
            element.attributes[index].value = attribute.value
              .replacing("url(#", with: "url(#" + prefix)
          }
        }
      }
      element.children = element.children.map { renamed($0, prefix: prefix) }
      return .element(element)
    }
  }
}
