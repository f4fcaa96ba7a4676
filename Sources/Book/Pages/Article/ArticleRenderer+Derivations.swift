import Markdown
import Markup
import Notation
import Transcript

/// Derivations: aligned rows of TeX; each step unfolds to the numbers that checked it.
extension ArticleRenderer {
  func render(_ derivation: Derivation, item index: Int) -> Node {
    let label = self.label(at: derivation.position)
    let values = Dictionary(grouping: stepsOfItem[index] ?? [], by: \.index)
    var rows: [Node] = []
    for (count, step) in derivation.steps.enumerated() {
      let tex = Self.tex(step)
      let formula = self.formula(tex, isDisplay: false, at: step.position)
      if step.relation == nil {
        rows.append(Node("div", [("class", "step first")], formula))
        continue
      }
      let anchor = "step-\(index)-\(count)"
      let now = values[count] ?? []
      let before = values[count - 1] ?? []
      guard !now.isEmpty else {
        rows.append(Node("div", [("class", "step"), ("id", anchor)], formula))
        continue
      }
      let row = claimRow(step, derivation, before: before, now: now, anchor: anchor)
      found.claims.append(row)
      rows.append(
        Node(
          "details", [("class", row.held ? "step" : "step failed"), ("id", anchor)],
          Node(
            "summary", [], formula,
            Node(
              "span", [("class", "mark")], .text(row.held ? "✓" : "✗"),
              Node("span", [("class", "visually-hidden")], .text(" numbers of this step")))),
          evidence(step, before: before, now: now)))
    }
    let isShort = derivation.steps.first.map { Self.visibleWidth($0.tex) <= 9 } ?? false
    var inside: [Node] = [
      Node(
        "div", [("class", isShort ? "steps beside" : "steps")],
        children: rows)
    ]
    if let label {
      inside.append(
        Node(
          "a",
          [
            ("class", "equation-number"), ("href", "#" + label.anchor),
            ("aria-label", "Link to equation \(fullNumber(label.number))"),
          ], .text("(\(fullNumber(label.number)))")))
    }
    var parts = [Node("div", [("class", "derivation-body")], children: inside)]
    if !derivation.captionContent.isEmpty {
      parts.append(
        Node(
          "p", [("class", "derivation-caption")], children: render(derivation.captionContent)))
    }
    let node = Node(
      "div",
      [("class", "derivation"), ("role", "group"), ("aria-label", "Derivation")]
        + (label.map { [("id", $0.anchor)] } ?? []), children: parts)
    keepPreview(of: label, node)
    return node
  }

  /// A row's TeX, in display style, with the relation's spacing though nothing stands before it.
  static func tex(_ step: Derivation.Step) -> String {
    let sign =
      switch step.relation {
      case nil: ""
      case .lessOrEqual: #"{}\le"#
      case .greaterOrEqual: #"{}\ge"#
      default: "{}="
      }
    return #"\displaystyle "# + sign + " " + step.tex
  }

  /// Roughly how many characters a formula shows: a command counts as one, braces and marks as
  /// none. Decides whether the first line stands beside the second.
  private static func visibleWidth(_ tex: String) -> Int {
    var width = 0
    var isCommand = false
    for byte in tex.utf8 {
      let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      if byte == UInt8(ascii: "\\") {
        isCommand = true
        width += 1
      } else if !(isCommand && isLetter) {
        isCommand = false
        if !"{}^_ &".utf8.contains(byte) { width += 1 }
      }
    }
    return width
  }

  private func evidence(
    _ step: Derivation.Step, before: [StepResult], now: [StepResult]
  ) -> Node {
    let hasSamples = now.contains { !$0.sample.isEmpty }
    let relation = step.relation?.rawValue ?? "="
    let shown = Array(zip(before, now).prefix(24))
    let rows = shown.map { previous, current in
      Node(
        "tr",
        children: (hasSamples ? [Node("th", [("scope", "row")], .text(current.sample))] : [])
          + [
            Node("td", [("class", "numeric")], .text(NumberText.of(previous.value, digits: 9))),
            Node("td", [], .text(current.held ? relation : "not \(relation)")),
            Node("td", [("class", "numeric")], .text(NumberText.of(current.value, digits: 9))),
          ])
    }
    let rest = now.count - shown.count
    return Node(
      "div", [("class", "step-evidence")],
      children: [
        Node("p", [], Node("code", [], .text(step.expression))),
        Node("table", [], Node("tbody", children: rows)),
      ]
        + (rest > 0 ? [Node("p", [], .text("and \(rest) more samples"))] : []))
  }

  /// A step on all its samples; the numbers are those of the sample nearest to failing.
  private func claimRow(
    _ step: Derivation.Step, _ derivation: Derivation, before: [StepResult], now: [StepResult],
    anchor: String
  ) -> ClaimRow {
    var worst: (used: Double, before: Double, now: Double)?
    for (previous, current) in zip(before, now) {
      let scale = derivation.allowed(previous.value, current.value)
      let excess =
        switch step.relation {
        case .lessOrEqual: previous.value - current.value
        case .greaterOrEqual: current.value - previous.value
        default: abs(previous.value - current.value)
        }
      let used = scale > 0 ? max(0, excess) / scale : 0
      if worst.map({ used > $0.used }) ?? true { worst = (used, previous.value, current.value) }
    }
    let relation = step.relation?.rawValue ?? "="
    return ClaimRow(
      anchor: anchor, line: step.position.line, statement: step.expression, isStep: true,
      stated: worst.map { "\(relation) \(NumberText.of($0.now))" } ?? "",
      measured: worst.map { NumberText.of($0.before) } ?? "",
      tolerance:
        NumberText.of(derivation.tolerance ?? Derivation.defaultTolerance, digits: 2) + " relative",
      used: worst.map(\.used), held: now.allSatisfy(\.held))
  }
}
