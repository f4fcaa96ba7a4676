import Glibc

/// Parse, mask, parse: cmark's tree of a file with everything masked that is not CommonMark.
///
/// What is masked follows from what cmark sees as text, and what cmark sees from what is masked. So
/// the two are found in turns, until both agree: as a rule cmark reads a file twice. What a round
/// takes back, because cmark saw no text there, is masked no more after a few rounds.
struct Masking {
  let map: BlockMap
  let mask: Mask
  let faults: [MarkdownFault]

  private static let patience = 5
  private static let limit = 24

  init(_ source: SourceText, phrases: [Excerpt] = []) {
    let marker = Self.freeMarker(in: source.bytes)
    let (firstMask, bullet) = Self.firstMask(source, phrases: phrases)
    var mask = firstMask
    var rejected: Set<Int> = []
    var round = 1
    while true {
      let map = BlockMap(MaskedText(source, mask, marker: marker ?? [], bullet: bullet), mask)
      var builder = MaskBuilder(map, previous: mask, rejected: rejected)
      if marker != nil {
        for phrase in phrases { _ = builder.addPhrase(phrase, in: nil) }
        builder.build()
      } else {
        builder.faults.append(MarkdownFault(.noPlaceholderLeft, at: source.origin))
      }
      if marker == nil || round == Self.limit || builder.mask.firstDifference(from: mask) == nil {
        mask.footnotes = builder.mask.footnotes
        self.map = map
        self.mask = mask
        faults = builder.faults + Self.unsettled(map, mask, builder, rejected)
        return
      }
      if round >= Self.patience {
        let kept = Set(builder.mask.claims.map(\.range.lowerBound))
        rejected.formUnion(mask.claims.map(\.range.lowerBound).filter { !kept.contains($0) })
      }
      mask = builder.mask
      round += 1
    }
  }

  /// What was given up for lack of agreement stays text, but not in silence.
  private static func unsettled(
    _ map: BlockMap, _ mask: Mask, _ builder: MaskBuilder, _ rejected: Set<Int>
  ) -> [MarkdownFault] {
    var builder = builder
    if !rejected.isEmpty {
      builder = MaskBuilder(map, previous: mask, rejected: [])
      builder.build()
    }
    guard let claim = builder.mask.firstDifference(from: mask) else { return [] }
    let position = map.text.source.position(line: claim.line, offset: claim.range.lowerBound)
    return [MarkdownFault(.unsettled, at: position)]
  }

  /// The footnotes, without which cmark takes `[^a]: b` for a link definition: every `[^a]:` that
  /// nothing but the prefixes of containers precede. And the marker of the item that a footnote
  /// becomes: one that no list of the file has, so that it stays apart from lists beside it.
  private static func firstMask(
    _ source: SourceText, phrases: [Excerpt]
  ) -> (mask: Mask, bullet: [UInt8]) {
    var mask = Mask()
    mask.phrases = phrases.map { Mask.Phrase(text: $0) }
    var used: Set<UInt8> = []
    for line in 0..<(phrases.isEmpty ? source.lineCount : 0) {
      let end = source.lineEnds[line]
      var start = source.lineStarts[line]
      while start < end {
        let byte = source.bytes[start]
        if byte.isSpaceOrTab || byte.isDigit || byte == UInt8(ascii: ">") {
          start += 1
        } else if byte == UInt8(ascii: "["),
          let (label, range) = MaskBuilder.footnote(source, at: start, to: end)
        {
          mask.body.append(mask.claims.count)
          mask.claims.append(
            Mask.Claim(
              range: range, line: line,
              kind: .footnote(label: label, isEmpty: range.upperBound == end)))
          start = range.upperBound
        } else if "-+*.)".utf8.contains(byte) {
          used.insert(byte)
          start += 1
        } else {
          break
        }
      }
    }
    let free = ["+   ", "*   ", "1)  ", "-   ", "1.  "].first {
      !used.contains(Array($0.utf8)[$0.first == "1" ? 1 : 0])
    }
    return (mask, Array((free ?? "+   ").utf8))
  }

  /// The first private-use character that does not occur in the file, in UTF-8.
  private static func freeMarker(in bytes: [UInt8]) -> [UInt8]? {
    var used: Set<Unicode.Scalar> = []
    let mayBeUsed = bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { start in
        [0xEE, 0xEF].contains { memchr(start, $0, bytes.count) != nil }
      } ?? false
    }
    if mayBeUsed {
      used.formUnion(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }
    return (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar($0 as UInt32) }
      .first { !used.contains($0) }.map { Array(String($0).utf8) }
  }
}
