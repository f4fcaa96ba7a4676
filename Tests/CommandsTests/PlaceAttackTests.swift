import Foundation
import Testing

/// A claim that is false, in every place where a text may stand: it is tested there or refused.
@Suite("False claims in every place") struct PlaceAttackTests {
  private static func tested(_ place: String) -> String { "\(place) error '1' is 1, not 24" }
  private static let claim = "`{claim} 1 = 24`"
  private static let untold = "error a value or a claim in"
  private static let title = "error the title of a link or an image is an attribute"

  private static let attacks = [
    Attack("alt", "![To \(claim).](p.svg)", tested("3:19")),
    Attack(
      "cell-alt",
      "```swift\n//| label: fig-a\n//| caption: A.\n//| alt: To \(claim).\n"
        + "show(Figure(LineMark(x: [1, 2], y: [1, 2])))\n```", tested("6:26")),
    Attack(
      "cell-caption",
      "```swift\n//| label: fig-b\n//| caption: To \(claim).\n//| alt: A.\n"
        + "show(Figure(LineMark(x: [1, 2], y: [1, 2])))\n```", tested("5:30")),
    Attack(
      "caption-of-nothing",
      "```swift\n//| caption: To \(claim).\n//| output: false\nlet a = 1\n```",
      "3:1 error the label asks for a figure, and the cell shows none", tested("4:30")),
    Attack(
      "norun-caption", "```swift norun\n//| caption: To \(claim).\nlet a = 1\n```", tested("4:30")),
    Attack(
      "derivation-caption", "```derivation\n//| caption: To \(claim).\na ;; 1.0\n= b ;; 1.0\n```",
      tested("4:30")),
    Attack("table-cell", "| a | b |\n|---|---|\n| 1 | \(claim) |", tested("5:20")),
    Attack("table-head", "| a | \(claim) |\n|---|---|\n| 1 | 2 |", tested("3:20")),
    Attack("table-caption", "| a |\n|---|\n| 1 |\n: To \(claim) {#tbl-x}", tested("6:19")),
    Attack("heading", "## To \(claim)", tested("3:20")),
    Attack("underlined-heading", "To \(claim)\n---", tested("3:17")),
    Attack("footnote", "Text[^a], again[^a].\n\n[^a]: To \(claim).", tested("5:23")),
    Attack(
      "unused-footnote", "Text.\n\n[^a]: To \(claim).",
      "5:1 warning nothing refers to the footnote [^a]", tested("5:23")),
    Attack("container", "::: {.note title=\"To \(claim)\"}\nText.\n:::", tested("3:35")),
    Attack("tab", "::: tabs\n## One\nTo \(claim).\n:::", tested("5:17")),
    Attack("link", "[to \(claim)](https://example.org)", tested("3:18")),
    Attack("quoted-list", "> - 1. ***\(claim)***", tested("3:24")),
    Attack("no-break-space", "To `{claim}\u{A0}1 = 24`.", tested("3:18")),
    Attack("citation", "As [@x, p. \(claim)].", tested("3:25")),
    Attack("lone-pipes", "|\n|\nTo \(claim).", tested("5:17")),
    Attack("lone-pipe", "|\nTo \(claim).\n|", tested("4:17")),
    Attack("empty-cells", "||\n||\nTo \(claim).", tested("5:17")),
    Attack(
      "pipe-and-dash", "|\n|-\nTo \(claim).", "4:1 warning '|-' is shown as it stands",
      tested("5:17")),
    // Where nothing is evaluated.
    Attack("link-title", "[x](https://example.org \"to \(claim)\")", "3:1 \(title)"),
    Attack("image-title", "![x](p.svg \"to \(claim)\")", "3:1 \(title)"),
    Attack("definition-title", "[x]\n\n[x]: https://example.org \"to \(claim)\"", "3:1 \(title)"),
    Attack("html-block", "<p>To \(claim).</p>", "3:1 \(untold) raw HTML would not be evaluated"),
    Attack("html-attribute", "A <b title=\"\(claim)\">b</b>.", "3:3 \(untold) raw HTML"),
    Attack("formula", "$$ \\text{\(claim)} $$", "3:1 \(untold) a formula would not be evaluated"),
    Attack(
      "step", "```derivation\n\\text{\(claim)} ;; 1.0\n= b ;; 1.0\n```", "4:1 \(untold) a formula"),
    // Slips that leave code on the page.
    Attack("no-space", "To `{claim}1 = 24`.", "3:4 warning `{claim}` is read at the beginning"),
    Attack(
      "space-before", "To ` {claim} 1 = 24`.", "3:4 warning `{claim}` is read at the beginning"),
    Attack("capital", "To `{Claim} 1 = 24`.", "3:4 warning `{Claim}` is shown as it stands"),
    // Spans that are more, or less, than an expression.
    Attack(
      "braces", "`{claim} 2 ; _ = chapterValue__ } ; do { let chapterValue__ = 3 = 3`",
      "3:10 error 'chapterValue__' belongs to the tool, and a chapter may not use it"),
    Attack(
      "two-statements", "`{claim} 2; 3 = 3`",
      "3:10 error this is not one Swift expression: ';' ends it"),
    Attack(
      "closed", "`{claim} 2) + (1 = 3`",
      "3:10 error this is not one Swift expression: ')' closes nothing"),
    Attack("half-string", "`{claim} \"a = 3`", "3:1 error this claim has no relation"),
    Attack(
      "half-comment", "`{claim} 3 /* = 3`",
      "3:10 error this is not one Swift expression: a string or a comment is never closed"),
    Attack(
      "comment", "`{claim} 3 // 2 = 3`",
      "3:10 error this is not one Swift expression: '//' hides the rest of it"),
    Attack(
      "directive", "`{claim} #line = 3`",
      "3:10 error this is not one Swift expression: '#line' is a directive"),
  ]

