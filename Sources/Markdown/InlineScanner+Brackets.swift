/// What stands in brackets: links and images, of which only the text is scanned, footnote references.
extension InlineScanner {
  mutating func openBracket(at start: Int) -> Int {
    if start + 1 < text.count {
      if text[start + 1] == UInt8(ascii: "^"), let end = footnoteReference(at: start) { return end }
      if text[start + 1] == UInt8(ascii: "@"), let (citation, end) = citation(at: start),
        !isLink(closingAt: end - 1, openedAt: start)
      {
        add(.citation(citation), start..<end)
        return end
      }
    }
    brackets.append(Bracket(position: start, isImage: false, additionCount: additions.count))
    return start + 1
  }

  private mutating func footnoteReference(at start: Int) -> Int? {
    guard let labelEnd = Self.footnoteLabelEnd(text, from: start, to: text.count) else {
      return nil
    }
    let label = string((start + 2)..<labelEnd)
    guard footnotes(label) else {
      if !isLink(closingAt: labelEnd, openedAt: start) {
        undefinedFootnotes.append((label, start))
      }
      return nil
    }
    add(.footnoteReference(label: label), start..<(labelEnd + 1))
    return labelEnd + 1
  }

  /// The `]` of `[^label]`; a label has no white space and no brackets.
  static func footnoteLabelEnd(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    var i = start + 2
    while i < end {
      let byte = bytes[i]
      if byte == UInt8(ascii: "]") { return i > start + 2 ? i : nil }
      if byte.isWhitespace || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "^")
        || byte == UInt8(ascii: "`")
      {
        return nil
      }
      i += 1
    }
    return nil
  }

  /// What the `]` at `close` makes with what follows it: the end of the link, if it is one.
  private func linkEnd(closingAt close: Int, openedAt open: Int) -> Int? {
    if let end = LinkScanner.inlineTailEnd(text, from: close + 1) { return end }
    guard !definedLabels.isEmpty else { return nil }
    if let labelEnd = LinkScanner.labelEnd(text, from: close + 1), labelEnd > close + 2 {
      return isDefined((close + 2)..<labelEnd) ? labelEnd + 1 : nil
    }
    return isDefined((open + 1)..<close) ? close + 1 : nil
  }

  private func isLink(closingAt close: Int, openedAt open: Int) -> Bool {
    linkEnd(closingAt: close, openedAt: open) != nil
  }

  private func isDefined(_ label: Range<Int>) -> Bool {
    label.count < 1000 && definedLabels.contains(LinkScanner.normalized(text[label]))
  }

  mutating func closeBracket(at close: Int) -> Int {
    guard let bracket = brackets.popLast(), bracket.isActive,
      let end = linkEnd(closingAt: close, openedAt: bracket.position)
    else { return close + 1 }
    let isShortcut = end == close + 1
    // A link holds no second link, and a label is compared letter by letter.
    var kept = bracket.additionCount
    for index in bracket.additionCount..<additions.count {
      if case .math = additions[index].kind, !isShortcut {
        additions[kept] = additions[index]
        kept += 1
      }
    }
    additions.removeSubrange(kept...)
    if !bracket.isImage {
      for index in brackets.indices.reversed() where !brackets[index].isImage {
        if !brackets[index].isActive { break }
        brackets[index].isActive = false
      }
    }
    return end
  }
}
