import Book
import Notation

/// The number of a claim, replaced in its chapter by the measured one.
struct CorrectedLine {
  let path: String
  let correction: ClaimCorrection
  /// The whole line before and after.
  let oldLine: String
  let newLine: String

  /// Rewrites the chapters, each in one step.
  ///
  /// Only claims of equality have one right number; a bound that fails is for the author to think
  /// about.
  static func correct(
    _ report: BuildReport, in book: BookFolder
  ) throws(FileFault) -> [CorrectedLine] {
    var lines: [CorrectedLine] = []
    for chapter in report.chapters where !chapter.corrections.isEmpty {
      lines += try correct(chapter.corrections, path: chapter.path, in: book)
    }
    return lines
  }

  private static func correct(
    _ corrections: [ClaimCorrection], path: String, in book: BookFolder
  ) throws(FileFault) -> [CorrectedLine] {
    let bytes = try book.read(path)
    let edits = corrections.map {
      SourceEdits.Edit(
        line: $0.position.line, column: $0.position.column, old: $0.written, new: $0.corrected)
    }
    let (changed, made) = SourceEdits.apply(edits, to: bytes)
    guard !made.isEmpty else { return [] }
    try FileSystem.write(changed, to: book.locate(path))
    return corrections.filter { correction in
      made.contains {
        $0.line == correction.position.line && $0.column == correction.position.column
      }
    }.map { correction in
      CorrectedLine(
        path: path, correction: correction,
        oldLine: SourceLines.line(correction.position.line, of: bytes) ?? "",
        newLine: SourceLines.line(correction.position.line, of: changed) ?? "")
    }
  }

  var json: JSON {
    .sorted([
      "file": .string(path), "line": .integer(correction.position.line),
      "column": .integer(correction.position.column), "written": .string(correction.written),
      "corrected": .string(correction.corrected),
    ])
  }

  static func text(_ lines: [CorrectedLine], style: Style) -> String {
    guard !lines.isEmpty else { return "" }
    var text = ""
    var shown: Set<String> = []
    for one in lines {
      // Several claims of one line are one difference.
      let place = "\(one.path):\(one.correction.position.line)"
      guard shown.insert(place).inserted else { continue }
      let (old, new) = (VisibleText.of(one.oldLine), VisibleText.of(one.newLine))
      text += style(.strong, VisibleText.of(place)) + "\n"
      text += style(.removed, "- " + old) + "\n" + style(.added, "+ " + new) + "\n"
    }
    return text + "\n\(Measure.count(lines.count, "number")) corrected.\n\n"
  }
}
