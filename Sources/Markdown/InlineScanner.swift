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

  var additions: [Addition] = []
  /// `[^label]` that no definition answers.
  var undefinedFootnotes: [(label: String, offset: Int)] = []

  struct Bracket {
    var position: Int
    var isImage: Bool
    var additionCount: Int
    var isActive = true
  }
  var brackets: [Bracket] = []
  /// From here on no run of that many backticks follows: what earlier searches found.
  private var backticksEnd: [Int: Int] = [:]
  private var noCommentEndFrom = Int.max
  /// From here on no such formula ends, by the byte that opens it.
  var unclosedFormulaFrom: [UInt8: Int] = [:]

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
  mutating func codeSpanEnd(from start: Int) -> Int? {
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

  func runEnd(of byte: UInt8, from start: Int) -> Int {
    var i = start
    while i < text.count, text[i] == byte { i += 1 }
    return i
  }

  mutating func htmlEnd(from start: Int) -> Int? {
    let isOpenEnded =
      start + 1 < text.count
      && (text[start + 1] == UInt8(ascii: "!") || text[start + 1] == UInt8(ascii: "?"))
    if isOpenEnded, start >= noCommentEndFrom { return nil }
    let end = HTMLScanner.inlineEnd(text, from: start)
    if end == nil, isOpenEnded { noCommentEndFrom = start }
    return end
  }

  mutating func add(_ kind: Inline.Kind, _ range: Range<Int>) {
    additions.append(Addition(range: range, kind: kind))
  }

  func string(_ range: Range<Int>) -> String {
    String(decoding: text[range], as: UTF8.self)
  }
}
