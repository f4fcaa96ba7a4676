import Markdown
import Markup

extension ArticleRenderer {
  func render(_ container: Container, at position: SourcePosition) -> Node {
    switch container.name {
    case "proof": return proof(container)
    case "solution": return solution(container)
    case "note", "tip", "warning", "important", "caution": return aside(container)
    case "tabs": return tabs(container)
    default:
      if let label = label(at: position) { return statement(container, label) }
      return Node(
        "div", [("class", classes(container.name, container))] + identity(container),
        children: titleLine(title(container)) + render(container.blocks))
    }
  }

  private func identity(_ container: Container) -> [(String, String)] {
    container.identifier.map { [("id", $0)] } ?? []
  }

  /// With the author's own, for a style of the book.
  private func classes(_ own: String, _ container: Container) -> String {
    ([own] + container.attributes.filter { $0.key == "class" }.map(\.value)).joined(separator: " ")
  }

  private func title(_ container: Container) -> [Node] {
    container.titleContent.isEmpty
      ? container.title.map { [.text($0)] } ?? [] : render(container.titleContent)
  }

  private func title(_ container: Container, or word: String) -> [Node] {
    let title = title(container)
    return title.isEmpty ? [.text(word)] : title
  }

  private func titleLine(_ title: [Node]) -> [Node] {
    title.isEmpty ? [] : [Node("p", [("class", "block-title")], children: title)]
  }

  /// Theorem 5.1 (The bound), Definition 2.3, Exercise 4.1
  private func statement(_ container: Container, _ label: Outline.Label) -> Node {
    var head: [Node] = [
      Node(
        "a", [("class", "label"), ("href", "#" + label.anchor)], .text(name(of: label)))
    ]
    let title = title(container)
    if !title.isEmpty {
      head.append(
        Node("span", [("class", "statement-title")], children: [.text("\u{2002}")] + title))
    }
    let node = Node(
      "section",
      [
        ("class", classes("statement \(container.name)", container)), ("id", label.anchor),
        ("aria-label", name(of: label)),
      ],
      children: [Node("p", [("class", "block-title")], children: head)] + render(container.blocks))
    keepPreview(of: label, node)
    return node
  }

  private func proof(_ container: Container) -> Node {
    var blocks = container.blocks
    let title = title(container)
    let opening: [Node] =
      title.isEmpty ? [.text("Proof.")] : [.text("Proof (")] + title + [.text(").")]
    let word = Node("em", [("class", "proof-word")], children: opening)
    var nodes: [Node] = []
    if let first = blocks.first, case .paragraph(let content) = first.kind {
      blocks.removeFirst()
      nodes.append(Node("p", children: [word, .text(" ")] + render(content)))
    } else {
      nodes.append(Node("p", [], word))
    }
    return Node(
      "div", [("class", classes("proof", container))] + identity(container),
      children: nodes + render(blocks))
  }

  private func solution(_ container: Container) -> Node {
    Node(
      "details", [("class", classes("solution", container))] + identity(container),
      children: [Node("summary", children: title(container, or: "Solution"))]
        + render(container.blocks))
  }

  private func aside(_ container: Container) -> Node {
    let word = container.name.prefix(1).uppercased() + container.name.dropFirst()
    let title = title(container, or: String(word))
    return Node(
      "aside",
      [("class", classes("aside \(container.name)", container)), ("aria-label", String(word))]
        + identity(container),
      children: titleLine(title) + render(container.blocks))
  }

  /// Quarto's form: each heading of the first one's level begins a tab, and gives it its name. Or each
  /// block inside is one, with a title. Without scripts the tabs stand one below the other.
  private func tabs(_ container: Container) -> Node {
    var tabs: [(name: [(String, String)], title: [Node], blocks: [Block])] = []
    for block in container.blocks {
      switch block.kind {
      case .heading(let heading) where heading.level == container.tabLevel:
        let title = render(heading.content)
        keepPreview(
          of: label(at: block.position),
          Node("p", [("class", "preview-title")], children: title))
        tabs.append((self.heading(at: block.position).map { [("id", $0.anchor)] } ?? [], title, []))
      case .container(let tab) where tab.title != nil && tab.name.hasPrefix("tab"):
        tabs.append((identity(tab), title(tab), tab.blocks))
      default:
        if tabs.isEmpty { tabs.append(([], [.text("Text")], [])) }
        tabs[tabs.count - 1].blocks.append(block)
      }
    }
    let panels = tabs.map { tab in
      Node(
        "section", [("class", "tab")] + tab.name,
        children: [Node("p", [("class", "tab-title")], children: tab.title)] + render(tab.blocks))
    }
    return Node("div", [("class", "tabs")] + identity(container), children: panels)
  }
}

extension Container {
  /// The level of the headings that begin tabs; nil for another block, or one without headings.
  var tabLevel: Int? {
    guard name == "tabs" else { return nil }
    return blocks.lazy.compactMap { block in
      if case .heading(let heading) = block.kind { heading.level } else { nil }
    }.first
  }
}
