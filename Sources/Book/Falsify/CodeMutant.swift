import Markdown

/// One place of a cell made wrong. Compiled and run, it shows whether anything in the chapter
/// notices.
package struct CodeMutant: Sendable, Equatable {
  package enum Kind: String, CaseIterable, Sendable, Codable {
    case arithmetic, comparison, logic, range, integer, float, sign, boolean, bound, arguments
    case statement, function, negation
  }

  package var kind: Kind
  /// The cell's number among the chapter's items.
  package var item: Int
  /// The bytes of the cell's source that are replaced.
  package var range: Range<Int>
  package var replacement: String
  package var position: SourcePosition
  /// In words: `+` → `-`.
  package var change: String
  /// The same as long as the cell's source is: what is known of a mutant is kept under it.
  package var identity: String

  /// All of a chapter's visible cells, in document order.
  package static func candidates(in chapter: Chapter) -> [CodeMutant] {
    var mutants: [CodeMutant] = []
    for (item, entry) in chapter.items.enumerated() {
      guard case .cell(let cell) = entry, cell.isRun, !cell.expectsError, cell.echo != .hide
      else { continue }
      var finder = MutantFinder(cell, item: item)
      mutants += finder.find()
    }
    return mutants
  }

  /// The source of a cell with this change.
  package func applied(to source: String) -> String {
    var bytes = Array(source.utf8)
    bytes.replaceSubrange(range, with: replacement.utf8)
    return String(decoding: bytes, as: UTF8.self)
  }

  package func applied(to chapter: Chapter) -> Chapter {
    var chapter = chapter
    guard case .cell(var cell) = chapter.items[item] else { return chapter }
    cell.source = applied(to: cell.source)
    chapter.items[item] = .cell(cell)
    return chapter
  }
}
