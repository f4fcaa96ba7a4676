import Markdown
import Markup

/// What surrounds the text of every page: head, navigation, footer.
enum PageTemplate {
  enum Kind { case chapter, contents, bibliography, claims, notFound, print }

  struct Frame {
    var kind: Kind
    var facts: BookFacts
    var assets: PageAssets
    /// `infonce-bound.html`
    var path: String
    var title: String
    var number = ""
    var description = ""
    /// The chapter's file, for the edit link.
    var source: String?
    var previous: PageLink?
    var next: PageLink?
    var sections: [Outline.Heading] = []
    var hasReferences = false
    /// Before every address of the site; not empty only on the page for unknown addresses.
    var root = ""
  }

  static func page(_ frame: Frame, body: [Node]) -> [UInt8] {
    let article = Node("article", children: body)
    let page: [Node] = [
      .raw("<!DOCTYPE html>\n"),
      Node(
        "html", [("lang", frame.facts.language), ("data-page", frame.path)],
        Node("head", children: head(frame)), .text("\n"),
        Node(
          "body", [("class", "kind-\(frame.kind)")],
          Node("a", [("class", "skip"), ("href", "#text")], .text("Skip to the text")), .text("\n"),
          bar(frame), .text("\n"),
          Node(
            "div", [("class", "frame")], sidebar(frame), .text("\n"),
            Node(
              "main", [("id", "text"), ("tabindex", "-1")],
              children: [article, .text("\n"), turn(frame), footer(frame)]), .text("\n"),
            onThisPage(frame)))),
      .text("\n"),
    ]
    return page.renderedBytes
  }

  // MARK: Head

  /// Nothing may come from elsewhere: not a script, a style, a font, an image or a connection.
  private static let policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    + "img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'"

  private static func head(_ frame: Frame) -> [Node] {
    let facts = frame.facts
    let title =
      frame.kind == .contents || frame.title.isEmpty
      ? facts.title : "\(frame.title) – \(facts.title)"
    let description = clipped(frame.description.isEmpty ? facts.description : frame.description)
    var nodes: [Node] = [
      meta([("charset", "utf-8")]),
      meta([("http-equiv", "Content-Security-Policy"), ("content", policy)]),
      meta([("name", "viewport"), ("content", "width=device-width, initial-scale=1")]),
      Node("title", [], .text(title)),
    ]
    if !description.isEmpty {
      nodes.append(meta([("name", "description"), ("content", description)]))
    }
    if !facts.authors.isEmpty {
      nodes.append(
        meta([("name", "author"), ("content", facts.authors.joined(separator: ", "))]))
    }
    nodes += [
      property("og:type", frame.kind == .chapter ? "article" : "book"),
      property("og:title", frame.title.isEmpty ? facts.title : frame.title),
      property("og:site_name", facts.title),
    ]
    if !description.isEmpty { nodes.append(property("og:description", description)) }
    if let address = Sitemap.address(of: frame.path, facts: facts), frame.kind != .notFound {
      nodes.append(property("og:url", address))
      nodes.append(Node("link", [("rel", "canonical"), ("href", address)]))
    }
    if frame.kind == .notFound || frame.kind == .print {
      nodes.append(meta([("name", "robots"), ("content", "noindex")]))
    }
    nodes += [
      meta([
        ("name", "theme-color"), ("content", "#fffdf8"),
        ("media", "(prefers-color-scheme: light)"),
      ]),
      meta([
        ("name", "theme-color"), ("content", "#17181b"), ("media", "(prefers-color-scheme: dark)"),
      ]),
      Node("link", [("rel", "icon"), ("href", icon)]),
      Node("link", [("rel", "stylesheet"), ("href", frame.assets.stylesheet)]),
      Node("link", [("rel", "stylesheet"), ("href", frame.root + FormulaFonts.stylesheet)]),
      Node("script", [("src", frame.assets.script)]),
      Node("script", [("src", frame.assets.contents), ("defer", "")]),
    ]
    if let previous = frame.previous {
      nodes.append(Node("link", [("rel", "prev"), ("href", previous.url)]))
    }
    if let next = frame.next {
      nodes.append(Node("link", [("rel", "next"), ("href", next.url)]))
    }
    return nodes.flatMap { [$0, .text("\n")] }
  }

