import Markdown
import Markup

extension ArticleRenderer {
  func render(_ content: [Inline]) -> [Node] { DocumentRenderer(self).render(content) }

  /// What a page shows otherwise than CommonMark does.
  func render(_ inline: Inline) -> Node? {
    switch inline.kind {
    case .text, .softBreak, .lineBreak, .html, .emphasis, .strong: nil
    case .code: renderSpan(inline)
    case .link(let destination, let title, let content):
      link(to: destination, title: title, content)
    case .image(let source, let title, let alt): image(source, title: title, alt: alt)
    case .math(let tex, let isDisplay): formula(tex, isDisplay: isDisplay, at: inline.position)
    case .footnoteReference(let label): footnoteReference(label)
    case .crossReference(let label): crossReference(label)
    case .citation(let citation): self.citation(citation)
    }
  }

  /// A line may break on either side of a formula or a claim, but not before the comma that follows
  /// it: the two are put into one `span` that does not break. nil for anything else.
  func render(_ inline: Inline, before punctuation: String) -> Node? {
    switch inline.kind {
    case .math(let tex, isDisplay: false):
      formula(tex, before: punctuation, at: inline.position)
    case .code(let code) where code.hasPrefix("{claim}"):
      Node(
        "span", [("class", "unbroken")],
        renderSpan(inline) ?? Node("code", [], .text(code)), .text(punctuation))
    default: nil
    }
  }

  /// A code span may be a value or a claim.
  private func renderSpan(_ inline: Inline) -> Node? {
    guard let index = chapter.itemOfNode[inline.id] else { return nil }
    switch chapter.items[index] {
    case .value:
      guard record.values.indices.contains(index), let value = record.values[index] else {
        return nil
      }
      return Node("span", [("class", "value")], .text(PrintedText.shown(value)))
    case .claim(let claim): return renderClaim(claim, item: index)
    case .cell, .derivation: return nil
    }
  }

  private func link(to destination: String, title: String, _ content: [Inline]) -> Node {
    if found.isInsideLink || OutlineBuilder.runsCode(destination) {
      return .fragment(render(content))
    }
    found.isInsideLink = true
    defer { found.isInsideLink = false }
    var attributes = [("href", PageURL.href(of: destination, from: chapter.path))]
    if !title.isEmpty { attributes.append(("title", title)) }
    return Node("a", attributes, children: render(content))
  }

  private func image(_ source: String, title: String, alt: [Inline]) -> Node {
    var attributes = [
      ("src", PageURL.image(source, from: chapter.path)), ("alt", text.spoken(alt)),
      ("loading", "lazy"),
    ]
    if !title.isEmpty { attributes.append(("title", title)) }
    if let path = SitePaths.resolve(source, from: chapter.path)?.path,
      let size = context.imageSizes[path]
    {
      attributes += [("width", "\(size.width)"), ("height", "\(size.height)")]
    }
    return Node("img", attributes)
  }

  func placed(_ html: String) -> String {
    html.contains("=") ? AuthorHTML(html).placed(from: chapter.path) : html
  }

  private func footnoteReference(_ label: String) -> Node {
    guard let number = footnoteNumber(label), !found.isInsideLink else {
      return .text("[^\(label)]")
    }
    let count = found.footnoteReferences[number, default: 0] + 1
    found.footnoteReferences[number] = count
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
    if found.isInsideLink { return .text(target.text) }
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
      ], .text(target.text))
  }

  // MARK: Citations

  /// `[see @oord2018, eq. 4; -@poole2019]` → [see Oord et al. 2018, eq. 4; 2019];
  /// `@oord2018` → Oord et al. [2018].
  private func citation(_ citation: Citation) -> Node {
    var nodes: [Node] = citation.isBracketed ? [.text("[")] : []
    for (index, entry) in citation.entries.enumerated() {
      if index > 0 { nodes.append(.text("; ")) }
      if !entry.prefix.isEmpty { nodes.append(.text(entry.prefix + " ")) }
      let locator = entry.locator.isEmpty ? "" : ", " + entry.locator
      guard let reference = context.bibliography[entry.key] else {
        nodes.append(.text((entry.isYearOnly ? "-@" : "@") + entry.key + locator))
        continue
      }
      if !found.cited.contains(entry.key) { found.cited.append(entry.key) }
      let authors = entry.isYearOnly ? "" : reference.authorsInText + " "
      if citation.isBracketed {
        nodes.append(citeLink(reference, authors + reference.yearInText))
        nodes.append(.text(locator))
      } else {
        nodes.append(.text(authors + "["))
        nodes.append(citeLink(reference, reference.yearInText))
        nodes.append(.text(locator + "]"))
      }
    }
    if citation.isBracketed { nodes.append(.text("]")) }
    return .fragment(nodes)
  }

  private func citeLink(_ reference: Reference, _ text: String) -> Node {
    if found.isInsideLink { return .text(text) }
    return Node(
      "a", [("class", "cite"), ("href", "#\(reference.anchor)"), ("role", "doc-biblioref")],
      .text(text))
  }
}
