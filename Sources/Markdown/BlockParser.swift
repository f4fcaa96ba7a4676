/// CommonMark's block structure, line by line, with the book's blocks among CommonMark's own.
///
/// The blocks are read here and not by cmark because a formula, a table or a `:::` block changes
/// what the lines after it mean, and because cmark's positions do not hold inside containers.
/// The algorithm is the one of the CommonMark specification's appendix ("A parsing strategy"),
/// with libcmark 0.30's answers where the specification leaves a choice; a differential test
/// holds it to libcmark. Texts go to cmark afterwards: see `InlineBatch`.
struct BlockParser {
  let source: SourceText
  let bytes: [UInt8]
  var tree = BlockTree()
  var faults: [MarkdownFault] = []
  /// Labels of the link reference definitions, normalized.
  var definedLabels: Set<[UInt8]> = []
  var footnotePositions: [String: SourcePosition] = [:]

  /// The deepest open block.
  var tip = 0

  // The line being read, and how far. `column` counts virtual columns, a tab reaching the next
  // multiple of four.
  var line = 0
  var lineStart = 0
  var lineEnd = 0
  var offset = 0
  var column = 0
  var isTabPartlyUsed = false
  var firstNonspace = 0
  var firstNonspaceColumn = 0
  var indent = 0
  var isBlank = false

  /// No formula that opens before this line is closed: what an earlier search found.
  var mathUnclosedBefore = (dollar: 0, bracket: 0)

  init(_ source: SourceText) {
    self.source = source
    bytes = source.bytes
    tree.nodes.reserveCapacity(source.lineCount)
    tree.segments.reserveCapacity(source.lineCount)
  }

  mutating func parse() {
    for index in 0..<source.lineCount {
      line = index
      lineStart = source.lineStarts[index]
      lineEnd = source.lineEnds[index]
      offset = lineStart
      column = 0
      isTabPartlyUsed = false
      firstNonspace = lineStart
      firstNonspaceColumn = 0
      readLine()
    }
    while tip != 0 { tip = close(tip) }
  }

  private mutating func readLine() {
    guard let (matched, allMatched) = continueOpenBlocks() else { return }
    var container = matched
    openNewBlocks(&container, allMatched: allMatched)
    addText(to: container, lastMatched: matched)
  }

  // MARK: Reading a line

  func byte(at index: Int) -> UInt8 { index < lineEnd ? bytes[index] : 0x0A }

  mutating func findFirstNonspace() {
    if firstNonspace <= offset {
      firstNonspace = offset
      firstNonspaceColumn = column
      while firstNonspace < lineEnd {
        if bytes[firstNonspace] == 0x20 {
          firstNonspaceColumn += 1
        } else if bytes[firstNonspace] == 0x09 {
          firstNonspaceColumn += 4 - firstNonspaceColumn % 4
        } else {
          break
        }
        firstNonspace += 1
      }
    }
    indent = firstNonspaceColumn - column
    isBlank = firstNonspace >= lineEnd
  }

  mutating func advance(bytes count: Int) {
    var left = count
    while left > 0, offset < lineEnd {
      column += bytes[offset] == 0x09 ? 4 - column % 4 : 1
      offset += 1
      left -= 1
      isTabPartlyUsed = false
    }
  }

  mutating func advance(columns count: Int) {
    var left = count
    while left > 0, offset < lineEnd {
      if bytes[offset] == 0x09 {
        let width = 4 - column % 4
        isTabPartlyUsed = width > left
        let step = min(width, left)
        column += step
        if !isTabPartlyUsed { offset += 1 }
        left -= step
      } else {
        isTabPartlyUsed = false
        offset += 1
        column += 1
        left -= 1
      }
    }
  }

  mutating func advanceToFirstNonspace() { advance(bytes: firstNonspace - offset) }

  // MARK: Continuing

  /// The last open block whose prefix this line carries; nil when the line closed a block.
  private mutating func continueOpenBlocks() -> (container: Int, allMatched: Bool)? {
    var container = 0
    while true {
      let child = tree[container].lastChild
      guard child >= 0, tree[child].isOpen else { break }
      findFirstNonspace()
      switch continuation(of: child) {
      case .matched: container = child
      case .unmatched: return closesContainer(from: container) ? nil : (container, false)
      case .closed: return nil
      }
    }
    return closesContainer(from: container) ? nil : (container, true)
  }

  enum Continuation { case matched, unmatched, closed }

