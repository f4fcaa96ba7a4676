import CCMark

extension TreeLifter {
  private struct Content {
    var inlines: [Inline] = []
    /// Neighbouring texts become one.
    var text = ""
    var textPosition = SourcePosition(line: 0, column: 0)

    var isEmpty: Bool { inlines.isEmpty && text.isEmpty }

    mutating func flush() {
      guard !text.isEmpty else { return }
      inlines.append(Inline(.text(text), at: textPosition))
      text = ""
    }

    mutating func append(_ kind: Inline.Kind, at position: SourcePosition) {
      flush()
      inlines.append(Inline(kind, at: position))
    }

    mutating func append(text: String, at position: SourcePosition) {
      if self.text.isEmpty { textPosition = position }
      self.text += text
    }

    /// A line break in a text that is one line.
    mutating func appendSpace(at position: SourcePosition) {
      if !isEmpty { append(text: " ", at: position) }
    }

    /// Takes off the line break before the rest of an inline.
    mutating func dropBreak(isOneLine: Bool) {
      if isOneLine, text.utf8.last == 0x20 { text.removeLast() }
      guard text.isEmpty else { return }
      switch inlines.last?.kind {
      case .softBreak, .lineBreak: inlines.removeLast()
      default: break
      }
    }
  }

  enum Shape {
    case text, heading
    /// A cell or a title: line breaks are spaces.
    case phrase
    /// The same behind `: `.
    case caption

    var isOneLine: Bool { self == .phrase || self == .caption }
  }

  /// An open emphasis, link or image, or the text around all of them.
  private struct Frame {
    var node: CMarkNode?
    var start: Int
    /// Where its content begins in the masked text; nil as long as it is empty, or for a line break.
    var contentStart: Int?
    var content = Content()
  }

  /// What is read of a text.
  private struct Reading {
    let shape: Shape
    var attributes: AttributeList?
    var isBehindColon = false
    var stack = [Frame(node: nil, start: 0)]
  }

  mutating func inlines(
    of node: CMarkNode, _ shape: Shape
  ) -> (content: [Inline], attributes: AttributeList?) {
    var reading = Reading(shape: shape)
    return read(InlineWalk(map.leaves[node.tag], in: map), &reading)
  }

  mutating func phrase(_ index: Int) -> [Inline] {
    var reading = Reading(shape: .phrase)
    return read(InlineWalk(phrase: index, in: map), &reading).content
  }

  private mutating func read(
    _ walk: InlineWalk, _ reading: inout Reading
  ) -> (content: [Inline], attributes: AttributeList?) {
    var walk = walk
    while let event = walk.next() {
      switch event {
      case .enter(let node, let start):
        // Deeper than the limit, only the marks are lost: the text stays.
        if reading.stack.count < MarkdownParser.maximumDepth {
          reading.stack.append(Frame(node: node, start: start))
        }
      case .leave(let node, _, _): leave(node, &reading)
      case .leaf(let node, let range): add(node, range, &reading)
      }
    }
    reading.stack[0].content.flush()
    return (reading.stack[0].content.inlines, reading.attributes)
  }

  private func leave(_ node: CMarkNode, _ reading: inout Reading) {
    guard reading.stack[reading.stack.count - 1].node == node else { return }
    var frame = reading.stack.removeLast()
    frame.content.flush()
    let content = frame.content.inlines
    let kind: Inline.Kind
    let markLength: Int
    switch node.type {
    case CMARK_NODE_EMPH: (kind, markLength) = (.emphasis(content), 1)
    case CMARK_NODE_STRONG: (kind, markLength) = (.strong(content), 2)
    case CMARK_NODE_LINK:
      let (url, title) = (restored(node.url), restored(node.title))
      (kind, markLength) = (.link(destination: url, title: title, content: content), 1)
    default:
      let (url, title) = (restored(node.url), restored(node.title))
      (kind, markLength) = (.image(source: url, title: title, alt: content), 2)
    }
    // Of longer runs of marks cmark reports the beginning.
    let start = frame.contentStart.map { $0 - markLength } ?? frame.start
    let last = reading.stack.count - 1
    if reading.stack[last].content.isEmpty { reading.stack[last].contentStart = start }
    reading.stack[last].content.append(kind, at: map.text.position(of: start))
  }

  private mutating func add(_ node: CMarkNode, _ range: Range<Int>, _ reading: inout Reading) {
    let position = map.text.position(of: range.lowerBound)
    let last = reading.stack.count - 1
    let isBreak = node.type == CMARK_NODE_SOFTBREAK || node.type == CMARK_NODE_LINEBREAK
    if reading.stack[last].content.isEmpty, !isBreak {
      reading.stack[last].contentStart = range.lowerBound
    }
    switch node.type {
    case CMARK_NODE_TEXT: addText(node.literal, at: position, &reading)
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK:
      if reading.shape.isOneLine {
        reading.stack[last].content.appendSpace(at: position)
      } else {
        let isSoft = node.type == CMARK_NODE_SOFTBREAK
        reading.stack[last].content.append(isSoft ? .softBreak : .lineBreak, at: position)
      }
    case CMARK_NODE_CODE:
      reading.stack[last].content.append(.code(restored(node.literal)), at: position)
    default: reading.stack[last].content.append(.html(restored(node.literal)), at: position)
    }
  }

  private mutating func addText(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: SourcePosition, _ reading: inout Reading
  ) {
    let last = reading.stack.count - 1
    var position = start
    var from = 0
    if reading.shape == .caption, last == 0, reading.stack[0].content.isEmpty {
      if bytes.first == UInt8(ascii: ":"), !reading.isBehindColon { from = 1 }
      reading.isBehindColon = true
      while from < bytes.count, bytes[from].isSpaceOrTab { from += 1 }
      position.column += from
    }
    func addText(to end: Int) {
      guard from < end else { return }
      reading.stack[last].content.append(
        text: String(decoding: bytes[from..<end], as: UTF8.self), at: position)
    }
    while let (token, number) = map.text.token(in: bytes, from: from) {
      addText(to: token.lowerBound)
      let claim = mask.claims[number]
      switch claim.kind {
      case .inline(let kind):
        if case .footnoteReference(let label) = kind { addReference(to: label) }
        var kind = kind
        if case .math(let tex, let isDisplay) = kind, reading.shape.isOneLine {
          kind = .math(tex.replacing("\n", with: " "), isDisplay: isDisplay)
        }
        reading.stack[last].content.append(kind, at: self.position(of: claim))
      case .continuation: reading.stack[last].content.dropBreak(isOneLine: reading.shape.isOneLine)
      case .attributes(let list) where reading.shape == .heading || reading.shape == .caption:
        reading.stack[last].content.dropBreak(isOneLine: reading.shape.isOneLine)
        reading.attributes = list
      default:
        reading.stack[last].content.append(
          text: original(number), at: self.position(of: claim))
      }
      position = source.position(line: claim.line, offset: claim.range.upperBound)
      from = token.upperBound
    }
    addText(to: bytes.count)
  }

  /// What a claim hides.
  func original(_ number: Int) -> String { String(text: source.bytes[mask.claims[number].range]) }

  /// A literal of cmark, with the file's text in place of tokens.
  func restored(_ text: UnsafeBufferPointer<UInt8>) -> String {
    var result = ""
    var from = 0
    while let (token, number) = map.text.token(in: text, from: from) {
      result += String(decoding: text[from..<token.lowerBound], as: UTF8.self) + original(number)
      from = token.upperBound
    }
    let rest = String(decoding: text[from...], as: UTF8.self)
    return from == 0 ? rest : result + rest
  }
}
