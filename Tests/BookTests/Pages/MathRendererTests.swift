import Book
import Foundation
import Testing

@Suite("Formulas") struct MathRendererTests {
  private func render(
    _ tex: String, display: Bool = false, macros: [BookFacts.Macro] = []
  ) throws -> (html: String?, failure: String?) {
    let formula = Formula(tex: tex, isDisplay: display)
    let result = try MathRenderer(macros: macros, cacheFolder: nil)
      .render([formula], chapter: "one")
    return (result.html(formula), result.failure(formula))
  }

  @Test("carry HTML for the eye and MathML for the ear")
  func both() throws {
    let html = try #require(try render(#"\frac{a_1}{b}"#).html)
    #expect(html.contains("katex-html"))
    #expect(html.contains("<mfrac>"))
    #expect(html.contains(#"aria-hidden="true""#))
  }

  @Test("display and inline differ") func display() throws {
    #expect(try render("x", display: true).html?.contains("katex-display") == true)
    #expect(try render("x", display: false).html?.contains("katex-display") == false)
  }

  @Test("know the book's macros, and a macro of one formula stays there")
  func macros() throws {
    let macro = BookFacts.Macro(name: #"\E"#, expansion: #"\mathbb{E}"#)
    #expect(try render(#"\E[x]"#, macros: [macro]).html?.contains("mathbb") == true)
    let renderer = MathRenderer(macros: [macro], cacheFolder: nil)
    let leak = Formula(tex: #"\gdef\foo{x}\foo"#, isDisplay: false)
    let user = Formula(tex: #"\foo"#, isDisplay: false)
    let result = try renderer.render([leak, user], chapter: "one")
    #expect(result.html(leak) != nil)
    #expect(result.failure(user)?.contains("Undefined control sequence") == true)
  }

  @Test("that cannot be read are explained in KaTeX's words, and the others still render")
  func failure() throws {
    let renderer = MathRenderer(macros: [], cacheFolder: nil)
    let bad = Formula(tex: #"a \nosuchcommand b"#, isDisplay: false)
    let good = Formula(tex: "a", isDisplay: false)
    for _ in 0..<2 {
      let result = try renderer.render([bad, good, bad], chapter: "one")
      #expect(
        result.failure(bad) == #"Undefined control sequence: \nosuchcommand at position 3: "#
          + #"a \nosuchcommand b"#)
      #expect(result.html(good) != nil)
    }
  }

  @Test(
    "cannot smuggle markup, links or styles into the page",
    arguments: [
      #"\text{<script>alert(1)</script>}"#, #"\href{javascript:alert(1)}{x}"#,
      #"\htmlStyle{background: url(https://example.org)}{x}"#,
      #"\includegraphics{https://example.org/x.png}"#, #"\url{https://example.org}"#,
    ])
  func hostile(tex: String) throws {
    let (html, failure) = try render(tex)
    let markup = (html ?? failure ?? "").replacing(
      #/<annotation encoding="application\/x-tex">.*?<\/annotation>/#, with: "")
    #expect(html == nil || !markup.contains("<script"))
    #expect(html == nil || !markup.contains("<a "))
    #expect(html == nil || !markup.contains("<img"))
    #expect(html == nil || !markup.contains(#"style="background"#))
  }

  @Test("endless macros and huge sizes end") func bounded() throws {
    #expect(try render(#"\def\a{\a\a}\a"#).failure != nil)
    #expect(try render(#"\rule{99999em}{1em}"#).html?.contains("99999em;") == false)
  }

  @Test("any characters pass: NUL, quotes, the empty formula")
  func characters() throws {
    #expect(try render("").html != nil)
    #expect(try render("a\u{0}b").html != nil || render("a\u{0}b").failure != nil)
    #expect(try render("α ≈ β").html?.contains("α") == true)
  }

  @Test("on disk answer a later build without JavaScript")
  func disk() throws {
    let folder = NSTemporaryDirectory() + "formulas-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let formula = Formula(tex: "e^{i\\pi}", isDisplay: true)
    let first = try MathRenderer(macros: [], cacheFolder: folder)
      .render([formula], chapter: "one").html(formula)
    let later = MathRenderer(macros: [], cacheFolder: folder)
    #expect(try later.render([formula], chapter: "one").html(formula) == first)
    #expect(!later.hasStartedScript)
    // Another set of macros must not find it.
    let other = MathRenderer(
      macros: [.init(name: "\\pi", expansion: "p")], cacheFolder: folder)
    #expect(try other.render([formula], chapter: "one").html(formula) != first)
  }

  @Test("on disk that are damaged are made again")
  func damaged() throws {
    let folder = NSTemporaryDirectory() + "formulas-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let formula = Formula(tex: "x^2", isDisplay: false)
    let first = try MathRenderer(macros: [], cacheFolder: folder)
      .render([formula], chapter: "one").html(formula)
    let file = folder + "/formulas/one"
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    for damage in [0, 20, 36, 45, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[damage] ^= 0x40
      try Data(damaged).write(to: URL(fileURLWithPath: file))
      let again = MathRenderer(macros: [], cacheFolder: folder)
      #expect(try again.render([formula], chapter: "one").html(formula) == first)
    }
    try Data(bytes.prefix(50)).write(to: URL(fileURLWithPath: file))
    let cut = MathRenderer(macros: [], cacheFolder: folder)
    #expect(try cut.render([formula], chapter: "one").html(formula) == first)
  }
}

@Suite("Code colours") struct CodeColoursTests {
  private func colour(_ language: String, _ text: String) throws -> String? {
    let sample = CodeSample(language: language, text: text)
    return try CodeColours(cacheFolder: nil).render([sample], chapter: "one")[sample]
  }

  @Test("mark Swift's tokens") func swift() throws {
    #expect(
      try colour("swift", "let x = 1 // one")
        == #"<span class="keyword">let</span> x <span class="operator">=</span> "#
        + #"<span class="number">1</span> <span class="comment">// one</span>"#)
  }

  @Test("know the languages of a book", arguments: ["python", "sh", "json", "c++", "yaml", "tex"])
  func languages(name: String) throws {
    #expect(try colour(name, "x = \"1\" # {}") != nil)
  }

  @Test("leave an unknown language plain") func unknown() throws {
    #expect(try colour("cobol", "MOVE A TO B") == nil)
    #expect(try colour("", "x") == nil)
    #expect(try colour("constructor", "x") == nil)
  }

  @Test("escape what the code says", arguments: ["swift", "bash", "json", "markup", "markdown"])
  func escape(language: String) throws {
    let html = try #require(try colour(language, "\"<script>alert('&amp;')</script>\""))
    #expect(!html.contains("<script"))
  }
}
