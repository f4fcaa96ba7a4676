extension MutantFinder {
  private static let keywords: Set = [
    "let", "var", "func", "return", "if", "for", "while", "guard", "switch", "case", "default",
    "struct", "class", "enum", "extension", "import", "typealias", "defer", "do", "repeat", "break",
    "continue", "init", "subscript", "mutating", "static", "private", "else", "throw", "in",
  ]

  /// Assignments and calls that stand on lines of their own, as ranges of tokens.
  func droppableStatements() -> [ClosedRange<Int>] {
    tokens.indices.compactMap { start in
      guard tokens[start].startsLine, tokens[start].kind == .word,
        !Self.keywords.contains(tokens[start].text), !tokens[start].text.hasPrefix("#"),
        enclosing[start].map({ tokens[$0].isMark("{") }) ?? true,
        start == 0 || !continues(start), let end = endOfStatement(from: start)
      else { return nil }
      return isAssignment(start...end) || isCall(start...end) ? start...end : nil
    }
  }

  /// Whether the token that begins a line goes on with the statement above it.
  private func continues(_ index: Int) -> Bool {
    let (last, next) = (tokens[index - 1], tokens[index])
    if next.kind == .mark && next.nesting >= 0 || next.isWord("else") { return true }
    if last.isMark("{") || last.isMark(":") || last.isMark(";") { return false }
    return last.kind == .mark && last.nesting >= 0 && !["!", "?"].contains(last.text)
      || last.isWord("return")
  }

  /// nil where something else stands on the same line, or a block over several lines belongs to it.
  private func endOfStatement(from start: Int) -> Int? {
    var index = start
    while true {
      if let end = partners[index] {
        guard end > index else { return nil }
        let braces = (index...end).filter { tokens[$0].isMark("{") }
        guard braces.allSatisfy({ tokens[partners[$0] ?? $0].line == tokens[$0].line }) else {
          return nil
        }
        index = end
      }
      guard index + 1 < tokens.count else { return index }
      if tokens[index + 1].startsLine, !continues(index + 1) { return index }
      if tokens[index + 1].nesting < 0 || tokens[index + 1].isMark(";") { return nil }
      index += 1
    }
  }

  /// The tokens outside the statement's brackets, which count as the bracket that opens them.
  private func outline(_ range: ClosedRange<Int>) -> [SwiftToken] {
    var outline: [SwiftToken] = []
    var index = range.lowerBound
    while index <= range.upperBound {
      outline.append(tokens[index])
      index = (partners[index] ?? index) + 1
    }
    return outline
  }

  /// What an initializer assigns, the compiler would miss.
  private func isAssignment(_ range: ClosedRange<Int>) -> Bool {
    outline(range).contains { ["=", "+=", "-=", "*=", "/=", "%="].contains($0.text) }
      && header(of: range)?.text != "init"
  }

  private func isCall(_ range: ClosedRange<Int>) -> Bool {
    let outline = outline(range)
    guard tokens[range.upperBound].nesting < 0, !Self.isUntouched(tokens[range.lowerBound].text),
      tokens[range.lowerBound].text != "progress",
      outline.allSatisfy({ $0.kind == .word || $0.nesting > 0 || ".!?".contains($0.text) })
    else { return false }
    // A block's only expression may be its value.
    let isFirst =
      range.lowerBound > 0
      && (tokens[range.lowerBound - 1].isMark("{") || tokens[range.lowerBound - 1].isWord("in"))
    let isLast = range.upperBound + 1 < tokens.count && tokens[range.upperBound + 1].isMark("}")
    guard isFirst, isLast else { return true }
    return ["for", "while", "if", "guard", "repeat", "do"].contains(header(of: range)?.text)
  }

  /// The first word of what the block around a statement belongs to.
  private func header(of range: ClosedRange<Int>) -> SwiftToken? {
    guard let brace = enclosing[range.lowerBound] else { return nil }
    var index = brace - 1
    while index > 0, !tokens[index].startsLine || tokens[index].nesting < 0 {
      index = (tokens[index].nesting < 0 ? partners[index] ?? index : index) - 1
    }
    return index >= 0 ? tokens[index] : nil
  }
}
