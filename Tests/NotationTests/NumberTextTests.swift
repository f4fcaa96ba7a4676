import Notation
import Testing

@Suite("Numbers in print") struct NumberTextTests {
  @Test(
    "numbers are short and set as in print",
    arguments: [
      (0, "0"), (1, "1"), (-1.5, "−1.5"), (4.158883083, "4.159"), (0.1 + 0.2, "0.3"),
      (1234, "1234"),
      (12_345.678, "12 346"), (1e6, "1 000 000"), (1e7, "1 × 10⁷"), (-2.5e-9, "−2.5 × 10⁻⁹"),
      (0.00012, "0.00012"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "−∞"), (9.99999, "10"),
      (9.99999e12, "1 × 10¹³"), (5e-324, "5 × 10⁻³²⁴"),
      (1.7976931348623157e308, "1.798 × 10³⁰⁸"),
    ] as [(Double, String)])
  func short(value: Double, expected: String) {
    #expect(
      NumberText.of(value, digits: 4, spacing: .thin).replacing("\u{2009}", with: " ") == expected)
  }

  @Test("fixed decimals round to even less than nothing without a minus zero")
  func fixed() {
    #expect(NumberText.fixed(-0.0004, decimals: 2) == "0.00")
    #expect(NumberText.fixed(0.5, decimals: 0) == "1")
    #expect(NumberText.fixed(-12.345, decimals: 1) == "−12.3")
    #expect(NumberText.fixed(0.05, decimals: 3) == "0.050")
  }

  @Test(
    "as many digits as asked for, and no zeros at the end",
    arguments: [
      (0, 7, "0"), (-0.0, 7, "0"), (0.290327, 7, "0.290327"), (1.0 / 3, 7, "0.3333333"),
      (-12_345.678, 7, "−12345.68"), (5e-7, 7, "5 × 10⁻⁷"), (0.0001, 7, "0.0001"),
      (-1.5e-12, 7, "−1.5 × 10⁻¹²"), (1_234_567, 7, "1234567"), (12_345_678, 7, "1.234568 × 10⁷"),
      (123_456_789, 9, "123456789"), (1234, 3, "1234"), (0.05, 3, "0.05"), (99.96, 3, "100"),
      (.nan, 7, "NaN"), (.infinity, 7, "∞"), (-.infinity, 7, "−∞"),
    ] as [(Double, Int, String)])
  func significant(value: Double, digits: Int, expected: String) {
    #expect(NumberText.of(value, digits: digits) == expected)
  }

  @Test("a Float is written by its own digits")
  func float() {
    #expect(DecimalDigits(Float(0.1)).written(decimals: 12) == "0.100000000000")
    #expect(DecimalDigits(Float.nan).written(decimals: 1) == "NaN")
  }

  @Test("powers have superscripts")
  func powers() {
    #expect(NumberText.power(of: 10, -1_234_567_890) == "10⁻¹²³⁴⁵⁶⁷⁸⁹⁰")
    #expect(NumberText.power(of: 2, 10) == "2¹⁰")
  }
}
