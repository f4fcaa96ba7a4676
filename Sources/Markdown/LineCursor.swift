/// A place in a line, and its column: a tab reaches the next multiple of four.
struct LineCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  let end: Int
  private(set) var offset: Int
  private(set) var column = 0
  private(set) var isTabPartlyUsed = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  var byte: UInt8 { offset < end ? bytes[offset] : 0x0A }

  /// The first byte that is neither space nor tab, and how many columns it is away.
  var nonspace: (offset: Int, indent: Int) {
    var (place, reached) = (offset, column)
    while place < end, bytes[place].isSpaceOrTab {
      reached += bytes[place] == 0x09 ? 4 - reached % 4 : 1
      place += 1
    }
    return (place, reached - column)
  }

  mutating func advance(columns count: Int) {
    var left = count
    while left > 0, offset < end {
      let width = bytes[offset] == 0x09 ? 4 - column % 4 : 1
      isTabPartlyUsed = width > left
      column += min(width, left)
      left -= width
      if !isTabPartlyUsed { offset += 1 }
    }
  }

  /// Advances over so many columns of white space, if there are as many; deep lists need this not to
  /// look at the whole indent for each item.
  mutating func skipIndent(_ columns: Int) -> Bool {
    var behind = self
    for _ in 0..<columns {
      guard behind.byte.isSpaceOrTab else { return false }
      behind.advance(columns: 1)
    }
    self = behind
    return true
  }

  mutating func advance(to place: Int) {
    while offset < place { advance(columns: bytes[offset] == 0x09 ? 4 - column % 4 : 1) }
  }
}
