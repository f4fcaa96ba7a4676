/// A line of SUMMARY.md for a new chapter.
package struct SummaryEntry {
  package let title: String
  package let destination: String

  package init(title: String, destination: String) {
    self.title = title
    self.destination = destination
  }

  /// The file with the entry after its last one, indented and ended as that one is; everything else
  /// stays as it was. Also says the line's number.
  package func added(to summary: [UInt8]) -> (bytes: [UInt8], line: Int) {
    let ending: [UInt8] = summary.contains(13) ? [13, 10] : [10]
    var lines = summary.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    if let last = lines.lastIndex(where: { Self.marker(of: $0) != nil }) {
      let marker = Self.marker(of: lines[last])!
      var entry = marker + Array(text.utf8)
      // The last line of the file may have no ending.
      if last == lines.count - 1 {
        lines[last] += ending.dropLast()
      } else {
        entry += ending.dropLast()
      }
      lines.insert(entry, at: last + 1)
      return (Array(lines.joined(separator: [10])), last + 2)
    }
    var bytes = summary
    if let end = bytes.last, end != 10 { bytes += ending }
    if !bytes.isEmpty { bytes += ending }
    let line = bytes.count { $0 == 10 } + 1
    return (bytes + Array("- \(text)".utf8) + ending, line)
  }

  private var text: String {
    let escaped = title.map { "\\[]*_`<".contains($0) ? "\\\($0)" : String($0) }.joined()
    return "[\(escaped)](\(destination))"
  }

  /// `  - ` of a line that is a link in a bullet list.
  private static func marker(of line: [UInt8]) -> [UInt8]? {
    let indent = line.prefix { $0 == 32 || $0 == 9 }
    var rest = line[indent.endIndex...]
    guard let bullet = rest.popFirst(), "-*+".utf8.contains(bullet) else { return nil }
    let spaces = rest.prefix { $0 == 32 }
    guard !spaces.isEmpty, rest.dropFirst(spaces.count).first == UInt8(ascii: "[") else {
      return nil
    }
    return Array(indent) + [bullet] + spaces
  }
}
