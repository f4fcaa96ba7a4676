import Book
import Foundation
import Testing

@Suite("Fonts of formulas") struct FontTests {
  private func fonts(_ tex: String) throws -> [String: String] {
    let formula = Formula(tex: tex, isDisplay: true)
    let html = try #require(
      try MathRenderer(macros: [], cacheFolder: nil).render([formula], chapter: "one")
        .html(formula))
    var result: [String: String] = [:]
    for line in FontUse(html: html).lines {
      let parts = line.split(separator: " ", maxSplits: 1)
      result[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return result
  }

  @Test(
    "each alphabet draws from its own font",
    arguments: [
      ("x", "Math-Italic", "x"), (#"\mathbb{E}"#, "AMS-Regular", "E"),
      (#"\mathbf{v}"#, "Main-Bold", "v"), (#"\mathcal{L}"#, "Caligraphic-Regular", "L"),
      (#"\boldsymbol{\mu}"#, "Math-BoldItalic", "μ"), (#"\mathsf{a}"#, "SansSerif-Regular", "a"),
      (#"\mathtt{a}"#, "Typewriter-Regular", "a"), (#"\mathfrak{a}"#, "Fraktur-Regular", "a"),
      (#"\mathscr{A}"#, "Script-Regular", "A"), (#"\text{\textit{a}}"#, "Main-Italic", "a"),
      (#"\text{\textbf{\textit{a}}}"#, "Main-BoldItalic", "a"), (#"\log"#, "Main-Regular", "glo"),
      (#"\sum"#, "Size2-Regular", "∑"), (#"\textstyle\sum"#, "Size1-Regular", "∑"),
      (#"\biggl( x"#, "Size3-Regular", "("), ("a < b", "Main-Regular", "<"),
    ])
  func alphabets(tex: String, font: String, characters: String) throws {
    let drawn = try #require(try fonts(tex)[font])
    for scalar in characters.unicodeScalars { #expect(drawn.unicodeScalars.contains(scalar)) }
  }

  @Test("uses survive being written and joined") func lines() {
    let joined = FontUse(lines: ["Main-Regular ab", "Main-Regular bc<", "AMS-Regular E", "x y"])
    #expect(joined.lines == ["AMS-Regular E", "Main-Regular <abc"])
  }

  private func font(_ name: String) throws -> [UInt8] {
    let folder = try #require(WebLibrary.katex.folder)
    return try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/fonts/\(name).ttf")))
  }

  @Test("a cut font is a small TrueType font with a correct checksum") func cut() throws {
    let whole = try font("KaTeX_AMS-Regular")
    let cut = try #require(TrueTypeSubset.of(whole, characters: ["E", "R"]))
    #expect(cut.count < 4000)
    var sum: UInt32 = 0
    for index in stride(from: 0, to: cut.count, by: 4) {
      sum &+= cut[index..<min(index + 4, cut.count)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect(sum == 0xB1B0_AFBA)
  }

  @Test("a damaged font is refused, not read beyond its end") func damaged() throws {
    let whole = try font("KaTeX_Size1-Regular")
    for length in stride(from: 0, to: whole.count, by: 97) {
      _ = TrueTypeSubset.of(Array(whole.prefix(length)), characters: ["("])
    }
    var state: UInt64 = 3
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % 600] = UInt8(truncatingIfNeeded: state >> 20)
      }
      _ = TrueTypeSubset.of(bytes, characters: ["(", "∑", "é"])
    }
  }
}
