import Cells
import Testing

@Suite("Numbers in prose") struct FormatTests {
  @Test(
    "significant digits",
    arguments: [
      (0.0, 3, "0"), (1, 3, "1.00"), (0.5, 3, "0.500"), (12.3456, 3, "12.3"), (999.96, 4, "1000"),
      (12345.678, 3, "12346"), (0.00423, 2, "0.0042"), (-0.25, 2, "−0.25"),
      (1.2e-7, 3, "1.20 × 10⁻⁷"), (9.999e-7, 3, "1.00 × 10⁻⁶"), (-6.02214e23, 3, "−6.02 × 10²³"),
      (.infinity, 3, "∞"), (-.infinity, 3, "−∞"), (.nan, 3, "NaN"), (5e-324, 1, "5 × 10⁻³²⁴"),
      (0.1 + 0.2, 5, "0.30000"),
    ])
  func significant(value: Double, digits: Int, expected: String) {
    #expect(format(value, digits: digits) == expected)
  }

  @Test(
    "digits after the point",
    arguments: [
      (0.0, 0, "0"), (2.5, 0, "3"), (-0.04, 1, "0.0"), (0.05, 1, "0.1"), (9.995, 2, "10.00"),
      (1234.5, 2, "1234.50"), (0.0004, 2, "0.00"), (0.996, 2, "1.00"), (-1.005, 2, "−1.01"),
      (0.6, 0, "1"), (0.4, 0, "0"), (1e21, 0, "1000000000000000000000"),
    ])
  func decimals(value: Double, decimals: Int, expected: String) {
    #expect(format(value, decimals: decimals) == expected)
  }

  @Test("a Float is written by its own digits, an integer in full")
  func types() {
    #expect(format(Float(0.1), digits: 9) == "0.100000000")
    #expect((-12_345_678).prose == "−12345678")
    #expect(Float(0.5).prose == "0.500")
    #expect(0.25.prose == "0.250")
  }
}
