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
    return (result.html(formula), result.failure(formula)?.message)
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
    #expect(result.failure(user)?.message.contains("Undefined control sequence") == true)
  }

  @Test("that cannot be read are explained in KaTeX's words, and the others still render")
  func failure() throws {
    let renderer = MathRenderer(macros: [], cacheFolder: nil)
    let bad = Formula(tex: #"a \nosuchcommand b"#, isDisplay: false)
    let good = Formula(tex: "a", isDisplay: false)
    for _ in 0..<2 {
      let result = try renderer.render([bad, good, bad], chapter: "one")
      #expect(
        result.failure(bad)
          == .formula(
            sentence: #"Undefined control sequence: \nosuchcommand at position 3: "#
              + #"a \nosuchcommand b"#))
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

  @Test(
    "what KaTeX would show in red or leave out is refused",
    arguments: [
      (#"\href{https://a.b}{x}"#, #"\href reaches out of a formula"#),
      (#"\url{https://a.b}"#, #"\url reaches"#), (#"\htmlClass{a}{x}"#, #"\htmlClass reaches"#),
      (#"\htmlId{a}{x}"#, #"\htmlId reaches"#), (#"\htmlData{a=b}{x}"#, #"\htmlData reaches"#),
      (#"\includegraphics{a.png}"#, #"\includegraphics reaches"#), ("x % y", "commentAtEnd"),
    ])
  func dropped(tex: String, reason: String) throws {
    let (html, failure) = try render(tex)
    #expect(html == nil && failure?.contains(reason) == true, "\(failure ?? "")")
  }

  @Test("only a label numbers a formula", arguments: ["align", "equation", "gather"])
  func unnumbered(environment: String) throws {
    let tex = "\\begin{\(environment)} a = b \\end{\(environment)}"
    let html = try #require(try render(tex, display: true).html)
    #expect(!html.contains("eqn-num"))
  }

  @Test("a tag of the author's own stands where KaTeX's style finds it") func tag() throws {
    let html = try #require(try render(#"y = 2 + x \tag{1}"#, display: true).html)
    let broken = FormulaBreaks(html).html
    #expect(broken.contains(#"</span><span class="tag">"#) && !broken.contains("unbroken"))
  }

  @Test("endless macros and huge sizes end") func bounded() throws {
    #expect(try render(#"\def\a{\a\a}\a"#).failure != nil)
    #expect(try render(#"\rule{99999em}{1em}"#).html?.contains("99999em;") == false)
  }

  @Test("any characters pass: NUL, quotes, the empty formula")
  func characters() throws {
    #expect(try render("").html != nil)
    let renderer = MathRenderer(macros: [], cacheFolder: nil)
    let odd = ["a\u{0}b", "\u{0}", "\u{FFFD}", "a b", "+a", "-a", "c", "'\"\\text{\\u0041}"]
    let formulas = odd.map { Formula(tex: $0, isDisplay: false) }
    let all = try renderer.render(formulas, chapter: "one")
    for formula in formulas {
      // Each has its own result, whatever stands beside it.
      let alone = try MathRenderer(macros: [], cacheFolder: nil).render([formula], chapter: "one")
      #expect(all.html(formula) == alone.html(formula))
      #expect(all.failure(formula) == alone.failure(formula))
      #expect((all.html(formula) == nil) != (all.failure(formula) == nil))
      #expect(all.html(formula)?.utf8.contains(0) != true)
    }
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

  @Test("that would take for ever are given up, and the next one is set")
  func slow() throws {
    let renderer = MathRenderer(macros: [], cacheFolder: nil, secondsPerFormula: 0.3)
    let slow = Formula(
      tex: String(repeating: #"\frac{a}{b}+"#, count: 8000) + "1", isDisplay: false)
    let quick = Formula(tex: "x", isDisplay: false)
    let result = try renderer.render([slow, quick], chapter: "one")
    #expect(result.failure(slow) == .formulaTooSlow(seconds: 0.3))
    #expect(result.html(slow) == nil)
    #expect(result.html(quick) != nil)
    #expect(try renderer.render([slow], chapter: "two").failure(slow) == result.failure(slow))
  }

  @Test("that are too large are refused without trying") func large() throws {
    let renderer = MathRenderer(macros: [], cacheFolder: nil)
    let formula = Formula(tex: String(repeating: "x", count: 100_001), isDisplay: false)
    let result = try renderer.render([formula], chapter: "one")
    #expect(result.failure(formula) == .formulaTooLarge(bytes: 100_001, limit: 100_000))
    #expect(!renderer.hasStartedScript)
  }

  @Test("on disk that are damaged are made again, and those of another chapter are not taken")
  func damaged() throws {
    let folder = NSTemporaryDirectory() + "formulas-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func url(_ chapter: String) -> URL {
      URL(fileURLWithPath: folder + "/formulas/" + chapter)
    }
    let formulas = ["x^2", "y"].map { Formula(tex: $0, isDisplay: false) }
    let first = try MathRenderer(macros: [], cacheFolder: folder).render(formulas, chapter: "one")
    _ = try MathRenderer(macros: [], cacheFolder: folder)
      .render([Formula(tex: "z", isDisplay: true)], chapter: "two")
    let bytes = try Data(contentsOf: url("one"))
    let other = try Data(contentsOf: url("two"))
    var damaged: [Data] = [Data(), other, bytes + Data([0]), Data(bytes.dropFirst())]
    for length in stride(from: 0, to: bytes.count, by: 101) { damaged.append(bytes.prefix(length)) }
    for index in Array(stride(from: 0, to: bytes.count, by: 101)) + [bytes.count - 1] {
      var flipped = bytes
      flipped[index] ^= 0x40
      damaged.append(flipped)
    }
    for data in damaged {
      try data.write(to: url("one"))
      let again = MathRenderer(macros: [], cacheFolder: folder)
      let result = try again.render(formulas, chapter: "one")
      for formula in formulas { #expect(result.html(formula) == first.html(formula)) }
      #expect(again.hasStartedScript)
      #expect(try Data(contentsOf: url("one")) == bytes)
    }
  }
}

@Suite("Code colours") struct CodeColoursTests {
  private func colour(_ language: String, _ text: String) throws -> String? {
    let sample = CodeSample(language: language, text: text)
    return try CodeColours(cacheFolder: nil).render([sample], chapter: "one").html(sample)
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

  @Test("are given up where Prism takes too long, and the next listing has them")
  func slow() throws {
    let colours = CodeColours(cacheFolder: nil, secondsPerListing: 0.3)
    let slow = CodeSample(language: "md", text: String(repeating: "**a ", count: 20_000))
    let quick = CodeSample(language: "swift", text: "let x = 1")
    let result = try colours.render([slow, quick], chapter: "one")
    #expect(result.html(slow) == nil)
    #expect(result.failure(slow) == "colouring it takes more than 0.3 s")
    #expect(result.html(quick) != nil)
    #expect(result.failure(quick) == nil)
  }
}
