/// All texts of a file in one CommonMark document for cmark, with a map back to the file.
///
/// Each text becomes a paragraph or heading of its own, so that cmark's inline parser and its
/// link references see what they would have seen. Additions are cut out and stand there as
/// `⟦n⟧`, where the brackets are a private-use character that the file does not contain.
/// Lines after the first are indented by four columns, so that none of them can begin a block.
/// Of a lazy continuation line cmark keeps the leading white space, which a code span or a title
/// shows; a text with such a line is quoted, so that the line is lazy here, too.
struct InlineBatch {
  enum Shape {
    case paragraph
    case heading(level: Int, isSetext: Bool)
    /// A cell, caption or title: one line that may begin with anything.
    case line
    /// A paragraph that begins with link reference definitions, for the sake of these.
    case definitions
    /// The info string of a fence, whose entities and escapes cmark resolves.
    case info
  }

  struct Leaf {
    /// Line of the document (from 1) on which cmark reports the block.
    var line: Int
    /// Offset in the document of the first text line behind link definitions.
    var textStart: Int
    var isQuoted: Bool
    var hasAdditions: Bool
  }

  struct Placed {
    var kind: Inline.Kind
    var position: SourcePosition
    /// Behind it, where the text goes on.
    var end: SourcePosition
    var source: String
  }

  /// `document[from...]` came from the file's `source...` on `line`, up to the next piece.
  struct Piece {
    var from: Int
    var source: Int
    var line: Int
    var isLazy = false
  }

  let source: SourceText
  let footnotes: [String: SourcePosition]
  let definedLabels: Set<[UInt8]>
  /// The private-use character around a placeholder's number, in UTF-8; nil if none is free.
  let marker: [UInt8]?

  /// Begins with an empty line, since cmark takes a U+FEFF off the first.
  private(set) var document: [UInt8] = [0x0A]
  private(set) var leaves: [Leaf] = []
  private(set) var pieces: [Piece] = []
  private(set) var placed: [Placed] = []
  private(set) var faults: [MarkdownFault] = []
  /// Footnotes in order of reference: by the footnote that the reference stands in ("" for none).
  private(set) var footnoteReferences: [String: [String]] = [:]
  private var lineCount = 1

  private var text: [UInt8] = []
  private var textPieces: [Piece] = []
  private var isQuoted = false

  init(
    source: SourceText, definedLabels: Set<[UInt8]> = [],
    footnotes: [String: SourcePosition] = [:]
  ) {
    self.source = source
    self.definedLabels = definedLabels
    self.footnotes = footnotes
    marker = Self.freeMarker(in: source.bytes)
    document.reserveCapacity(source.bytes.count * 5 / 4 + 64)
  }

  /// The first private-use character that does not occur in the file.
  private static func freeMarker(in bytes: [UInt8]) -> [UInt8]? {
    var used: Set<[UInt8]> = []
    bytes.withUnsafeBufferPointer { bytes in
      var i = 0
      while i + 2 < bytes.count {
        if bytes[i] == 0xEE || bytes[i] == 0xEF { used.insert(Array(bytes[i..<(i + 3)])) }
        i += 1
      }
    }
    for lead in [0xEE, 0xEF] as [UInt8] {
      for middle in 0x80...(lead == 0xEE ? 0xBF : 0xA3) as ClosedRange<UInt8> {
        for last in 0x80...0xBF as ClosedRange<UInt8> where !used.contains([lead, middle, last]) {
          return [lead, middle, last]
        }
      }
    }
    return nil
  }

  // MARK: Collecting a text

  mutating func begin() {
    text.removeAll(keepingCapacity: true)
    textPieces.removeAll(keepingCapacity: true)
    isQuoted = false
  }

  /// Appends bytes of one line of the file; NUL becomes U+FFFD, as CommonMark says.
  mutating func append(_ range: Range<Int>, line: Int, isLazy: Bool = false) {
    if isLazy { isQuoted = isQuoted || range.first.map { source.bytes[$0].isSpaceOrTab } ?? false }
    textPieces.append(
      Piece(from: text.count, source: range.lowerBound, line: line, isLazy: isLazy))
    guard source.hasNUL else {
      text.append(contentsOf: source.bytes[range])
      return
    }
    for index in range {
      guard source.bytes[index] == 0 else {
        text.append(source.bytes[index])
        continue
      }
      text.append(contentsOf: [0xEF, 0xBF, 0xBD])
      textPieces.append(Piece(from: text.count, source: index + 1, line: line))
    }
  }

  mutating func append(separator byte: UInt8) { text.append(byte) }

  // MARK: Adding it to the document

