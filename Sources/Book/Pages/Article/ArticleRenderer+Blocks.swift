import Markdown
import Markup

extension ArticleRenderer {
  package func render(_ blocks: [Block]) -> [Node] {
    var renderer = DocumentRenderer(self)
    return renderer.render(blocks)
  }

  /// What a page shows otherwise than CommonMark does.
  func render(_ block: Block) -> Node? {
    switch block.kind {
    case .paragraph, .blockQuote, .list, .html, .thematicBreak: nil
    case .heading(let heading): render(heading, at: block.position)
    case .code(let code): render(code, item: chapter.itemOfNode[block.id], at: block.position)
    case .math(let math): render(math, at: block.position)
    case .table(let table): render(table, at: block.position)
    case .container(let container): render(container, at: block.position)
    }
  }

  private func render(_ heading: Heading, at position: SourcePosition) -> Node {
    let known = self.heading(at: position)
    let label = self.label(at: position)
    let content = render(heading.content)
    let level = min(max(heading.level, 1), 6)
    let anchor = known?.anchor ?? ""
    if level == 1, known == context.outline.headings.first {
      keepPreview(
        of: label,
        .fragment([
          Node("p", [("class", "preview-title")], children: content),
          summary.isEmpty ? .fragment([]) : Node("p", [], .text(summary)),
        ]))
      return title(content, anchor: anchor)
    }
    var nodes: [Node] = []
    if let number = known?.number, !number.isEmpty, context.entry.numbersSections {
      nodes.append(Node("span", [("class", "number")], .text(fullNumber(number))))
      nodes.append(.text(" "))
    }
    nodes.append(contentsOf: content)
    if !anchor.isEmpty {
      nodes.append(
        Node(
          "a",
          [
            ("class", "permalink"), ("href", "#" + anchor),
            ("aria-label", "Link to \(known?.text ?? "this section")"),
          ], .text("#")))
    }
    let node = Node("h\(level)", anchor.isEmpty ? [] : [("id", anchor)], children: nodes)
    keepPreview(
      of: label,
      Node(
        "p", [("class", "preview-title")], children: Array(nodes.dropLast(anchor.isEmpty ? 0 : 1)))
    )
    return node
  }

  private func title(_ content: [Node], anchor: String) -> Node {
    var nodes: [Node] = []
    if !context.entry.number.isEmpty {
      nodes.append(
        Node("p", [("class", "chapter-number")], .text("Chapter \(context.entry.number)")))
    }
    nodes.append(Node("h1", anchor.isEmpty ? [] : [("id", anchor)], children: content))
    return Node("header", [("class", "chapter-title")], children: nodes)
  }

  private func render(_ math: MathBlock, at position: SourcePosition) -> Node {
    let formula = formula(math.tex, isDisplay: true, at: position)
    guard let label = label(at: position) else {
      return Node("div", [("class", "equation")], formula)
    }
    let node = numbered(formula, label)
    keepPreview(of: label, node)
    return node
  }

  /// Equation numbers are the book's own, outside the formula, and are its permalink.
  func numbered(_ formula: Node, _ label: Outline.Label) -> Node {
    let number = fullNumber(label.number)
    return Node(
      "div", [("class", "equation numbered"), ("id", label.anchor)], formula,
      Node(
        "a",
        [
          ("class", "equation-number"), ("href", "#" + label.anchor),
          ("aria-label", "Link to equation \(number)"),
        ], .text("(\(number))")))
  }

  // MARK: Tables

  private func render(_ table: Table, at position: SourcePosition) -> Node {
    let label = label(at: position)
    let caption = table.caption.isEmpty ? [] : render(table.caption)
    let head = row(table.header, "th", table.alignments)
    var body: [Node] = []
    for cells in table.rows { body.append(row(cells, "td", table.alignments)) }
    var parts = [Node("thead", [], head)]
    if !body.isEmpty { parts.append(Node("tbody", children: body)) }
    let node = Node("table", children: parts)
    return framedTable(node, label: label, caption: caption)
  }

  private func row(
    _ cells: [[Inline]], _ name: String, _ alignments: [Table.Alignment]
  ) -> Node {
    var nodes: [Node] = []
    for (index, cell) in cells.enumerated() {
      var attributes: [(String, String)] = name == "th" ? [("scope", "col")] : []
      if alignments.indices.contains(index), alignments[index] != .none {
        attributes.append(("class", "align-" + alignments[index].rawValue))
      }
      nodes.append(Node(name, attributes, children: render(cell)))
    }
    return Node("tr", children: nodes)
  }

  /// A table scrolls by itself where the column is too narrow for it.
  func framedTable(_ table: Node, label: Outline.Label?, caption: [Node]) -> Node {
    let scroller = Node("div", [("class", "table-scroll")], table)
    guard label != nil || !caption.isEmpty else { return scroller }
    let node = Node(
      "figure", [("class", "table")] + (label.map { [("id", $0.anchor)] } ?? []),
      figureCaption(label, caption), scroller)
    keepPreview(of: label, node)
    return node
  }

  /// "Figure 5.2. What is seen."
  func figureCaption(_ label: Outline.Label?, _ caption: [Node]) -> Node {
    var nodes: [Node] = []
    if let label {
      nodes.append(
        Node(
          "a", [("class", "label"), ("href", "#" + label.anchor)],
          .text(name(of: label))))
      if !caption.isEmpty { nodes.append(.text(" ")) }
    }
    return Node("figcaption", children: nodes + caption)
  }

  // MARK: Footnotes and references

  func footnotes() -> Node? {
    let notes = chapter.document.footnotes
    guard !notes.isEmpty else { return nil }
    var items: [Node] = []
    for (index, note) in notes.enumerated() {
      let number = index + 1
      var content = render(note.blocks)
      let back = backLinks(toFootnote: number)
      // The way back stands at the end of the last paragraph.
      if let last = content.lastIndex(where: { $0.isParagraph }),
        case .element(var paragraph) = content[last]
      {
        paragraph.children += back
        content[last] = .element(paragraph)
      } else {
        content += back
      }
      items.append(Node("li", [("id", "fn-\(number)")], children: content))
    }
    return Node(
      "section", [("class", "footnotes"), ("aria-label", "Footnotes"), ("role", "doc-endnotes")],
      Node("ol", children: items))
  }

  private func backLinks(toFootnote number: Int) -> [Node] {
    (0..<found.footnoteReferences[number, default: 0]).flatMap { count -> [Node] in
      let anchor = count == 0 ? "fnref-\(number)" : "fnref-\(number)-\(count + 1)"
      return [
        .text("\u{A0}"),
        Node(
          "a",
          [
            ("class", "back"), ("href", "#" + anchor), ("role", "doc-backlink"),
            ("aria-label", "Back to the text of footnote \(number)"),
          ], .text("↩")),
      ]
    }
  }

  func referenceList() -> Node? {
    let references = context.bibliography.references.filter { found.cited.contains($0.key) }
    guard !references.isEmpty else { return nil }
    return Node(
      "section", [("class", "references"), ("aria-labelledby", "references")],
      Node("h2", [("id", "references")], .text("References")),
      Node("ul", children: references.map { ReferenceEntry.node($0) }))
  }
}

extension Node {
  fileprivate var isParagraph: Bool {
    if case .element(let element) = self { return element.name == "p" }
    return false
  }
}
