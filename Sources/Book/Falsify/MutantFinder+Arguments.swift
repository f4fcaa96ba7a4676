extension MutantFinder {
  /// Neighbours of one call or subscript, swapped; their labels stay.
  mutating func addArguments(_ index: Int) {
    guard isCall(index), let end = partners[index],
      !["max", "min"].contains(tokens[index - 1].text)
    else { return }
    let inside = index + 1..<end
    // What is no operator is the bracket of a generic type, whose commas are not the call's.
    guard
      !inside.contains(where: {
        "<>".contains(tokens[$0].text) && tokens[$0].kind == .mark && !isBinary($0)
          && !isArgument($0)
      })
    else { return }
    let parts: [Range<Int>] = inside.split { tokens[$0].isMark(",") && enclosing[$0] == index }
    let arguments = parts.map { part in
      min(part.lowerBound + (isLabel(part.lowerBound) ? 2 : 0), part.upperBound)..<part.upperBound
    }
    for (first, second) in zip(arguments, arguments.dropFirst())
    where canSwap(first, second) {
      let (one, other) = (text(of: first), text(of: second))
      let start = tokens[first.lowerBound].range.lowerBound
      let firstEnd = tokens[first.upperBound - 1].range.upperBound
      let secondStart = tokens[second.lowerBound].range.lowerBound
      let secondEnd = tokens[second.upperBound - 1].range.upperBound
      let between = String(decoding: bytes[firstEnd..<secondStart], as: UTF8.self)
      add(
        .arguments, start..<secondEnd, other + between + one, at: first.lowerBound,
        change: "`\(Self.short(one))` and `\(Self.short(other))` swapped")
    }
  }

  private func text(of range: Range<Int>) -> String {
    let span =
      tokens[range.lowerBound].range.lowerBound..<tokens[range.upperBound - 1].range.upperBound
    return String(decoding: bytes[span], as: UTF8.self)
  }

  /// What kind of value an argument is, as far as its tokens tell; nil when it is of a type of its own
  /// for sure: a closure, a reference, a text, an operator, an implicit member.
  private func shape(_ range: Range<Int>) -> String? {
    guard let first = range.first.map({ tokens[$0] }), !["&", "."].contains(first.text),
      range.count > 1 || first.kind != .mark,
      !range.contains(where: {
        isFrozen[$0] || tokens[$0].kind == .string || ["{", "let", "var"].contains(tokens[$0].text)
      })
    else { return nil }
    if first.isMark("[") { return "list" }
    guard range.count == 1 else { return "" }
    if first.kind == .number { return Int(first.text) == nil ? "float" : "integer" }
    return first.text == "true" || first.text == "false" ? "boolean" : ""
  }

  private func canSwap(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard let one = shape(first), let other = shape(second), text(of: first) != text(of: second)
    else { return false }
    let pair: Set = [one, other]
    return pair.count == 1 || pair.contains("") && pair.isDisjoint(with: ["list", "boolean"])
  }
}
