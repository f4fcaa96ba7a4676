import Book
import Foundation
import Markdown
import Testing
import Transcript

/// The code of a document, by the place where a test put it.
private struct NodesByPosition: DocumentVisitor {
  var found: [SourcePosition: Int] = [:]

  mutating func visit(_ block: Block) -> Bool {
    if case .code = block.kind { found[block.position] = block.id }
    return true
  }

  mutating func visit(_ inline: Inline) -> Bool {
    if case .code = inline.kind { found[inline.position] = inline.id }
    return true
  }
}

/// A chapter put together by hand, and its page.
struct PageFixture {
  var blocks: [Block] = []
  var items: [Chapter.Item] = []
  var footnotes: [Footnote] = []
  var facts = BookFacts()
  var bibliography = Bibliography()
  var configure: (inout ExecutionRecord) -> Void = { _ in }
  private var line = 1

  mutating func add(_ kind: Block.Kind) -> SourcePosition {
    let position = SourcePosition(line: line, column: 1)
    blocks.append(Block(kind, at: position))
    line += 10
    return position
  }

  func inline(_ kind: Inline.Kind, column: Int = 1) -> Inline {
    Inline(kind, at: SourcePosition(line: line, column: column))
  }

  func page() -> RenderedPage {
    let document = Document(blocks: blocks, footnotes: footnotes).numbered()
    var nodes = NodesByPosition()
    nodes.walk(document)
    let chapter = Chapter(
      path: "chapters/one.md", slug: "one", title: "One", document: document, items: items,
      itemOfNode: Dictionary(
        items.enumerated().compactMap { index, item in
          nodes.found[item.position].map { ($0, index) }
        }, uniquingKeysWith: { first, _ in first }))
    var record = ExecutionRecord(itemCount: items.count)
    configure(&record)
    let outline = OutlineBuilder.outline(of: chapter)
    var table = ReferenceTable()
    for label in outline.labels where !label.identifier.isEmpty {
      _ = table.add(
        .init(
          kind: label.kind, number: "5.\(label.number)", title: label.title,
          chapterPath: chapter.path, slug: "one", anchor: label.anchor, isChapter: false,
          position: label.position), named: label.identifier)
    }
    let entry = Summary.Entry(
      path: chapter.path, title: "One", number: "5", part: nil, depth: 0,
      position: SourcePosition(line: 1, column: 1))
    let context = PageContext(
      facts: facts, entry: entry, outline: outline,
      previous: PageLink(number: "4", title: "Before <it>", url: "before.html"), next: nil,
      references: table, bibliography: bibliography,
      assets: PageAssets(stylesheet: "s.css", script: "s.js", contents: "c.js"))
    return PageRenderer(facts: facts, cacheFolder: nil).render(
      chapter, record: record, context: context)
  }

  /// What stands in the page's `article`.
  func article() throws -> String {
    let html = String(decoding: page().html, as: UTF8.self)
    let start = try #require(html.range(of: "<article>"))
    let end = try #require(html.range(of: "</article>"))
    return String(html[start.upperBound..<end.lowerBound])
  }
}

