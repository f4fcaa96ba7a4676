/// Where raw HTML and autolinks begin and end, as libcmark 0.30 reads them.
enum HTMLScanner {
  // MARK: Blocks

  /// CommonMark's start condition, 1 to 7, of a line that begins with `<`.
  static func blockStart(
    _ bytes: [UInt8], _ line: Range<Int>, interruptsParagraph: Bool
  ) -> Int? {
    let end = line.upperBound
    func byte(_ index: Int) -> UInt8 { index < end ? bytes[index] : 0x0A }
    var i = line.lowerBound + 1
    switch byte(i) {
    case UInt8(ascii: "!"):
      if byte(i + 1) == UInt8(ascii: "-"), byte(i + 2) == UInt8(ascii: "-") { return 2 }
      if byte(i + 1) >= 0x41, byte(i + 1) <= 0x5A { return 4 }
      if bytes[i..<end].starts(with: "![CDATA[".utf8) { return 5 }
      return nil
    case UInt8(ascii: "?"):
      return 3
    default:
      break
    }
    let isClosing = byte(i) == UInt8(ascii: "/")
    if isClosing { i += 1 }
    let nameStart = i
    while byte(i).isLetterOrDigit { i += 1 }
    let name = bytes[nameStart..<i].map(\.lowercased)
    let isEnded = byte(i).isWhitespace || byte(i) == UInt8(ascii: ">")
    if isEnded, !isClosing, verbatimNames.contains(name) { return 1 }
    if isEnded || (byte(i) == UInt8(ascii: "/") && byte(i + 1) == UInt8(ascii: ">")),
      blockNames.contains(name)
    {
      return 6
    }
    guard !interruptsParagraph,
      let tagEnd = isClosing
        ? closingTagEnd(bytes, nameStart, end) : openTagEnd(bytes, nameStart, end)
    else { return nil }
    return bytes[tagEnd..<end].allSatisfy({ $0.isSpaceOrTab || $0 == 0x0C }) ? 7 : nil
  }

  /// Whether a block of start condition 1 to 5 ends on this line.
  static func endsBlock(_ bytes: [UInt8], _ line: Range<Int>, condition: Int) -> Bool {
    switch condition {
    case 1:
      return verbatimNames.contains { contains(bytes, line, [0x3C, 0x2F] + $0 + [0x3E]) }
    case 2: return contains(bytes, line, Array("-->".utf8))
    case 3: return contains(bytes, line, Array("?>".utf8))
    case 4: return contains(bytes, line, Array(">".utf8))
    case 5: return contains(bytes, line, Array("]]>".utf8))
    default: return false
    }
  }

  private static func contains(_ bytes: [UInt8], _ range: Range<Int>, _ word: [UInt8]) -> Bool {
    guard range.count >= word.count else { return false }
    for start in range.lowerBound...(range.upperBound - word.count)
    where bytes[start].lowercased == word[0] {
      if (1..<word.count).allSatisfy({ bytes[start + $0].lowercased == word[$0] }) { return true }
    }
    return false
  }

  private static let verbatimNames = Set(
    ["script", "pre", "style", "textarea"].map { Array($0.utf8) })

  private static let blockNames = Set(
    """
    address article aside base basefont blockquote body caption center col colgroup dd details \
    dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 \
    head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option \
    p param section source summary table tbody td tfoot th thead title tr track ul
    """.split(separator: " ").map { Array($0.utf8) })

  // MARK: Inlines

  /// The end of an autolink or a tag that begins with `<` at `start`.
  static func inlineEnd(_ text: [UInt8], from start: Int) -> Int? {
    autolinkEnd(text, from: start + 1) ?? tagEnd(text, from: start + 1)
  }

