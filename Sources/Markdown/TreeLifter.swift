import CCMark

/// cmark's tree of the masked text → the `Document`, where the claims of the mask are blocks and
/// inlines again.
struct TreeLifter {
  let source: SourceText
  let map: BlockMap
  let mask: Mask
  var faults: [MarkdownFault] = []
  var footnotes: [String: [Block]] = [:]
  /// Labels of footnotes in the order of the file.
  var labels: [String] = []
  /// Footnotes in the order of reference: by the footnote that the reference stands in ("" for none).
  var references: [String: [String]] = [:]
  private var footnote = ""

  init(_ map: BlockMap, _ mask: Mask) {
    source = map.text.source
    self.map = map
    self.mask = mask
  }

  /// A `:::` block that is open, or what is around all of them.
  private struct Frame {
    var claim: Mask.Claim?
    var blocks: [Block] = []
  }

  mutating func blocks() -> [Block] {
    var node = map.tree.root.firstChild
    for _ in 0..<map.phrases.count { node = node?.next }
    return blocks(from: node, depth: 0)
  }

  private mutating func blocks(from first: CMarkNode?, depth: Int) -> [Block] {
    var frames = [Frame()]
    // Whether a caption may follow.
    var isAfterTable = false
    var next = first
    while let node = next {
      next = node.next
      let wasAfterTable = isAfterTable
      isAfterTable = false
      if node.type == CMARK_NODE_HEADING, let number = map.text.token(of: node),
        mask.claims[number].isHeading
      {
        let claim = mask.claims[number]
        switch claim.kind {
        case .container: frames.append(Frame(claim: claim))
        case .containerEnd where frames.count > 1: close(&frames, isUnclosed: false)
        case .part: isAfterTable = wasAfterTable
        case .footnote: break
        case .math(let math):
          frames[frames.count - 1].blocks.append(Block(.math(math), at: position(of: claim)))
        case .table(let head):
          isAfterTable = true
          frames[frames.count - 1].blocks.append(
            Block(.table(table(head)), at: position(of: claim)))
        default:
          let text = Inline(.text(original(number)), at: position(of: claim))
          frames[frames.count - 1].blocks.append(Block(.paragraph([text]), at: text.position))
        }
      } else if wasAfterTable, let (caption, attributes) = caption(node),
        let table = frames[frames.count - 1].blocks.popLast(), case .table(var value) = table.kind
      {
        (value.caption, value.identifier) = (caption, attributes?.identifier)
        frames[frames.count - 1].blocks.append(Block(.table(value), at: table.position))
      } else {
        frames[frames.count - 1].blocks += self.blocks(node, depth: depth + frames.count - 1)
      }
    }
    while frames.count > 1 { close(&frames, isUnclosed: true) }
    return frames[0].blocks
  }

  private mutating func close(_ frames: inout [Frame], isUnclosed: Bool) {
    let frame = frames.removeLast()
    guard let claim = frame.claim, case .container(let attributes, let title) = claim.kind else {
      return
    }
    let position = position(of: claim)
    if isUnclosed {
      faults.append(MarkdownFault(.unclosedContainer(name: attributes.classes[0]), at: position))
    }
    let further = attributes.classes.dropFirst().map {
      Container.Attribute(key: "class", value: $0)
    }
    let container = Container(
      name: attributes.classes[0], identifier: attributes.identifier,
      title: attributes.title.map { String(text: source.bytes[$0]) },
      titleContent: title.map { phrase($0) } ?? [], attributes: further + attributes.pairs,
      blocks: frame.blocks, isUnclosed: isUnclosed)
    frames[frames.count - 1].blocks.append(Block(.container(container), at: position))
  }

  // MARK: CommonMark's blocks

  private mutating func blocks(_ node: CMarkNode, depth: Int) -> [Block] {
    let position = position(of: node)
    let kind: Block.Kind
    switch node.type {
    case CMARK_NODE_PARAGRAPH: kind = .paragraph(inlines(of: node, .text).content)
    case CMARK_NODE_HEADING:
      let (content, attributes) = inlines(of: node, .heading)
      kind = .heading(
        Heading(
          level: Int(cmark_node_get_heading_level(node.pointer)), content: content,
          identifier: attributes?.identifier,
          isUnnumbered: attributes?.classes.contains(AttributeList.unnumbered) ?? false))
    case CMARK_NODE_CODE_BLOCK: kind = .code(code(node, at: position))
    case CMARK_NODE_HTML_BLOCK: kind = .html(restored(node.literal))
    case CMARK_NODE_THEMATIC_BREAK: kind = .thematicBreak
    default:
      guard depth + 2 < MarkdownParser.maximumDepth else { return leaves(of: node, position) }
      if node.type == CMARK_NODE_LIST { return list(node, depth: depth) }
      kind = .blockQuote(blocks(from: node.firstChild, depth: depth + 1))
    }
    return [Block(kind, at: position)]
  }