@Suite("Pages") struct PageRendererTests {
  @Test("a title, a numbered section and its permalink") func headings() throws {
    var fixture = PageFixture()
    let title = fixture.inline(.text("One <b>"))
    _ = fixture.add(.heading(Heading(level: 1, content: [title])))
    _ = fixture.add(.heading(Heading(level: 2, content: [fixture.inline(.text("Why"))])))
    #expect(
      try fixture.article() == """
        <header class="chapter-title"><p class="chapter-number">Chapter 5</p>\
        <h1 id="one-b">One &lt;b&gt;</h1></header>
        <h2 id="why"><span class="number">5.1</span> Why\
        <a class="permalink" href="#why" aria-label="Link to Why">#</a></h2>

        """)
  }

  @Test("a value in a heading reaches contents and search, and leaves the anchor as it is")
  func valueInHeading() throws {
    var fixture = PageFixture()
    _ = fixture.add(.heading(Heading(level: 1, content: [fixture.inline(.text("One"))])))
    for text in ["Why", "In"] {
      let code = fixture.inline(.code("{swift} n"), column: 9)
      let position = fixture.add(
        .heading(Heading(level: 2, content: [fixture.inline(.text(text + " ")), code])))
      fixture.items.append(
        .value(InlineValue(position: code.position, expression: "n", expressionPosition: position)))
    }
    fixture.configure = { $0.values = ["3", "12"] }
    let page = fixture.page()
    #expect(page.sections.map(\.title) == ["One", "5.1 Why 3", "5.2 In 12"])
    let html = String(decoding: page.html, as: UTF8.self)
    #expect(html.contains(##"<a href="#in-">In 12</a>"##), "\(html)")
    #expect(html.contains(#"id="in-""#))
  }

  @Test("a bound is named with its sign where the number stands alone") func bound() throws {
    var fixture = PageFixture()
    let code = fixture.inline(.code("{claim} x ≥ 0.92"))
    fixture.items = [
      .claim(
        InlineClaim(
          position: code.position, expression: "x", expressionPosition: code.position,
          relation: .greaterOrEqual, written: "0.92", writtenPosition: code.position,
          stated: .init(0.92, spacing: 0), tolerance: 0))
    ]
    fixture.configure = {
      $0.claims = [
        ClaimResult(
          item: 0, line: 1, sentence: "",
          numbers: .init(
            relation: .greaterOrEqual, measured: .init(0.947, spacing: 0),
            stated: .init(0.92, spacing: 0), tolerance: 0), held: true)
      ]
    }
    _ = fixture.add(.paragraph([code]))
    let article = try fixture.article()
    #expect(article.contains(#"<span class="claimed">0.92</span>"#))
    #expect(article.contains(#"aria-label="Evidence for ≥ 0.92""#))
    #expect(article.contains(#"in the text</span> <span class="fact-value">≥ 0.92</span>"#))
    #expect(article.contains(#"measured</span> <span class="fact-value">0.947</span>"#))
  }

  @Test("a claim shows its number and opens its evidence without a script") func claim() throws {
    var fixture = PageFixture()
    let code = fixture.inline(.code("{claim} f(\"<x>\") ≈ 10.2 ± 0.1"))
    let claim = InlineClaim(
      position: code.position, expression: "f(\"<x>\")", expressionPosition: code.position,
      relation: .approximately, written: "10.2", writtenPosition: code.position,
      stated: .init(10.2, spacing: 0), tolerance: 0.1, writtenTolerance: "± 0.1")
    fixture.items = [.claim(claim)]
    fixture.configure = {
      $0.claims = [
        ClaimResult(
          item: 0, line: 1, sentence: "",
          numbers: .init(
            relation: .approximately, measured: .init(10.27, spacing: 0),
            stated: .init(10.2, spacing: 0), tolerance: 0.1), held: true)
      ]
    }
    _ = fixture.add(.paragraph([code, fixture.inline(.text(", so."), column: 40)]))
    let article = try fixture.article()
    #expect(
      article.contains(
        #"<span class="claimed">10.3</span><span class="tolerance"> ± 0.1</span><button type="#))
    #expect(article.contains(#"popovertarget="evidence-0""#))
    #expect(article.contains(#"popover="auto" id="evidence-0""#))
    #expect(article.contains("<code>f(&quot;&lt;x&gt;&quot;)</code>"))
    #expect(article.contains("± 0.1, 70 % of it used"))
    #expect(article.contains("</span>,</span> so."))
    let row = try #require(fixture.page().claims.first)
    #expect(row.measured == "10.27" && row.stated == "≈ 10.2" && row.held && !row.isStep)
  }

  @Test("a formula keeps its comma") func punctuation() throws {
    var fixture = PageFixture()
    let formula = fixture.inline(.math("a + b", isDisplay: false))
    let comma = fixture.inline(.text(", so"), column: 90)
    _ = fixture.add(.paragraph([formula, comma]))
    #expect(try fixture.article().contains("</span>,</span> so"))
  }

  @Test("a derivation's steps unfold to the numbers that checked them") func derivation() throws {
    var fixture = PageFixture()
    let code = CodeBlock(
      info: "derivation", literal: "", contentPosition: SourcePosition(line: 2, column: 1))
    let position = fixture.add(.code(code))
    let steps = [("H", nil), ("2", Relation.equal), ("3", .lessOrEqual)].enumerated()
      .map { index, step in
        let at = SourcePosition(line: 2 + index, column: 1)
        return Derivation.Step(
          relation: step.1, tex: step.0, expression: "f\(index)", position: at,
          expressionPosition: at)
      }
    fixture.items = [.derivation(Derivation(position: position, label: "eq-d", steps: steps))]
    fixture.configure = { record in
      for index in 0..<3 {
        for sample in ["K = 2", "K = 3"] {
          record.steps.append(
            StepResult(
              item: 0, index: index, sample: sample, value: [2, 2.0000001, 3][index], held: true))
        }
      }
    }
    let article = try fixture.article()
    #expect(article.contains(#"<div class="derivation" role="group""#))
    #expect(article.components(separatedBy: "<details class=\"step\"").count == 3)
    #expect(article.contains(#"<th scope="row">K = 3</th>"#))
    #expect(article.contains("2.0000001"))
    #expect(article.contains("(5.1)"))
    let rows = fixture.page().claims
    #expect(rows.map(\.isStep) == [true, true])
    #expect(rows.map(\.statement) == ["f1", "f2"])
    #expect(rows[1].used == 0)
  }

  private func cell(
    _ outputs: [ExecutionRecord.Output], echo: Cell.Echo = .show, label: String? = nil,
    caption: String? = nil
  ) -> PageFixture {
    var fixture = PageFixture()
    let start = SourcePosition(line: 2, column: 1)
    let position = fixture.add(
      .code(CodeBlock(info: "swift", literal: "let x = 1", contentPosition: start)))
    fixture.items = [
      .cell(
        Cell(
          position: position, source: "let x = 1", sourcePosition: start, label: label,
          caption: caption,
          captionContent: caption.map { [Inline(.text($0), at: start)] } ?? [], echo: echo))
    ]
    fixture.configure = { $0.outputs[0] = outputs }
    return fixture
  }

  @Test("what a cell prints is text, whatever it says") func output() throws {
    let article = try cell([.standardOutput("<script>&\n"), .text("two")]).article()
    #expect(article.contains("<pre class=\"output\">&lt;script&gt;&amp;\ntwo\n</pre>"))
    #expect(article.contains(#"<span class="keyword">let</span>"#))
  }

  @Test("a figure is numbered, captioned and described") func figure() throws {
    let svg = ##"<svg viewBox="0 0 1 1"><title id="t">x</title><g clip-path="url(#c)"/></svg>"##
    let article = try cell(
      [.figure(.init(svg: svg, unicode: "", description: "A \"line\"."))], echo: .hide,
      label: "fig-a", caption: "A <line>."
    ).article()
    #expect(article.contains(#"<figure class="figure" id="fig-a">"#))
    #expect(article.contains(##"href="#fig-a">Figure 5.1</a> A &lt;line&gt;."##))
    #expect(article.contains(#"role="img" aria-label="A &quot;line&quot;.""#))
    #expect(article.contains("url(#d1-c)") && article.contains(#"id="d1-t""#))
    #expect(!article.contains("let"))
  }

  @Test("a drawing that could run something is refused at the cell") func hostileDrawing() {
    let svg = "<svg><script>alert(1)</script></svg>"
    let page = cell([.figure(.init(svg: svg, unicode: "", description: "d"))]).page()
    #expect(
      page.diagnostics.map(\.message) == [
        "the figure of this cell cannot be shown: the element `script` is not allowed in a drawing"
      ])
    #expect(!String(decoding: page.html, as: UTF8.self).contains("<script>alert"))
  }

  @Test("folded code, tables and expected errors") func otherOutputs() throws {
    let table = Event.Table(columns: ["a<"], rows: [["1&2"]], numeric: [true])
    let article = try cell([.table(table), .expectedError("no <x>")], echo: .fold).article()
    #expect(article.contains(#"<details class="code-fold"><summary>Show the code</summary>"#))
    #expect(article.contains(#"<th scope="col" class="align-right numeric">a&lt;</th>"#))
    #expect(article.contains("1&amp;2"))
    #expect(article.contains("This cell stops, as it should:</p><pre>no &lt;x&gt;</pre>"))
  }

  @Test("a formula that cannot be read is an error at its place") func formula() {
    var fixture = PageFixture()
    _ = fixture.add(.paragraph([fixture.inline(.math("\\nope", isDisplay: false), column: 7)]))
    let diagnostic = fixture.page().diagnostics.first
    #expect(diagnostic?.line == 1 && diagnostic?.column == 7)
    #expect(
      diagnostic?.message
        == "this formula cannot be set: Undefined control sequence: \\nope at position 1: \\nope")
  }

  @Test("a formula or listing beyond its limit is reported at its line, and the rest is shown")
  func limits() throws {
    var fixture = PageFixture()
    _ = fixture.add(.paragraph([fixture.inline(.text("Before."))]))
    let tex = String(repeating: "x", count: MathRenderer.sizeLimit + 1)
    let formula = fixture.add(.math(MathBlock(tex: tex)))
    let code = fixture.add(
      .code(
        CodeBlock(
          info: "markdown", literal: String(repeating: "**a ", count: 20_000),
          contentPosition: SourcePosition(line: 22, column: 1))))
    let page = fixture.page()
    #expect(
      page.diagnostics.map { "\($0.severity) \($0.line) \($0.message)" } == [
        "error \(formula.line) this formula has 100001 bytes of TeX, and may have at most 100000",
        "warning \(code.line) this listing has no colours: colouring it takes more than 2.0 s",
      ])
    #expect(page.diagnostics.allSatisfy { $0.hint?.isEmpty == false })
    let html = String(decoding: page.html, as: UTF8.self)
    #expect(html.contains("Before.") && html.contains(#"<code class="language-markdown">**a **a"#))
  }

  @Test("theorems, proofs, exercises and notes") func blocks() throws {
    var fixture = PageFixture()
    let text = Block(
      .paragraph([fixture.inline(.text("So."))]), at: SourcePosition(line: 90, column: 1))
    let theorem = Container(
      name: "theorem", identifier: "thm-a", title: "Bound <1>", attributes: [], blocks: [text])
    _ = fixture.add(.container(theorem))
    for name in ["proof", "solution", "note"] {
      _ = fixture.add(
        .container(
          Container(name: name, identifier: nil, title: nil, attributes: [], blocks: [text])))
    }
    _ = fixture.add(.paragraph([fixture.inline(.crossReference("thm-a"))]))
    let article = try fixture.article()
    #expect(article.contains(#"<section class="statement theorem" id="thm-a""#))
    #expect(article.contains("Bound &lt;1&gt;"))
    #expect(article.contains(#"<em class="proof-word">Proof.</em> So.</p>"#))
    #expect(article.contains(#"<details class="solution"><summary>Solution</summary>"#))
    #expect(article.contains(#"<aside class="aside note" aria-label="Note">"#))
    #expect(article.contains(##"<a class="ref" href="#thm-a">Theorem 5.1</a>"##))
  }

  @Test("citations lead to the chapter's own list") func citations() throws {
    var fixture = PageFixture()
    fixture.bibliography =
      Bibliography.read(
        Array(
          """
          @article{a, author={Ann <b> and Bo}, title={T & U}, year=2000, journal={J}}
          @misc{b, author={Cy}, title={V}, year=2001}
          """.utf8), path: "b"
      ).0
    let both = Citation(
      entries: [.init(key: "a", locator: "eq. 4"), .init(key: "b")], isBracketed: true)
    _ = fixture.add(
      .paragraph([
        fixture.inline(.citation(both)),
        fixture.inline(.citation(Citation(entries: [.init(key: "b")], isBracketed: false))),
      ]))
    let article = try fixture.article()
    #expect(article.contains(##"[<a class="cite" href="#ref-a""##))
    #expect(article.contains("Cy 2001</a>]Cy ["))
    #expect(article.contains("2001</a>]"))
    #expect(article.contains("(2000). T &amp; U. <cite>J</cite>."))
    #expect(article.contains(#"<li id="ref-b">"#))
  }

  @Test("footnotes have a way there and back") func footnotes() throws {
    var fixture = PageFixture()
    let at = SourcePosition(line: 50, column: 1)
    fixture.footnotes = [
      Footnote(
        label: "x", position: at,
        blocks: [Block(.paragraph([fixture.inline(.text("Note."))]), at: at)])
    ]
    let mark = fixture.inline(.footnoteReference(label: "x"))
    _ = fixture.add(.paragraph([mark, mark]))
    let article = try fixture.article()
    #expect(article.contains(##"href="#fn-1" id="fnref-1""##))
    #expect(article.contains(##"href="#fn-1" id="fnref-1-2""##))
    #expect(article.contains(##"<a class="back" href="#fnref-1-2""##))
  }

  @Test(
    "links to chapters lead to pages, and no address runs a script",
    arguments: [
      ("other.md#sec-x", "other.html#sec-x"), ("../images/a b.svg", "images/a%20b.svg"),
      ("https://example.org/?a=\"", "https://example.org/?a=%22"), ("#here", "#here"),
    ])
  func links(destination: String, href: String) throws {
    var fixture = PageFixture()
    let text = fixture.inline(.text("t"))
    _ = fixture.add(
      .paragraph([fixture.inline(.link(destination: destination, title: "", content: [text]))]))
    #expect(try fixture.article() == "<p><a href=\"\(href)\">t</a></p>\n")
  }

  @Test("the frame: policy, landmarks, neighbours, no inline handler") func frame() throws {
    var fixture = PageFixture()
    fixture.facts.title = "Book \"&\""
    fixture.facts.baseURL = "https://example.org/book"
    fixture.facts.repository = "https://example.org/repo/"
    _ = fixture.add(.heading(Heading(level: 1, content: [fixture.inline(.text("One"))])))
    let html = String(decoding: fixture.page().html, as: UTF8.self)
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\""))
    #expect(html.contains("default-src 'none'; script-src 'self'"))
    #expect(html.contains("<title>One – Book &quot;&amp;&quot;</title>"))
    #expect(html.contains(#"<link rel="canonical" href="https://example.org/book/one.html" />"#))
    #expect(html.contains(#"href="https://example.org/repo/edit/main/chapters/one.md""#))
    #expect(html.contains("Before &lt;it&gt;"))
    #expect(html.contains(#"<main id="text" tabindex="-1">"#))
    #expect(html.contains(##"<a class="skip" href="#text">"##))
    #expect(!html.contains(" onclick") && !html.contains("<script>"))
  }

  @Test("the same chapter gives the same bytes") func deterministic() {
    var fixture = PageFixture()
    for tex in ["a", "\\mathbb{E}", "\\sum_i x"] {
      _ = fixture.add(.math(MathBlock(tex: tex)))
    }
    #expect(fixture.page() == fixture.page())
  }
}
