import Foundation
import Transcript

/// A claim's number as the page prints it: measured, and as precise as the author wrote it.
extension InlineClaim {
  /// What the page prints. A bound is printed as it is written: the sentence around it speaks of the
  /// bound, not of the value.
  package func printed(measured: Event.Number) -> String {
    otherDigits(measured: measured) ?? written
  }

  /// What the page prints where the source has other digits; nil where both are the same.
  package func otherDigits(measured: Event.Number) -> String? {
    guard relation.isEquality, let number = WrittenNumber(readingFrom: written[...]),
      abs(measured.value - stated.value) > number.halfUnit * (1 + 1e-9)
    else { return nil }
    let text = digits(of: measured, within: .infinity)
    return text == written ? nil : text
  }

  /// The measured value as the author would have written it, with as many more digits as make the
  /// claim true. nil when no number does, as for `<`.
  package func corrected(measured: Event.Number) -> String? {
    guard relation.isEquality else { return nil }
    // Half a unit is what rounding costs at most; its last bits are not the author's affair.
    return digits(of: measured, within: tolerance * (1 + 1e-9) + 2 * measured.value.ulp)
  }

  /// With as many digits after the point as are written, or as many more as come near enough to the
  /// value, the same power of ten or percent sign, the same minus sign and grouping.
  private func digits(of exact: Event.Number, within slack: Double) -> String? {
    let measured = exact.value
    guard measured.isFinite, let number = WrittenNumber(readingFrom: written[...]) else {
      return nil
    }
    let mantissa = written.prefix { "+-−0123456789._ ".contains($0) }.trimmedRight
    let tail = written[mantissa.endIndex...]
    let decimals = mantissa.firstIndex(of: ".").map { mantissa[$0...].dropFirst().count } ?? 0
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
      if let integer = exact.integer, tail.isEmpty, places == 0 { text = "\(integer)" }
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
