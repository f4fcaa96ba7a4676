import Book
import Foundation
import Markdown
import Testing

@Suite("What runs in a chapter")
struct ChapterParserTests {
  private func parse(_ text: String) -> (chapter: Chapter, diagnostics: [Diagnostic]) {
    ChapterParser.parse(path: "chapters/x.md", bytes: Array(text.utf8))
  }

  private func items(_ text: String) -> [Chapter.Item] {
    let (chapter, diagnostics) = parse(text)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    return chapter.items
  }

  private func cell(_ text: String) throws -> Cell {
    let items = items(text)
    guard case .cell(let cell)? = items.first else { throw Missing() }
    return cell
  }

  private func claim(_ text: String) throws -> InlineClaim {
    let items = items("`{claim} \(text)`")
    guard case .claim(let claim)? = items.first else { throw Missing() }
    return claim
  }

  private func derivation(_ text: String) throws -> Derivation {
    let items = items("```derivation\n\(text)\n```\n")
    guard case .derivation(let derivation)? = items.first else { throw Missing() }
    return derivation
  }

  private struct Missing: Error {}

  // MARK: Chapters

  @Test("the first heading is the title, the file's name the slug")
  func title() {
    let (chapter, _) = ChapterParser.parse(
      path: "chapters/infonce-bound.md", bytes: Array("## The $N$ *bound*\n# Other\n".utf8))
    #expect(chapter.title == "The N bound")
    let claimed = "# From `{claim} n = 3 ± 1` on\n\n## In `{swift} n` steps\n"
    let (numbered, faults) = ChapterParser.parse(path: "chapters/a.md", bytes: Array(claimed.utf8))
    #expect(numbered.title == "From 3 on")
    #expect(faults == [])
    #expect(chapter.slug == "infonce-bound")
    #expect(ChapterParser.parse(path: "chapters/a.b.md", bytes: []).chapter.title == "a.b")
  }

  @Test("items come in the order of the file, also from captions, tables, titles and footnotes")
  func order() {
    let text = """
      ## T `{swift} a`

      [^n]: `{swift} b`

      ```swift
      //| caption: `{swift} c`
      let x = 1
      ```

      ::: {.note title="`{swift} d`"}
      - `{swift} e`[^n]
      :::

      | `{swift} f` |

      | `{swift} g` | *`{swift} h`* |
      |---|---|
      | [`{swift} i`](u) | ![`{swift} alt`](x) |
      : caption `{claim} j = 1`
      """
    let names = items(text).map { item in
      switch item {
      case .cell: "cell"
      case .value(let value): value.expression
      case .claim(let claim): claim.expression
      case .derivation: "derivation"
      }
    }
    #expect(names == ["a", "b", "cell", "c", "d", "e", "f", "g", "h", "i", "alt", "j"])
    let positions = items(text).map(\.position)
    #expect(Set(positions).count == positions.count)
  }

  // MARK: Cells

  @Test("a cell's options, and where its code begins")
  func options() throws {
    let cell = try cell(
      """
      > ```swift norun
      > //| label: fig-bound
      > //| caption: "The bound, in *nats*
      > //|   with `{swift} n` samples"
      > //| alt: a curve
      > //| echo: fold
      > //| output: false
      > //| timeout: 2.5
      > //| expect: error
      > let x = 1
      >   f(x)
      > ```
      """)
    #expect(cell.source == "let x = 1\n  f(x)\n")
    #expect(cell.position == SourcePosition(line: 1, column: 3))
    #expect(cell.sourcePosition == SourcePosition(line: 10, column: 3))
    #expect(!cell.isRun && cell.expectsError && !cell.showsOutput && cell.echo == .fold)
    #expect(cell.label == "fig-bound" && PlainText.of(cell.alt) == "a curve" && cell.timeout == 2.5)
    #expect(cell.caption == "The bound, in *nats* with `{swift} n` samples")
    #expect(cell.captionPosition == SourcePosition(line: 3, column: 17))
    #expect(cell.captionContent.last?.kind == .text(" samples"))
    #expect(cell.captionContent.last?.position == SourcePosition(line: 4, column: 25))
  }

  @Test("only swift fences are cells, and `text` only shows")
  func kinds() {
    let text = "```swift\na\n```\n```swift text\nb\n```\n```python\nc\n```\n\n    d\n```\ne\n```\n"
    #expect(items(text).count == 1)
  }