  @Test("each is tested there, or refused there") func places() throws {
    let book = try AttackBook(Self.attacks) { try $0.write("chapters/p.svg", "<svg/>") }
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
  }

  @Test("SUMMARY.md, book.json and comments are read before anything runs") func bookFiles() throws
  {
    let book = try AttackBook([Attack("a", "<!-- \(Self.claim) -->")]) {
      try $0.write(
        "chapters/SUMMARY.md",
        "# B \(Self.claim)\n\n- To `{swift} 3`\n- [A \(Self.claim)](a.md \"\(Self.claim)\")\n")
      try $0.write(
        "chapters/book.json",
        "{\"title\": \"T\",\n\"subtitle\": \"\(Self.claim)\",\n\"authors\": [\"`{swift} 1`\"]}")
    }
    #expect(book.run.status == 1)
    let runs = "error SUMMARY.md is read before anything runs, so it holds no value, claim or cell"
    #expect(
      Set(book.saidOfBook) == [
        "book.json 2:0 error 'subtitle' is on every page as it stands and holds no value or claim",
        "book.json 3:0 error 'authors' is on every page as it stands and holds no value or claim",
        "SUMMARY.md 1:5 \(runs)", "SUMMARY.md 3:6 \(runs)", "SUMMARY.md 4:6 \(runs)",
        "SUMMARY.md 4:3 error the title of a link or an image is an attribute and holds no value "
          + "or claim",
      ])
    book.expectAnswers(to: [Attack("a", "")])
  }

  @Test("lines of lone pipes are text, whatever follows") func pipes() throws {
    let book = try AttackBook([
      Attack("a", "|\n|\nfirst\n|\n\n||\n||\nsecond"), Attack("b", "|\n|-\nthird"),
    ])
    #expect(book.run.status == 0)
    for word in ["first", "second"] { #expect(try book.folder.read("site/a.html").contains(word)) }
    #expect(try book.folder.read("site/b.html").contains("third"))
  }
}
