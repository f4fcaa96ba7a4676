import Markdown
import Markup

/// A chapter's text → nodes. What the book does not show in its own way prints, byte for byte, what
/// cmark's HTML renderer prints.
///
/// cmark separates blocks by a newline unless one stands there already; `endsInNewline` is that
/// rule's memory.
struct DocumentRenderer {
  private let article: ArticleRenderer
  private var endsInNewline = true

  init(_ article: ArticleRenderer) { self.article = article }

  mutating func render(_ blocks: [Block]) -> [Node] {
    var nodes: [Node] = []
    render(blocks, isTight: false, into: &nodes)
    return nodes
  }

  // MARK: Blocks

  private mutating func render(_ blocks: [Block], isTight: Bool, into nodes: inout [Node]) {
    for block in blocks {
      if let own = article.render(block) {
        beginLine(&nodes)
        nodes.append(own)
        endsInNewline = false
        beginLine(&nodes)
      } else {
        render(block, isTight: isTight, into: &nodes)
      }
    }
  }

  private mutating func render(_ block: Block, isTight: Bool, into nodes: inout [Node]) {
    switch block.kind {
    case .paragraph(let content):
      let content = render(content)
      if isTight {
        nodes += content
        if !content.isEmpty { endsInNewline = false }
      } else {
        appendLine(Node("p", children: content), &nodes)
      }
    case .blockQuote(let blocks):
      beginLine(&nodes)
      var children = [Node.text("\n")]
      endsInNewline = true
      render(blocks, isTight: false, into: &children)
      beginLine(&children)
      appendLine(Node("blockquote", children: children), &nodes)
    case .list(let list): render(list, into: &nodes)
    case .html(let html):
      beginLine(&nodes)
      nodes.append(.raw(article.placed(html)))
      endsInNewline = html.utf8.last == UInt8(ascii: "\n")
      beginLine(&nodes)
    case .thematicBreak: appendLine(Node("hr"), &nodes)
    case .heading, .code, .math, .table, .container: break
    }
  }

  private mutating func beginLine(_ nodes: inout [Node]) {
    guard !endsInNewline else { return }
    nodes.append(.text("\n"))
    endsInNewline = true
  }

  /// A node on lines of its own.
  private mutating func appendLine(_ node: Node, _ nodes: inout [Node]) {
    beginLine(&nodes)
    nodes.append(node)
    nodes.append(.text("\n"))
    endsInNewline = true
  }

  private mutating func render(_ list: List, into nodes: inout [Node]) {
    beginLine(&nodes)
    var items = [Node.text("\n")]
    for blocks in list.items {
      var content: [Node] = []
      endsInNewline = false
      render(blocks, isTight: list.isTight, into: &content)
      items.append(Node("li", children: content))
      items.append(.text("\n"))
    }
    var attributes: [(String, String)] = []
    if let start = list.start, start != 1 { attributes.append(("start", "\(start)")) }
    nodes.append(Node(list.start == nil ? "ul" : "ol", attributes, children: items))
    nodes.append(.text("\n"))
    endsInNewline = true
  }

  // MARK: Inlines

  func render(_ content: [Inline]) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(content.count)
    // What of a text was already put beside the formula before it.
    var printed = 0
    for (index, inline) in content.enumerated() {
      let next = index + 1 < content.count ? content[index + 1] : nil
      if case .text(let text)? = next?.kind, let punctuation = Self.punctuation(of: text),
        let unbroken = article.render(inline, before: punctuation)
      {
        nodes.append(unbroken)
        printed = punctuation.count
      } else if case .text(let text) = inline.kind {
        nodes.append(.text(String(text.dropFirst(printed))))
        printed = 0
      } else {
        nodes.append(article.render(inline) ?? node(inline))
      }
    }
    return nodes
  }

  /// `.`, `),` or the like at the beginning of a text.
  private static func punctuation(of text: String) -> String? {
    let punctuation = text.prefix { ".,;:!?)]’”\"'-–%".contains($0) }
    return punctuation.isEmpty ? nil : String(punctuation)
  }

  private func node(_ inline: Inline) -> Node {
    switch inline.kind {
    case .softBreak: .text("\n")
    case .lineBreak: .fragment([Node("br"), .text("\n")])
    case .code(let code): Node("code", [], .text(code))
    case .html(let html): .raw(article.placed(html))
    case .emphasis(let content): Node("em", children: render(content))
    case .strong(let content): Node("strong", children: render(content))
    case .text, .link, .image, .math, .footnoteReference, .crossReference, .citation: .fragment([])
    }
  }
}
