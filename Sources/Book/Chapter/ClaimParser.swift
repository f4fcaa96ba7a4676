import Markdown
import Transcript

/// `expression ≈ 10.217 ± 0.001` → `InlineClaim`.
///
/// The relation is the last one outside brackets and string literals, so that the expression may
/// compare as it likes. Without `±`, half a unit of the last written digit is the tolerance of
/// `=` and `≈`; but a whole number after `=` is meant exactly, and so is an inequality.
struct ClaimParser {
  struct Failure: Error {
    var fault: ChapterFault
    var position: SourcePosition
  }

  static func parse(
    _ text: Substring, spanPosition: SourcePosition, in span: SpanSource
  ) throws(Failure) -> InlineClaim {
    func place(_ index: Substring.Index) -> SourcePosition {
      span.position(after: text.utf8.distance(from: text.startIndex, to: index))
    }
    guard let (relation, range) = lastRelation(in: text) else {
      let sign = ["==", "!=", "≠", "~", "≅", "≃", "=>"].first { text.contains($0) }
      throw Failure(fault: .claimWithoutRelation(instead: sign), position: spanPosition)
    }
    let expression = text[..<range.lowerBound].trimmingBlanks
    guard !expression.isEmpty else {
      throw Failure(fault: .claimWithoutExpression, position: spanPosition)
    }
    let right = text[range.upperBound...].drop { $0 == " " || $0 == "\t" }
    guard let number = WrittenNumber(readingFrom: right) else {
      throw Failure(
        fault: .claimWithoutNumber(String(right.trimmingBlanks)), position: place(right.startIndex))
    }
    let rest = right[number.end...].trimmingBlanks
    let isWhole = !right[..<number.end].contains { ".eE×·".contains($0) }
    var writtenTolerance = ""
    var tolerance =
      relation == .approximately || relation == .equal && !isWhole ? number.halfUnit : 0
    if !rest.isEmpty {
      guard let mark = ["±", "+/-", "+-"].first(where: rest.hasPrefix) else {
        throw Failure(
          fault: .claimWithoutNumber(String(right.trimmingBlanks)),
          position: place(right.startIndex))
      }
      let written = rest.dropFirst(mark.count).trimmingBlanks
      guard let given = WrittenNumber(readingFrom: written), given.value >= 0,
        written[given.end...].trimmingBlanks.isEmpty
      else {
        throw Failure(fault: .claimTolerance(String(written)), position: place(rest.startIndex))
      }
      writtenTolerance = String(rest)
      // Of a number in per cent, per cent are points; of any other they are its part.
      tolerance =
        given.isPercent && !number.isPercent ? given.value * abs(number.value) : given.value
    }
    return InlineClaim(
      position: spanPosition, expression: String(expression),
      expressionPosition: span.position(after: 0),
      relation: relation, written: String(right[..<number.end]),
      writtenPosition: place(right.startIndex), stated: number.number, tolerance: tolerance,
      writtenTolerance: writtenTolerance)
  }

  static func hasRelation(_ text: Substring) -> Bool {
    guard let (_, range) = lastRelation(in: text) else { return false }
    let right = text[range.upperBound...].drop { $0 == " " || $0 == "\t" }
    return WrittenNumber(readingFrom: right) != nil
  }

  private static let longSigns: [(String, Relation?)] = [
    ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("~=", .approximately), ("==", nil),
    ("!=", nil), ("->", nil), ("=>", nil), ("<<", nil), (">>", nil), ("+=", nil), ("-=", nil),
  ]

  private static let signs: [Character: Relation] = [
    "=": .equal, "≈": .approximately, "<": .less, "≤": .lessOrEqual, ">": .greater,
    "≥": .greaterOrEqual,
  ]

  private static func lastRelation(
    in text: Substring
  ) -> (Relation, Range<Substring.Index>)? {
    var found: (Relation, Range<Substring.Index>)?
    var depth = 0
    var isInString = false
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      var next = text.index(after: index)
      if isInString {
        if character == "\\", next < text.endIndex { next = text.index(after: next) }
        if character == "\"" { isInString = false }
      } else if character == "\"" {
        isInString = true
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
      } else if depth == 0 {
        if let long = longSigns.first(where: { text[index...].hasPrefix($0.0) }) {
          next = text.index(index, offsetBy: 2)
          if let relation = long.1 { found = (relation, index..<next) }
        } else if let relation = signs[character] {
          found = (relation, index..<next)
        }
      }
      index = next
    }
    return found
  }
}
