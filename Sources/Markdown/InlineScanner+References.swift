/// Citations and cross references.
extension InlineScanner {
  private static let crossReferencePrefixes = [
    "sec-", "eq-", "fig-", "tbl-", "lst-", "thm-", "def-", "lem-", "cor-", "prp-", "exm-", "exr-",
  ].map {
    Array($0.utf8)
  }

  /// `@key` or `@sec-x`, not after a letter, so that `user@example.com` is none.
  mutating func reference(at start: Int) -> Int {
    guard start == 0 || Self.mayPrecedeReference(text[start - 1]),
      let keyEnd = keyEnd(from: start + 1)
    else { return start + 1 }
    let key = (start + 1)..<keyEnd
    let isCrossReference = Self.crossReferencePrefixes.contains {
      key.count > $0.count && text[key].starts(with: $0)
    }
    let kind: Inline.Kind =
      isCrossReference
      ? .crossReference(string(key))
      : .citation(Citation(entries: [Citation.Entry(key: string(key))], isBracketed: false))
    add(kind, start..<keyEnd)
    return keyEnd
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

  /// `[@a; @b, p. 3]`
  func citation(at start: Int) -> (Citation, end: Int)? {
    var entries: [Citation.Entry] = []
    var i = start + 1
    while true {
      while i < text.count, text[i].isWhitespace { i += 1 }
      guard i < text.count, text[i] == UInt8(ascii: "@"), let keyEnd = keyEnd(from: i + 1) else {
        return nil
      }
      let key = string((i + 1)..<keyEnd)
      guard !Self.crossReferencePrefixes.contains(where: { key.utf8.starts(with: $0) }) else {
        return nil
      }
      i = keyEnd
      while i < text.count, text[i].isWhitespace { i += 1 }
      var locator = i..<i
      if i < text.count, text[i] == UInt8(ascii: ",") {
        let start = i + 1
        i = text[start...].firstIndex { ";[]`".utf8.contains($0) } ?? text.count
        locator = text.trimmed(start..<i, \.isWhitespace)
      }
      entries.append(Citation.Entry(key: key, locator: string(locator)))
      guard i < text.count else { return nil }
      if text[i] == UInt8(ascii: "]") {
        return (Citation(entries: entries, isBracketed: true), i + 1)
      }
      guard text[i] == UInt8(ascii: ";") else { return nil }
      i += 1
    }
  }
}
