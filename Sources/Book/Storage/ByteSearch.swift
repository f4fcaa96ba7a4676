extension ArraySlice<UInt8> {
  /// Where `text` stands first.
  func range(of text: StaticString) -> Range<Int>? {
    let length = text.utf8CodeUnitCount
    guard count >= length else { return nil }
    let start = withUnsafeBufferPointer { bytes in
      (0...bytes.count - length).first { start in
        var matched = 0
        while matched < length, bytes[start + matched] == text.utf8Start[matched] { matched += 1 }
        return matched == length
      }
    }
    return start.map { startIndex + $0..<startIndex + $0 + length }
  }

  /// Where `text` stands last.
  func lastRange(of text: StaticString) -> Range<Int>? {
    var last: Range<Int>?
    var rest = self
    while let found = rest.range(of: text) {
      last = found
      rest = rest[found.upperBound...]
    }
    return last
  }

  /// How often `text` stands in it.
  func count(of text: StaticString) -> Int {
    var rest = self
    var count = 0
    while let found = rest.range(of: text) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
