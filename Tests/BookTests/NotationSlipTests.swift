import Book
import Testing

/// Nothing that an author writes as a notation is printed raw, or gone, without a word.
@Suite("Slips in a notation") struct NotationSlipTests {
  private static func said(_ text: String) -> [String] {
    ChapterParser.parse(path: "chapters/x.md", bytes: Array(text.utf8)).diagnostics.map {
      "\($0.severity) \($0.line):\($0.column) \($0.message) | \($0.hint ?? "")"
    }
  }

  /// By notation: how it is written, then its likeliest slips, each with a part of the answer that
  /// has the right spelling.
  struct Notation: Sendable, CustomTestStringConvertible {
    var name: String
    var right: String
    var slips: [(text: String, spelling: String)]

    init(_ name: String, _ right: String, _ slips: (String, String)...) {
      (self.name, self.right, self.slips) = (name, right, slips)
    }

    var testDescription: String { name }
  }

  private static let table = [
    Notation(
      "a cell", "```swift\nlet a = 1\n```",
      ("```{swift}\nx\n```", "write ```swift"), ("```Swift\nx\n```", "write ```swift"),
      ("```{.swift .norun}\nx\n```", "write ```swift"),
      ("```{swift, echo=FALSE}\nx\n```", "write ```swift"),
      ("```swift,norun\nx\n```", "write ```swift"), ("~~~swfit\nx\n~~~", "write ```swift"),
      ("```swift no-run\nx\n```", "did you mean 'norun'?")),
    Notation(
      "an option", "```swift\n//| label: lst-a\nlet a = 1 // output: 3\n```",
      ("```swift\n#| label: lst-a\nx\n```", "write '//| label: …'"),
      ("```swift\n// | label: lst-a\nx\n```", "write '//| label: …'"),
      ("```swift\n//: caption: A\nx\n```", "write '//| caption: …'"),
      ("```swift\n//| label = lst-a\nx\n```", "write '//| label: …'"),
      ("```swift\n//| eval: false\nx\n```", "write ```swift norun"),
      ("```swift\n//| captoin: a\nx\n```", "did you mean 'caption'?")),
    Notation(
      "a value", "`{swift} a`, `swift build`, `{a, b}` and `{python} x`",
      ("`{Swift} a`", "`{swift}`"), ("`{swift}a`", "`{swift} expression`"),
      ("`{swift: a}`", "`{swift}`"), ("`{swift a}`", "`{swift}`"), ("`{{swift}} a`", "`{swift}`"),
      ("`(swift) a`", "`{swift}`"), ("`{value} a`", "`{swift}`"),
      ("`{swift} let z = 3`", "compute it in a cell")),
    Notation(
      "a claim", "`{claim} a ≈ 1.0 ± 0.1`, `claim` and `{claim}\u{A0}a = 1`",
      ("`{claims} a = 1`", "`{claim}`"), ("To `{claim} a = 1", "a backtick behind it"),
      ("`{claim: a = 1}`", "`{claim}`"),
      ("`claim a = 1`", "`{claim}`"), ("`[claim] a = 1`", "`{claim}`"),
      ("`{claim} a == 1`", "write ≈, = or another of them instead of '=='"),
      ("`{claim} a != 1`", "instead of '!='"),
      ("`{claim} a ≈ 12.0 m/s`", "`{claim} v ≈ 12.0` m/s"),
      ("`{claim} a ≈ 12,5`", "write a point before the decimals")),
    Notation(
      "where none is read", "<!-- `{claim} a = 1` -->",
      ("<div>\n`{claim} a = 1`\n</div>", "move it into the text"),
      ("$a = `{swift} a`$", "write the formula without it"),
      ("[a](b \"`{claim} a = 1`\")", "move it into the text")),
    Notation(
      "a derivation", "```derivation\na ;; 1\n= b ;; 1\n```",
      ("```Derivation\na ;; 1\n= b ;; 1\n```", "write ```derivation"),
      ("```derivations\na ;; 1\n```", "write ```derivation"),
      ("```derivation\na ; 1\n= b ;; 1\n```", "'TeX ;; Swift expression'"),
      ("```derivation\n//| samples: K in 1...2\na ;; 1\n= b ;; 1\n```", "'sample'")),
    Notation(
      "a formula", "$x^2$, \\(x\\), $$x$$ and $5 to $10\n\n\\[ x \\]\n\n\\[Pitch\\] \\[1\\]",
      ("$ x^2 $", "write '$x$'"), ("$\\alpha and", "'$x$'"),
      ("\\begin{align}\nx\n\\end{align}", "$$x$$"), ("\\[x = 1\\]", "write '\\[ x \\]'"),
      ("\\[ x = 1 \\] and", "write '\\[ x \\]'"), ("$$\nx\n\n", "close it with $$")),
    Notation(
      "a label",
      "## A {#sec-a}\n\n## B {#sec-b .unnumbered}\n\n## C {-}\n\n$$x$$ {#eq-x}\n\n## \\{#d}",
      ("## A {#sec-a .bar}", "{#sec-a}"), ("## A {sec-a}", "{#sec-a}"),
      ("## A {# sec-a}", "{#sec-a}"), ("$$x$$ {eq-x}", "{#eq-x}"), ("$$x$$ {#eq-x}.", "{#eq-x}"),
      ("![A](b.svg){#fig-a}", "write the label on a cell"),
      ("![A](b.svg){width=50%}", "write the label on a cell"), ("a {#sec-a} b", "{#sec-a}"),
      ("a [b]{.small} c", "'::: {.name}' … ':::'")),
    Notation(
      "a table", "| a | b |\n|--|--|\n| 1 | \n: Cap {#tbl-a}",
      ("| a | b |\n|---|\n| 1 | 2 |", "a table's row of dashes"),
      ("| a | b |\n|--|--|\n| 1 | 2 | 3 |", "as many cells"), ("a\n\n: Cap", "caption ': …'"),
      ("| a |\n|--|\n\na\n\n: Cap {#tbl-a}", "{#tbl-a}")),
    Notation(
      "a footnote", "a[^1]\n\n[^1]: b",
      ("a ^[b]", "'[^1]'"), ("a[^1]", "'[^1]: …'"), ("[^1]: b", "[^1]")),
    Notation(
      "a block", "::: {.theorem #thm-a .wide title=\"A\"}\nb\n:::\n\n::: mine\nb\n:::",
      ("::: {.theorm}\na\n:::", "did you mean 'theorem'?"),
      ("::: thm\na\n:::", "did you mean 'theorem'?"),
      ("::: {.callout-note}\na\n:::", "did you mean 'note'?"),
      ("::: {.panel-tabset}\na\n:::", "did you mean 'tabs'?"),
      ("::: {.note tilte=\"A\"}\na\n:::", "did you mean 'title'?"),
      ("::: note\na", "close it with a line :::"), ("::: theorem #thm-a", "'::: {.name #label"),
      (":: note\na", "'::: name'"), ("!!! note\n    a", "'::: note'"),
      ("> [!NOTE]\n> a", "'::: note'"), ("```{note}\na\n```", "'::: note'")),
    Notation(
      "a reference", "@sec-a @eq-b and C:\\new",
      ("\\ref{fig-a}", "'@fig-x'"), ("\\eqref{eq-a}", "'@eq-x'"), ("\\label{eq-a}", "{#eq-x}")),
    Notation(
      "a citation", "[see @a, p. 3; -@b] -@a Wow![@a]",
      ("[@a, @b]", "[@a; @b]"), ("\\cite{a}", "'[@key]'"), ("\\citep{a}", "'[@key]'")),
    Notation(
      "a chapter", "# A\n\n---\n\ntext",
      ("---\ntitle: A\n---\n\n# B", "the title is the heading"),
      ("+++\ntitle = \"A\"\n+++\n\n# B", "the title is the heading"),
      ("---\nlayout: page\n...\n", "the title is the heading")),
  ]

  @Test("each is answered with the right spelling", arguments: table)
  func answers(notation: Notation) {
    #expect(Self.said(notation.right) == [])
    #expect(notation.slips.count >= 3)
    for (text, spelling) in notation.slips {
      let said = Self.said(text)
      #expect(said.contains { $0.contains(spelling) }, "\(text): \(said)")
    }
  }

  @Test("in a quote, a list, a cell and a caption, at its place; not behind a backslash")
  func places() {
    let text = """
      > - *a* {#sec-a}

      | {#tbl-a} \\{#tbl-b} |
      |--|
      : A {width=1}

      \\{#sec-c} and {#sec-c}
      """
    #expect(
      Self.said(text).map { String($0.prefix { $0 != "|" }) } == [
        "warning 1:9 '{#sec-a}' is shown as it stands ",
        "warning 3:3 '{#tbl-a}' is shown as it stands ",
        "warning 5:5 '{width=1}' is shown as it stands ",
        "warning 7:15 '{#sec-c}' is shown as it stands ",
      ])
  }
}
