import Markdown
import Markup
import Notation
import Transcript

/// Claims: the number as written, with a quiet mark that opens what was measured.
extension ArticleRenderer {
  func renderClaim(_ claim: InlineClaim, item index: Int) -> Node {
    guard let result = claimsOfItem[index]?.first, let numbers = result.numbers else {
      return Node("span", [("class", "claimed")], .text(claim.written))
    }
    let printed = claim.printed(measured: numbers.measured)
    let number = Node("span", [("class", "claimed")], .text(printed))
    let anchor = "claim-\(index)"
    let row = ClaimRow(
      anchor: anchor, line: claim.position.line, statement: claim.expression, isStep: false,
      stated: "\(claim.relation.rawValue) \(claim.written)",
      measured: numbers.measured.text, tolerance: Self.toleranceText(claim),
      used: numbers.toleranceUsed, held: result.held)
    found.claims.append(row)
    if found.isInsideLink { return number }
    let panel = "evidence-\(index)"
    // A tolerance that the author chose is part of what the sentence says.
    let tolerance =
      claim.writtenTolerance.isEmpty
      ? [] : [Node("span", [("class", "tolerance")], .text(" " + claim.writtenTolerance))]
    return Node(
      "span", [("class", result.held ? "claim" : "claim failed"), ("id", anchor)],
      children: [number] + tolerance + [
        Node(
          "button",
          [
            ("type", "button"), ("class", "mark"), ("popovertarget", panel),
            ("aria-label", "Evidence for \(claim.relation.isEquality ? printed : row.stated)"),
          ], .text(result.held ? "✓" : "✗")),
        evidence(panel, row),
      ])
  }

  /// A popover opens without scripts, and closes by Escape or a click elsewhere.
  private func evidence(_ identifier: String, _ row: ClaimRow) -> Node {
    var lines = [Self.line("expression", Node("code", [], .text(row.statement)))]
    lines.append(Self.line("measured", .text(row.measured)))
    if !row.stated.isEmpty { lines.append(Self.line("in the text", .text(row.stated))) }
    if !row.tolerance.isEmpty {
      let used = row.used.map { ", \(Self.percent($0)) of it used" } ?? ""
      lines.append(Self.line("tolerance", .text(row.tolerance + used)))
    }
    return Node(
      "span",
      [
        ("class", "evidence"), ("popover", "auto"), ("id", identifier), ("role", "group"),
        ("aria-label", "Evidence"),
      ],
      Node(
        "span", [("class", "verdict")],
        .text(row.held ? "Checked when the book was built" : "This does not hold")),
      Node("span", [("class", "facts")], children: lines))
  }

  static func line(_ name: String, _ value: Node) -> Node {
    Node(
      "span", [("class", "fact")], Node("span", [("class", "fact-name")], .text(name)), .text(" "),
      Node("span", [("class", "fact-value")], value))
  }

  static func percent(_ share: Double) -> String {
    if share > 0 && share < 0.01 { return "under 1 %" }
    return "\(Int(min(share, 1e6) * 100 + 0.5)) %"
  }

  /// The sentence around a bound says "at least" or "below", and a bound has no tolerance.
  private static func toleranceText(_ claim: InlineClaim) -> String {
    claim.relation.isEquality ? "± \(NumberText.of(claim.tolerance, digits: 3))" : ""
  }

  // MARK: Claims in cells

  /// What `claim(…)` stated in a cell, each with its numbers.
  func cellClaims(_ index: Int) -> Node? {
    guard let events = claimsOfItem[index], !events.isEmpty else { return nil }
    var items: [Node] = []
    for (count, event) in events.enumerated() {
      let anchor = "claim-\(index)-\(count + 1)"
      let row = Self.row(event, anchor: anchor)
      found.claims.append(row)
      var facts: [Node] = []
      if !row.stated.isEmpty {
        facts = [
          Node(
            "span", [("class", "facts")],
            .text(
              "\(row.measured) \(row.stated)" + (row.tolerance.isEmpty ? "" : " \(row.tolerance)")))
        ]
      }
      items.append(
        Node(
          "li", [("id", anchor)] + (event.held ? [] : [("class", "failed")]),
          children: [
            Node(
              "span", [("class", "mark"), ("aria-hidden", "true")], .text(event.held ? "✓" : "✗")),
            .text(" "), .text(event.sentence), .text(" "),
          ] + facts))
    }
    return Node("ul", [("class", "cell-claims"), ("aria-label", "Checked")], children: items)
  }

  private static func row(_ claim: ClaimResult, anchor: String) -> ClaimRow {
    let numbers = claim.numbers
    let tolerance = numbers?.tolerance ?? 0
    return ClaimRow(
      anchor: anchor, line: claim.line, statement: claim.sentence, isStep: false,
      stated: numbers.map { "\($0.relation.rawValue) \($0.stated.text)" } ?? "",
      measured: numbers.map { $0.measured.text } ?? "",
      tolerance: tolerance > 0 ? "± \(NumberText.of(tolerance, digits: 3))" : "",
      used: numbers?.toleranceUsed, held: claim.held)
  }
}