  // MARK: Values

  @Test("an expression begins behind any number of backticks, spaces and line ends")
  func valuePositions() {
    let text = "a `` {swift}  f(`x`) `` b\n> `{swift}\n> g`\n"
    let found = items(text).map { item -> String in
      guard case .value(let value) = item else { return "?" }
      let (at, start) = (value.position, value.expressionPosition)
      return "\(at.line):\(at.column) \(start.line):\(start.column) \(value.expression)"
    }
    #expect(found == ["1:3 1:15 f(`x`)", "2:3 3:3 g"])
  }

  // MARK: Claims

  @Test(
    "a claim's relation, number and tolerance",
    arguments: [
      ("f(d: 20) ≈ 10.217 ± 0.001", "f(d: 20)", "≈", "10.217", 10.217, 0.001),
      ("x = 1.50", "x", "=", "1.50", 1.5, 0.005),
      ("x ~= 42", "x", "≈", "42", 42, 0.5),
      ("x < 3", "x", "<", "3", 3, 0), ("x <= 3", "x", "≤", "3", 3, 0),
      ("x >= 3 ± 0.1", "x", "≥", "3", 3, 0.1), ("x > −0.25", "x", ">", "−0.25", -0.25, 0),
      ("x ≈ 50 ± 2 %", "x", "≈", "50", 50, 1), ("x ≈ -50 ± 2%", "x", "≈", "-50", -50, 1),
      ("x ≈ 12.5 %", "x", "≈", "12.5 %", 0.125, 0.0005),
      ("x ≈ 12.5 % ± 1 %", "x", "≈", "12.5 %", 0.125, 0.01),
      ("x = 1e-6", "x", "=", "1e-6", 1e-6, 0.5e-6),
      ("x = 2.5 × 10^-3", "x", "=", "2.5 × 10^-3", 0.0025, 0.5e-4),
      ("x = 2.5·10⁻³", "x", "=", "2.5·10⁻³", 0.0025, 0.5e-4),
      ("x = 65_536", "x", "=", "65_536", 65536, 0), ("x = 15 %", "x", "=", "15 %", 0.15, 0),
      ("x = .5", "x", "=", ".5", 0.5, 0.05),
      ("[1, 2].filter { $0 == 1 }.count = 1", "[1, 2].filter { $0 == 1 }.count", "=", "1", 1, 0),
      ("(a < b) ? 1 : 0 = 1", "(a < b) ? 1 : 0", "=", "1", 1, 0),
      ("f(\"x = 1\") = 2", "f(\"x = 1\")", "=", "2", 2, 0),
      ("Array<Int>(x).count = 3", "Array<Int>(x).count", "=", "3", 3, 0),
      ("a >= b ? 1 : 2 ≈ 1 ± 0", "a >= b ? 1 : 2", "≈", "1", 1, 0),
    ])
  func claims(
    text: String, expression: String, relation: String, written: String, stated: Double,
    tolerance: Double
  ) throws {
    let claim = try claim(text)
    #expect(claim.expression == expression)
    #expect(claim.relation.rawValue == relation)
    #expect(claim.written == written)
    #expect(claim.stated.value == stated)
    #expect(abs(claim.tolerance - tolerance) <= 1e-12 * max(1, tolerance))
    let offset = "`{claim} ".utf8.count + 1
    #expect(claim.expressionPosition == SourcePosition(line: 1, column: offset))
    let before =
      text.utf8.count - text[text.range(of: written, options: .backwards)!.lowerBound...].utf8.count
    #expect(claim.writtenPosition == SourcePosition(line: 1, column: offset + before))
  }

  @Test("a claim over two lines of a quote has its number on the second")
  func claimOverLines() throws {
    guard case .claim(let claim)? = items("> `{claim} f(x)\n>   ≈ 1.25 ± 0.5`\n").first else {
      throw Missing()
    }
    #expect(claim.expression == "f(x)" && claim.written == "1.25")
    #expect(claim.writtenPosition == SourcePosition(line: 2, column: 9))
  }

  // MARK: Derivations

