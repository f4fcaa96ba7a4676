/// Formulas in running text: `$…$`, `$$…$$` and `\(…\)`. `\[` is a bracket there.
extension InlineScanner {
  mutating func backslash(at start: Int) -> Int {
    guard start + 1 < text.count else { return start + 1 }
    let next = text[start + 1]
    if next == UInt8(ascii: "("), let end = backslashFormulaEnd(from: start) {
      add(.math(string((start + 2)..<(end - 2)), isDisplay: false), start..<end)
      return end
    }
    return next.isPunctuation ? start + 2 : start + 1
  }

  private mutating func backslashFormulaEnd(from start: Int) -> Int? {
    if start >= unclosedFormulaFrom { return nil }
    var i = start + 2
    var index = next
    while i + 1 < text.count {
      // Code wins over a formula around it.
      if region(at: i, &index)?.kind == .code { return nil }
      if let end = text[i] == UInt8(ascii: "{") ? braceEnds[i] : nil {
        i = end
      } else if text[i] == UInt8(ascii: "\\") {
        if text[i + 1] == UInt8(ascii: ")") {
          return text[(start + 2)..<i].allSatisfy(\.isWhitespace) ? nil : i + 2
        }
        i += 2
      } else {
        i += 1
      }
    }
    unclosedFormulaFrom = start
    return nil
  }

  mutating func dollar(at start: Int) -> Int {
    if start + 1 < text.count, text[start + 1] == UInt8(ascii: "$") {
      var open = start
      while open < text.count, text[open] == UInt8(ascii: "$") { open += 1 }
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

  /// The first dollar that is not escaped and not inside braces, code, a tag or a link's destination.
  /// In braces it is a formula inside a text inside the formula: `$\text{as $b$ holds}$`.
  private mutating func closingDollar(from start: Int) -> Int? {
    var i = start
    var index = next
    while i < text.count {
      if let region = region(at: i, &index) {
        if region.kind == .code { return nil }
        i = region.range.upperBound
        continue
      }
      switch text[i] {
      case UInt8(ascii: "$"): return i
      case UInt8(ascii: "\\"): i += 2
      case UInt8(ascii: "{"):
        let end = braceEnds[i] ?? i + 1
        // Code wins over a formula around it.
        while index < regions.count, regions[index].range.lowerBound < end {
          if regions[index].kind == .code { return nil }
          index += 1
        }
        i = end
      default: i += 1
      }
    }
    return nil
  }

  /// Where the groups in braces end that hold a dollar or `\)`, by where they begin.
  static func braceEnds(of text: [UInt8]) -> [Int: Int] {
    var ends: [Int: Int] = [:]
    var open: [(start: Int, holdsMath: Bool)] = []
    var i = 0
    while i < text.count {
      switch text[i] {
      case UInt8(ascii: "\\"):
        if i + 1 < text.count, text[i + 1] == UInt8(ascii: ")"), !open.isEmpty {
          open[open.count - 1].holdsMath = true
        }
        i += 1
      case UInt8(ascii: "$"): if !open.isEmpty { open[open.count - 1].holdsMath = true }
      case UInt8(ascii: "{"): open.append((i, false))
      case UInt8(ascii: "}"):
        guard let group = open.popLast(), group.holdsMath else { break }
        ends[group.start] = i + 1
        if !open.isEmpty { open[open.count - 1].holdsMath = true }
      default: break
      }
      i += 1
    }
    return ends
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
}
