/// What opens a block.
extension BlockParser {
  mutating func openNewBlocks(_ container: inout Int, allMatched: Bool) {
    var mayBeLazy = tree[tip].kind == .paragraph || tree[tip].kind == .table
    while true {
      switch tree[container].kind {
      case .code, .html, .math: return
      default: break
      }
      findFirstNonspace()
      let isIndented = indent >= 4
      let opened =
        !isIndented
        ? openBlock(&container, allMatched: allMatched, mayBeLazy: mayBeLazy)
        : openIndentedCode(&container, mayBeLazy: mayBeLazy)
      guard opened else { return }
      switch tree[container].kind {
      case .paragraph, .heading, .code, .math, .table: return
      default: break
      }
      mayBeLazy = false
    }
  }

  private mutating func openBlock(_ container: inout Int, allMatched: Bool, mayBeLazy: Bool) -> Bool
  {
    let kind = tree[container].kind
    switch byte(at: firstNonspace) {
    case UInt8(ascii: ">"):
      guard hasRoomForContainer(in: container) else { return false }
      let start = firstNonspace
      advance(bytes: firstNonspace + 1 - offset)
      if byte(at: offset).isSpaceOrTab { advance(columns: 1) }
      container = append(.blockQuote, to: container, start: start)
      return true
    case UInt8(ascii: "#"):
      return openHeading(&container)
    case UInt8(ascii: "`"), UInt8(ascii: "~"):
      return openFence(&container)
    case UInt8(ascii: "<"):
      guard
        let condition = HTMLScanner.blockStart(
          bytes, firstNonspace..<lineEnd, interruptsParagraph: kind == .paragraph || mayBeLazy)
      else { return false }
      container = append(.html, to: container)
      tree[container].payload = .html(condition)
      return true
    case UInt8(ascii: "="):
      return kind == .paragraph && openSetextHeading(&container)
    case UInt8(ascii: "-"):
      if kind == .paragraph, allMatched, openTable(&container) { return true }
      if kind == .paragraph, openSetextHeading(&container) { return true }
      return openThematicBreak(&container, allMatched: allMatched) || openItem(&container)
    case UInt8(ascii: "*"):
      return openThematicBreak(&container, allMatched: allMatched) || openItem(&container)
    case UInt8(ascii: "_"):
      return openThematicBreak(&container, allMatched: allMatched)
    case UInt8(ascii: "+"), 0x30...0x39:
      return openItem(&container)
    case UInt8(ascii: "|"):
      return kind == .paragraph && allMatched && openTable(&container)
    case UInt8(ascii: ":"):
      if kind == .paragraph, allMatched, openTable(&container) { return true }
      return openContainer(&container)
    case UInt8(ascii: "["):
      return openFootnote(&container)
    case UInt8(ascii: "$"), UInt8(ascii: "\\"):
      return openMath(&container)
    default:
      return false
    }
  }

  /// Deeper than the limit, markers are text, so that no walk over the tree can run out of stack.
  mutating func hasRoomForContainer(in container: Int) -> Bool {
    if tree[container].depth + 2 < MarkdownParser.maximumDepth { return true }
    if !faults.contains(where: { $0.kind == .nestedTooDeep }) {
      faults.append(
        MarkdownFault(.nestedTooDeep, at: source.position(line: line, offset: firstNonspace)))
    }
    return false
  }

  private mutating func openHeading(_ container: inout Int) -> Bool {
    var end = firstNonspace
    while byte(at: end) == UInt8(ascii: "#") { end += 1 }
    let level = end - firstNonspace
    guard level <= 6, end >= lineEnd || bytes[end].isSpaceOrTab else { return false }
    while end < lineEnd, bytes[end].isSpaceOrTab { end += 1 }
    let start = firstNonspace
    advance(bytes: end - offset)
    container = append(.heading, to: container, start: start)
    tree[container].payload = .heading(level: level, isSetext: false)
    return true
  }

  private mutating func openFence(_ container: inout Int) -> Bool {
    let character = byte(at: firstNonspace)
    var end = firstNonspace
    while byte(at: end) == character { end += 1 }
    guard end - firstNonspace >= 3 else { return false }
    let info = end..<lineEnd
    guard character == UInt8(ascii: "~") || !bytes[info].contains(character) else { return false }
    let fence = BlockTree.Fence(
      character: character, length: min(end - firstNonspace, 255),
      indent: firstNonspace - offset, info: info)
    container = append(.code, to: container)
    tree[container].payload = .fence(fence)
    return true
  }

