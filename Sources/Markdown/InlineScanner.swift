/// Finds the book's inline additions in one text, from left to right: formulas, citations, cross
/// references and footnote references. What cmark found of code, tags, addresses and links is
/// given as regions, where none can begin; in a link's text only formulas can.
struct InlineScanner {
  struct Addition {
    var range: Range<Int>
    var kind: Inline.Kind
    /// What a formula hides.
    var hidden: [Mask.Region] = []
  }

  let text: [UInt8]
  /// In the order of their beginnings.
  let regions: [Mask.Region]
  /// Footnotes that are defined; a reference to another is text.
  let footnotes: [String: SourcePosition]

  private(set) var additions: [Addition] = []
  /// `[^label]` that no definition answers.
  private(set) var undefinedFootnotes: [(label: String, offset: Int)] = []
  /// The first region that does not begin before the byte being read.
  private(set) var next = 0
  private var linkEnd = 0
  /// Groups in braces that formulas may hold; see `braceEnds(of:)`.
  lazy var braceEnds = text.contains(UInt8(ascii: "{")) ? Self.braceEnds(of: text) : [:]
  /// From here on no formula ends with `\)`.
  var unclosedFormulaFrom = Int.max

  init(_ text: [UInt8], regions: [Mask.Region], footnotes: [String: SourcePosition]) {
    self.text = text
    self.regions = regions
    self.footnotes = footnotes
  }

  /// Bytes that can begin an addition.
  static func isTrigger(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "$") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "\\")
      || byte == UInt8(ascii: "^")
  }

  mutating func scan() {
    var i = 0
    while i < text.count {
      if next < regions.count, regions[next].range.lowerBound <= i, let end = regionEnd(at: i) {
        i = end
        continue
      }
      switch text[i] {
      case UInt8(ascii: "\\"): i = backslash(at: i)
      case UInt8(ascii: "$"): i = dollar(at: i)
      case UInt8(ascii: "["): i = bracket(at: i)
      case UInt8(ascii: "@"): i = isInLink(i) ? i + 1 : reference(at: i)
      default: i = nextStart(after: i)
      }
    }
  }

  /// Where the next addition or region can begin.
  private func nextStart(after offset: Int) -> Int {
    let end = next < regions.count ? regions[next].range.lowerBound : text.count
    return text.withUnsafeBufferPointer { text in
      var i = offset + 1
      while i < end, text[i] != UInt8(ascii: "\\"), text[i] != UInt8(ascii: "$"),
        text[i] != UInt8(ascii: "["), text[i] != UInt8(ascii: "@")
      {
        i += 1
      }
      return i
    }
  }

  private func isInLink(_ offset: Int) -> Bool { offset < linkEnd }

  /// The end of code or the like that begins here.
  private mutating func regionEnd(at offset: Int) -> Int? {
    var index = next
    let found = region(at: offset, &index)
    for region in regions[next..<index] where region.kind == .link {
      linkEnd = max(linkEnd, region.range.upperBound)
    }
    next = index
    return found?.range.upperBound
  }

  /// Code or the like that begins at a byte; `index` goes along to the regions behind it.
  func region(at offset: Int, _ index: inout Int) -> Mask.Region? {
    while index < regions.count, regions[index].range.lowerBound <= offset {
      let region = regions[index]
      index += 1
      if region.kind != .link, region.range.lowerBound == offset, !region.range.isEmpty {
        return region
      }
    }
    return nil
  }

  private mutating func bracket(at start: Int) -> Int {
    guard start + 1 < text.count, !isInLink(start) else { return start + 1 }
    if text[start + 1] != UInt8(ascii: "^"), let (citation, end) = citation(at: start) {
      add(.citation(citation), start..<end)
      return end
    }
    guard text[start + 1] == UInt8(ascii: "^"),
      let labelEnd = Self.footnoteLabelEnd(text, from: start, to: text.count)
    else { return start + 1 }
    let label = string((start + 2)..<labelEnd)
    guard footnotes[label] != nil else {
      undefinedFootnotes.append((label, start))
      return start + 1
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

  mutating func add(_ kind: Inline.Kind, _ range: Range<Int>) {
    var hidden: [Mask.Region] = []
    if case .math = kind {
      hidden += regions[next...].prefix { $0.range.lowerBound < range.upperBound }.filter {
        $0.range.upperBound <= range.upperBound && !$0.range.isEmpty
      }
    }
    additions.append(Addition(range: range, kind: kind, hidden: hidden))
  }

  func string(_ range: Range<Int>) -> String { String(text: text[range]) }
}

extension String {
  /// NUL becomes U+FFFD, as CommonMark says.
  init(text: ArraySlice<UInt8>) {
    self.init(decoding: text, as: UTF8.self)
    if text.contains(0) { self = String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) }
  }
}
