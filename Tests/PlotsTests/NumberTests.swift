import Foundation
import Plots
import Testing

@Suite("Numbers") struct NumberTests {
  @Test("logarithms agree with the C library to a few units in the last place")
  func logarithms() {
    var noise = Gallery.Noise(state: 4)
    for _ in 0..<20_000 {
      let value = Foundation.exp((noise.uniform() - 0.5) * 1400)
      let expected = Foundation.log(value)
      #expect(abs(Logarithm.natural(value) - expected) <= 4e-16 * max(1, abs(expected)))
    }
    #expect(
      Logarithm.natural(.leastNonzeroMagnitude) == Foundation.log(Double.leastNonzeroMagnitude))
    #expect(Logarithm.natural(1) == 0)
    #expect(Logarithm.natural(0) == -.infinity)
    #expect(Logarithm.natural(-1).isNaN)
  }

  @Test("every power of ten is in its own decade", arguments: -307...308)
  func decades(exponent: Int) {
    let value = Double("1e\(exponent)")!
    #expect(abs(Logarithm.powerOfTen(exponent) / value - 1) < 1e-14)
    if abs(exponent) <= 22 {
      #expect(Logarithm.powerOfTen(exponent) == value)
      #expect(Logarithm.decade(of: value) == exponent)
      #expect(Logarithm.decade(of: value.nextDown) == exponent - 1)
    }
  }

  @Test("coordinates have at most two decimals")
  func coordinates() {
    #expect(coordinate(1.0 / 3) == ".33")
    #expect(coordinate(-0.001) == "0")
    #expect(coordinate(12.5) == "12.5")
    #expect(coordinate(-7.256) == "-7.26")
    #expect(coordinate(.nan) == "0")
    #expect(coordinate(1e300) == "99999")
  }
}

@Suite("Labels") struct LabelTests {
  @Test("controls and reversals in a name become blanks")
  func cleaning() {
    #expect(Label.clean("a\nb\u{202E}c\u{0}d\u{2066}") == "a b c d ")
    #expect(Label.clean("שלום 漢字 🙂") == "שלום 漢字 🙂")
  }

  @Test("a label that is too wide ends in an ellipsis and fits")
  func fitting() {
    let cut = Label.fitted("a rather long name", size: 12, within: 60)
    #expect(cut.hasSuffix("…"))
    #expect(Label.width(cut, size: 12) <= 60)
    #expect(Label.fitted("short", size: 12, within: 60) == "short")
  }

  @Test("words are wrapped at blanks, or not at all")
  func wrapping() {
    #expect(Label.wrapped("one two three", size: 10, within: 50, lines: 3) == ["one two", "three"])
    #expect(Label.wrapped("indivisible", size: 10, within: 30, lines: 3) == nil)
    #expect(Label.wrapped("", size: 10, within: 30, lines: 3) == [""])
  }

  @Test("a terminal gives two columns to a Chinese character and none to an accent")
  func columns() {
    #expect(Label.columns("漢字") == 4)
    #expect(Label.columns("e\u{301}") == 1)
    #expect(Label.columns("abc −1.5") == 8)
  }
}
