import CCMark

/// How many lines of a paragraph cmark took for link reference definitions: its tree does not tell
/// where the text behind them begins.
enum LinkDefinitions {
  /// A pattern proposes the lines, and cmark has to find nothing else in them.
  static func lineCount(_ lines: [Slice<UnsafeBufferPointer<UInt8>>]) -> Int {
    let text = String(decoding: Array(lines.joined(separator: [0x0A])), as: UTF8.self) + "\n"
    guard text.utf8.contains(UInt8(ascii: ":")) else { return 0 }
    var rest = text[...]
    var count = 0
    while rest.utf8.first == UInt8(ascii: "["), let match = rest.prefixMatch(of: pattern) {
      count += match.output.utf8.count { $0 == 0x0A }
      rest = rest[match.range.upperBound...]
    }
    guard count > 0 else { return 0 }
    let definitions = text[..<rest.startIndex]
    return CMarkTree(Array(definitions.utf8)).root.firstChild == nil
      ? min(count, lines.count - 1) : 0
  }

  /// Label, destination, perhaps a title, to the end of a line.
  nonisolated(unsafe) private static let pattern =
    #/\[(?:\\[!-\/:-@\[-`\{-~]|[^\[\]])+\]:[ \t]*\n?[ \t]*(?:<(?:\\.|[^<>\n\\])*>|[^<\s]\S*)(?:(?:[ \t]*\n[ \t]*|[ \t]+)(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^()\\])*\)))?[ \t]*\n/#
    .matchingSemantics(.unicodeScalar)
}