  private static func autolinkEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count, text[start].isLetterOrDigit || text[start].isPunctuation else {
      return nil
    }
    var i = start
    while i < text.count, text[i].isLetterOrDigit || isSchemePunctuation(text[i]) { i += 1 }
    if text[start].isLetter, i < text.count, text[i] == UInt8(ascii: ":"), (2...32) ~= i - start {
      while i < text.count, text[i] > 0x20, text[i] != UInt8(ascii: "<") {
        if text[i] == UInt8(ascii: ">") { return i + 1 }
        i += 1
      }
      return nil
    }
    // An address: its characters before the @, host names after it.
    i = start
    while i < text.count, text[i].isLetterOrDigit || isAddressPunctuation(text[i]) { i += 1 }
    guard i > start, i < text.count, text[i] == UInt8(ascii: "@") else { return nil }
    i += 1
    let host = i
    while i < text.count,
      text[i].isLetterOrDigit || text[i] == UInt8(ascii: "-") || text[i] == UInt8(ascii: ".")
    { i += 1 }
    return i > host && i < text.count && text[i] == UInt8(ascii: ">") ? i + 1 : nil
  }

  private static func isSchemePunctuation(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isAddressPunctuation(_ byte: UInt8) -> Bool {
    ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
  }

  private static func tagEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count else { return nil }
    switch text[start] {
    case UInt8(ascii: "/"):
      return closingTagEnd(text, start + 1, text.count)
    case UInt8(ascii: "?"):
      return end(of: [0x3F, 0x3E], in: text, from: start + 1)
    case UInt8(ascii: "!"):
      if text[start...].starts(with: "!--".utf8) {
        return end(of: [0x2D, 0x2D, 0x3E], in: text, from: start + 3)
      }
      if text[start...].starts(with: "![CDATA[".utf8) {
        return end(of: [0x5D, 0x5D, 0x3E], in: text, from: start + 8)
      }
      guard start + 1 < text.count, text[start + 1].isLetter else { return nil }
      return end(of: [0x3E], in: text, from: start + 1)
    default:
      return openTagEnd(text, start, text.count)
    }
  }

  private static func end(of word: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    var i = start
    while i + word.count <= text.count {
      if text[i] == word[0], text[i..<(i + word.count)].elementsEqual(word) {
        return i + word.count
      }
      i += 1
    }
    return nil
  }

  private static func closingTagEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard var i = nameEnd(text, start, end) else { return nil }
    while i < end, text[i].isWhitespace { i += 1 }
    return i < end && text[i] == UInt8(ascii: ">") ? i + 1 : nil
  }

  private static func nameEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard start < end, text[start].isLetter else { return nil }
    var i = start + 1
    while i < end, text[i].isLetterOrDigit || text[i] == UInt8(ascii: "-") { i += 1 }
    return i
  }

  private static func openTagEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard var i = nameEnd(text, start, end) else { return nil }
    while true {
      let space = i
      while i < end, text[i].isWhitespace { i += 1 }
      guard i < end else { return nil }
      if text[i] == UInt8(ascii: ">") { return i + 1 }
      if text[i] == UInt8(ascii: "/") {
        return i + 1 < end && text[i + 1] == UInt8(ascii: ">") ? i + 2 : nil
      }
      guard i > space, let attribute = attributeEnd(text, i, end) else { return nil }
      i = attribute
    }
  }

  private static func attributeEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard
      text[start].isLetter || text[start] == UInt8(ascii: "_") || text[start] == UInt8(ascii: ":")
    else { return nil }
    var i = start + 1
    while i < end,
      text[i].isLetterOrDigit || text[i] == UInt8(ascii: ":") || text[i] == UInt8(ascii: ".")
        || text[i] == UInt8(ascii: "_") || text[i] == UInt8(ascii: "-")
    { i += 1 }
    var value = i
    while value < end, text[value].isWhitespace { value += 1 }
    guard value < end, text[value] == UInt8(ascii: "=") else { return i }
    value += 1
    while value < end, text[value].isWhitespace { value += 1 }
    guard value < end else { return nil }
    let quote = text[value]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      guard let close = text[(value + 1)..<end].firstIndex(of: quote) else { return nil }
      return close + 1
    }
    let first = value
    while value < end, !text[value].isWhitespace, !"\"'=<>`".utf8.contains(text[value]) {
      value += 1
    }
    return value > first ? value : nil
  }
}
