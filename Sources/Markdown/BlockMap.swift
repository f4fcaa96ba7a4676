import CCMark

/// Where cmark found the texts of a file, and in which containers.
///
/// cmark tells where a block begins and ends. Where the text of its further lines begins follows
/// from the containers around it, whose prefixes are taken off here as the CommonMark
/// specification's "parsing strategy" takes them off.
final class BlockMap {
  /// A block quote or a list item; the first stands for the document.
  struct Container {
    var parent: Int
    var depth: Int
    /// Columns that an item's further lines are indented by; nil for a block quote.
    var width: Int?
    var line: Int
    /// Behind its prefix on its first line.
    var cursor: LineCursor
  }

  struct Line {
    /// From 0, in the masked text and in the file.
    var masked: Int
    var line: Int
    /// The text in the masked text, with the white space that a lazy line keeps.
    var range: Range<Int>
    /// The file's byte where the text begins, and the first that is not white space.
    var source: Int
    var first: Int
    var indent: Int
    /// The last container whose prefix the line carries.
    var container: Int
    var isLazy: Bool
    var leaf: Int
  }

  struct Leaf {
    enum Kind: Equatable {
      case paragraph, setextHeading, atxHeading
      /// A line that was claimed before, or the item that a footnote was made to be.
      case masked
      case footnote(claim: Int)
    }
    var node: CMarkNode
    var kind: Kind
    var lines: Range<Int>
    /// What cmark adds to the columns of inlines.
    var columns: Int
    /// Lines at the beginning that are link reference definitions.
    var definitionLines = 0
    /// Counts blocks and containers, to see which stand next to each other.
    var number: Int
  }

  let text: MaskedText
  let tree: CMarkTree
  // Nothing changes them after `init`, and they are read for every byte.
  @exclusivity(unchecked) private(set) var containers: [Container] = []
  @exclusivity(unchecked) private(set) var lines: [Line] = []
  @exclusivity(unchecked) private(set) var leaves: [Leaf] = []
  private(set) var phrases: [CMarkNode] = []
  @exclusivity(unchecked) private var path: [Int] = []
  @exclusivity(unchecked) private var count = 0

  init(_ text: MaskedText, _ mask: Mask) {
    self.text = text
    tree = CMarkTree(text.bytes)
    containers.append(
      Container(parent: -1, depth: 0, line: -1, cursor: LineCursor(text.bytes, 0..<0)))
    lines.reserveCapacity(text.lineCount)
    walk(mask)
  }

  private func walk(_ mask: Mask) {
    var next = tree.root.firstChild
    while phrases.count < text.phraseCount, let node = next {
      phrases.append(node)
      next = node.next
    }
    while let node = next {
      count += 1
      enter(node, mask)
      if node.isContainer, let child = node.firstChild {
        next = child
        continue
      }
      var left: CMarkNode? = node
      while let block = left {
        if block.isContainer {
          count += 1
          if block.type != CMARK_NODE_LIST { path.removeLast() }
        }
        next = block.next
        left = next == nil ? block.parent : nil
        if left == tree.root { return }
      }
    }
  }

  private func enter(_ node: CMarkNode, _ mask: Mask) {
    let line = node.startLine - 1
    switch node.type {
    case CMARK_NODE_BLOCK_QUOTE:
      var cursor = match(line).cursor
      cursor.advance(columns: cursor.nonspace.indent + 1)
      if cursor.byte.isSpaceOrTab { cursor.advance(columns: 1) }
      open(node, width: nil, line: line, cursor)
    case CMARK_NODE_ITEM:
      let start = text.lineStarts[line] + node.startColumn - 1
      let place = text.origin(of: start)
      openItem(node, line: line)
      if let index = mask.footnote(at: place.offset, line: place.line) {
        add(.footnote(claim: index), node, 0..<0)
      }
    case CMARK_NODE_PARAGRAPH:
      addText(node, .paragraph)
    case CMARK_NODE_HEADING:
      addHeading(node, mask)
    case CMARK_NODE_CODE_BLOCK:
      // The lift asks in which container it lies.
      node.tag = path.last ?? 0
    default: break
    }
  }

  private func open(_ node: CMarkNode, width: Int?, line: Int, _ cursor: LineCursor) {
    containers.append(
      Container(
        parent: path.last ?? 0, depth: path.count + 1, width: width, line: line, cursor: cursor))
    path.append(containers.count - 1)
    node.tag = containers.count - 1
  }

  /// The marker and one to four columns behind it; with more of them, code begins after the first.
  private func openItem(_ node: CMarkNode, line: Int) {
    var cursor = match(line).cursor
    let indent = cursor.nonspace.indent
    cursor.advance(columns: indent)
    let column = cursor.column
    while cursor.byte.isDigit { cursor.advance(columns: 1) }
    cursor.advance(columns: 1)
    let (place, spaces) = cursor.nonspace
    let isFar = spaces >= 5 || spaces < 1 || place >= cursor.end
    let width = indent + cursor.column - column + (isFar ? 1 : spaces)
    cursor.advance(columns: isFar ? min(spaces, 1) : spaces)
    open(node, width: width, line: line, cursor)
  }

  private func add(_ kind: Leaf.Kind, _ node: CMarkNode, _ range: Range<Int>, columns: Int = 0) {
    leaves.append(Leaf(node: node, kind: kind, lines: range, columns: columns, number: count))
  }

