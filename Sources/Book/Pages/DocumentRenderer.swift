import Markdown
import Markup

/// What a page supplies where it shows more than CommonMark does. Each method's default is what
/// cmark would print, or for an addition its source text; nil leaves the default.
public protocol DocumentRendering {
  mutating func render(_ block: Block) -> [Node]?
  mutating func render(_ inline: Inline) -> [Node]?
}

/// Nothing but CommonMark.
public struct CommonMarkRendering: DocumentRendering {
  public init() {}
  public func render(_ block: Block) -> [Node]? { nil }
  public func render(_ inline: Inline) -> [Node]? { nil }
}

/// `Document` → nodes that print, byte for byte, what cmark's HTML renderer prints.
///
/// cmark separates blocks by a newline unless one stands there already; `endsInNewline` is that
/// rule's memory.
public struct DocumentRenderer<Rendering: DocumentRendering> {
  public var rendering: Rendering
  private var endsInNewline = true

  public init(_ rendering: Rendering) { self.rendering = rendering }

  public mutating func render(_ blocks: [Block]) -> [Node] {
    var nodes: [Node] = []
    render(blocks, isTight: false, into: &nodes)
    return nodes
  }

  // MARK: Blocks

  private mutating func render(_ blocks: [Block], isTight: Bool, into nodes: inout [Node]) {
    for block in blocks {
      if let own = rendering.render(block) {
        beginLine(&nodes)
        nodes += own
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
    case .heading(let heading):
      appendLine(Node("h\(heading.level)", children: render(heading.content)), &nodes)
    case .blockQuote(let blocks):
      beginLine(&nodes)
      var children = [Node.text("\n")]
      endsInNewline = true
      render(blocks, isTight: false, into: &children)
      beginLine(&children)
      appendLine(Node("blockquote", children: children), &nodes)
    case .list(let list): render(list, into: &nodes)
    case .code(let code): appendLine(Self.code(code), &nodes)
    case .html(let html):
      beginLine(&nodes)
      nodes.append(.raw(html))
      endsInNewline = html.utf8.last == UInt8(ascii: "\n")
      beginLine(&nodes)
    case .thematicBreak: appendLine(Node("hr"), &nodes)
    case .math(let math): appendLine(Node("p", [], .text("$$\(math.tex)$$")), &nodes)
    case .table(let table): appendLine(render(table), &nodes)
    case .container(let container):
      beginLine(&nodes)
      var children = [Node.text("\n")]
      endsInNewline = true
      render(container.blocks, isTight: false, into: &children)
      beginLine(&children)
      appendLine(Node("div", [("class", container.name)], children: children), &nodes)
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

  private static func code(_ code: CodeBlock) -> Node {
    let info = code.info ?? ""
    let end = info.unicodeScalars.firstIndex(where: \.isASCIIWhitespace) ?? info.endIndex
    let language = info[..<end]
    let attributes = language.isEmpty ? [] : [("class", "language-" + String(language))]
    return Node("pre", [], Node("code", attributes, .text(code.literal)))
  }

  private mutating func render(_ table: Table) -> Node {
    func row(_ cells: [[Node]], _ name: String) -> Node {
      Node("tr", children: cells.map { Node(name, children: $0) })
    }
    let header = row(table.header.map { render($0) }, "th")
    let rows = table.rows.map { cells in row(cells.map { render($0) }, "td") }
    return Node("table", [], Node("thead", [], header), Node("tbody", children: rows))
  }

  // MARK: Inlines

  public mutating func render(_ content: [Inline]) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(content.count)
    for inline in content {
      if let own = rendering.render(inline) { nodes += own } else { render(inline, into: &nodes) }
    }
    return nodes
  }

  private mutating func render(_ inline: Inline, into nodes: inout [Node]) {
    switch inline.kind {
    case .text(let text): nodes.append(.text(text))
    case .softBreak: nodes.append(.text("\n"))
    case .lineBreak: nodes += [Node("br"), .text("\n")]
    case .code(let code): nodes.append(Node("code", [], .text(code)))
    case .html(let html): nodes.append(.raw(html))
    case .emphasis(let content): nodes.append(Node("em", children: render(content)))
    case .strong(let content): nodes.append(Node("strong", children: render(content)))
    case .link(let destination, let title, let content):
      nodes += LinkAddress(destination).element(
        "a", named: "href", further: title.isEmpty ? [] : [("title", title)],
        children: render(content))
    case .image(let source, let title, let alt):
      let further = [("alt", Self.alternative(alt))] + (title.isEmpty ? [] : [("title", title)])
      nodes += LinkAddress(source).element("img", named: "src", further: further, children: [])
    case .math(let tex, let isDisplay): nodes.append(.text(isDisplay ? "$$\(tex)$$" : "$\(tex)$"))
    case .footnoteReference(let label): nodes.append(.text("[^\(label)]"))
    case .crossReference(let label): nodes.append(.text("@\(label)"))
    case .citation(let citation): nodes.append(.text(citation.source))
    }
  }

  /// The text of an image: what its content says, without markup.
  static func alternative(_ content: [Inline]) -> String {
    var text = ""
    for inline in content {
      switch inline.kind {
      case .text(let string), .code(let string), .html(let string): text += string
      case .softBreak, .lineBreak: text += " "
      case .emphasis(let content), .strong(let content), .link(_, _, let content),
        .image(_, _, let content):
        text += alternative(content)
      case .math(let tex, _): text += tex
      case .footnoteReference: break
      case .crossReference(let label): text += "@\(label)"
      case .citation(let citation): text += citation.source
      }
    }
    return text
  }
}

extension Citation {
  /// As the chapter writes it.
  var source: String {
    let entries = entries.map { "@\($0.key)" + ($0.locator.isEmpty ? "" : ", \($0.locator)") }
    return isBracketed ? "[\(entries.joined(separator: "; "))]" : entries.joined(separator: "; ")
  }
}

extension Unicode.Scalar {
  fileprivate var isASCIIWhitespace: Bool { self == " " || ("\t"..."\r").contains(self) }
}

/// A link's destination as cmark writes it: bytes that have no place in an address are
/// percent-encoded, what is encoded already stays.
public struct LinkAddress {
  public let encoded: String

  public init(_ destination: String) {
    guard !destination.utf8.allSatisfy(Self.isSafe) else {
      encoded = destination
      return
    }
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in destination.utf8 {
      if Self.isSafe(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    encoded = String(decoding: bytes, as: UTF8.self)
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-_.!~*'();/?:@&=+$,%#".utf8.contains(byte)
    }
  }

  /// cmark escapes an apostrophe in an address, and nowhere else; the printer does not, so such
  /// a tag is written here.
  func element(
    _ name: String, named attribute: String, further: [(String, String)], children: [Node]
  ) -> [Node] {
    let element = Node(name, [(attribute, encoded)] + further, children: children)
    guard encoded.utf8.contains(UInt8(ascii: "'")) else { return [element] }
    let empty = Node(name, [(attribute, "")] + further).rendered
    let value = encoded.replacing("&", with: "&amp;").replacing("'", with: "&#x27;")
    let opening = empty.replacing(
      "\(attribute)=\"\"", with: "\(attribute)=\"\(value)\"", maxReplacements: 1)
    guard name == "a" else { return [.raw(opening)] }
    return [.raw(String(opening.dropLast("</a>".count)))] + children + [.raw("</a>")]
  }
}
