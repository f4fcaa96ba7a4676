import Markup

/// `404.html`, which servers show for addresses that lead nowhere, whatever folder they name.
public enum NotFoundPage {
  public static let path = "404.html"

  public static func page(facts: BookFacts, assets: PageAssets) -> [UInt8] {
    let root = self.root(facts)
    let rooted = PageAssets(
      stylesheet: root + assets.stylesheet, script: root + assets.script,
      contents: root + assets.contents)
    return PageTemplate.page(
      .init(
        kind: .notFound, facts: facts, assets: rooted, path: path, title: "Page not found",
        root: root),
      body: [
        Node(
          "header", [("class", "chapter-title")],
          Node("p", [("class", "chapter-number")], .text("404")),
          Node("h1", [], .text("There is no such page."))),
        Node(
          "p", [], .text("It may have been renamed. The "),
          Node("a", [("href", root + "index.html")], .text("contents")),
          .text(" list every chapter, and search finds its words.")),
      ])
  }

  /// The path part of the book's address: `/book/`; empty when the address is not known, and then
  /// the page works in the top folder only.
  private static func root(_ facts: BookFacts) -> String {
    guard let address = Sitemap.address(of: "", facts: facts),
      let scheme = address.range(of: "://")
    else { return "" }
    let path = address[scheme.upperBound...].drop { $0 != "/" }
    return path.isEmpty ? "/" : String(path)
  }
}
