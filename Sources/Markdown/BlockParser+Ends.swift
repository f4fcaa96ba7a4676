/// What is decided when a block ends.
extension BlockParser {
  /// Ends a block and returns its parent.
  mutating func close(_ block: Int) -> Int {
    let parent = tree[block].parent
    tree[block].isOpen = false
    let position = source.position(line: tree[block].line, offset: tree[block].start)
    switch tree[block].payload {
    case .list(let marker, _):
      tree[block].payload = .list(marker, isTight: isTight(block))
    case .fence(let fence):
      if !fence.isClosed { faults.append(MarkdownFault(.unclosedFence, at: position)) }
    case .math(let fence):
      if !fence.isClosed {
        faults.append(
          MarkdownFault(.unclosedMath(opener: fence.isBracket ? "\\[" : "$$"), at: position))
      }
    case .container(let head):
      if !head.isClosed {
        faults.append(
          MarkdownFault(.unclosedContainer(name: head.attributes.classes[0]), at: position))
      }
    case .heading(_, isSetext: true):
      resolveDefinitions(of: block)
    default:
      if tree[block].kind == .paragraph { resolveDefinitions(of: block) }
    }
    return parent
  }

  /// Loose: an item but the last ends with a blank line, or one stands between an item's children.
  private mutating func isTight(_ list: Int) -> Bool {
    var item = tree[list].firstChild
    while item >= 0 {
      let hasNext = tree[item].next >= 0
      if tree[item].lastLineBlank, hasNext { return false }
      var child = tree[item].firstChild
      while child >= 0 {
        if hasNext || tree[child].next >= 0, endsWithBlankLine(child) { return false }
        child = tree[child].next
      }
      item = tree[item].next
    }
    return true
  }

  /// Looks into nested lists; each block is looked at once, so that deep nesting stays linear.
  private mutating func endsWithBlankLine(_ block: Int) -> Bool {
    var block = block
    while !tree[block].lastLineChecked {
      tree[block].lastLineChecked = true
      let kind = tree[block].kind
      guard kind == .list || kind == .item, tree[block].lastChild >= 0 else { break }
      block = tree[block].lastChild
    }
    return tree[block].lastLineBlank
  }

  // MARK: Link reference definitions

  struct Definitions {
    var labels: [[UInt8]] = []
    var lines = 0
    var coverAll = false
  }

  /// The link reference definitions that a paragraph begins with.
  func definitions(of block: Int) -> Definitions {
    var found = Definitions()
    let segments = tree.segments[tree[block].segments]
    guard let first = segments.first, first.start < first.end,
      bytes[first.start] == UInt8(ascii: "[")
    else { return found }
    var text: [UInt8] = []
    for segment in segments {
      text.append(contentsOf: bytes[segment.start..<segment.end])
      text.append(0x0A)
    }
    var end = 0
    while end < text.count, text[end] == UInt8(ascii: "["),
      let definition = LinkScanner.definition(text, from: end)
    {
      found.labels.append(LinkScanner.normalized(text[definition.label]))
      end = definition.end
    }
    guard end > 0 else { return found }
    for byte in text[..<end] where byte == 0x0A { found.lines += 1 }
    found.coverAll = end >= text.count
    return found
  }

  private mutating func resolveDefinitions(of block: Int) {
    let found = definitions(of: block)
    guard found.lines > 0 else { return }
    definedLabels.formUnion(found.labels)
    tree[block].definitionLines = found.lines
    if found.coverAll { tree.remove(block) }
  }
}
