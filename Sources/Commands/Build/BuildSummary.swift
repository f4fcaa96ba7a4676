import Book

/// What a build came to, in a few lines worth reading.
package struct BuildSummary {
  let report: BuildReport
  let style: Style
  let width: Int
  /// `check` leaves the site alone.
  let writesSite: Bool
  /// More rows say nothing more.
  private static let mostRows = 24

  package init(_ report: BuildReport, style: Style, width: Int, writesSite: Bool = true) {
    self.report = report
    self.style = style
    self.width = width
    self.writesSite = writesSite
  }

  package func text() -> String {
    var lines: [String] = []
    let worked = report.chapters.filter {
      !$0.isRecordCached || writesSite && $0.renderSeconds > 0
    }
    if !worked.isEmpty, !report.wasUpToDate {
      if !report.diagnostics.isEmpty { lines.append("") }
      lines += table(of: worked) + [""]
    }
    lines.append(verdict)
    lines += totals.map { "  " + $0 }
    return lines.map { $0 + "\n" }.joined()
  }

  private func table(of chapters: [ChapterReport]) -> [String] {
    var rows = [["", "chapter", "cells", "claims", "steps", "figures", "compile", "run"]]
    if writesSite { rows[0].append("page") }
    for chapter in chapters.prefix(Self.mostRows) {
      var row = [
        chapter.number, VisibleText.of(chapter.slug), Self.count(chapter.cells),
        Self.held(chapter.claimsHeld, of: chapter.claims),
        Self.held(chapter.stepsHeld, of: chapter.steps), Self.count(chapter.figures),
      ]
      if chapter.isRecordCached {
        row += ["kept", "kept"]
      } else {
        row += [chapter.compileSeconds, chapter.runSeconds].map {
          $0 > 0 ? Measure.seconds($0) : "–"
        }
      }
      if writesSite {
        let page = chapter.renderSeconds
        row.append(page > 0 ? Measure.seconds(page) : chapter.isPageCached ? "kept" : "–")
      }
      rows.append(row)
    }
    var lines = TextTable(rows, right: [2, 3, 4, 5, 6, 7, 8]).lines(width: width - 2)
    lines[0] = style(.quiet, lines[0])
    for (index, chapter) in chapters.prefix(Self.mostRows).enumerated()
    where chapter.claimsHeld < chapter.claims || chapter.stepsHeld < chapter.steps {
      lines[index + 1] = style(.error, lines[index + 1])
    }
    if chapters.count > Self.mostRows {
      lines.append(style(.quiet, "and \(chapters.count - Self.mostRows) more"))
    }
    return lines.map { "  " + $0 }
  }

  private static func count(_ number: Int) -> String { number == 0 ? "–" : String(number) }

  private static func held(_ held: Int, of all: Int) -> String {
    all == 0 ? "–" : held == all ? String(all) : "\(held) of \(all)"
  }

  /// `✓ site/index.html` or `✗ 2 errors; the site is as it was`
  private var verdict: String {
    let errors = report.diagnostics.count { $0.severity == .error }
    let warnings = report.diagnostics.count { $0.severity == .warning }
    var counted: [String] = []
    if errors > 0 { counted.append(style(.error, Measure.count(errors, "error"))) }
    if warnings > 0 { counted.append(style(.warning, Measure.count(warnings, "warning"))) }
    let faults = counted.joined(separator: ", ")
    if errors > 0 {
      return style(.error, "✗ ") + faults + (writesSite ? "; the site is as it was" : "")
    }
    let time = style(.quiet, " (\(Measure.seconds(report.seconds)))")
    let good =
      writesSite
      ? report.wasUpToDate ? "Nothing has changed; the site is up to date" : "The site is written"
      : "Everything that is claimed holds"
    return style(.success, "✓ ") + style(.strong, good) + (faults.isEmpty ? "" : ", with \(faults)")
      + time
  }

  /// Broken between counts where the terminal is narrow.
  private var totals: [String] {
    func sum(_ field: (ChapterReport) -> Int) -> Int {
      report.chapters.reduce(0) { $0 + field($1) }
    }
    var parts = [Measure.count(report.chapters.count, "chapter")]
    let cells = sum(\.cells)
    let claims = sum(\.claims)
    let steps = sum(\.steps)
    let figures = sum(\.figures)
    if cells > 0 { parts.append(Measure.count(cells, "cell")) }
    if claims > 0 { parts.append(Self.holding(sum(\.claimsHeld), of: claims, "claim")) }
    if steps > 0 { parts.append(Self.holding(sum(\.stepsHeld), of: steps, "derivation step")) }
    if figures > 0 { parts.append(Measure.count(figures, "figure")) }
    let kept = report.chapters.count { $0.isRecordCached && $0.cells + $0.claims + $0.steps > 0 }
    if kept > 0, !report.wasUpToDate {
      parts.append("\(kept) did not need to run")
    }
    return parts.dropFirst().reduce(into: [parts[0]]) { lines, part in
      let longer = "\(lines[lines.count - 1]) · \(part)"
      if DisplayWidth.of(longer) + 2 > width {
        lines.append(part)
      } else {
        lines[lines.count - 1] = longer
      }
    }
  }

  private static func holding(_ held: Int, of all: Int, _ what: String) -> String {
    held == all
      ? "\(Measure.count(all, what)) \(all == 1 ? "holds" : "hold")"
      : "\(held) of \(Measure.count(all, what)) hold"
  }
}
