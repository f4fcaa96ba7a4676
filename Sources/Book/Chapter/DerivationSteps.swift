import Markdown
import Transcript

/// The lines of a derivation: `TeX ;; Swift expression`, and from the second step on a relation
/// first. An indented line goes on with the part above: the TeX before `;;`, the Swift after it.
struct DerivationSteps {
  private struct Draft {
    var tex: [Substring] = []
    var expression: [Substring] = []
    var hasSeparator = false
    var position: SourcePosition
    var expressionPosition: SourcePosition
  }

  private let text: String
  private let position: SourcePosition
  var faults: [(fault: ChapterFault, position: SourcePosition)] = []

  init(_ text: String, at position: SourcePosition) {
    self.text = text
    self.position = position
  }

  mutating func read() -> [Derivation.Step] {
    var drafts: [Draft] = []
    var line = position.line - 1
    for text in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line += 1
      let content = text.trimmingBlanks
      if content.isEmpty || content.hasPrefix("//") { continue }
      let indent = text.utf8.distance(from: text.startIndex, to: content.startIndex)
      let start = SourcePosition(line: line, column: position.column + indent)
      if indent == 0 || drafts.isEmpty {
        drafts.append(Draft(position: start, expressionPosition: start))
      }
      Self.add(content, at: start, to: &drafts[drafts.count - 1])
    }
    return drafts.indices.compactMap { step(drafts[$0], isFirst: $0 == 0) }
  }

  private static func add(_ text: Substring, at start: SourcePosition, to draft: inout Draft) {
    guard !draft.hasSeparator else {
      draft.expression.append(text)
      return
    }
    guard let separator = text.firstRange(of: ";;") else {
      draft.tex.append(text)
      return
    }
    draft.hasSeparator = true
    let tex = text[..<separator.lowerBound].trimmingBlanks
    if !tex.isEmpty { draft.tex.append(tex) }
    let expression = text[separator.upperBound...].trimmingBlanks
    draft.expressionPosition = start
    draft.expressionPosition.column += text.utf8.distance(
      from: text.startIndex, to: expression.startIndex)
    if !expression.isEmpty { draft.expression.append(expression) }
  }

  private mutating func step(_ draft: Draft, isFirst: Bool) -> Derivation.Step? {
    var tex = draft.tex.joined(separator: "\n")[...]
    var relation: Relation?
    if let (found, sign, rest) = Self.leadingRelation(tex) {
      if isFirst {
        faults.append((.firstStepWithRelation(sign), draft.position))
        return nil
      }
      relation = found
      tex = rest
    } else if !isFirst {
      faults.append((.stepWithoutRelation, draft.position))
      return nil
    }
    guard !tex.isEmpty else {
      faults.append((.stepWithoutTeX, draft.position))
      return nil
    }
    guard !draft.expression.isEmpty else {
      faults.append((.stepWithoutExpression, draft.position))
      return nil
    }
    return Derivation.Step(
      relation: relation, tex: String(tex), expression: draft.expression.joined(separator: "\n"),
      position: draft.position, expressionPosition: draft.expressionPosition)
  }

  private static let relations: [(String, Relation)] = [
    ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("≤", .lessOrEqual), ("≥", .greaterOrEqual),
    ("\\leq", .lessOrEqual), ("\\geq", .greaterOrEqual), ("\\le", .lessOrEqual),
    ("\\ge", .greaterOrEqual), ("=", .equal),
  ]

  private static func leadingRelation(
    _ tex: Substring
  ) -> (Relation, sign: String, rest: Substring)? {
    for (sign, relation) in relations where tex.hasPrefix(sign) {
      let rest = tex.dropFirst(sign.count)
      // `\left` is no relation, nor is `==`.
      if sign.hasPrefix("\\"), let next = rest.first, next.isLetter { continue }
      if sign == "=", rest.first == "=" { continue }
      return (relation, sign, rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" })
    }
    return nil
  }
}
