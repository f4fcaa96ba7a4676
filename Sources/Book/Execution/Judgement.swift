import Foundation
import Notation
import Transcript

/// Whether what was measured is what the chapter says.
package enum Judgement {
  /// NaN is never what a chapter says. Where a tolerance counts, the last bit of the value's own type
  /// does not.
  package static func holds(
    _ relation: InlineClaim.Relation, _ value: Double, spacing: Double, stated: Double,
    tolerance: Double
  ) -> Bool {
    let slack = max(spacing, value.isFinite ? value.ulp : 0, stated.ulp)
    return switch relation {
    case .equal, .approximately: value == stated || abs(value - stated) <= tolerance + slack
    case .less: value < stated
    case .lessOrEqual: value <= stated + slack
    case .greater: value > stated
    case .greaterOrEqual: value >= stated - slack
    }
  }

  /// - Parameter tolerance: relative to max(1, |value|).
  package static func follows(
    _ relation: Derivation.Relation, _ value: Double, after previous: Double, tolerance: Double
  ) -> Bool {
    let allowed = tolerance * max(1, abs(value))
    return switch relation {
    case .equal: value == previous || abs(value - previous) <= allowed
    case .lessOrEqual: previous <= value + allowed
    case .greaterOrEqual: previous >= value - allowed
    }
  }
}

extension InlineClaim {
  var transcriptRelation: Event.Claim.Relation {
    switch relation {
    case .equal: .equal
    case .approximately: .approximately
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }

  /// The measured value as the author would have written it: with as many digits after the point (more
  /// only where the tolerance asks for them), the same power of ten or percent sign, the same minus sign
  /// and grouping. nil when no number makes the claim true, as for `<`.
  public func corrected(measured: Double) -> String? {
    guard relation == .equal || relation == .approximately, measured.isFinite,
      let number = WrittenNumber(readingFrom: written[...])
    else { return nil }
    let mantissa = written.prefix { "+-−0123456789._ ".contains($0) }.trimmedRight
    let tail = written[mantissa.endIndex...]
    let decimals = mantissa.firstIndex(of: ".").map { mantissa[$0...].dropFirst().count } ?? 0
    // Half a unit is what rounding costs at most; its last bits are not the author's affair.
    let slack = tolerance * (1 + 1e-9) + 2 * measured.ulp
    var text: String
    if let letter = tail.first, letter == "e" || letter == "E" {
      let places = Self.places(from: decimals) {
        abs((Double(String(format: "%.\($0)e", measured)) ?? measured) - measured) <= slack
      }
      text = String(format: "%.\(places)e", measured)
      // e-07 is written e-7.
      let parts = text.split(separator: "e")
      text = "\(parts[0])\(letter)\(Int(parts[1]) ?? 0)"
    } else {
      let power = (log10(2 * number.halfUnit)).rounded() + Double(decimals)
      let scaled = measured * pow(10, -power)
      let places = Self.places(from: decimals) {
        let rounded = Double(String(format: "%.\($0)f", scaled)) ?? scaled
        return abs(rounded - scaled) <= slack * pow(10, -power)
      }
      text = String(format: "%.\(places)f", scaled)
      if text.hasPrefix("-"), text.dropFirst().allSatisfy({ "0.".contains($0) }) {
        text.removeFirst()
      }
      if mantissa.contains("_") { text = Self.grouped(text) }
      text += tail
    }
    return written.contains("−") ? text.replacingOccurrences(of: "-", with: "−") : text
  }

  /// The digits written, or as many more as make the claim true; a number that no digits make true
  /// keeps those written.
  private static func places(from decimals: Int, _ isEnough: (Int) -> Bool) -> Int {
    (decimals...max(decimals, 15)).first(where: isEnough) ?? decimals
  }

  /// 65536 as 65_536.
  private static func grouped(_ text: String) -> String {
    let start = text.firstIndex(where: \.isNumber) ?? text.startIndex
    let end = text.firstIndex(of: ".") ?? text.endIndex
    var digits = ""
    for (index, digit) in text[start..<end].reversed().enumerated() {
      if index > 0, index % 3 == 0 { digits.append("_") }
      digits.append(digit)
    }
    return text[..<start] + String(digits.reversed()) + text[end...]
  }
}

extension Substring {
  fileprivate var trimmedRight: Substring {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// What a chapter says that is not so.
package enum FalseStatement: Fault, Equatable {
  case proseClaim(
    expression: String, relation: String, written: String, tolerance: Double, measured: Double,
    corrected: String?)
  case cellClaim(Event.Claim)
  case step(relation: String, sample: String, value: Double, previous: Double, more: Int)

  package var message: String {
    switch self {
    case .proseClaim(let expression, let relation, let written, let tolerance, let measured, _):
      let number = relation == "=" || relation == "≈" ? written : "\(relation) \(written)"
      let around = tolerance > 0 && number == written ? " ± \(NumberText.of(tolerance))" : ""
      return "'\(expression)' is \(NumberText.of(measured)), not \(number)\(around)"
    case .cellClaim(let claim):
      guard claim.relation != .holds else { return "false: \(claim.sentence)" }
      let around = claim.tolerance > 0 ? " ± \(NumberText.of(claim.tolerance))" : ""
      return
        "false: \(claim.sentence): it is \(NumberText.of(claim.measured)), not "
        + "\(NumberText.of(claim.stated))\(around)"
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
    case .proseClaim(_, _, let written, _, let measured, let corrected):
      guard let corrected else {
        return measured.isFinite ? nil : "the expression gives no number"
      }
      if corrected == written {
        return "the number is right as far as it is written: give it more digits"
      }
      return "write \(corrected), or let 'sslbook check --fix' do it"
    case .cellClaim: return nil
    case .step:
      return "look at this line and the one before it, or give the block a wider tolerance"
    }
  }
}
