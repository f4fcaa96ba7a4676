import Markup

/// `bibliography.html`: every work that some chapter cites.
public enum BibliographyPage {
  public static let path = "bibliography.html"

  /// - Parameter cited: the keys, with the chapters that cite each of them.
  public static func page(
    _ bibliography: Bibliography, cited: [String: [PageLink]], facts: BookFacts,
    assets: PageAssets
  ) -> [UInt8] {
    let items = bibliography.references.compactMap { reference -> Node? in
      guard let pages = cited[reference.key], !pages.isEmpty,
        case .element(var item) = ReferenceEntry.node(reference)
      else { return nil }
      item.children.append(Node("span", [("class", "cited-in")], children: citedIn(pages)))
      return .element(item)
    }
    let list =
      items.isEmpty
      ? Node("p", [], .text("No chapter cites a work yet."))
      : Node("ul", children: items.flatMap { [$0, .text("\n")] })
    return PageTemplate.page(
      .init(
        kind: .bibliography, facts: facts, assets: assets, path: path, title: "Bibliography",
        description: "The works cited in \(facts.title)."),
      body: [
        Node("header", [("class", "chapter-title")], Node("h1", [], .text("Bibliography"))),
        Node("section", [("class", "references"), ("aria-label", "Works")], list),
      ])
  }

  private static func citedIn(_ pages: [PageLink]) -> [Node] {
    var nodes: [Node] = [.text(" Cited in ")]
    for (index, page) in pages.enumerated() {
      if index > 0 { nodes.append(.text(", ")) }
      let name = page.number.isEmpty ? page.title : page.number
      nodes.append(
        Node("a", [("href", page.url), ("title", page.title)], .text(name)))
    }
    return nodes + [.text(".")]
  }
}
