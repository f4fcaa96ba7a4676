import Book

/// What lies were told, and which of them nothing noticed.
package struct FalsifySummary {
  private let style: Style
  private let width: Int
  private var rows: [[String]] = []
  private var statements = FalsifyReport.Rate()
  private var code = FalsifyReport.Rate()
  private var refused = 0
  /// The lies that went unnoticed: an error in a statement, a warning in code.
  package var diagnostics: [Diagnostic] = []

  init(_ stream: TerminalStream) { self.init(style: stream.style, width: stream.width) }

  package init(style: Style, width: Int) {
    self.style = style
    self.width = width
  }

  /// - Parameter chapters: each with the key of its program as it is now.
  package mutating func add(
    _ report: FalsifyReport, chapters: [(name: String, path: String, key: String)]
  ) {
    for (name, path, key) in chapters {
      let rates = (report.statementRate(of: path), report.codeRate(of: path))
      let mutants = report.chapters[path]?.code
      let isCurrent = mutants?.key == key
      let lost = mutants?.mutants.count { $0.verdict == .refused } ?? 0
      statements = statements + rates.0
      code = code + rates.1
      refused += lost
      rows.append([
        VisibleText.of(name), Self.words(rates.0), Self.words(rates.1),
        lost > 0 ? String(lost) : "–",
        mutants.map { isCurrent ? $0.date : "\($0.date), before a change" } ?? "–",
      ])
      diagnostics += (report.chapters[path]?.statements?.unnoticed ?? []).map {
        FalsifyFault.statementUnnoticed(change: $0.change).diagnostic(
          file: path, line: $0.line, column: $0.column)
      }
      // Of an earlier program neither the lines nor the results are those of today.
      guard isCurrent else { continue }
      diagnostics += report.survivors(of: path).map {
        FalsifyFault.mutantSurvived(change: $0.change, identity: $0.identity).diagnostic(
          .warning, file: path, line: $0.line, column: $0.column)
      }
    }
  }

  package func text(
    sourceLine: @escaping (_ file: String, _ line: Int) -> String?
  ) -> String {
    let printer = DiagnosticPrinter(style: style, width: width, sourceLine: sourceLine)
    var text = diagnostics.map { printer.text($0) }.joined()
    if !rows.isEmpty {
      let heading = ["chapter", "statements", "code", "refused", "code measured"]
      var lines = TextTable([heading] + rows, right: [1, 2, 3]).lines(width: width - 2)
      lines[0] = style(.quiet, lines[0])
      text += (text.isEmpty ? "" : "\n") + lines.map { "  \($0)\n" }.joined() + "\n"
    }
    text += verdict("in statements", statements) + "\n"
    if code.tried + refused > 0 {
      text += verdict("in code", code) + "\n"
      if refused > 0 {
        let words = refused == 1 ? "did not compile and does" : "did not compile and do"
        text += "  \(Measure.count(refused, "mutant")) more \(words) not count\n"
      }
    }
    return text
  }

  private static func words(_ rate: FalsifyReport.Rate) -> String {
    rate.tried == 0
      ? "–"
      : rate.unnoticed == 0
        ? String(rate.tried) : "\(rate.tried - rate.unnoticed) of \(rate.tried)"
  }

  /// `✓ 214 lies in statements: all noticed`
  private func verdict(_ place: String, _ rate: FalsifyReport.Rate) -> String {
    let all = rate.unnoticed == 0
    let percent = (rate.share * 1000).rounded(.down) / 10
    let explained = rate.explained == 0 ? "" : ", \(rate.explained) explained as equivalent"
    let count =
      all && explained.isEmpty
      ? "all noticed" : "\(rate.noticed) noticed\(explained) (\(percent) %)"
    return style(all ? .success : .warning, all ? "✓ " : "! ")
      + style(.strong, "\(Measure.count(rate.tried, "lie")) \(place)") + ": \(count)"
  }
}
