/// Every node has a number of its own, so that what a reader of the tree makes of a node can be kept
/// beside the tree and found again without searching.
extension Document {
  /// The same tree with its nodes numbered from 0.
  package func numbered() -> Document {
    var document = self
    var numbers = Numbers(next: 0)
    numbers.set(&document.blocks)
    for index in document.footnotes.indices { numbers.set(&document.footnotes[index].blocks) }
    document.nodeCount = numbers.next
    return document
  }

  /// Inlines that were read apart, such as a caption, with numbers behind those of the document.
  public mutating func numbered(_ content: [Inline]) -> [Inline] {
    var content = content
    var numbers = Numbers(next: nodeCount)
    numbers.set(&content)
    nodeCount = numbers.next
    return content
  }
}

private struct Numbers {
  var next: Int

  private mutating func take() -> Int {
    defer { next += 1 }
    return next
  }

  mutating func set(_ blocks: inout [Block]) {
    for index in blocks.indices {
      blocks[index].id = take()
      set(&blocks[index].kind)
    }
  }

  private mutating func set(_ kind: inout Block.Kind) {
    switch kind {
    case .code, .html, .thematicBreak, .math: break
    case .paragraph(var content):
      set(&content)
      kind = .paragraph(content)
    case .heading(var heading):
      set(&heading.content)
      kind = .heading(heading)
    case .blockQuote(var blocks):
      set(&blocks)
      kind = .blockQuote(blocks)
    case .list(var list):
      for index in list.items.indices { set(&list.items[index]) }
      kind = .list(list)
    case .table(var table):
      for column in table.header.indices { set(&table.header[column]) }
      for row in table.rows.indices {
        for column in table.rows[row].indices { set(&table.rows[row][column]) }
      }
      set(&table.caption)
      kind = .table(table)
    case .container(var container):
      set(&container.titleContent)
      set(&container.blocks)
      kind = .container(container)
    }
  }

  mutating func set(_ content: inout [Inline]) {
    for index in content.indices {
      content[index].id = take()
      switch content[index].kind {
      case .text, .softBreak, .lineBreak, .code, .html, .math, .footnoteReference,
        .crossReference, .citation:
        break
      case .emphasis(var inner):
        set(&inner)
        content[index].kind = .emphasis(inner)
      case .strong(var inner):
        set(&inner)
        content[index].kind = .strong(inner)
      case .link(let destination, let title, var inner):
        set(&inner)
        content[index].kind = .link(destination: destination, title: title, content: inner)
      case .image(let source, let title, var alt):
        set(&alt)
        content[index].kind = .image(source: source, title: title, alt: alt)
      }
    }
  }
}
