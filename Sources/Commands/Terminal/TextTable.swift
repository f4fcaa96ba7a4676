/// Columns of text, two spaces apart.
package struct TextTable {
  private let rows: [[String]]
  /// Columns set flush right.
  private let right: Set<Int>

  package init(_ rows: [[String]], right: Set<Int> = []) {
    self.rows = rows
    self.right = right
  }

  /// The widest left-aligned column is cut when a line would be longer than `width`.
  package func lines(width: Int) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    var widths = (0..<count).map { column in
      rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
    }
    let total = widths.reduce(0, +) + 2 * max(0, widths.count { $0 > 0 } - 1)
    if total > width,
      let widest = (0..<count).filter({ !right.contains($0) }).max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] = max(8, widths[widest] - (total - width))
    }
    return rows.map { row in
      let cells = row.enumerated().filter { widths[$0.offset] > 0 }.map { column, text in
        DisplayWidth.padded(
          DisplayWidth.cut(text, to: widths[column]), to: widths[column],
          right: right.contains(column))
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
