/// Writes a masked text.
struct MaskWriter {
  let source: SourceText
  let mask: Mask
  let marker: [UInt8]
  let bullet: [UInt8]
  private(set) var text = Excerpt()
  private(set) var lineStarts: [Int] = []
  private(set) var linePieces: [Int] = []

  init(source: SourceText, mask: Mask, marker: [UInt8], bullet: [UInt8]) {
    self.source = source
    self.mask = mask
    self.marker = marker
    self.bullet = bullet
  }

  mutating func write() {
    text.reserve(
      bytes: source.bytes.count + source.bytes.count / 8 + 64,
      pieces: source.lineCount + 2 * mask.claims.count)
    lineStarts.reserveCapacity(source.lineCount + mask.phrases.count + 2)
    linePieces.reserveCapacity(source.lineCount + mask.phrases.count + 2)
    beginLine()
    text.bytes.append(0x0A)
    for phrase in mask.phrases { write(phrase) }
    var claims = mask.body[...]
    for line in 0..<source.lineCount {
      beginLine()
      let range = source.lineStarts[line]..<source.lineEnds[line]
      copy(range, line: line, without: &claims)
      text.bytes.append(0x0A)
    }
    lineStarts.append(text.bytes.count)
  }

  private mutating func write(_ phrase: Mask.Phrase) {
    beginLine()
    text.bytes += [UInt8(ascii: "#"), 0x20]
    var claims = phrase.claims[...]
    var (end, line) = (0, phrase.text.pieces.first?.line)
    for piece in phrase.text.pieces {
      if piece.line != line { text.bytes.append(0x20) }
      line = piece.line
      // A claim may reach over the line's end.
      let start = max(end, piece.range.lowerBound)
      guard start <= piece.range.upperBound else { continue }
      end = copy(start..<piece.range.upperBound, line: piece.line, without: &claims)
    }
    text.bytes += [0x20, UInt8(ascii: "#"), 0x0A]
  }

  private mutating func beginLine() {
    lineStarts.append(text.bytes.count)
    linePieces.append(text.pieces.count)
  }

  /// Copies bytes of one line with tokens for the claims among them, and returns where it ended.
  @discardableResult
  private mutating func copy(
    _ range: Range<Int>, line: Int, without claims: inout ArraySlice<Int>
  ) -> Int {
    var from = range.lowerBound
    while let number = claims.first, range.contains(mask.claims[number].range.lowerBound) {
      copy(from..<mask.claims[number].range.lowerBound, line: line)
      write(token: number, line: line)
      from = mask.claims[number].range.upperBound
      claims.removeFirst()
    }
    if from <= range.upperBound { copy(from..<range.upperBound, line: line) }
    return from
  }

  /// NUL becomes U+FFFD, as CommonMark says.
  private mutating func copy(_ range: Range<Int>, line: Int) {
    var from = range.lowerBound
    if source.hasNUL {
      for index in range where source.bytes[index] == 0 {
        text.append(from..<index, of: source, line: line)
        text.bytes += "\u{FFFD}".utf8
        from = index + 1
      }
    }
    text.append(from..<range.upperBound, of: source, line: line)
  }

  private mutating func write(token number: Int, line: Int) {
    let claim = mask.claims[number]
    text.append(standingFor: claim.range, line: line)
    if claim.isFootnote { text.bytes += bullet }
    if claim.isHeading { text.bytes += [UInt8(ascii: "#"), 0x20] }
    if claim.isHeading || !claim.isFootnote {
      text.bytes += marker
      text.bytes += String(number).utf8
      text.bytes += marker
    }
  }
}
