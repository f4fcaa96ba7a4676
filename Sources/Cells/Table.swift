import Transcript

/// Rows of numbers and words under their columns' names.
///
/// ```swift
/// show(Table(columns: ["N", "bound"], rows: [[2, 0.69], [16, 2.77]]))
/// ```
public struct Table {
  let event: Event.Table

  /// Numbers are written by `format` with three digits; pass `format(x, digits: 5)` for more.
  /// Columns that hold only numbers are set flush right.
  public init(
    columns: [String], rows: [[any ProseValue]], file: StaticString = #file, line: UInt = #line
  ) {
    for (index, row) in rows.enumerated() where row.count != columns.count {
      fatalError(
        "Table: row \(index) has \(row.count) cells under \(columns.count) columns", file: file,
        line: line)
    }
    event = Event.Table(
      columns: columns, rows: rows.map { $0.map(\.prose) },
      numeric: columns.indices.map { column in
        !rows.isEmpty
          && rows.allSatisfy { row in
            row[column] is any RealValue || Self.isWrittenNumber(row[column].prose)
          }
      })
  }

  /// A number that `format` wrote already.
  private static func isWrittenNumber(_ text: String) -> Bool {
    guard text.utf8.contains(where: { (48...57).contains($0) }) else { return false }
    return text.unicodeScalars.allSatisfy {
      "0123456789.−-+ ×%⁰¹²³⁴⁵⁶⁷⁸⁹⁻".unicodeScalars.contains($0)
    }
  }
}
