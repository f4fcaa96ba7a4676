/// Where a formula in a line may break.
///
/// KaTeX sets a formula as a row of boxes and lets a line break behind every relation and operator,
/// also inside parentheses, and before the comma that follows. Here a parenthesis stays together as
/// long as it is narrow, so does a short formula, and punctuation stays with the last box.
package struct FormulaBreaks {
  /// KaTeX's output with the boxes that belong together in spans that do not break.
  package private(set) var html: String

  /// What fits on the narrowest telephone, in characters.
  private static let widest = 28
  private static let shortFormula = 12
  private static let opening = #"<span class="unbroken">"#

  /// - Parameter opensSpan: whether the last boxes stand in a span that is left open, for the
  ///   punctuation that follows and its `</span>`.
  package init(_ source: String, opensSpan: Bool = false) {
    let bytes = Array(source.utf8)
    let isDisplay = source.hasPrefix(#"<span class="katex-display">"#)
    let end = String(repeating: "</span>", count: isDisplay ? 3 : 2)
    let starts = Self.boxes(of: bytes)
    // KaTeX's style puts a `\tag` that is not inside a box at the margin.
    guard starts.count > 1, source.hasSuffix(end), !source.contains(#"<span class="tag">"#) else {
      html = opensSpan ? Self.opening + source : source
      return
    }
    let ends = starts.dropFirst() + [bytes.count - end.utf8.count]
    let groups = Self.groups(zip(starts, ends).map { bytes[$0..<$1] })
    if opensSpan, groups.count == 1, groups[0].isWhole {
      html = Self.opening + source
      return
    }
    html = String(decoding: bytes[..<starts[0]], as: UTF8.self)
    for group in opensSpan ? groups.dropLast() : groups[...] {
      html +=
        group.count > 1 && group.isWhole
        ? Self.opening + group.text + "</span>" : group.text
    }
    html += end
    if opensSpan, let last = groups.last {
      let tail = #"<span class="katex"><span class="katex-html" aria-hidden="true">"#
      html += Self.opening + tail + last.text + "</span></span>"
    }
  }

  private struct Group {
    var text: String
    var count: Int
    var width: Int
    var isWhole: Bool { width <= FormulaBreaks.widest }
  }

  private static func boxes(of bytes: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var rest = bytes[...]
    while let found = rest.range(of: #"<span class="base">"#) {
      starts.append(found.lowerBound)
      rest = rest[found.upperBound...]
    }
    return starts
  }

  private static func groups(_ pieces: [ArraySlice<UInt8>]) -> [Group] {
    let widths = pieces.map(visibleCharacters)
    let isShort = widths.reduce(0, +) <= shortFormula
    var groups: [Group] = []
    var start = 0
    var depth = 0
    for (index, piece) in pieces.enumerated() {
      depth += opened(in: piece)
      let isLast = index == pieces.count - 1
      guard isLast || (depth <= 0 && !isShort) else { continue }
      let width = widths[start...index].reduce(0, +)
      if width <= widest {
        let text = pieces[start...index].map { String(decoding: $0, as: UTF8.self) }.joined()
        groups.append(Group(text: text, count: index - start + 1, width: width))
      } else {
        groups += (start...index).map {
          Group(text: String(decoding: pieces[$0], as: UTF8.self), count: 1, width: widths[$0])
        }
      }
      start = index + 1
      depth = 0
    }
    return groups
  }

  /// How many parentheses open, less those that close. One with an exponent is a delimiter inside
  /// another span of the same class.
  private static func opened(in piece: ArraySlice<UInt8>) -> Int {
    piece.count(of: #"class="mopen"#) - piece.count(of: #"class="mopen"><span class="mopen"#)
      - piece.count(of: #"class="mclose"#) + piece.count(of: #"class="mclose"><span class="mclose"#)
  }

  private static func visibleCharacters(_ piece: ArraySlice<UInt8>) -> Int {
    var count = 0
    var isTag = false
    for byte in piece {
      if byte == UInt8(ascii: "<") { isTag = true }
      if !isTag, byte & 0xC0 != 0x80 { count += 1 }
      if byte == UInt8(ascii: ">") { isTag = false }
    }
    return count
  }
}