  private mutating func continuation(of block: Int) -> Continuation {
    switch tree[block].kind {
    case .blockQuote:
      guard indent <= 3, byte(at: firstNonspace) == UInt8(ascii: ">") else { return .unmatched }
      advance(columns: indent + 1)
      if byte(at: offset).isSpaceOrTab { advance(columns: 1) }
      return .matched
    case .item:
      guard case .item(let markerOffset, let padding) = tree[block].payload else {
        return .unmatched
      }
      if indent >= markerOffset + padding {
        advance(columns: markerOffset + padding)
        return .matched
      }
      // An item that began with a blank line and has nothing yet ends at the next one.
      guard isBlank, tree[block].firstChild >= 0 else { return .unmatched }
      advanceToFirstNonspace()
      return .matched
    case .footnote:
      if indent >= 4 {
        advance(columns: 4)
        return .matched
      }
      guard isBlank else { return .unmatched }
      advanceToFirstNonspace()
      return .matched
    case .code:
      return codeContinuation(of: block)
    case .html:
      guard case .html(let condition) = tree[block].payload else { return .unmatched }
      return condition <= 5 || !isBlank ? .matched : .unmatched
    case .paragraph:
      return isBlank ? .unmatched : .matched
    case .heading:
      return .unmatched
    case .math:
      return mathContinuation(of: block)
    case .table:
      return isBlank || startsCaption ? .unmatched : .matched
    case .document, .list, .container, .thematicBreak:
      // A break stays the open block until something follows: blank lines after it do not count.
      return .matched
    }
  }

  private mutating func codeContinuation(of block: Int) -> Continuation {
    guard case .fence(var fence) = tree[block].payload else {
      if indent >= 4 {
        advance(columns: 4)
      } else if isBlank {
        advanceToFirstNonspace()
      } else {
        return .unmatched
      }
      return .matched
    }
    if indent <= 3, byte(at: firstNonspace) == fence.character,
      let length = closingFenceLength(fence.character), length >= fence.length
    {
      fence.isClosed = true
      tree[block].payload = .fence(fence)
      tip = close(block)
      return .closed
    }
    var left = fence.indent
    while left > 0, byte(at: offset).isSpaceOrTab {
      advance(columns: 1)
      left -= 1
    }
    return .matched
  }

  // MARK: Adding text

  private mutating func addText(to block: Int, lastMatched: Int) {
    var container = block
    findFirstNonspace()
    if isBlank, tree[container].lastChild >= 0 {
      tree[tree[container].lastChild].lastLineBlank = true
    }
    tree[container].lastLineBlank = isBlank && remembersBlankLine(container)
    var ancestor = tree[container].parent
    while ancestor >= 0 {
      tree[ancestor].lastLineBlank = false
      ancestor = tree[ancestor].parent
    }

    if tip != lastMatched, container == lastMatched, !isBlank, tree[tip].kind == .paragraph {
      // A lazy continuation line: the paragraph goes on without its container's prefix.
      addLine(to: tip, from: offset)
      tree.segments[tree.segments.count - 1].isLazy = true
      return
    }
    while tip != lastMatched {
      tip = close(tip)
      assert(tip >= 0)
    }
    switch tree[container].kind {
    case .code, .math:
      if !isSpent(container) { addLine(to: container, from: offset) }
    case .html:
      addLine(to: container, from: offset)
      if case .html(let condition) = tree[container].payload,
        HTMLScanner.endsBlock(bytes, firstNonspace..<lineEnd, condition: condition)
      {
        container = close(container)
      }
    case .heading:
      if !isBlank { addLine(to: container, from: firstNonspace) }
    case .paragraph, .table:
      if !isBlank { addLine(to: container, from: firstNonspace) }
    default:
      if !isBlank {
        container = append(.paragraph, to: container)
        addLine(to: container, from: firstNonspace)
      }
    }
    tip = container
  }

  /// Whether this line opened the fence or the formula, so that nothing of it is left.
  private func isSpent(_ block: Int) -> Bool {
    switch tree[block].payload {
    case .fence, .math: tree[block].line == line
    default: false
    }
  }

  private func remembersBlankLine(_ block: Int) -> Bool {
    switch tree[block].kind {
    case .blockQuote, .heading, .thematicBreak, .math, .table: false
    case .code:
      if case .fence = tree[block].payload { false } else { true }
    case .item:
      tree[block].firstChild >= 0 || tree[block].line != line
    case .container: tree[block].line != line
    default: true
    }
  }

  /// Keeps the rest of the line from `start`, with the columns left of a half-used tab.
  mutating func addLine(to block: Int, from start: Int) {
    var segment = BlockTree.Segment(start: start, end: lineEnd, line: line, spaces: 0)
    if isTabPartlyUsed, start == offset {
      segment.start += 1
      segment.spaces = 4 - column % 4
    }
    tree.segments.append(segment)
    let last = tree.segments.count - 1
    let first = tree[block].segments.isEmpty ? last : tree[block].segments.lowerBound
    tree[block].segments = first..<(last + 1)
  }

  /// Adds a block that begins at the first character of the line, closing what cannot hold it.
  mutating func append(_ kind: BlockTree.Kind, to parent: Int, start: Int? = nil) -> Int {
    var parent = parent
    while !canContain(tree[parent].kind, kind) { parent = close(parent) }
    return tree.append(kind, to: parent, line: line, start: start ?? firstNonspace)
  }

  private func canContain(_ parent: BlockTree.Kind, _ child: BlockTree.Kind) -> Bool {
    switch parent {
    case .document, .blockQuote, .item, .container, .footnote: child != .item
    case .list: child == .item
    default: false
    }
  }
}