  /// Deeper than the limit only the containers are lost, so that no walk can run out of stack.
  private mutating func leaves(of container: CMarkNode, _ position: SourcePosition) -> [Block] {
    if !faults.contains(where: { $0.kind == .nestedTooDeep }) {
      faults.append(MarkdownFault(.nestedTooDeep, at: position))
    }
    var found: [Block] = []
    var next: CMarkNode? = container
    while let node = next {
      if node.isContainer, let child = node.firstChild {
        next = child
        continue
      }
      if !node.isContainer { found += blocks(node, depth: 0) }
      var left: CMarkNode? = node
      next = nil
      while next == nil, let block = left, block != container {
        next = block.next
        left = block.parent
      }
    }
    return found
  }

  private mutating func list(_ node: CMarkNode, depth: Int) -> [Block] {
    var items: [[Block]] = []
    var start: SourcePosition?
    for item in node.children {
      let place = map.text.origin(of: offset(of: item))
      if let index = mask.footnote(at: place.offset, line: place.line),
        case .footnote(let label, _) = mask.claims[index].kind
      {
        let around = footnote
        footnote = label
        let isFirst = footnotes.updateValue(footnotes[label] ?? [], forKey: label) == nil
        if isFirst { labels.append(label) }
        let blocks = blocks(from: item.firstChild, depth: depth + 2)
        if isFirst { footnotes[label] = blocks }
        footnote = around
      } else {
        start = start ?? position(of: item)
        items.append(blocks(from: item.firstChild, depth: depth + 2))
      }
    }
    guard let start else { return [] }
    let isOrdered = cmark_node_get_list_type(node.pointer) == CMARK_ORDERED_LIST
    let list = List(
      start: isOrdered ? Int(cmark_node_get_list_start(node.pointer)) : nil,
      isTight: cmark_node_get_list_tight(node.pointer) != 0, items: items)
    return [Block(.list(list), at: start)]
  }

  private mutating func code(_ node: CMarkNode, at position: SourcePosition) -> CodeBlock {
    let line = node.startLine - 1
    var cursor = map.match(line, in: node.tag).cursor
    let (start, indent) = cursor.nonspace
    let literal = restored(node.literal)
    if indent >= 4 {
      cursor.advance(columns: 4)
      return CodeBlock(info: nil, literal: literal, contentPosition: contentPosition(cursor))
    }
    let bytes = map.text.bytes
    let fence = bytes[start]
    let length = bytes[start...].prefix { $0 == fence }.count
    let lineCount = node.literal.count { $0 == 0x0A }
    let isClosed = isClosed(line + 1 + lineCount, in: node.tag, fence, length: min(length, 255))
    if !isClosed { faults.append(MarkdownFault(.unclosedFence, at: position)) }
    var content = SourcePosition(line: position.line + 1, column: 1)
    if lineCount > 0 {
      var spaces = start - cursor.offset
      cursor = map.match(line + 1, in: node.tag).cursor
      while spaces > 0, cursor.byte.isSpaceOrTab {
        cursor.advance(columns: 1)
        spaces -= 1
      }
      content = contentPosition(cursor)
    }
    return CodeBlock(
      info: restored(node.info), literal: literal, contentPosition: content, isUnclosed: !isClosed)
  }

  private func contentPosition(_ cursor: LineCursor) -> SourcePosition {
    map.text.position(of: cursor.offset + (cursor.isTabPartlyUsed ? 1 : 0))
  }

  /// Whether the line behind a fence's text is the closing fence.
  private func isClosed(_ line: Int, in container: Int, _ fence: UInt8, length: Int) -> Bool {
    guard line < map.text.lineCount else { return false }
    let (cursor, matched) = map.match(line, in: container)
    let (start, indent) = cursor.nonspace
    guard matched == container, indent <= 3 else { return false }
    let rest = map.text.bytes[start..<cursor.end].drop { $0 == fence }
    return rest.startIndex - start >= length && rest.allSatisfy(\.isSpaceOrTab)
  }

  // MARK: Tables

  private mutating func table(_ head: Mask.TableHead) -> Table {
    let width = head.alignments.count
    let rows = (0..<head.rowCount).map { row in
      (0..<width).map { phrase(head.firstPhrase + row * width + $0) }
    }
    return Table(alignments: head.alignments, header: rows[0], rows: Array(rows.dropFirst()))
  }

  /// `: caption {#tbl-x}` behind a table.
  private mutating func caption(
    _ node: CMarkNode
  ) -> (content: [Inline], attributes: AttributeList?)? {
    guard node.type == CMARK_NODE_PARAGRAPH else { return nil }
    let line = map.lines[map.leaves[node.tag].lines.lowerBound]
    let text = source.bytes[line.first..<source.lineEnds[line.line]]
    guard text.count > 2, text.first == UInt8(ascii: ":"), text[text.startIndex + 1].isSpaceOrTab
    else { return nil }
    return inlines(of: node, .caption)
  }

  // MARK: Places

  private func offset(of node: CMarkNode) -> Int {
    map.text.lineStarts[node.startLine - 1] + node.startColumn - 1
  }

  private func position(of node: CMarkNode) -> SourcePosition {
    map.text.position(of: offset(of: node))
  }

  func position(of claim: Mask.Claim) -> SourcePosition {
    var start = claim.range.lowerBound
    // The indent of a table's header.
    if claim.isHeading { while source.bytes[start].isSpaceOrTab { start += 1 } }
    return source.position(line: claim.line, offset: start)
  }

  mutating func addReference(to label: String) {
    references[footnote, default: []].append(label)
  }
}
