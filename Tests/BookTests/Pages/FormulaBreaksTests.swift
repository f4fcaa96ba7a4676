import Book
import Foundation
import Testing

@Suite("Where a formula may break") struct FormulaBreaksTests {
  private static func base(_ text: String) -> String { #"<span class="base">\#(text)</span>"# }
  private static func formula(_ bases: [String]) -> String {
    #"<span class="katex"><span class="katex-mathml"></span>"#
      + #"<span class="katex-html" aria-hidden="true">"# + bases.joined() + "</span></span>"
  }
  private static let open = #"<span class="unbroken">"#
  private static let left = #"<span class="mopen">(</span>"#
  private static let right = #"<span class="mclose">)</span>"#

  @Test("a formula of one box is left as it is")
  func oneBox() {
    let source = Self.formula([Self.base("abcdefghijklmnopqrstuvwxyz")])
    #expect(FormulaBreaks(source).html == source)
  }

  @Test("a short formula does not break")
  func shortFormula() {
    let boxes = [Self.base("q>"), Self.base("p")]
    #expect(
      FormulaBreaks(Self.formula(boxes)).html
        == Self.formula([Self.open] + boxes + ["</span>"]))
  }

  @Test("a narrow parenthesis stays together, and the line may break around it")
  func parenthesis() {
    let boxes = [
      Self.base("aaaaaaaaaa="), Self.base(Self.left + "T-"), Self.base("1" + Self.right + "+"),
      Self.base("b"),
    ]
    #expect(
      FormulaBreaks(Self.formula(boxes)).html
        == Self.formula([boxes[0], Self.open, boxes[1], boxes[2], "</span>", boxes[3]]))
  }

  @Test("a parenthesis with an exponent closes once")
  func exponent() {
    let squared = #"<span class="mclose">\#(Self.right)2</span>"#
    let boxes = [
      Self.base("aaaaaaaaaa="), Self.base(Self.left + "1-"),
      Self.base("p" + squared + Self.left + "b+"), Self.base("c" + Self.right + "+"),
      Self.base("d"),
    ]
    #expect(
      FormulaBreaks(Self.formula(boxes)).html
        == Self.formula([boxes[0], Self.open] + boxes[1...3] + ["</span>", boxes[4]]))
  }

  @Test("a wide parenthesis may break, since a telephone is narrow")
  func wideParenthesis() {
    let boxes = [
      Self.base(Self.left + String(repeating: "a", count: 20) + "+"),
      Self.base(String(repeating: "b", count: 20) + Self.right),
    ]
    #expect(FormulaBreaks(Self.formula(boxes)).html == Self.formula(boxes))
  }

  @Test("punctuation stays with the last box alone, and all spans close")
  func punctuation() {
    let boxes = [Self.base("aaaaaaaaaa="), Self.base("bbbbbbbbbb")]
    let html = FormulaBreaks(Self.formula(boxes), opensSpan: true).html + ".</span>"
    #expect(
      html
        == Self.formula([boxes[0]]) + Self.open
        + #"<span class="katex"><span class="katex-html" aria-hidden="true">"# + boxes[1]
        + "</span></span>.</span>")
    let opened = html.components(separatedBy: "<span").count
    #expect(opened == html.components(separatedBy: "</span>").count)
  }
}
