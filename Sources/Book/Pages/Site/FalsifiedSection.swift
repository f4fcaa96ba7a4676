import Markup

/// On the claims page: how many of the lies that were put into the book went unnoticed, and which.
struct FalsifiedSection {
  private let report: FalsifyReport
  private let chapters: [ClaimsPage.Chapter]

  init(_ report: FalsifyReport, _ chapters: [ClaimsPage.Chapter]) {
    self.report = report
    self.chapters = chapters.filter { report.chapters[$0.path] != nil }
  }

  var nodes: [Node] {
    let statements = chapters.reduce(FalsifyReport.Rate()) {
      $0 + report.statementRate(of: $1.path)
    }
    let code = chapters.reduce(FalsifyReport.Rate()) { $0 + report.codeRate(of: $1.path) }
    return [
      Node("h2", [("id", "falsified")], .text("What would go unnoticed")),
      Node(
        "p", [],
        .text(
          """
          To see what the checks are worth, lies were put into the book: claims moved just beyond \
          their tolerance or turned, steps altered in sign, factor, sample or relation, and single \
          places of the visible code made wrong, compiled and run. \(Self.sentence(statements, code))
          """)),
      ClaimsPage.scroller(
        Node(
          "table", [("class", "claims-summary")],
          ClaimsPage.head(
            ["Chapter", "Statements noticed", "Code noticed", "Explained", "Measured"],
            numeric: 1..<4), Node("tbody", children: chapters.map(row)))),
    ] + survivors
  }

  private static func sentence(_ statements: FalsifyReport.Rate, _ code: FalsifyReport.Rate)
    -> String
  {
    var text = "Of \(statements.tried) false statements \(statements.noticed) were noticed"
    if code.tried > 0 {
      text += ", of \(code.tried) places in code \(code.noticed)"
      if code.explained > 0 { text += ", and \(code.explained) change nothing that matters" }
    }
    return text + "."
  }

  private func row(_ chapter: ClaimsPage.Chapter) -> Node {
    let statements = report.statementRate(of: chapter.path)
    let code = report.codeRate(of: chapter.path)
    let known = report.chapters[chapter.path]
    let dates = Set([known?.statements?.date, known?.code?.date].compactMap(\.self)).sorted()
    return Node(
      "tr", [],
      Node(
        "td", [], Node("a", [("href", chapter.link.url)], .text(ClaimsPage.name(chapter.link)))),
      ClaimsPage.number("\(statements.noticed) of \(statements.tried)"),
      ClaimsPage.number(code.tried == 0 ? "–" : "\(code.noticed) of \(code.tried)"),
      ClaimsPage.number(code.explained == 0 ? "–" : "\(code.explained)"),
      Node("td", [], .text(dates.joined(separator: ", "))))
  }

  /// By line, so that an author knows where a claim is missing.
  private var survivors: [Node] {
    let items = chapters.flatMap { chapter -> [Node] in
      let unnoticed = report.chapters[chapter.path]?.statements?.unnoticed ?? []
      let places =
        unnoticed.map { ($0.line, $0.change) }
        + report.survivors(of: chapter.path).map { ($0.line, $0.change) }
      return places.sorted { $0 < $1 }.map { line, change in
        Node("li", [], .text("\(ClaimsPage.name(chapter.link)), line \(line): \(change)"))
      }
    }
    guard !items.isEmpty else { return [] }
    return [
      Node(
        "details", [],
        Node("summary", [], .text("The \(items.count) that nothing noticed")),
        Node("ul", children: items))
    ]
  }
}
