import Markup

/// `index.html`: the book's title, what it is about, and its chapters.
public enum ContentsPage {
  public static let path = "index.html"

  public static func page(
    _ chapters: [ChapterEntry], facts: BookFacts, assets: PageAssets
  ) -> [UInt8] {
    var front: [Node] = [Node("h1", [], .text(facts.title))]
    if !facts.subtitle.isEmpty {
      front.append(Node("p", [("class", "subtitle")], .text(facts.subtitle)))
    }
    if !facts.authors.isEmpty {
      front.append(
        Node("p", [("class", "authors")], .text(facts.authors.joined(separator: ", "))))
    }
    var body: [Node] = [Node("header", [("class", "book-front chapter-title")], children: front)]
    if !facts.description.isEmpty {
      body.append(Node("p", [("class", "lead")], .text(facts.description)))
    }
    body.append(
      Node(
        "nav", [("aria-label", "Chapters")],
        ContentsScript.list(chapters, class: "toc")))
    return PageTemplate.page(
      .init(
        kind: .contents, facts: facts, assets: assets, path: path, title: "",
        description: facts.description, next: chapters.first.map(PageLink.init)),
      body: body)
  }
}
