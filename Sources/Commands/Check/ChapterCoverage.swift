import Book
import Notation

/// The numbers of one chapter that nothing checks, as a list.
struct ChapterCoverage {
  let path: String
  let coverage: ClaimCoverage
  let loose: [LooseClaim]
  private let source: SourceLines

  init(chapter: Chapter, loose: [LooseClaim], source: SourceLines) {
    path = chapter.path
    coverage = ClaimCoverage(of: chapter)
    self.loose = loose
    self.source = source
  }

  var json: JSON {
    let unchecked = coverage.unchecked.map { number in
      JSON.sorted([
        "line": .integer(number.position.line), "column": .integer(number.position.column),
        "text": .string(number.text),
      ])
    }
    let loose = loose.map { claim in
      JSON.sorted([
        "line": .integer(claim.line), "statement": .string(claim.statement),
        "measured": JSON(claim.measured), "reason": .string(claim.reason.rawValue),
      ])
    }
    return .sorted([
      "path": .string(path), "checked": .integer(coverage.checked),
      "unchecked": .array(unchecked), "loose": .array(loose),
    ])
  }

  func text(style: Style, width: Int) -> String {
    let all = coverage.checked + coverage.unchecked.count
    let percent = Int((coverage.share * 100).rounded(.down))
    let heading =
      all == 0
      ? "no number in its prose"
      : "\(coverage.checked) of \(Measure.count(all, "number")) in prose checked (\(percent) %)"
    var text = "\(style(.strong, VisibleText.of(path) + ":")) \(heading)\n"
    func place(_ number: ClaimCoverage.Number) -> String {
      "\(number.position.line):\(number.position.column)"
    }
    let gutter = (coverage.unchecked.map { place($0).count }.max() ?? 0) + 2
    for number in coverage.unchecked {
      let line = DisplayWidth.padded(place(number), to: gutter, right: true)
      let (words, caret) = excerpt(number, style, width - gutter - 3)
      text += style(.quiet, "\(line) │ ") + words + "\n"
      if let caret {
        let blank = String(repeating: " ", count: gutter)
        text +=
          style(.quiet, "\(blank) │ ") + String(repeating: " ", count: caret)
          + style(.caret, String(repeating: "^", count: number.text.count)) + "\n"
      }
    }
    text += looseText(style)
    return text + (coverage.unchecked.isEmpty && loose.isEmpty ? "" : "\n")
  }

  private func looseText(_ style: Style) -> String {
    guard !loose.isEmpty else { return "" }
    var text =
      "\(Measure.count(loose.count, "claim")) hardly \(loose.count == 1 ? "constrains" : "constrain"):\n"
    for claim in loose {
      let reason =
        switch claim.reason {
        case .wideTolerance: "the tolerance is more than a tenth of the number"
        case .farBound: "it is \(NumberText.of(claim.measured))"
        }
      let line = DisplayWidth.padded("\(claim.line)", to: 5, right: true)
      text += style(.quiet, "\(line) │ ") + VisibleText.of(claim.statement)
      text += style(.quiet, "  (\(reason))") + "\n"
    }
    return text
  }

  /// The number with some words around it, and the column below which it stands.
  private func excerpt(
    _ number: ClaimCoverage.Number, _ style: Style, _ width: Int
  ) -> (text: String, caret: Int?) {
    let position = number.position
    guard let line = source.line(path, position.line) else { return (number.text, nil) }
    let offset = min(max(0, position.column - 1), line.utf8.count)
    let split = line.utf8.index(line.startIndex, offsetBy: offset)
    let before = VisibleText.of(String(line[..<split]))
    let after = String(line[split...])
    // Entities and escapes shift columns; then the line is shown as it is.
    guard after.hasPrefix(number.text) else {
      return (DisplayWidth.cut(VisibleText.of(line), to: width), nil)
    }
    let room = max(10, min(width / 2, width - number.text.count - 20))
    let start = DisplayWidth.end(of: before, in: room)
    let rest = VisibleText.of(String(after.dropFirst(number.text.count)))
    let left = width - DisplayWidth.of(start) - number.text.count
    return (
      start + style(.warning, number.text) + DisplayWidth.cut(rest, to: max(1, left)),
      DisplayWidth.of(start)
    )
  }
}
