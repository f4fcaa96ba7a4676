import Book
import Foundation
import Testing

@Suite("Fonts of formulas") struct FontTests {
  private func use(_ tex: String) throws -> FontUse {
    let formula = Formula(tex: tex, isDisplay: true)
    let result = try MathRenderer(macros: [], cacheFolder: nil).render([formula], chapter: "one")
    return FontUse(html: try #require(result.html(formula)))
  }

  @Test(
    "what a formula draws is found, and nothing of its MathML or its tags",
    arguments: [
      ("x", "x"), (#"\mathbb{E}"#, "E"), (#"\boldsymbol{\mu}"#, "μ"), (#"\log"#, "glo"),
      (#"\sum"#, "∑"), ("a < b", "a<b"), (#"\text{>\&}"#, "&>"), (#"\text{ø}"#, "ø"),
      (#"\left\{ \frac{1}{2} \right."#, "{12"), ("", ""),
    ])
  func drawn(tex: String, characters: String) throws {
    let blank: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{200B}"]
    #expect(try use(tex).characters.subtracting(blank) == Set(characters.unicodeScalars))
  }

  @Test(
    "a formula brings the fonts that draw it",
    arguments: [
      ("x", ["Math-Italic"]), (#"\mathbb{E}"#, ["AMS-Regular"]), (#"\mathbf{v}"#, ["Main-Bold"]),
      (#"\mathcal{L}"#, ["Caligraphic-Regular"]), (#"\boldsymbol{\mu}"#, ["Math-BoldItalic"]),
      (#"\mathsf{a}"#, ["SansSerif-Regular"]), (#"\mathtt{a}"#, ["Typewriter-Regular"]),
      (#"\mathfrak{a}"#, ["Fraktur-Regular"]), (#"\mathscr{A}"#, ["Script-Regular"]),
      (#"\text{\textit{a}}"#, ["Main-Italic"]), (#"\textbf{\textit{a}}"#, ["Main-BoldItalic"]),
      (#"\textsf{\textbf{a}}"#, ["SansSerif-Bold"]), (#"\sum"#, ["Size2-Regular"]),
      (#"\textstyle\sum"#, ["Size1-Regular"]), (#"\biggl( x"#, ["Size3-Regular"]),
      (#"\Biggl( x"#, ["Size4-Regular"]),
    ])
  func faces(tex: String, faces: [String]) throws {
    let paths = try Theme.load().fonts(for: try use(tex)).map(\.path)
    for face in faces { #expect(paths.contains { $0.contains("/KaTeX_\(face)-") }, "\(paths)") }
    // Nothing calls for an alphabet that is not there.
    let alphabets = ["AMS", "Caligraphic", "Fraktur", "Script", "SansSerif", "Typewriter"]
    for alphabet in alphabets where !faces[0].hasPrefix(alphabet) {
      #expect(!paths.contains { $0.contains("/KaTeX_\(alphabet)-") })
    }
  }

  @Test("the fonts are compressed, small, the same each time, and named as KaTeX names them")
  func files() throws {
    let use = try use(#"\textbf{\textit{a}} + b"#)
    let files = try Theme.load().fonts(for: use)
    let rules = String(decoding: try #require(files.last).bytes, as: UTF8.self)
      .split(separator: "\n")
    #expect(files.last?.path == "assets/fonts.css")
    #expect(files.count == rules.count + 1)
    for (file, rule) in zip(files, rules) {
      #expect(file.bytes.starts(with: "wOF2".utf8))
      #expect(file.bytes.count < 2000)
      #expect(rule.contains("url(\(file.path.dropFirst("assets/".count)))"))
    }
    let bold = try #require(rules.first { $0.contains("KaTeX_Main-BoldItalic") })
    for part in ["font-family:KaTeX_Main;", "font-weight:700", "font-style:italic"] {
      #expect(bold.contains(part))
    }
    #expect(try Theme.load().fonts(for: use) == files)
    #expect(try Theme.load().fonts(for: FontUse()).map(\.path) == ["assets/fonts.css"])
  }
}
