/// Display formulas that begin a line.
extension MaskBuilder {
  /// `$$` or `\[`, if the formula ends at the end of this line or of a later one of its container
  /// before a blank line.
  mutating func formula(_ line: BlockMap.Line, _ end: Int) -> BlockStart? {
    let isBracket = source.bytes[line.first] == UInt8(ascii: "\\")
    guard line.first + 1 < end,
      source.bytes[line.first + 1] == UInt8(ascii: isBracket ? "[" : "$")
    else { return nil }
    let content = (line.first + 2)..<end
    // `\[Pitch\]` is text in brackets.
    guard !isBracket || content.isEmpty || source.bytes[content.lowerBound].isSpaceOrTab else {
      return nil
    }
    if let closer = mathCloser(in: content, isBracket: isBracket) {
      guard let identifier = mathEnd(after: closer, end), !isBlank(content.lowerBound..<closer)
      else { return nil }
      return .formula(
        MathBlock(tex: tex([content.lowerBound..<closer]), identifier: identifier),
        lines: [(line.first..<end, line.line)])
    }
    guard line.line >= mathUnclosedBefore[key(line, isBracket), default: 0] else { return nil }
    var texts = [content]
    var lines = [(range: line.first..<end, line: line.line)]
    var masked = line.masked + 1
    while masked < map.text.lineCount {
      let (cursor, container) = map.match(masked, in: line.container)
      let place = cursor.nonspace.offset
      guard container == line.container, place < cursor.end else { break }
      let (start, number) = map.text.origin(of: cursor.offset + (cursor.isTabPartlyUsed ? 1 : 0))
      let lineEnd = source.lineEnds[number]
      lines.append((start..<lineEnd, number))
      if let closer = mathCloser(in: start..<lineEnd, isBracket: isBracket) {
        guard let identifier = mathEnd(after: closer, lineEnd) else { return nil }
        texts.append(start..<closer)
        return .formula(
          MathBlock(tex: tex(texts), identifier: identifier), lines: lines)
      }
      texts.append(start..<lineEnd)
      masked += 1
    }
    mathUnclosedBefore[key(line, isBracket)] = map.text.sourceLine(masked)
    if isBlank(content) {
      faults.append(
        MarkdownFault(
          .unclosedMath(opener: isBracket ? "\\[" : "$$"),
          at: source.position(line: line.line, offset: line.first)))
    }
    return nil
  }

  private func key(_ line: BlockMap.Line, _ isBracket: Bool) -> Int {
    2 * line.container + (isBracket ? 1 : 0)
  }

  private func isBlank(_ range: Range<Int>) -> Bool {
    source.bytes[range].allSatisfy(\.isSpaceOrTab)
  }

  /// What the end of the line says behind `$$`: nothing, or `{#eq-x}`; nil if anything else.
  private func mathEnd(after closer: Int, _ end: Int) -> String?? {
    if isBlank((closer + 2)..<end) { return .some(nil) }
    guard
      let trailing = AttributeList.trailing(source.bytes, in: (closer + 1)..<end),
      trailing.textEnd <= closer + 2, trailing.list.classes.isEmpty,
      let identifier = trailing.list.identifier
    else { return nil }
    return identifier
  }

  private func mathCloser(in range: Range<Int>, isBracket: Bool) -> Int? {
    let bytes = source.bytes
    var i = range.lowerBound
    while i + 1 < range.upperBound {
      if bytes[i] == UInt8(ascii: "\\") {
        if isBracket, bytes[i + 1] == UInt8(ascii: "]") { return i }
        i += 2
      } else if !isBracket, bytes[i] == UInt8(ascii: "$"), bytes[i + 1] == UInt8(ascii: "$") {
        return i
      } else {
        i += 1
      }
    }
    return nil
  }

  private func tex(_ ranges: [Range<Int>]) -> String {
    let text = Array(ranges.map { source.bytes[$0] }.joined(separator: [0x0A]))
    return String(text: text[text.trimmed(text.indices, \.isWhitespace)])
  }
}
