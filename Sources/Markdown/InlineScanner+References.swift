/// Citations and cross references.
extension InlineScanner {
  private static let crossReferencePrefixes = [
    "sec-", "eq-", "fig-", "tbl-", "lst-", "thm-", "def-", "lem-", "cor-", "prp-", "exm-", "exr-",
  ].map {
    Array($0.utf8)
  }

  /// `@key` or `@sec-x`, not after a letter, so that `user@example.com` is none; `-@key` is its year.
  mutating func reference(at mark: Int) -> Int {
    let isYearOnly = mark > 0 && text[mark - 1] == UInt8(ascii: "-")
    let start = isYearOnly ? mark - 1 : mark
    guard start == 0 || Self.mayPrecedeReference(text[start - 1]),
      let keyEnd = keyEnd(from: mark + 1)
    else { return mark + 1 }
    let key = (mark + 1)..<keyEnd
    guard !isYearOnly || !Self.isCrossReference(text[key]) else { return mark + 1 }
    let entry = Citation.Entry(key: string(key), isYearOnly: isYearOnly)
    let kind: Inline.Kind =
      Self.isCrossReference(text[key])
      ? .crossReference(entry.key) : .citation(Citation(entries: [entry], isBracketed: false))
    add(kind, start..<keyEnd)
    return keyEnd
  }

  private static func isCrossReference(_ key: ArraySlice<UInt8>) -> Bool {
    crossReferencePrefixes.contains { key.count > $0.count && key.starts(with: $0) }
  }

  private static func mayPrecedeReference(_ byte: UInt8) -> Bool {
    // NUL is U+FFFD.
    byte.isWhitespace || "([{\"'*_~,;:!?|>".utf8.contains(byte) || byte >= 0x80 || byte == 0
  }

  /// A key begins with a letter and ends with a letter or digit; `:.-_/+` may join its parts.
  private func keyEnd(from start: Int) -> Int? {
    guard start < text.count, text[start].isLetter else { return nil }
    var end = start + 1
    var i = end
    while i < text.count {
      if text[i].isLetterOrDigit {
        i += 1
        end = i
      } else if ":.-_/+".utf8.contains(text[i]) {
        i += 1
      } else {
        break
      }
    }
    return end
  }

  /// `[see @a; -@b, p. 3]`
  func citation(at start: Int) -> (Citation, end: Int)? {
    var entries: [Citation.Entry] = []
    var i = start + 1
    while true {
      guard let mark = text[i...].firstIndex(where: { "@;[]`$<\\".utf8.contains($0) }),
        text[mark] == UInt8(ascii: "@"), let keyEnd = keyEnd(from: mark + 1)
      else { return nil }
      let isYearOnly = mark > i && text[mark - 1] == UInt8(ascii: "-")
      let prefix = i..<(isYearOnly ? mark - 1 : mark)
      guard prefix.isEmpty || Self.mayPrecedeReference(text[prefix.upperBound - 1]),
        !Self.isCrossReference(text[(mark + 1)..<keyEnd])
      else { return nil }
      i = keyEnd
      while i < text.count, text[i].isWhitespace { i += 1 }
      var locator = i..<i
      if i < text.count, text[i] == UInt8(ascii: ",") {
        let start = i + 1
        i = text[start...].firstIndex { ";[]`".utf8.contains($0) } ?? text.count
        locator = text.trimmed(start..<i, \.isWhitespace)
      }
      entries.append(
        Citation.Entry(
          key: string((mark + 1)..<keyEnd), locator: string(locator),
          prefix: string(text.trimmed(prefix, \.isWhitespace)), isYearOnly: isYearOnly))
      guard i < text.count else { return nil }
      if text[i] == UInt8(ascii: "]") {
        return (Citation(entries: entries, isBracketed: true), i + 1)
      }
      guard text[i] == UInt8(ascii: ";") else { return nil }
      i += 1
    }
  }
}
