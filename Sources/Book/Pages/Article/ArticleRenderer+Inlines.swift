import Markdown
import Markup

extension ArticleRenderer {
  mutating func render(_ content: [Inline]) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(content.count)
    for inline in content { nodes.append(render(inline)) }
    return nodes
  }

  private mutating func render(_ inline: Inline) -> Node {
    switch inline.kind {
    case .text(let text): return .text(text)
    case .softBreak: return .text("\n")
    case .lineBreak: return .fragment([Node("br"), .text("\n")])
    case .code(let code): return renderCode(code, at: inline.position)
    case .html(let html): return .raw(html)
    case .emphasis(let content): return Node("em", children: render(content))
    case .strong(let content): return Node("strong", children: render(content))
    case .link(let destination, let title, let content):
      return link(to: destination, title: title, content)
    case .image(let source, let title, let alt): return image(source, title: title, alt: alt)
    case .math(let tex, let isDisplay):
      return formula(tex, isDisplay: isDisplay, at: inline.position)
    case .footnoteReference(let label): return footnoteReference(label)
    case .crossReference(let label): return crossReference(label)
    case .citation(let citation): return self.citation(citation)
    }
  }

  /// A code span may be a value or a claim.
  private mutating func renderCode(_ code: String, at position: SourcePosition) -> Node {
    guard let index = item(at: position) else { return Node("code", [], .text(code)) }
    switch chapter.items[index] {
    case .value:
      guard record.values.indices.contains(index), let value = record.values[index] else {
        return Node("code", [], .text(code))
      }
      return Node("span", [("class", "value")], .text(value))
    case .claim(let claim): return renderClaim(claim, item: index)
    case .cell, .derivation: return Node("code", [], .text(code))
    }
  }

  private mutating func link(to destination: String, title: String, _ content: [Inline]) -> Node {
    if isInsideLink { return .fragment(render(content)) }
    isInsideLink = true
    defer { isInsideLink = false }
    var attributes = [("href", PageURL.href(of: destination, from: chapter.path))]
    if !title.isEmpty { attributes.append(("title", title)) }
    return Node("a", attributes, children: render(content))
  }

  private func image(_ source: String, title: String, alt: [Inline]) -> Node {
    var attributes = [
      ("src", PageURL.image(source, from: chapter.path)), ("alt", PlainText.of(alt)),
      ("loading", "lazy"),
    ]
    if !title.isEmpty { attributes.append(("title", title)) }
    return Node("img", attributes)
  }

  private mutating func footnoteReference(_ label: String) -> Node {
    guard let number = footnoteNumber(label), !isInsideLink else { return .text("[^\(label)]") }
    let count = footnoteReferences[number, default: 0] + 1
    footnoteReferences[number] = count
    let anchor = count == 1 ? "fnref-\(number)" : "fnref-\(number)-\(count)"
    return Node(
      "sup", [("class", "footnote-mark")],
      Node(
        "a",
        [
          ("href", "#fn-\(number)"), ("id", anchor), ("class", "note"), ("role", "doc-noteref"),
          ("aria-label", "Footnote \(number)"),
        ], .text("\(number)")))
  }

  private func crossReference(_ label: String) -> Node {
    guard let target = context.references[label] else { return .text("@\(label)") }
    if isInsideLink { return .text(target.text) }
    let isHere = target.slug == context.entry.slug
    return Node(
      "a",
      [
        ("class", "ref"),
        (
          "href",
          isHere
            ? "#\(target.anchor)" : "\(SitePaths.encoded(target.slug)).html#\(target.anchor)"
        ),
      ], .text(target.text.nonBreaking))
  }

  // MARK: Citations

  /// `[@oord2018, eq. 4; @poole2019]` → [Oord et al. 2018, eq. 4; Poole et al. 2019];
  /// `@oord2018` → Oord et al. [2018].
  private mutating func citation(_ citation: Citation) -> Node {
    var nodes: [Node] = citation.isBracketed ? [.text("[")] : []
    for (index, entry) in citation.entries.enumerated() {
      if index > 0 { nodes.append(.text("; ")) }
      guard let reference = context.bibliography[entry.key] else {
        nodes.append(.text("@" + entry.key))
        continue
      }
      if !cited.contains(entry.key) { cited.append(entry.key) }
      if citation.isBracketed {
        nodes.append(citeLink(reference, "\(reference.authorsInText) \(reference.yearInText)"))
        if !entry.locator.isEmpty { nodes.append(.text(", " + entry.locator)) }
      } else {
        nodes.append(.text(reference.authorsInText.nonBreaking + " ["))
        nodes.append(citeLink(reference, reference.yearInText))
        nodes.append(.text((entry.locator.isEmpty ? "" : ", " + entry.locator) + "]"))
      }
    }
    if citation.isBracketed { nodes.append(.text("]")) }
    return .fragment(nodes)
  }

  private func citeLink(_ reference: Reference, _ text: String) -> Node {
    if isInsideLink { return .text(text) }
    return Node(
      "a", [("class", "cite"), ("href", "#\(reference.anchor)"), ("role", "doc-biblioref")],
      .text(text))
  }
}

extension String {
  /// Figure 5.2 and van den Oord stay on one line.
  var nonBreaking: String {
    utf8.count > 24 ? self : replacing(" ", with: "\u{A0}")
  }
}
