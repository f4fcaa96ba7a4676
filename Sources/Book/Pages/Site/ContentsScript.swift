import Markup

/// The sidebar of all pages, in one classic script: what a page costs does not grow with the book.
public enum ContentsScript {
  /// The order of the book as lists, and the links below it.
  static func list(
    _ chapters: [ChapterEntry], class name: String
  ) -> Node {
    var items: [Node] = []
    for chapter in chapters {
      let entry = chapter.entry
      if let part = entry.part { items.append(Node("li", [("class", "part")], .text(part))) }
      let link = PageLink(chapter)
      var inside: [Node] = []
      if !link.number.isEmpty { inside.append(Node("span", [("class", "n")], .text(link.number))) }
      inside.append(Node("span", [], .text(entry.title.isEmpty ? link.title : entry.title)))
      let kind = (link.number.isEmpty ? "plain " : "") + "depth-\(min(entry.depth, 3))"
      items.append(
        Node("li", [("class", kind)], Node("a", [("href", link.url)], children: inside)))
    }
    return Node("ol", [("class", name)], children: items)
  }

  /// `assets/contents-….js`
  public static func file(_ chapters: [ChapterEntry]) -> Theme.File {
    let extra = [("claims.html", "Claims"), ("bibliography.html", "Bibliography")].map {
      Node("li", [("class", "plain")], Node("a", [("href", $0.0)], .text($0.1)))
    }
    let html = [
      Node(
        "ol", [],
        Node("li", [("class", "plain")], Node("a", [("href", "index.html")], .text("Contents")))),
      list(chapters, class: "chapters"), Node("ol", [("class", "extra")], children: extra),
    ].rendered
    var script = ScriptText()
    script.append("sslbook.contents=")
    script.append(literal: html)
    script.append(";\n")
    return Theme.File(
      path: "assets/" + Theme.named("contents", "js", script.bytes), bytes: script.bytes)
  }
}
