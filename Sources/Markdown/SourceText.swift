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

  /// The first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7).
  static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      let count = bytes.count
      var i = 0
      while i < count {
        let lead = bytes[i]
        if lead < 0x80 {
          i += 1
          continue
        }
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, high) = (4, 0x8F)
        default: return i
        }
        guard i + length <= count, bytes[i + 1] >= low, bytes[i + 1] <= high else { return i }
        var k = i + 2
        while k < i + length {
          guard bytes[k] & 0xC0 == 0x80 else { return i }
          k += 1
        }
        i += length
      }
      return nil
    }
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