  /// The length of a closing fence on this line, if the line is nothing else.
  func closingFenceLength(_ character: UInt8) -> Int? {
    var end = firstNonspace
    while byte(at: end) == character { end += 1 }
    var rest = end
    while rest < lineEnd, bytes[rest].isSpaceOrTab { rest += 1 }
    return end - firstNonspace >= 3 && rest == lineEnd ? end - firstNonspace : nil
  }

  private mutating func openSetextHeading(_ container: inout Int) -> Bool {
    let character = byte(at: firstNonspace)
    var end = firstNonspace
    while byte(at: end) == character { end += 1 }
    while end < lineEnd, bytes[end].isSpaceOrTab { end += 1 }
    guard end == lineEnd else { return false }
    // A paragraph of nothing but link definitions is no heading; the line is its text, and no
    // other block may begin here.
    if definitions(of: container).coverAll { return true }
    tree[container].kind = .heading
    tree[container].payload = .heading(
      level: character == UInt8(ascii: "=") ? 1 : 2, isSetext: true)
    advance(bytes: lineEnd - offset)
    return true
  }

  private mutating func openThematicBreak(_ container: inout Int, allMatched: Bool) -> Bool {
    let kind = tree[container].kind
    if kind == .paragraph, !allMatched { return false }
    let character = byte(at: firstNonspace)
    var count = 0
    for index in firstNonspace..<lineEnd where !bytes[index].isSpaceOrTab {
      guard bytes[index] == character else { return false }
      count += 1
    }
    guard count >= 3 else { return false }
    container = append(.thematicBreak, to: container)
    advance(bytes: lineEnd - offset)
    return true
  }

  private mutating func openIndentedCode(_ container: inout Int, mayBeLazy: Bool) -> Bool {
    guard !mayBeLazy, !isBlank else { return false }
    advance(columns: 4)
    container = append(.code, to: container, start: offset)
    tree[container].payload = .indentedCode
    return true
  }

  private mutating func openItem(_ container: inout Int) -> Bool {
    let interruptsParagraph = tree[container].kind == .paragraph || tree[container].kind == .table
    guard let (marker, length) = listMarker(interruptsParagraph: interruptsParagraph),
      hasRoomForContainer(in: container)
    else { return false }
    let start = firstNonspace
    let markerOffset = indent
    advance(bytes: firstNonspace + length - offset)
    let saved = (isTabPartlyUsed, offset, column)
    while column - saved.2 <= 5, byte(at: offset).isSpaceOrTab { advance(columns: 1) }
    let spaces = column - saved.2
    let padding: Int
    if spaces >= 5 || spaces < 1 || offset >= lineEnd {
      // Code, or nothing, follows the marker: one column belongs to the marker.
      padding = length + 1
      (isTabPartlyUsed, offset, column) = saved
      if spaces > 0 { advance(columns: 1) }
    } else {
      padding = length + spaces
    }
    if case .list(let open, _) = tree[container].payload, open.continues(marker) {
    } else {
      container = append(.list, to: container, start: start)
      tree[container].payload = .list(marker, isTight: true)
    }
    container = append(.item, to: container, start: start)
    tree[container].payload = .item(markerOffset: markerOffset, padding: padding)
    return true
  }

  private func listMarker(
    interruptsParagraph: Bool
  ) -> (marker: BlockTree.ListMarker, length: Int)? {
    let first = byte(at: firstNonspace)
    var end = firstNonspace + 1
    let marker: BlockTree.ListMarker
    if first.isDigit {
      var start = Int(first - 0x30)
      while end - firstNonspace < 9, byte(at: end).isDigit {
        start = 10 * start + Int(bytes[end] - 0x30)
        end += 1
      }
      if interruptsParagraph, start != 1 { return nil }
      let delimiter = byte(at: end)
      guard delimiter == UInt8(ascii: ".") || delimiter == UInt8(ascii: ")") else { return nil }
      end += 1
      marker = BlockTree.ListMarker(character: delimiter, start: start)
    } else {
      marker = BlockTree.ListMarker(character: first, start: nil)
    }
    guard byte(at: end).isWhitespace else { return nil }
    if interruptsParagraph {
      var content = end
      while content < lineEnd, bytes[content].isSpaceOrTab { content += 1 }
      if content >= lineEnd { return nil }
    }
    return (marker, end - firstNonspace)
  }
}
