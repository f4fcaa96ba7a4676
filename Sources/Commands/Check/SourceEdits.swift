/// Replacements in a file's bytes; nothing else in the file changes.
package struct SourceEdits {
  package struct Edit: Equatable {
    /// 1-based; the column in bytes.
    package var line: Int
    package var column: Int
    package var old: String
    package var new: String

    package init(line: Int, column: Int, old: String, new: String) {
      self.line = line
      self.column = column
      self.old = old
      self.new = new
    }
  }

  /// - Returns: the changed bytes and the edits that were made. One whose place does not hold its
  ///   old text any more is left out.
  package static func apply(_ edits: [Edit], to bytes: [UInt8]) -> (bytes: [UInt8], made: [Edit]) {
    let starts = lineStarts(of: bytes)
    var result = bytes
    var made: [Edit] = []
    // From the end, so that the places of the others stay right.
    for edit in edits.sorted(by: { ($0.line, $0.column) > ($1.line, $1.column) }) {
      guard edit.line >= 1, edit.line <= starts.count else { continue }
      let start = starts[edit.line - 1] + edit.column - 1
      let end = start + edit.old.utf8.count
      guard start >= 0, end <= bytes.count, bytes[start..<end].elementsEqual(edit.old.utf8) else {
        continue
      }
      result.replaceSubrange(start..<end, with: edit.new.utf8)
      made.append(edit)
    }
    return (result, made.reversed())
  }

  /// Lines end in LF, CR LF or CR; a byte-order mark belongs to no column.
  private static func lineStarts(of bytes: [UInt8]) -> [Int] {
    var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    for (index, byte) in bytes.enumerated() {
      let isEnd = byte == 10 || byte == 13 && (index + 1 == bytes.count || bytes[index + 1] != 10)
      if isEnd { starts.append(index + 1) }
    }
    return starts
  }
}
