/// Link labels, destinations, titles and reference definitions, as libcmark 0.30 reads them.
enum LinkScanner {
  /// `[label]: destination "title"` that ends with a line.
  static func definition(
    _ text: [UInt8], from start: Int
  ) -> (label: Range<Int>, end: Int)? {
    guard let labelEnd = labelEnd(text, from: start), labelEnd + 1 < text.count,
      text[labelEnd + 1] == UInt8(ascii: ":")
    else { return nil }
    var label = (start + 1)..<labelEnd
    while let last = text[label].last, last.isWhitespace { label = label.dropLast() }
    while let first = text[label].first, first.isWhitespace { label = label.dropFirst() }
    guard !label.isEmpty,
      let destinationEnd = destinationEnd(text, from: skipSpacesAndLine(text, labelEnd + 2))
    else { return nil }
    let titleStart = skipSpacesAndLine(text, destinationEnd)
    if titleStart > destinationEnd, let titleEnd = titleEnd(text, from: titleStart),
      let end = lineEnd(text, titleEnd)
    {
      return (label, end)
    }
    return lineEnd(text, destinationEnd).map { (label, $0) }
  }

  /// The `]` of `[label]`.
  static func labelEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count, text[start] == UInt8(ascii: "[") else { return nil }
    var i = start + 1
    while i < text.count, i - start <= 1001 {
      switch text[i] {
      case UInt8(ascii: "["): return nil
      case UInt8(ascii: "]"): return i
      case UInt8(ascii: "\\") where i + 1 < text.count && text[i + 1].isPunctuation: i += 2
      default: i += 1
      }
    }
    return nil
  }

  static func destinationEnd(_ text: [UInt8], from start: Int) -> Int? {
    var i = start
    guard i < text.count else { return nil }
    if text[i] == UInt8(ascii: "<") {
      i += 1
      while i < text.count {
        switch text[i] {
        case UInt8(ascii: ">"): return i + 1 < text.count ? i + 1 : nil
        case UInt8(ascii: "\\"): i += 2
        case 0x0A, UInt8(ascii: "<"): return nil
        default: i += 1
        }
      }
      return nil
    }
    var parentheses = 0
    scan: while i < text.count {
      let byte = text[i]
      switch byte {
      case UInt8(ascii: "\\") where i + 1 < text.count && text[i + 1].isPunctuation:
        i += 2
        continue
      case UInt8(ascii: "("):
        parentheses += 1
        if parentheses > 32 { return nil }
      case UInt8(ascii: ")"):
        if parentheses == 0 { break scan }
        parentheses -= 1
      default:
        if byte.isWhitespace {
          if i == start { return nil }
          break scan
        }
      }
      i += 1
    }
    return i < text.count && parentheses == 0 ? i : nil
  }

  /// The end of a quoted or parenthesised title. A backslash escapes the closing mark unless no
  /// other follows.
  static func titleEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count else { return nil }
    let open = text[start]
    let close: UInt8
    switch open {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): close = open
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    default: return nil
    }
    var fallback: Int?
    var i = start + 1
    while i < text.count {
      let byte = text[i]
      if byte == close { return i + 1 }
      if byte == UInt8(ascii: "("), open == byte { return fallback }
      if byte == UInt8(ascii: "\\"), i + 1 < text.count, text[i + 1].isPunctuation {
        if text[i + 1] == close { fallback = i + 2 }
        i += 2
      } else {
        i += 1
      }
    }
    return fallback
  }

  /// After the `]` of an inline link: the end of `(destination "title")`.
  static func inlineTailEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count, text[start] == UInt8(ascii: "(") else { return nil }
    let destination = skipWhitespace(text, start + 1)
    var end = destination
    if destination < text.count, text[destination] != UInt8(ascii: ")") {
      guard let found = destinationEnd(text, from: destination) else { return nil }
      end = found
    }
    let title = skipWhitespace(text, end)
    if title > end, let titleEnd = titleEnd(text, from: title) {
      end = skipWhitespace(text, titleEnd)
    } else {
      end = title
    }
    return end < text.count && text[end] == UInt8(ascii: ")") ? end + 1 : nil
  }

  /// A label with case and white space folded.
  static func normalized(_ label: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isAfterSpace = true
    for byte in label {
      if byte.isWhitespace {
        if !isAfterSpace { result.append(0x20) }
        isAfterSpace = true
      } else {
        result.append(byte.lowercased)
        isAfterSpace = false
      }
    }
    if result.last == 0x20 { result.removeLast() }
    guard result.contains(where: { $0 >= 0x80 }) else { return result }
    return Array(String(decoding: result, as: UTF8.self).lowercased().utf8)
  }

  private static func skipWhitespace(_ text: [UInt8], _ start: Int) -> Int {
    var i = start
    while i < text.count, text[i].isWhitespace { i += 1 }
    return i
  }

  private static func skipSpaces(_ text: [UInt8], _ start: Int) -> Int {
    var i = start
    while i < text.count, text[i].isSpaceOrTab { i += 1 }
    return i
  }

  private static func skipSpacesAndLine(_ text: [UInt8], _ start: Int) -> Int {
    let i = skipSpaces(text, start)
    return i < text.count && text[i] == 0x0A ? skipSpaces(text, i + 1) : i
  }

  private static func lineEnd(_ text: [UInt8], _ start: Int) -> Int? {
    let i = skipSpaces(text, start)
    if i >= text.count { return i }
    return text[i] == 0x0A ? i + 1 : nil
  }
}