  /// Adds what was collected and returns the number of the leaf.
  mutating func finish(
    _ shape: Shape, definitionLines: Int = 0, footnote: String = ""
  ) -> Int {
    let start = document.count
    let line = lineCount + 1
    if isQuoted { write(Self.quote) }
    switch shape {
    case .paragraph, .definitions: break
    case .heading(let level, let isSetext):
      if !isSetext { write(Array(repeating: UInt8(ascii: "#"), count: level) + [0x20]) }
    case .line: write(Array("# ".utf8))
    case .info: write(Array("~~~ ".utf8))
    }
    let additions = shape.isText ? scan(definitionLines: definitionLines, footnote: footnote) : []
    var from = 0
    for addition in additions {
      copy(from..<addition.range.lowerBound)
      write(placeholder(for: addition))
      from = addition.range.upperBound
    }
    copy(from..<text.count)
    switch shape {
    case .paragraph, .definitions: write([0x0A, 0x0A])
    case .heading(_, isSetext: false), .line: write(Array(" #\n\n".utf8))
    case .heading(let level, _):
      write([0x0A] + (isQuoted ? Self.quote : []))
      write(Array(level == 1 ? "===\n\n".utf8 : "---\n\n".utf8))
    case .info: write(Array("\n~~~\n\n".utf8))
    }
    leaves.append(
      Leaf(
        line: line, textStart: textStart(from: start, after: definitionLines), isQuoted: isQuoted,
        hasAdditions: !additions.isEmpty))
    return leaves.count - 1
  }

  /// What stands before a quoted text's lines; cmark's columns count it on every line.
  static let quote = Array("> ".utf8)
  private static let indent = Array("    ".utf8)

  /// Where cmark's column 1 is behind a text's definitions.
  private func textStart(from start: Int, after lines: Int) -> Int {
    var (offset, left) = (start, lines)
    while left > 0, let newline = document[offset...].firstIndex(of: 0x0A) {
      offset = textStart(after: newline, isQuoted: isQuoted)
      left -= 1
    }
    return lines > 0 && isQuoted ? offset - Self.quote.count : offset
  }

  /// Where the text begins on the line after a line break, behind the indent.
  func textStart(after newline: Int, isQuoted: Bool) -> Int {
    guard isQuoted else { return newline + 1 + Self.indent.count }
    let isLazy = newline + 1 >= document.count || document[newline + 1] != Self.quote[0]
    return newline + 1 + (isLazy ? 0 : Self.quote.count + Self.indent.count)
  }

  private mutating func write(_ bytes: [UInt8]) {
    for byte in bytes where byte == 0x0A { lineCount += 1 }
    document.append(contentsOf: bytes)
  }

  private mutating func copy(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var index = Self.piece(in: textPieces, at: range.lowerBound) ?? 0
    var from = range.lowerBound
    while from < range.upperBound {
      let piece = textPieces[index]
      let nextStart = index + 1 < textPieces.count ? textPieces[index + 1].from : text.count
      let end = min(nextStart, range.upperBound)
      pieces.append(
        Piece(from: document.count, source: piece.source + from - piece.from, line: piece.line))
      if end > from, text[end - 1] == 0x0A {
        document.append(contentsOf: text[from..<end])
        lineCount += 1
        let isLazy = index + 1 < textPieces.count && textPieces[index + 1].isLazy
        if isQuoted, !isLazy { document.append(contentsOf: Self.quote) }
        if !isQuoted || !isLazy { document.append(contentsOf: Self.indent) }
      } else {
        document.append(contentsOf: text[from..<end])
      }
      from = end
      index += 1
    }
  }

  // MARK: Additions

  private mutating func scan(
    definitionLines: Int, footnote: String
  ) -> [InlineScanner.Addition] {
    guard marker != nil, text.contains(where: InlineScanner.isTrigger) else { return [] }
    var start = 0
    for _ in 0..<definitionLines {
      start = (text[start...].firstIndex(of: 0x0A) ?? text.count - 1) + 1
    }
    let known = footnotes
    var scanner = InlineScanner(
      text, footnotes: { known[$0] != nil }, definedLabels: definedLabels)
    scanner.scan(from: start)
    for (label, offset) in scanner.undefinedFootnotes {
      faults.append(MarkdownFault(.undefinedFootnote(label: label), at: position(ofText: offset)))
    }
    for addition in scanner.additions {
      if case .footnoteReference(let label) = addition.kind {
        footnoteReferences[footnote, default: []].append(label)
      }
    }
    return scanner.additions
  }

  private mutating func placeholder(for addition: InlineScanner.Addition) -> [UInt8] {
    let marker = marker ?? []
    let number = placed.count
    placed.append(
      Placed(
        kind: addition.kind, position: position(ofText: addition.range.lowerBound),
        end: end(ofText: addition.range.upperBound),
        source: String(decoding: text[addition.range], as: UTF8.self)))
    return marker + Array(String(number).utf8) + marker
  }

  private func position(ofText offset: Int) -> SourcePosition {
    position(of: offset, in: textPieces)
  }

  /// The place behind the character that ends at `offset`.
  private func end(ofText offset: Int) -> SourcePosition {
    var position = position(ofText: offset - 1)
    position.column += 1
    return position
  }

  /// The place in the file of an offset of the document.
  func position(of offset: Int) -> SourcePosition { position(of: offset, in: pieces) }

  private func position(of offset: Int, in pieces: [Piece]) -> SourcePosition {
    guard let index = Self.piece(in: pieces, at: offset) else { return source.origin }
    let piece = pieces[index]
    let end = source.lineEnds[piece.line]
    return source.position(line: piece.line, offset: min(piece.source + offset - piece.from, end))
  }

  /// The last piece that begins at or before `offset`.
  private static func piece(in pieces: [Piece], at offset: Int) -> Int? {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].from <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}

extension InlineBatch.Shape {
  fileprivate var isText: Bool {
    switch self {
    case .definitions, .info: false
    case .paragraph, .heading, .line: true
    }
  }
}
