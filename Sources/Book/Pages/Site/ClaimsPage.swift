import Markup

/// `claims.html`: every claim and every step of a derivation, with what was measured.
public enum ClaimsPage {
  public static let path = "claims.html"

  public struct Chapter: Sendable {
    public var path: String
    public var link: PageLink
    public var rows: [ClaimRow]
    /// Names that mean something else in this chapter than elsewhere.
    public var redeclared: [Redeclaration]
    /// Numerals in its prose that nothing checks.
    public var uncheckedNumbers: Int

    public init(
      path: String, link: PageLink, rows: [ClaimRow], redeclared: [Redeclaration] = [],
      uncheckedNumbers: Int
    ) {
      self.path = path
      self.link = link
      self.rows = rows
      self.redeclared = redeclared
      self.uncheckedNumbers = uncheckedNumbers
    }
  }

  package static func page(
    _ chapters: [Chapter], falsified: FalsifyReport? = nil, facts: BookFacts, assets: PageAssets
  ) -> [UInt8] {
    let all = chapters.flatMap(\.rows)
    let steps = all.count { $0.isStep }
    var body: [Node] = [
      Node("header", [("class", "chapter-title")], Node("h1", [], .text("Claims"))),
      Node(
        "p", [],
        .text(
          """
          A claim is a number in a sentence, bound to the Swift expression that gives it, or a \
          condition that a program states. Everything below was computed when this book was \
          built, and had one entry been wrong there would be no book: \
          \(counted(all.count - steps, "claim")) and \(counted(steps, "step")) of derivations.
          """)),
    ]
    if !chapters.isEmpty {
      body.append(summary(chapters))
      body.append(Node("p", [("class", "claims-key")], .text(key)))
    }
    if let falsified { body += FalsifiedSection(falsified, chapters).nodes }
    for (index, chapter) in chapters.enumerated() where !chapter.rows.isEmpty {
      body += section(chapter, anchor: "chapter-\(index + 1)")
    }
    return PageTemplate.page(
      .init(
        kind: .claims, facts: facts, assets: assets, path: path, title: "Claims",
        description: "Every claim of \(facts.title), with what was measured."),
      body: body)
  }

  /// How to read the tables.
  private static let key = """
    Coverage is the share of the numbers in a chapter’s sentences that are bound to a program. In \
    the tables that follow, a line is one of the chapter’s source and leads to its place in the \
    text. Measured is the value of the expression, stated is what the sentence says, and used is \
    the part of the tolerance that lies between the two. A step of a derivation is measured on \
    its left side and stated on its right, for several examples; the one nearest to failing is \
    shown.
    """

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  static func name(_ link: PageLink) -> String {
    link.number.isEmpty ? link.title : "\(link.number)\u{2002}\(link.title)"
  }

  /// How much of each chapter's numbers is checked.
  private static func summary(_ chapters: [Chapter]) -> Node {
    let rows = chapters.enumerated().map { index, chapter in
      let steps = chapter.rows.count { $0.isStep }
      let claims = chapter.rows.count - steps
      let numbers = claims + chapter.uncheckedNumbers
      let share = numbers == 0 ? 1 : Double(claims) / Double(numbers)
      let percent = "\(Int((share * 100).rounded())) %"
      let title = Node(
        "a", [("href", chapter.rows.isEmpty ? chapter.link.url : "#chapter-\(index + 1)")],
        .text(name(chapter.link)))
      return Node(
        "tr", [], Node("td", [], title), number("\(claims)"), number("\(steps)"),
        number("\(chapter.uncheckedNumbers)"),
        Node(
          "td", [("class", "numeric")],
          Node(
            "span", [("class", "meter"), ("aria-hidden", "true")],
            Node("span", [("style", "width:\(Int((share * 100).rounded()))%")])),
          .text(" " + percent)))
    }
    return scroller(
      Node(
        "table", [("class", "claims-summary")],
        head(["Chapter", "Claims", "Steps", "Numbers unchecked", "Coverage"], numeric: 1..<4),
        Node("tbody", children: rows)))
  }

  private static func section(_ chapter: Chapter, anchor: String) -> [Node] {
    let rows = chapter.rows.map { row in
      Node(
        "tr", row.held ? [] : [("class", "failed")],
        Node(
          "td", [],
          Node("a", [("href", chapter.link.url + "#" + row.anchor)], .text("line\u{A0}\(row.line)"))
        ),
        measurement(row),
        Node(
          "td", [],
          Node(
            "span", [("class", "mark")], .text(row.held ? "✓" : "✗"),
            Node("span", [("class", "visually-hidden")], .text(row.held ? "holds" : "fails")))))
    }
    return [
      Node(
        "h2", [("id", anchor)], Node("a", [("href", chapter.link.url)], .text(name(chapter.link)))),
      redeclarations(chapter),
      scroller(
        Node(
          "table", [("class", "claims-table")],
          head(
            ["Place", "Expression", "Measured", "Stated", "Tolerance", "Used", "Holds"],
            numeric: 2..<6), Node("tbody", children: rows))),
    ]
  }

  /// The reader must know where `exp` is not what everybody calls so.
  private static func redeclarations(_ chapter: Chapter) -> Node {
    guard !chapter.redeclared.isEmpty else { return .fragment([]) }
    var nodes: [Node] = [.text("In this chapter these names mean something of its own: ")]
    for (index, one) in chapter.redeclared.enumerated() {
      if index > 0 { nodes.append(.text(", ")) }
      nodes += [Node("code", [], .text(one.name)), .text(" (line \(one.line))")]
    }
    return Node("p", [("class", "claims-key")], children: nodes + [.text(".")])
  }

  /// A condition in words has no numbers, so the words take their place.
  private static func measurement(_ row: ClaimRow) -> Node {
    if row.measured.isEmpty && row.stated.isEmpty {
      return Node("td", [("colspan", "5")], .text(row.statement))
    }
    return .fragment([
      Node("td", [], Node("code", [], .text(row.statement))),
      number(row.measured), number(row.stated), number(row.tolerance),
      number(row.used.map(percent) ?? ""),
    ])
  }

  /// How much of the tolerance was needed.
  private static func percent(_ share: Double) -> String {
    if share == 0 { return "0 %" }
    return share < 0.01 ? "< 1 %" : "\(Int(min(share, 1e6) * 100 + 0.5)) %"
  }

  static func head(_ names: [String], numeric: Range<Int>) -> Node {
    Node(
      "thead", [],
      Node(
        "tr",
        children: names.enumerated().map { index, name in
          Node(
            "th",
            [("scope", "col")] + (numeric.contains(index) ? [("class", "align-right")] : []),
            .text(name))
        }))
  }

  static func number(_ text: String) -> Node {
    Node("td", [("class", "align-right numeric")], .text(text))
  }

  static func scroller(_ table: Node) -> Node {
    Node("div", [("class", "table-scroll")], table)
  }
}
