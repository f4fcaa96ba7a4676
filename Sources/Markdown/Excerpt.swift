/// A text made of stretches of a file's lines and of other bytes, and the way back to the file.
struct Excerpt {
  struct Piece {
    var offset: Int
    /// What it shows of the file, or stands for.
    var range: Range<Int>
    var line: Int
  }

  var bytes: [UInt8] = []
  private(set) var pieces: [Piece] = []

  mutating func reserve(bytes count: Int, pieces pieceCount: Int) {
    bytes.reserveCapacity(count)
    pieces.reserveCapacity(pieceCount)
  }

  mutating func append(_ range: Range<Int>, of source: SourceText, line: Int) {
    append(standingFor: range, line: line)
    source.bytes.withUnsafeBufferPointer {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
    }
  }

  /// The bytes that follow stand for a stretch of the file.
  mutating func append(standingFor range: Range<Int>, line: Int) {
    pieces.append(Piece(offset: bytes.count, range: range, line: line))
  }

  /// The last piece that begins at a byte of the text or before it.
  func piece(at offset: Int) -> Int {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].offset <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The file's byte for a byte of the text.
  func origin(of offset: Int) -> Int { origin(of: offset, in: pieces[piece(at: offset)]) }

  func origin(of offset: Int, in piece: Piece) -> Int {
    min(piece.range.lowerBound + max(0, offset - piece.offset), piece.range.upperBound)
  }

  /// The place of a byte of the file in the text, or of the first one behind it.
  func offset(ofOrigin origin: Int) -> Int {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].range.upperBound < origin { low = middle + 1 } else { high = middle }
    }
    guard low < pieces.count else { return bytes.count }
    return pieces[low].offset + max(0, origin - pieces[low].range.lowerBound)
  }
}
