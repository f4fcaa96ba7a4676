/// Visits the nodes of a tree in the order of the page; whoever reads a document says only what it
/// wants of some kinds of nodes.
public protocol DocumentVisitor {
  /// Before what stands inside the block. Returns whether to go on inside.
  mutating func visit(_ block: Block) -> Bool
  /// Returns whether to go on inside.
  mutating func visit(_ inline: Inline) -> Bool
}

extension DocumentVisitor {
  public mutating func visit(_ block: Block) -> Bool { true }
  public mutating func visit(_ inline: Inline) -> Bool { true }

  public mutating func walk(_ document: Document) {
    walk(document.blocks)
    for footnote in document.footnotes { walk(footnote.blocks) }
  }

  public mutating func walk(_ blocks: [Block]) {
    for block in blocks where visit(block) {
      switch block.kind {
      case .code, .html, .thematicBreak, .math: break
      case .paragraph(let content): walk(content)
      case .heading(let heading): walk(heading.content)
      case .blockQuote(let blocks): walk(blocks)
      case .list(let list): for item in list.items { walk(item) }
      case .table(let table):
        for cell in table.header { walk(cell) }
        for row in table.rows { for cell in row { walk(cell) } }
        walk(table.caption)
      case .container(let container):
        walk(container.titleContent)
        walk(container.blocks)
      }
    }
  }

  public mutating func walk(_ content: [Inline]) {
    for inline in content where visit(inline) {
      switch inline.kind {
      case .text, .softBreak, .lineBreak, .code, .html, .math, .footnoteReference,
        .crossReference, .citation:
        break
      case .emphasis(let inner), .strong(let inner), .link(_, _, let inner),
        .image(_, _, let inner):
        walk(inner)
      }
    }
  }
}
