/// `{.theorem #thm-bound title="The bound" key=value}`, as Pandoc writes it.
struct AttributeList: Equatable {
  var classes: [String] = []
  var identifier: String?
  var pairs: [Container.Attribute] = []
  /// Where the value of `title` stands in the file.
  var title: Range<Int>?

  init(name: String) { classes = [name] }

  /// Reads `bytes[range]`, which begins with `{` and must end with `}`.
  init?(_ bytes: [UInt8], in range: Range<Int>) {
    guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "{"),
      bytes[range.upperBound - 1] == UInt8(ascii: "}")
    else { return nil }
    let end = range.upperBound - 1
    var i = range.lowerBound + 1
    while i < end {
      let byte = bytes[i]
      if byte.isWhitespace {
        i += 1
        continue
      }
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "#") {
        let name = i + 1
        i = name
        while i < end, Self.isNameByte(bytes[i]) { i += 1 }
        guard i > name else { return nil }
        let text = String(decoding: bytes[name..<i], as: UTF8.self)
        if byte == UInt8(ascii: ".") {
          classes.append(text)
        } else {
          guard identifier == nil else { return nil }
          identifier = text
        }
      } else {
        guard let pair = Self.pair(bytes, from: i, to: end) else { return nil }
        let key = String(decoding: bytes[pair.key], as: UTF8.self)
        if key == "title", title == nil {
          title = pair.value
        } else {
          pairs.append(
            Container.Attribute(
              key: key, value: String(decoding: bytes[pair.value], as: UTF8.self)))
        }
        i = pair.end
      }
      guard i == end || bytes[i].isWhitespace else { return nil }
    }
  }

  private static func pair(
    _ bytes: [UInt8], from start: Int, to end: Int
  ) -> (key: Range<Int>, value: Range<Int>, end: Int)? {
    var i = start
    guard bytes[i].isLetter else { return nil }
    while i < end, isNameByte(bytes[i]) { i += 1 }
    let key = start..<i
    guard i < end, bytes[i] == UInt8(ascii: "=") else { return nil }
    i += 1
    guard i < end else { return nil }
    let quote = bytes[i]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      guard let close = bytes[(i + 1)..<end].firstIndex(of: quote) else { return nil }
      return (key, (i + 1)..<close, close + 1)
    }
    let value = i
    while i < end, !bytes[i].isWhitespace { i += 1 }
    return i > value ? (key, value..<i, i) : nil
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte >= 0x80
  }

  /// A trailing `{#sec-x .unnumbered}` without pairs, and where the text before it ends.
  static func trailing(
    _ bytes: [UInt8], in range: Range<Int>
  ) -> (list: AttributeList, textEnd: Int)? {
    let end = bytes.trimmed(range, \.isWhitespace).upperBound
    guard end - range.lowerBound >= 3, bytes[end - 1] == UInt8(ascii: "}"),
      let start = bytes[range.lowerBound..<end].lastIndex(of: UInt8(ascii: "{")),
      start == range.lowerBound || bytes[start - 1] != UInt8(ascii: "\\")
    else { return nil }
    let textEnd = bytes.trimmed(range.lowerBound..<start, \.isWhitespace).upperBound
    // Pandoc's short form.
    if bytes[start..<end].elementsEqual("{-}".utf8) {
      return (AttributeList(name: unnumbered), textEnd)
    }
    guard let list = AttributeList(bytes, in: start..<end), list.pairs.isEmpty, list.title == nil,
      list.identifier != nil || !list.classes.isEmpty
    else { return nil }
    return (list, textEnd)
  }

  /// The class of a heading that is not counted.
  static let unnumbered = "unnumbered"
}
