import Markdown

/// Which numbers in a chapter's prose are bound to something that computes them.
///
/// Prose is paragraphs, lists, quotations, tables and footnotes. A number counts when it stands by
/// itself: not in code, formulas, links, headings or citations; not part of a name (`GPT-2`,
/// `80/10/10` is three numbers, `ViT-B/16` none); not a year; not the number of a chapter, figure or
/// the like.
public struct ClaimCoverage: Sendable, Equatable {
  public struct Number: Sendable, Equatable {
    public var text: String
    public var position: SourcePosition
  }

  /// Claims and values in prose.
  public var checked = 0
  public var unchecked: [Number] = []

  /// The part of the numbers that is checked; 1 where there is none.
  public var share: Double {
    let all = checked + unchecked.count
    return all == 0 ? 1 : Double(checked) / Double(all)
  }

  public init(of chapter: Chapter) {
    for item in chapter.items {
      switch item {
      case .claim, .value: checked += 1
      case .cell, .derivation: break
      }
    }
    var reader = Reader()
    reader.walk(chapter.document)
    unchecked = reader.numbers.sorted { $0.position < $1.position }
  }

  private struct Reader: DocumentVisitor {
    var numbers: [Number] = []

    mutating func visit(_ block: Block) -> Bool {
      isGlued = false
      switch block.kind {
      case .heading: return false
      case .table(let table):
        for cell in table.header + table.rows.flatMap({ $0 }) { walk(cell) }
        return false
      case .container(let container):
        walk(container.blocks)
        return false
      default: return true
      }
    }

    mutating func visit(_ inline: Inline) -> Bool {
      switch inline.kind {
      case .text(let text):
        numbers += ClaimCoverage.numbers(in: text, at: inline.position, isGlued: isGlued)
      case .link, .image: return false
      default: break
      }
      isGlued = ClaimCoverage.endsInWord(inline)
      return true
    }

    /// A formula or code stands right before.
    private var isGlued = false
  }

  /// `$d$-dimensional` and `` `x`2 ``: what follows a formula without a space belongs to it.
  fileprivate static func endsInWord(_ inline: Inline) -> Bool {
    switch inline.kind {
    case .code, .math: true
    default: false
    }
  }

  fileprivate static func numbers(
    in text: String, at position: SourcePosition, isGlued: Bool
  ) -> [Number] {
    let bytes = Array(text.utf8)
    var numbers: [Number] = []
    var index = 0
    while index < bytes.count {
      guard Self.isDigit(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, Self.isDigit(bytes[index]) || Self.continues(bytes, at: index) {
        index += 1
      }
      let isName =
        (start == 0 ? isGlued : Self.isWordByte(bytes, before: start))
        || (index < bytes.count && Self.isWordByte(bytes[index]))
      let number = String(decoding: bytes[start..<index], as: UTF8.self)
      guard !isName, !Self.isYear(number), !Self.isOrdinal(bytes[..<start]) else { continue }
      numbers.append(
        Number(
          text: number,
          position: SourcePosition(line: position.line, column: position.column + start)))
    }
    return numbers
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  /// A point or comma between digits: `10.2`, `65,536`.
  private static func continues(_ bytes: [UInt8], at index: Int) -> Bool {
    (bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","))
      && index + 1 < bytes.count && isDigit(bytes[index + 1])
  }

  /// Letters, and everything outside ASCII that is not punctuation by its look; digits are names
  /// when a letter touches them.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122 || byte == UInt8(ascii: "_")
  }

  /// A letter, or a letter with a hyphen, slash or point: `GPT-2`, `B/16`, `v0.2`.
  private static func isWordByte(_ bytes: [UInt8], before index: Int) -> Bool {
    let last = bytes[index - 1]
    if isWordByte(last) { return true }
    guard index >= 2,
      last == UInt8(ascii: "-") || last == UInt8(ascii: "/") || last == UInt8(ascii: ".")
    else { return false }
    return isWordByte(bytes[index - 2])
  }

  private static func isYear(_ number: String) -> Bool {
    number.utf8.count == 4 && Int(number).map { (1500...2099).contains($0) } ?? false
  }

  private static let counted: Set<String> = [
    "chapter", "chapters", "section", "sections", "figure", "figures", "table", "tables",
    "equation",
    "equations", "theorem", "lemma", "exercise", "page", "pages", "part", "step", "line", "lines",
    "algorithm", "appendix", "footnote", "version", "no.",
  ]

  /// "Figure 3", "in Chapter 2": the number of something, not a measure.
  private static func isOrdinal(_ before: ArraySlice<UInt8>) -> Bool {
    let words = before.split(separator: 32)
    guard before.last == 32, let word = words.last else { return false }
    return counted.contains(String(decoding: word, as: UTF8.self).lowercased())
  }
}