  private func addHeading(_ node: CMarkNode, _ mask: Mask) {
    let line = node.startLine - 1
    let start = text.lineStarts[line] + node.startColumn - 1
    let end = text.lineEnd(line)
    guard node.endLine == node.startLine, start < end, text.bytes[start] == UInt8(ascii: "#") else {
      return addText(node, .setextHeading)
    }
    var content = start
    let isMasked = text.token(of: node).map { mask.claims[$0].isHeading } ?? false
    if !isMasked {
      while content < end, text.bytes[content] == UInt8(ascii: "#") { content += 1 }
      while content < end, text.bytes[content].isSpaceOrTab { content += 1 }
    }
    let source = text.origin(of: content, line: line)
    lines.append(
      Line(
        masked: line, line: text.sourceLine(line), range: content..<end, source: source,
        first: source, indent: 0, container: path.last ?? 0, isLazy: false, leaf: leaves.count))
    if isMasked {
      // The token itself, behind its `# `.
      lines[lines.count - 1].range = min(start + 2, end)..<end
    }
    add(
      isMasked ? .masked : .atxHeading, node, (lines.count - 1)..<lines.count,
      columns: lines[lines.count - 1].range.lowerBound - text.lineStarts[line])
    node.tag = leaves.count - 1
  }

  private func addText(_ node: CMarkNode, _ kind: Leaf.Kind) {
    let first = lines.count
    let start = node.startLine - 1
    let end = kind == .setextHeading ? underline(of: node) : node.endLine
    for line in start..<max(end, start + 1) {
      var (cursor, container) = match(line)
      let isLazy = container != path.last ?? 0
      let (place, indent) = cursor.nonspace
      let start = cursor.offset + (cursor.isTabPartlyUsed ? 1 : 0)
      if !isLazy { cursor.advance(to: place) }
      lines.append(
        Line(
          masked: line, line: text.sourceLine(line), range: cursor.offset..<text.lineEnd(line),
          source: text.origin(of: start, line: line),
          first: text.origin(of: place, line: line), indent: indent, container: container,
          isLazy: isLazy, leaf: leaves.count))
    }
    add(kind, node, first..<lines.count, columns: node.startColumn - 1)
    leaves[leaves.count - 1].definitionLines = definitionLines(first..<lines.count)
    node.tag = leaves.count - 1
  }

  /// The line that makes a paragraph a heading. cmark reports the line behind it, except where the
  /// text ends with it.
  private func underline(of heading: CMarkNode) -> Int {
    let last = heading.endLine - 1
    guard heading.endLine == text.lineCount else { return last - 1 }
    var following: CMarkNode? = heading
    while let node = following, node.next == nil { following = node.parent }
    let (cursor, container) = match(last)
    let mark = text.bytes[cursor.nonspace.offset..<cursor.end].drop {
      $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "-")
    }
    let isUnderline =
      following == nil && container == path.last ?? 0 && cursor.nonspace.offset < mark.startIndex
      && mark.allSatisfy(\.isSpaceOrTab)
    return isUnderline ? last : last - 1
  }

  private func definitionLines(_ range: Range<Int>) -> Int {
    let first = lines[range.lowerBound].range
    guard range.count > 1, text.bytes[first.lowerBound] == UInt8(ascii: "[") else { return 0 }
    return LinkDefinitions.lineCount(lines[range].map { text.bytes[$0.range] })
  }

  // MARK: Prefixes

  /// Takes the prefixes of the open containers off a line, as far as it carries them.
  private func match(_ line: Int) -> (cursor: LineCursor, container: Int) {
    match(line, path[...])
  }

  func match(_ line: Int, in container: Int) -> (cursor: LineCursor, container: Int) {
    var path: [Int] = []
    var next = container
    while next > 0 {
      path.append(next)
      next = containers[next].parent
    }
    path.reverse()
    return match(line, path[...])
  }

  private func match(_ line: Int, _ path: ArraySlice<Int>) -> (cursor: LineCursor, container: Int) {
    var cursor = LineCursor(text.bytes, text.lineStarts[line]..<text.lineEnd(line))
    var matched = 0
    if let last = path.last, containers[last].line == line {
      return (containers[last].cursor, last)
    }
    for index in path {
      let container = containers[index]
      if container.line == line {
        cursor = container.cursor
      } else {
        if let width = container.width {
          if !cursor.skipIndent(width) {
            let place = cursor.nonspace.offset
            guard place >= cursor.end else { return (cursor, matched) }
            cursor.advance(to: place)
          }
        } else {
          let (place, indent) = cursor.nonspace
          guard indent <= 3, place < cursor.end, text.bytes[place] == UInt8(ascii: ">") else {
            return (cursor, matched)
          }
          cursor.advance(columns: indent + 1)
          if cursor.byte.isSpaceOrTab { cursor.advance(columns: 1) }
        }
      }
      matched = index
    }
    return (cursor, matched)
  }
}

extension CMarkNode {
  var isContainer: Bool {
    switch type {
    case CMARK_NODE_BLOCK_QUOTE, CMARK_NODE_LIST, CMARK_NODE_ITEM: true
    default: false
    }
  }
}

extension Mask {
  /// The claim of a footnote that begins here.
  func footnote(at offset: Int, line: Int) -> Int? {
    var (low, high) = (0, body.count)
    while low < high {
      let middle = (low + high) / 2
      if claims[body[middle]].range.lowerBound < offset { low = middle + 1 } else { high = middle }
    }
    guard low < body.count, claims[body[low]].range.lowerBound == offset,
      case .footnote = claims[body[low]].kind
    else { return nil }
    return body[low]
  }
}