  @Test("a derivation's steps, samples and tolerance")
  func derivation() throws {
    let derivation = try derivation(
      #"""
      //| label: eq-chain
      //| caption: The chain rule
      //| sample: K in 2...6
      //| sample: p in [0.1, 0.5]
      //| tolerance: 1e-9

      H(X, Y)
        &+ 0 ;; joint(K)
          + 0
      = H(X) + \left(H(Y)\right) ;; a(K)
      // a remark
      \le K ;; Double(K)
      ≥ 0 ;; 0
      >= -1 ;; -1
      """#)
    #expect(derivation.label == "eq-chain" && derivation.caption == "The chain rule")
    #expect(derivation.samples.map(\.variable) == ["K", "p"])
    #expect(derivation.samples.map(\.sequence) == ["2...6", "[0.1, 0.5]"])
    #expect(derivation.tolerance == 1e-9)
    #expect(
      derivation.steps.map(\.relation) == [
        nil, .equal, .lessOrEqual, .greaterOrEqual, .greaterOrEqual,
      ])
    #expect(derivation.steps[0].tex == "H(X, Y)\n&+ 0")
    #expect(derivation.steps[0].expression == "joint(K)\n+ 0")
    #expect(derivation.steps[0].position == SourcePosition(line: 8, column: 1))
    #expect(derivation.steps[0].expressionPosition == SourcePosition(line: 9, column: 11))
    #expect(derivation.steps[1].tex == #"H(X) + \left(H(Y)\right)"#)
    #expect(derivation.steps[2].tex == "K")
  }

  // MARK: Faults

  /// Each with its place: what the author sees, all of a chapter's at once.
  @Test(
    "every mistake has a place and a sentence",
    arguments: [
      ("```swift runs\n```", "1:1 a swift cell knows no 'runs'"),
      ("```swift\n//| lable: fig-x\n```", "2:5 a cell has no option 'lable'"),
      ("```swift\n//| label:\n```", "2:5 the option 'label' needs a value"),
      ("```swift\n//| alt: a\n//| alt: b\n```", "3:5 the option 'alt' is already set on line 2"),
      (
        "```swift\nx\n  //| alt: a\n```",
        "3:6 the option 'alt' stands below code, where it has no effect"
      ),
      ("```swift\n//| : a\n```", "2:5 this option line is not of the form '//| key: value'"),
      ("```swift\n//| live\n```", "2:5 'live' is not supported in this version"),
      ("```swift\n//| slider: a\n```", "2:5 'slider' is not supported in this version"),
      ("```swift\n//| echo: maybe\n```", "2:11 'echo' must be true, false or fold, not 'maybe'"),
      ("```swift\n//| output: 1\n```", "2:13 'output' must be true or false, not '1'"),
      (
        "```swift\n//| timeout: -1\n```",
        "2:14 'timeout' must be a number of seconds, more than 0 and at most 86400, not '-1'"
      ),
      (
        "```swift\n//| timeout: nan\n```",
        "2:14 'timeout' must be a number of seconds, more than 0 and at most 86400, not 'nan'"
      ),
      (
        "```swift\n//| expect: crash\n```",
        "2:13 'expect' must be 'error', or 'error: part of its message', not 'crash'"
      ),
      ("```swift\n//| label: bound\n```", "2:12 'bound' is not a label for this block"),
      ("```swift\n//| label: fig-a b\n```", "2:12 'fig-a b' is not a label for this block"),
      ("x `{swift}`", "1:3 `{swift}` needs an expression"),
      (
        "# In *`{swift} n`* steps",
        "1:7 a chapter's title is known before anything runs, so it holds no value"
      ),
      (
        "::: {.theorm}\na\n:::",
        "1:1 there is no block 'theorm'; this one gets no title and no number"
      ),
      ("`{swfit} a`", "1:1 `{swfit}` is shown as it stands; did you mean `{swift}`?"),
      ("`{claim} x`", "1:1 this claim has no relation: one of = ≈ < ≤ > ≥"),
      ("`{claim} = 3`", "1:1 this claim has nothing to measure before the relation"),
      ("`{claim} x = `", "1:14 this claim has no number after the relation"),
      ("`{claim} x = about 3`", "1:14 a claim ends in a number, and 'about 3' is none"),
      ("`{claim} x = 3 apples`", "1:14 a claim ends in a number, and '3 apples' is none"),
      ("`{claim} x = 3x`", "1:14 a claim ends in a number, and '3x' is none"),
      ("`{claim} x = 1e999`", "1:14 a claim ends in a number, and '1e999' is none"),
      ("`{claim} x ≈ 3 ± y`", "1:18 'y' is not a tolerance"),
      ("`{claim} x ≈ 3 ± -1`", "1:18 '-1' is not a tolerance"),
      (
        "```derivation\n```",
        "1:1 a derivation needs at least two steps, so that one can be checked"
      ),
      (
        "```derivation\na ;; 1\n```",
        "1:1 a derivation needs at least two steps, so that one can be checked"
      ),
      (
        "```derivation\n= a ;; 1\n= b ;; 1\n```",
        "2:1 the first step stands alone, and this one begins with '='"
      ),
      (
        "```derivation\na ;; 1\nb ;; 1\n```",
        "3:1 this step does not say how it follows from the one before"
      ),
      ("```derivation\na ;; 1\n= b\n```", "3:1 this step has no Swift expression to check"),
      ("```derivation\na ;; 1\n= ;; 1\n```", "3:1 this step has no formula to show"),
      ("```derivation\n//| sample: K\na ;; 1\n= b ;; 1\n```", "2:13 'K' is not a sample"),
      (
        "```derivation\n//| tolerance: 0\na ;; 1\n= b ;; 1\n```",
        "2:16 'tolerance' must be a number between 0 and 1, such as 1e-6, not '0'"
      ),
      (
        "```derivation\n//| tolerance: 1e300\na ;; 1\n= b ;; 2\n```",
        "2:16 'tolerance' must be a number between 0 and 1, such as 1e-6, not '1e300'"
      ),
      (
        "```derivation\n//| echo: true\na ;; 1\n= b ;; 1\n```",
        "2:5 a derivation has no option 'echo'"
      ),
      (
        "```derivation\n//| label: fig-x\na ;; 1\n= b ;; 1\n```",
        "2:12 'fig-x' is not a label for this block"
      ),
      ("a\n```", "2:1 this code fence is never closed"),
      ("::: note\na", "1:1 this ::: note block is never closed"),
      ("$$\na\n", "1:1 the formula that $$ opens here is never closed"),
      (":::", "1:1 this ::: closes nothing"),
      ("::: a b", "1:1 this ::: line opens no block"),
      ("a[^1]\n\n[^1]: x\n[^1]: y", "4:1 the footnote [^1] is already defined on line 3"),
      ("a[^1]", "1:2 there is no footnote [^1]"),
      ("[^1]: x", "1:1 nothing refers to the footnote [^1]"),
    ])
  func faults(text: String, expected: String) {
    let diagnostics = parse(text).diagnostics
    #expect(diagnostics.map { "\($0.line):\($0.column) \($0.message)" } == [expected])
  }

  @Test("a near miss is named, and every hint says what to do")
  func hints() {
    #expect(parse("```swift\n//| captoin: x\n```").diagnostics[0].hint == "did you mean 'caption'?")
    #expect(parse("```swift noorun\n```").diagnostics[0].hint == "did you mean 'norun'?")
    #expect(
      parse("```swift\n//| zzz: x\n```").diagnostics[0].hint
        == "the options of a cell: label, caption, alt, echo, output, timeout, expect")
  }

  @Test("a file that is not UTF-8 is refused at its byte")
  func notUTF8() {
    let bytes = Array("# A\nbad: ".utf8) + [0xFF] + Array("\n```swift\nx\n```\n".utf8)
    let (chapter, diagnostics) = ChapterParser.parse(path: "chapters/a.md", bytes: bytes)
    #expect(chapter.document.blocks.isEmpty && chapter.items.isEmpty)
    #expect(diagnostics.count == 1)
    #expect(diagnostics[0].severity == .error)
    #expect((diagnostics[0].line, diagnostics[0].column) == (2, 6))
    #expect(diagnostics[0].message == "the file is not UTF-8: byte 9 is part of no character")
  }

  @Test("all mistakes of a chapter come at once, in order")
  func all() {
    let text = "`{claim} x`\n\n```swift\n//| a: b\n//| c: d\n```\n\n`{swift}`\n"
    #expect(parse(text).diagnostics.map(\.line) == [1, 4, 5, 8])
  }
}
