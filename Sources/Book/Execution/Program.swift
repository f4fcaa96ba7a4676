import Markdown

/// The Swift source made from one chapter.
public struct Program: Sendable, Equatable {
  /// With `#sourceLocation` before everything that is the chapter's own.
  public var source: String
  /// The same without any position: what the keys are made from, so that moving a cell by editing
  /// the prose above it runs nothing again. One part per item, and what surrounds them.
  public var parts: [Part]
  /// Which of the source's own lines belong to what; the smallest range counts.
  package var generated: [Generated]

  package struct Generated: Sendable, Equatable {
    var lines: Range<Int>
    var item: Int
    var part: Int
  }

  public struct Part: Sendable, Equatable {
    /// nil for what stands before the first item.
    public var item: Int?
    public var text: String
  }
}

/// Where the chapter's own code stands in its file, to translate what the compiler and the program
/// say about lines, also when the chapter has been edited since it was compiled.
package struct ChapterMap: Sendable, Equatable {
  /// A cell's code, or one expression.
  package struct Region: Sendable, Equatable {
    var item: Int
    /// The step of a derivation; −1, −2, … for its samples.
    var part: Int
    var origin: SourcePosition
    var lineCount: Int
    /// A cell's lines were compiled without the indentation of the list they may stand in.
    var isCell: Bool
  }

  /// A place that moves with its item: lines and columns from the region's origin.
  package struct Place: Sendable, Equatable {
    var item: Int
    var part: Int
    var line: Int
    var column: Int
  }

  var regions: [Region] = []

  init(regions: [Region]) { self.regions = regions }

  package init(_ chapter: Chapter) {
    for (index, item) in chapter.items.enumerated() {
      func add(_ part: Int, _ origin: SourcePosition, lines: Int = 1, isCell: Bool = false) {
        regions.append(
          Region(item: index, part: part, origin: origin, lineCount: lines, isCell: isCell))
      }
      switch item {
      case .cell(let cell):
        let newlines = cell.source.utf8.reduce(into: 0) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
        // With the closing fence, where the compiler misses what the code leaves open.
        add(0, cell.sourcePosition, lines: newlines + 1, isCell: true)
      case .value(let value): add(0, value.expressionPosition)
      case .claim(let claim): add(0, claim.expressionPosition)
      case .derivation(let derivation):
        for (index, sample) in derivation.samples.enumerated() { add(-1 - index, sample.position) }
        for (index, step) in derivation.steps.enumerated() { add(index, step.expressionPosition) }
      }
    }
  }

  /// The place of a compiled position: the column of a cell counts from its code, that of an
  /// expression from its line. Column 0 means the whole line.
  package func place(line: Int, column: Int = 0) -> Place? {
    let candidates = regions.filter { ($0.origin.line..<$0.origin.line + $0.lineCount) ~= line }
    guard
      let region = candidates.last(where: { $0.isCell || $0.origin.column <= max(1, column) })
        ?? candidates.first
    else { return nil }
    let start = region.isCell ? 1 : region.origin.column
    return Place(
      item: region.item, part: region.part, line: line - region.origin.line,
      column: column == 0 ? -1 : max(0, column - start))
  }

  package func position(of place: Place) -> SourcePosition {
    guard let region = regions.first(where: { $0.item == place.item && $0.part == place.part })
    else { return SourcePosition(line: 0, column: 0) }
    return SourcePosition(
      line: region.origin.line + place.line,
      column: place.column < 0 ? 0 : region.origin.column + place.column)
  }
}
