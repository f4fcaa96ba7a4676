import Markdown
import Markup
import Notation
import Transcript

/// Claims: the number as written, with a quiet mark that opens what was measured.
extension ArticleRenderer {
  func renderClaim(_ claim: InlineClaim, item index: Int) -> Node {
    let number = Node("span", [("class", "claimed")], .text(claim.written))
    guard let event = claimsOfItem[index]?.first else { return number }
    let anchor = "claim-\(index)"
    let row = ClaimRow(
      anchor: anchor, line: claim.position.line, statement: claim.expression, isStep: false,
      stated: statedText(claim), measured: NumberText.of(event.measured),
      tolerance: Self.toleranceText(claim), used: Self.used(event), held: event.held)
    found.claims.append(row)
    if found.isInsideLink { return number }
    let panel = "evidence-\(index)"
    return Node(
      "span", [("class", event.held ? "claim" : "claim failed"), ("id", anchor)],
      number,
      Node(
        "button",
        [
          ("type", "button"), ("class", "mark"), ("popovertarget", panel),
          ("aria-label", "Evidence for \(Self.isBound(claim) ? row.stated : claim.written)"),
        ], .text(event.held ? "✓" : "✗")),
      evidence(panel, row))
  }

  /// A popover opens without scripts, and closes by Escape or a click elsewhere.
  private func evidence(_ identifier: String, _ row: ClaimRow) -> Node {
    var lines = [Self.line("expression", Node("code", [], .text(row.statement)))]
    if row.measured != "not a number" { lines.append(Self.line("measured", .text(row.measured))) }
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

  private func statedText(_ claim: InlineClaim) -> String {
    "\(claim.relation.rawValue) \(claim.written)"
  }

  private static func toleranceText(_ claim: InlineClaim) -> String {
    isBound(claim) ? "" : "± \(NumberText.of(claim.tolerance, digits: 3))"
  }

  /// The sentence around a bound says "at least" or "below"; the number alone does not.
  private static func isBound(_ claim: InlineClaim) -> Bool {
    switch claim.relation {
    case .equal, .approximately: false
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    }
  }

  /// |measured − stated| / tolerance, where that is what was tested.
  private static func used(_ event: Event.Claim) -> Double? {
    guard event.relation == .approximately || event.relation == .equal, event.tolerance > 0 else {
      return nil
    }
    let share = abs(event.measured - event.stated) / event.tolerance
    return share.isFinite ? share : nil
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

  private static func row(_ event: Event.Claim, anchor: String) -> ClaimRow {
    let sign: String? =
      switch event.relation {
      case .holds: nil
      case .equal: "="
      case .approximately: "≈"
      case .less: "<"
      case .lessOrEqual: "≤"
      case .greater: ">"
      case .greaterOrEqual: "≥"
      }
    return ClaimRow(
      anchor: anchor, line: event.line, statement: event.sentence, isStep: false,
      stated: sign.map { "\($0) \(NumberText.of(event.stated))" } ?? "",
      measured: sign == nil ? "" : NumberText.of(event.measured),
      tolerance: event.tolerance > 0 ? "± \(NumberText.of(event.tolerance, digits: 3))" : "",
      used: used(event), held: event.held)
  }
}
