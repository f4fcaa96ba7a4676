import Book
import Notation

/// The number of a false claim, replaced in its chapter by the measured one.
struct ClaimCorrection {
  let path: String
  let claim: InlineClaim
  let corrected: String
  /// The whole line before and after.
  let oldLine: String
  let newLine: String

  /// Rewrites the chapters, each in one step.
  ///
  /// Only claims of equality have one right number; a bound that fails is for the author to think
  /// about.
  static func correct(
    _ report: BuildReport, in book: BookFolder
  ) throws(FileFault) -> [ClaimCorrection] {
    var corrections: [ClaimCorrection] = []
    for chapter in report.chapters where !chapter.falseClaims.isEmpty {
      corrections += try correct(chapter.falseClaims, path: chapter.path, in: book)
    }
    return corrections
  }

  private static func correct(
    _ falseClaims: [FalseClaim], path: String, in book: BookFolder
  ) throws(FileFault) -> [ClaimCorrection] {
    let bytes = try book.read(path)
    var edits: [SourceEdits.Edit] = []
    for one in falseClaims {
      guard let text = one.claim.corrected(measured: one.measured), text != one.claim.written else {
        continue
      }
      edits.append(
        .init(
          line: one.claim.writtenPosition.line, column: one.claim.writtenPosition.column,
          old: one.claim.written, new: text))
    }
    let (changed, made) = SourceEdits.apply(edits, to: bytes)
    guard !made.isEmpty else { return [] }
    try FileSystem.write(changed, to: book.locate(path))
    return made.compactMap { edit in
      guard
        let claim = falseClaims.first(where: {
          $0.claim.writtenPosition.line == edit.line
            && $0.claim.writtenPosition.column == edit.column
        })
      else { return nil }
      return ClaimCorrection(
        path: path, claim: claim.claim, corrected: edit.new,
        oldLine: SourceLines.line(edit.line, of: bytes) ?? "",
        newLine: SourceLines.line(edit.line, of: changed) ?? "")
    }
  }

  var json: JSON {
    .sorted([
      "file": .string(path), "line": .integer(claim.writtenPosition.line),
      "column": .integer(claim.writtenPosition.column), "written": .string(claim.written),
      "corrected": .string(corrected),
    ])
  }

  static func text(_ corrections: [ClaimCorrection], style: Style, width: Int) -> String {
    guard !corrections.isEmpty else { return "" }
    var text = ""
    var shown: Set<String> = []
    for one in corrections {
      // Several claims of one line are one difference.
      let place = "\(one.path):\(one.claim.writtenPosition.line)"
      guard shown.insert(place).inserted else { continue }
      let column = one.claim.writtenPosition.column
      let old = SourceExcerpt(one.oldLine, column: column, width: width - 2).text
      let new = SourceExcerpt(one.newLine, column: column, width: width - 2).text
      text += style(.strong, VisibleText.of(place)) + "\n"
      text += style(.removed, "- " + old) + "\n" + style(.added, "+ " + new) + "\n"
    }
    return text + "\n\(Measure.count(corrections.count, "number")) corrected.\n\n"
  }
}
