/// The bytes of a file and where its lines begin and end.
package struct SourceText {
  package let bytes: [UInt8]
  /// Offset of each line's first byte; the first line begins after a byte-order mark.
  package private(set) var lineStarts: [Int] = []
  /// Offset after each line's last byte, before LF, CR LF or CR.
  package private(set) var lineEnds: [Int] = []
  private(set) var hasNUL = false
  /// Where each line begins in the file, if the text was taken from one.
  private let origins: [SourcePosition]

  package init(_ bytes: [UInt8], origins: [SourcePosition] = []) {
    self.bytes = bytes
    self.origins = origins
    let count = bytes.count
    lineStarts.reserveCapacity(count / 32)
    lineEnds.reserveCapacity(count / 32)
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var i = start
    while i < count {
      let byte = bytes[i]
      if byte > 0x0D {
        i += 1
      } else if byte == 0x0A || byte == 0x0D {
        lineStarts.append(start)
        lineEnds.append(i)
        if byte == 0x0D, i + 1 < count, bytes[i + 1] == 0x0A { i += 1 }
        i += 1
        start = i
      } else {
        if byte == 0 { hasNUL = true }
        i += 1
      }
    }
    if start < count {
      lineStarts.append(start)
      lineEnds.append(count)
    }
  }

  package var lineCount: Int { lineStarts.count }

  /// Where the text begins.
  var origin: SourcePosition { origins.first ?? SourcePosition(line: 1, column: 1) }

  /// The place of a byte of line `line` (from 0).
  package func position(line: Int, offset: Int) -> SourcePosition {
    let column = offset - lineStarts[line] + 1
    guard line < origins.count else { return SourcePosition(line: line + 1, column: column) }
    return SourcePosition(line: origins[line].line, column: origins[line].column + column - 1)
  }

  /// The first byte that is not part of well-formed UTF-8.
  static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}

extension [UInt8] {
  /// A range of these bytes without the white space around it.
  func trimmed(_ range: Range<Int>, _ isSpace: (UInt8) -> Bool = \.isSpaceOrTab) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while end > start, isSpace(self[end - 1]) { end -= 1 }
    while start < end, isSpace(self[start]) { start += 1 }
    return start..<end
  }
}

/// Character classes of ASCII as CommonMark defines them.
extension UInt8 {
  init(ascii character: Unicode.Scalar) { self = UInt8(truncatingIfNeeded: character.value) }

  var isSpaceOrTab: Bool { self == 0x20 || self == 0x09 }
  /// Space, tab, LF, VT, FF or CR.
  var isWhitespace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  var isLetterOrDigit: Bool { isDigit || isLetter }
  var isPunctuation: Bool {
    (self >= 0x21 && self <= 0x2F) || (self >= 0x3A && self <= 0x40)
      || (self >= 0x5B && self <= 0x60) || (self >= 0x7B && self <= 0x7E)
  }
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