  private static let icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    + "%3Crect width='32' height='32' rx='6' fill='%238a2a1c'/%3E%3Cpath d='M9 17l5 5 9-12' "
    + "fill='none' stroke='%23fff' stroke-width='3.4' stroke-linecap='round' "
    + "stroke-linejoin='round'/%3E%3C/svg%3E"

  private static func meta(_ attributes: [(String, String)]) -> Node { Node("meta", attributes) }

  private static func property(_ name: String, _ content: String) -> Node {
    meta([("property", name), ("content", content)])
  }

  /// Search engines show about 160 characters.
  private static func clipped(_ text: String) -> String {
    guard text.count > 200 else { return text }
    let words = text.prefix(190)
    return (words.lastIndex(of: " ").map { String(words[..<$0]) } ?? String(words)) + " …"
  }

  // MARK: Navigation

  /// The top line. What needs scripts is added by the script.
  private static func bar(_ frame: Frame) -> Node {
    Node(
      "header", [("class", "bar")],
      Node(
        "a", [("class", "book-title"), ("href", frame.root + "index.html")],
        .text(frame.facts.title)),
      Node("span", [("class", "tools"), ("id", "tools")]))
  }

  /// Filled by one script for all pages; a link to the contents page stands in without it.
  private static func sidebar(_ frame: Frame) -> Node {
    Node(
      "nav", [("class", "contents"), ("id", "contents"), ("aria-label", "Contents")],
      Node("a", [("href", frame.root + "index.html")], .text("Contents")))
  }

  private static func onThisPage(_ frame: Frame) -> Node {
    var sections = frame.sections.dropFirst().filter { $0.level == 2 || $0.level == 3 }.map {
      section in
      Node(
        "li", [("class", "level-\(section.level)")],
        Node("a", [("href", "#" + section.anchor)], .text(section.text)))
    }
    if frame.hasReferences {
      sections.append(
        Node(
          "li", [("class", "level-2")], Node("a", [("href", "#references")], .text("References"))))
    }
    guard sections.count > 1 else { return .fragment([]) }
    return Node(
      "nav", [("class", "page-contents"), ("aria-label", "On this page")],
      Node("p", [("class", "nav-title")], .text("On this page")),
      Node("ol", children: Array(sections)))
  }

  private static func turn(_ frame: Frame) -> Node {
    guard frame.previous != nil || frame.next != nil else { return .fragment([]) }
    func link(_ page: PageLink, _ kind: String, _ word: String) -> Node {
      let name = page.number.isEmpty ? page.title : "\(page.number)\u{2002}\(page.title)"
      return Node(
        "a", [("class", kind), ("rel", kind), ("href", page.url)],
        Node("span", [("class", "turn-word")], .text(word)),
        Node("span", [("class", "turn-title")], .text(name)))
    }
    var links: [Node] = []
    if let previous = frame.previous { links.append(link(previous, "prev", "Previous")) }
    if let next = frame.next { links.append(link(next, "next", "Next")) }
    return Node("nav", [("class", "turn"), ("aria-label", "Chapters")], children: links)
  }

  private static func footer(_ frame: Frame) -> Node {
    var links = [
      Node("a", [("href", frame.root + "index.html")], .text("Contents")),
      Node("a", [("href", frame.root + "claims.html")], .text("Claims")),
      Node("a", [("href", frame.root + "bibliography.html")], .text("Bibliography")),
      Node("a", [("href", frame.root + "print.html")], .text("Print the book")),
    ]
    if let edit = editAddress(frame) {
      links.append(Node("a", [("class", "edit"), ("href", edit)], .text("Edit this page")))
    }
    var parts = [
      Node("p", [("class", "footer-links")], children: links.flatMap { [$0, .text(" ")] })
    ]
    let people = frame.facts.authors.joined(separator: ", ")
    let legal = [people, frame.facts.license].filter { !$0.isEmpty }.joined(separator: " · ")
    if !legal.isEmpty { parts.append(Node("p", [("class", "legal")], .text(legal))) }
    return Node("footer", children: parts)
  }

  private static func editAddress(_ frame: Frame) -> String? {
    guard let source = frame.source, frame.facts.repository.hasPrefix("https://") else {
      return nil
    }
    let base =
      frame.facts.repository.hasSuffix("/")
      ? String(frame.facts.repository.dropLast()) : frame.facts.repository
    return "\(base)/edit/main/\(SitePaths.encoded(source))"
  }
}
