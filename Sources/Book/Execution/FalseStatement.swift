import Notation
import Transcript

/// What a chapter says that is not so.
package enum FalseStatement: Fault, Equatable {
  case prose(InlineClaim, measured: Event.Number)
  /// It holds, but the page prints what was measured.
  case otherDigits(written: String, measured: String)
  case call(ClaimResult)
  case step(relation: String, sample: String, value: Double, previous: Double, more: Int)

  package var message: String {
    switch self {
    case .prose(let claim, let measured):
      let number =
        claim.relation.isEquality ? claim.written : "\(claim.relation.rawValue) \(claim.written)"
      let around =
        claim.tolerance > 0 && claim.relation.isEquality
        ? " ± \(NumberText.of(claim.tolerance))" : ""
      // "3, not 3" would explain nothing.
      let text = measured.text == claim.written ? measured.allDigits : measured.text
      return "'\(claim.expression)' is \(text), not \(number)\(around)"
    case .otherDigits(let written, let measured):
      return "the page prints what was measured, \(measured), where the source says \(written)"
    case .call(let claim):
      guard let numbers = claim.numbers else { return "false: \(claim.sentence)" }
      if !numbers.tolerance.isFinite || numbers.tolerance < 0 {
        return "false: \(claim.sentence): the tolerance is \(NumberText.of(numbers.tolerance))"
      }
      let around = numbers.tolerance > 0 ? " ± \(NumberText.of(numbers.tolerance))" : ""
      return
        "false: \(claim.sentence): it is \(numbers.measured.text), not "
        + "\(numbers.stated.text)\(around)"
    case .step(let relation, let sample, let value, let previous, let more):
      let on = sample.isEmpty ? "" : " for \(sample)"
      let others = more == 0 ? "" : " (and on \(more) more sample\(more == 1 ? "" : "s"))"
      return
        "the step does not follow\(on): \(NumberText.of(previous)) \(relation) "
        + "\(NumberText.of(value)) is false\(others)"
    }
  }

  package var hint: String? {
    switch self {
    case .prose(let claim, let measured):
      guard measured.value.isFinite else {
        return "a claim holds of a finite number only; state anything else as a condition in a cell"
      }
      guard let corrected = claim.corrected(measured: measured) else { return nil }
      if corrected == claim.written {
        return "the number is right as far as it is written: give it more digits"
      }
      return "write \(corrected), or let 'sslbook check --fix' do it"
    case .otherDigits: return "let 'sslbook check --fix' write it, and read the sentence again"
    case .call(let claim):
      guard let numbers = claim.numbers else { return nil }
      let isFinite = numbers.measured.value.isFinite && numbers.stated.value.isFinite
      return isFinite ? nil : "state it as a condition: claim(\"…\", x.isInfinite)"
    case .step(_, _, let value, let previous, _):
      return value.isFinite && previous.isFinite
        ? "look at this line and the one before it, or give the block a wider tolerance"
        : "a step holds between finite numbers only"
    }
  }
}

extension Event.Number {
  /// Enough to tell it from every other number of its type.
  fileprivate var allDigits: String {
    let digits = spacing > value.ulp ? DecimalDigits(Float(value)) : DecimalDigits(value)
    return digits.written(significant: 17, keepsZeros: false)
  }
}
