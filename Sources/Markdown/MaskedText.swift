import Glibc

/// The text that cmark reads: the file with every claim of a mask replaced by a token `⟦n⟧`, where
/// the brackets are a private-use character that the file does not contain.
///
/// A line of a formula, a table or a `:::` block becomes a heading: it interrupts a paragraph, stays
/// in its container and ends nothing of the author's. A footnote becomes an item of a list. So the
/// lines remain the file's lines. Phrases stand in headings of their own before the first line,
/// where no fence can swallow them and the file's link definitions hold.
final class MaskedText {
  let source: SourceText
  let phraseCount: Int
  let marker: [UInt8]
  /// Lives as long as this object.
  let bytes: UnsafeBufferPointer<UInt8>
  let lineStarts: [Int]
  private let text: Excerpt
  /// The first piece of each line.
  private let linePieces: [Int]

  init(_ source: SourceText, _ mask: Mask, marker: [UInt8], bullet: [UInt8]) {
    self.source = source
    self.marker = marker
    phraseCount = mask.phrases.count
    var writer = MaskWriter(source: source, mask: mask, marker: marker, bullet: bullet)
    writer.write()
    text = writer.text
    lineStarts = writer.lineStarts
    linePieces = writer.linePieces
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.bytes.count)
    _ = copy.initialize(fromContentsOf: text.bytes)
    bytes = UnsafeBufferPointer(copy)
  }

  deinit { bytes.deallocate() }

  var lineCount: Int { lineStarts.count - 1 }

  /// Before the line break.
  func lineEnd(_ line: Int) -> Int { lineStarts[line + 1] - 1 }

  /// The file's line, from 0, of a line of this text behind the phrases.
  func sourceLine(_ line: Int) -> Int { line - phraseCount - 1 }

  /// The file's byte, and its line, for a byte of this text.
  func origin(of offset: Int) -> (offset: Int, line: Int) {
    guard !text.pieces.isEmpty else { return (0, 0) }
    let piece = text.pieces[text.piece(at: offset)]
    return (text.origin(of: offset, in: piece), piece.line)
  }

  /// The file's byte for a byte of a line.
  func origin(of offset: Int, line: Int) -> Int {
    var index = linePieces[line]
    while index + 1 < text.pieces.count, text.pieces[index + 1].offset <= offset { index += 1 }
    return text.origin(of: offset, in: text.pieces[index])
  }

  func position(of offset: Int) -> SourcePosition {
    let (place, line) = origin(of: offset)
    return source.position(line: line, offset: place)
  }

  /// The next token in a text.
  func token(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (range: Range<Int>, number: Int)? {
    guard let lead = marker.first else { return nil }
    var i = start
    while i + 6 < text.count, let found = memchr(text.baseAddress! + i, Int32(lead), text.count - i)
    {
      i = UnsafeRawPointer(found) - UnsafeRawPointer(text.baseAddress!)
      guard i + 6 < text.count, text[i + 1] == marker[1], text[i + 2] == marker[2] else {
        i += 1
        continue
      }
      var number = 0
      var end = i + 3
      while end < text.count, text[end].isDigit {
        number = number * 10 + Int(text[end] - 0x30)
        end += 1
      }
      return (i..<(end + 3), number)
    }
    return nil
  }

  /// The token that a heading consists of.
  func token(of node: CMarkNode) -> Int? {
    guard let text = node.firstChild?.literal, let (range, number) = token(in: text, from: 0),
      range == 0..<text.count
    else { return nil }
    return number
  }
}
