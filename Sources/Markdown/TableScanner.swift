/// Cells of GitHub's pipe tables.
enum TableScanner {
  /// `| --- | :-: |`; at least one pipe, so that a setext underline stays one.
  static func alignments(_ bytes: [UInt8], in range: Range<Int>) -> [Table.Alignment]? {
    var hasPipe = false
    for byte in bytes[range] {
      switch byte {
      case UInt8(ascii: "|"): hasPipe = true
      case UInt8(ascii: "-"), UInt8(ascii: ":"), 0x20, 0x09: break
      default: return nil
      }
    }
    guard hasPipe else { return nil }
    var alignments: [Table.Alignment] = []
    for cell in cells(bytes, in: range) {
      guard !cell.isEmpty else { return nil }
      let isLeft = bytes[cell.lowerBound] == UInt8(ascii: ":")
      let isRight = bytes[cell.upperBound - 1] == UInt8(ascii: ":")
      let first = cell.lowerBound + (isLeft ? 1 : 0)
      let dashes = first..<max(first, cell.upperBound - (isRight ? 1 : 0))
      guard !dashes.isEmpty, bytes[dashes].allSatisfy({ $0 == UInt8(ascii: "-") }) else {
        return nil
      }
      alignments.append(isLeft ? (isRight ? .center : .left) : (isRight ? .right : .none))
    }
    return alignments.isEmpty ? nil : alignments
  }

  /// The trimmed cells of a row. A pipe splits unless it is escaped or inside a formula.
  static func cells(_ bytes: [UInt8], in range: Range<Int>) -> [Range<Int>] {
    let row = bytes.trimmed(range)
    var start = row.lowerBound
    let end = row.upperBound
    if start < end, bytes[start] == UInt8(ascii: "|") { start += 1 }
    var cells: [Range<Int>] = []
    var i = start
    while i < end {
      switch bytes[i] {
      case UInt8(ascii: "\\"): i += 2
      case UInt8(ascii: "|"):
        cells.append(bytes.trimmed(start..<i))
        i += 1
        start = i
      case UInt8(ascii: "$"):
        i = formulaEnd(bytes, from: i, to: end) ?? i + 1
      default: i += 1
      }
    }
    if start < end { cells.append(bytes.trimmed(start..<end)) }
    return cells
  }

  /// The end of `$…$` in a row. Between letters, as in `|$HOME|$PATH|`, a dollar opens nothing.
  static func formulaEnd(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start == 0 || !bytes[start - 1].isLetterOrDigit,
      let close = InlineScanner.dollarEnd(bytes, from: start, to: end),
      close >= end || !bytes[close].isLetterOrDigit
    else { return nil }
    return close
  }
}
