/// Finds the book's inline additions in one text, from left to right: formulas, citations, cross
/// references and footnote references, but none in code spans, raw HTML, autolinks or a link's
/// destination, and in a link's text only formulas.
struct InlineScanner {
  struct Addition {
    var range: Range<Int>
    var kind: Inline.Kind
  }

  let text: [UInt8]
  /// Footnotes that are defined; a reference to another is text.
  let footnotes: (String) -> Bool
  let definedLabels: Set<[UInt8]>

  private(set) var additions: [Addition] = []
  /// `[^label]` that no definition answers.
  private(set) var undefinedFootnotes: [(label: String, offset: Int)] = []

  private struct Bracket {
    var position: Int
    var isImage: Bool
    var additionCount: Int
    var isActive = true
  }
  private var brackets: [Bracket] = []
  /// From here on no run of that many backticks follows: what earlier searches found.
  private var backticksEnd: [Int: Int] = [:]
  private var noCommentEndFrom = Int.max

  init(
    _ text: [UInt8], footnotes: @escaping (String) -> Bool, definedLabels: Set<[UInt8]>
  ) {
    self.text = text
    self.footnotes = footnotes
    self.definedLabels = definedLabels
  }

  /// Bytes that can begin an addition.
  static func isTrigger(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "$") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "\\")
      || byte == UInt8(ascii: "^")
  }

  mutating func scan(from start: Int = 0) {
    var i = start
    while i < text.count {
      switch text[i] {
      case UInt8(ascii: "\\"): i = backslash(at: i)
      case UInt8(ascii: "`"): i = codeSpanEnd(from: i) ?? runEnd(of: UInt8(ascii: "`"), from: i)
      case UInt8(ascii: "$"): i = dollar(at: i)
      case UInt8(ascii: "<"): i = htmlEnd(from: i) ?? i + 1
      case UInt8(ascii: "["): i = openBracket(at: i)
      case UInt8(ascii: "!"):
        if i + 1 < text.count, text[i + 1] == UInt8(ascii: "["),
          !(i + 2 < text.count && text[i + 2] == UInt8(ascii: "^"))
        {
          brackets.append(Bracket(position: i + 1, isImage: true, additionCount: additions.count))
          i += 2
        } else {
          i += 1
        }
      case UInt8(ascii: "]"): i = closeBracket(at: i)
      case UInt8(ascii: "@"): i = reference(at: i)
      default: i += 1
      }
    }
  }

  // MARK: What is never touched

  /// The end of the code span that a run of backticks opens; libcmark knows runs up to 80.
  private mutating func codeSpanEnd(from start: Int) -> Int? {
    let tick = UInt8(ascii: "`")
    let open = runEnd(of: tick, from: start)
    let length = open - start
    guard length <= 80, open < backticksEnd[length, default: Int.max] else { return nil }
    var i = open
    while i < text.count {
      guard text[i] == tick else {
        i += 1
        continue
      }
      let end = runEnd(of: tick, from: i)
      if end - i == length { return end }
      i = end
    }
    backticksEnd[length] = open
    return nil
  }

  private func runEnd(of byte: UInt8, from start: Int) -> Int {
    var i = start
    while i < text.count, text[i] == byte { i += 1 }
    return i
  }

  private mutating func htmlEnd(from start: Int) -> Int? {
    let isOpenEnded =
      start + 1 < text.count
      && (text[start + 1] == UInt8(ascii: "!") || text[start + 1] == UInt8(ascii: "?"))
    if isOpenEnded, start >= noCommentEndFrom { return nil }
    let end = HTMLScanner.inlineEnd(text, from: start)
    if end == nil, isOpenEnded { noCommentEndFrom = start }
    return end
  }

  // MARK: Formulas

  private mutating func backslash(at start: Int) -> Int {
    guard start + 1 < text.count else { return start + 1 }
    let next = text[start + 1]
    if next == UInt8(ascii: "(") || next == UInt8(ascii: "["),
      let end = backslashFormulaEnd(from: start, opener: next)
    {
      add(.math(string((start + 2)..<(end - 2)), isDisplay: next == UInt8(ascii: "[")), start..<end)
      return end
    }
    return next.isPunctuation ? start + 2 : start + 1
  }

  private var unclosedFormulaFrom: [UInt8: Int] = [:]

  private mutating func backslashFormulaEnd(from start: Int, opener: UInt8) -> Int? {
    if start >= unclosedFormulaFrom[opener, default: Int.max] { return nil }
    let closer = opener == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
    var i = start + 2
    while i + 1 < text.count {
      if text[i] == UInt8(ascii: "`"), let end = codeSpanEnd(from: i) {
        // Code wins over a formula around it.
        i = end
        break
      }
      if text[i] == UInt8(ascii: "\\") {
        if text[i + 1] == closer {
          return text[(start + 2)..<i].allSatisfy(\.isWhitespace) ? nil : i + 2
        }
        i += 2
      } else {
        i += 1
      }
    }
    if i + 1 >= text.count { unclosedFormulaFrom[opener] = start }
    return nil
  }

  private mutating func dollar(at start: Int) -> Int {
    if start + 1 < text.count, text[start + 1] == UInt8(ascii: "$") {
      let open = runEnd(of: UInt8(ascii: "$"), from: start)
      guard open == start + 2, let close = closingDollar(from: open), close + 1 < text.count,
        text[close + 1] == UInt8(ascii: "$"),
        !text[open..<close].allSatisfy(\.isWhitespace)
      else { return open }
      add(.math(string(open..<close), isDisplay: true), start..<(close + 2))
      return close + 2
    }
    guard start + 1 < text.count, !text[start + 1].isWhitespace,
      let close = closingDollar(from: start + 1), Self.closes(text, at: close, to: text.count)
    else { return start + 1 }
    add(.math(string((start + 1)..<close), isDisplay: false), start..<(close + 1))
    return close + 1
  }

  /// The first dollar that is not escaped and not inside code, a tag or a link's destination.
  private mutating func closingDollar(from start: Int) -> Int? {
    var i = start
    while i < text.count {
      switch text[i] {
      case UInt8(ascii: "$"): return i
      case UInt8(ascii: "\\"): i += 2
      case UInt8(ascii: "`"):
        if codeSpanEnd(from: i) != nil { return nil }
        i = runEnd(of: UInt8(ascii: "`"), from: i)
      case UInt8(ascii: "<"): i = htmlEnd(from: i) ?? i + 1
      case UInt8(ascii: "]"): i = LinkScanner.inlineTailEnd(text, from: i + 1) ?? i + 1
      default: i += 1
      }
    }
    return nil
  }

  /// Pandoc's rule: no space before the closing dollar, no digit after it.
  private static func closes(_ text: [UInt8], at close: Int, to end: Int) -> Bool {
    !text[close - 1].isWhitespace && !(close + 1 < end && text[close + 1].isDigit)
  }

  /// The end of `$…$` inside one line, by the same rule; for table rows.
  static func dollarEnd(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start + 1 < end, !bytes[start + 1].isWhitespace, bytes[start + 1] != UInt8(ascii: "$")
    else { return nil }
    var i = start + 1
    while i < end {
      switch bytes[i] {
      case UInt8(ascii: "$"): return closes(bytes, at: i, to: end) ? i + 1 : nil
      case UInt8(ascii: "\\"): i += 2
      case UInt8(ascii: "`"): return nil
      default: i += 1
      }
    }
    return nil
  }

  // MARK: Brackets

  private mutating func openBracket(at start: Int) -> Int {
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

  private mutating func closeBracket(at close: Int) -> Int {
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

  // MARK: Citations and cross references

  private static let crossReferencePrefixes = [
    "sec-", "eq-", "fig-", "tbl-", "lst-", "thm-", "def-", "lem-", "cor-", "prp-", "exm-", "exr-",
  ].map {
    Array($0.utf8)
  }

  /// `@key` or `@sec-x`, not after a letter, so that `user@example.com` is none.
  private mutating func reference(at start: Int) -> Int {
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
    byte.isWhitespace || "([{\"'*_~,;:!?|>".utf8.contains(byte) || byte >= 0x80
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
  private func citation(at start: Int) -> (Citation, end: Int)? {
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
        i += 1
        while i < text.count, text[i].isWhitespace { i += 1 }
        let locatorStart = i
        while i < text.count, !";[]`".utf8.contains(text[i]) { i += 1 }
        var locatorEnd = i
        while locatorEnd > locatorStart, text[locatorEnd - 1].isWhitespace { locatorEnd -= 1 }
        locator = locatorStart..<locatorEnd
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

  private mutating func add(_ kind: Inline.Kind, _ range: Range<Int>) {
    additions.append(Addition(range: range, kind: kind))
  }

  private func string(_ range: Range<Int>) -> String {
    String(decoding: text[range], as: UTF8.self)
  }
}
