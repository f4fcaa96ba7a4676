import Book
import Commands
import Testing

@Suite("Text on the terminal") struct TerminalTests {
  @Test(
    "control characters become visible",
    arguments: [
      ("plain", "plain"), ("\u{1B}[31mred", "␛[31mred"), ("a\tb", "a  b"), ("a\rb", "a␍b"),
      ("a\nb", "a␊b"), ("bell\u{7}", "bell␇"), ("\u{7F}", "␡"), ("csi\u{9B}31m", "csi\u{FFFD}31m"),
      ("left\u{202E}right", "left\u{FFFD}right"), ("\u{2066}x", "\u{FFFD}x"),
      ("naïve λ 漢 🎲", "naïve λ 漢 🎲"),
    ])
  func visible(text: String, shown: String) { #expect(VisibleText.of(text) == shown) }

  @Test("lines are kept where they are wanted")
  func keepsLines() { #expect(VisibleText.of("a\nb\u{1B}", keepingLines: true) == "a\nb␛") }

  @Test(
    "widths are those of the terminal",
    arguments: [("abc", 3), ("漢字", 4), ("🎲", 2), ("e\u{301}", 1), ("", 0), ("λ→∞", 3), ("한", 2)])
  func width(text: String, columns: Int) { #expect(DisplayWidth.of(text) == columns) }

  @Test("what is too wide is cut with an ellipsis, never over the edge")
  func cutting() {
    #expect(DisplayWidth.cut("abcdef", to: 6) == "abcdef")
    #expect(DisplayWidth.cut("abcdefg", to: 6) == "abcde…")
    #expect(DisplayWidth.cut("漢字漢字", to: 6) == "漢字…")
    #expect(DisplayWidth.cut("ab", to: 1) == "…")
    #expect(DisplayWidth.cut("ab", to: 0) == "")
    #expect(DisplayWidth.end(of: "abcdef", in: 6) == "abcdef")
    #expect(DisplayWidth.end(of: "abcdefg", in: 6) == "…cdefg")
    #expect(DisplayWidth.end(of: "漢字漢字", in: 6) == "…漢字")
    #expect(DisplayWidth.end(of: "漢字漢字", in: 7) == "…字漢字")
  }

  @Test("lines break at spaces")
  func wrapping() {
    #expect(DisplayWidth.wrapped("one two three", to: 8) == ["one two", "three"])
    #expect(DisplayWidth.wrapped("unbreakable", to: 4) == ["unbreakable"])
    #expect(DisplayWidth.wrapped("a\n\nb", to: 4) == ["a", "", "b"])
  }

  @Test("a table cuts its widest column of words")
  func table() {
    let table = TextTable(
      [["n", "chapter", "cells"], ["1", "a-very-long-name", "12"]], right: [2])
    #expect(
      table.lines(width: 80) == ["n  chapter           cells", "1  a-very-long-name     12"])
    #expect(table.lines(width: 18) == ["n  chapter   cells", "1  a-very-…     12"])
  }

  @Test(
    "seconds are as precise as anybody reads them",
    arguments: [
      (0, "0 ms"), (0.0124, "12 ms"), (0.0996, "0.10 s"), (0.5, "0.50 s"), (0.9951, "1.0 s"),
      (3.24, "3.2 s"), (9.96, "10 s"), (59.6, "60 s"), (125, "2 min 05 s"), (3599.7, "1 h 00 min"),
      (7325, "2 h 02 min"), (1e30, "277777777 h"), (.infinity, "–"), (.nan, "–"), (-1, "–"),
    ])
  func seconds(seconds: Double, text: String) { #expect(Measure.seconds(seconds) == text) }

  @Test(
    "bytes",
    arguments: [
      (0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (20_000, "20 kB"), (3_400_000, "3.4 MB"),
      (999_999_999, "1.0 GB"),
    ])
  func bytes(count: Int, text: String) { #expect(Measure.bytes(count) == text) }
}

@Suite("Diagnostics on the terminal") struct DiagnosticPrinterTests {
  private func text(
    _ diagnostic: Diagnostic, line: String?, width: Int = 80, coloured: Bool = false
  ) -> String {
    DiagnosticPrinter(style: Style(isColoured: coloured), width: width) { _, _ in line }
      .text(diagnostic)
  }

  @Test("place, sentence, line, caret and hint")
  func whole() {
    let diagnostic = Diagnostic(
      file: "chapters/contrast.md", line: 41, column: 14, message: "it is 10.214, not 10.217",
      hint: "write 10.214")
    #expect(
      text(diagnostic, line: "a bound of `{claim} mi ≈ 10.217` nats") == """
        chapters/contrast.md:41:14: error: it is 10.214, not 10.217
          41 │ a bound of `{claim} mi ≈ 10.217` nats
             │              ^
             hint: write 10.214

        """)
  }

  @Test("the caret stands under its character, whatever is before it")
  func caret() {
    let line = "\tλ 漢x"
    // After the tab (2 columns), λ (1), a space and 漢 (2); 7 bytes precede x.
    let diagnostic = Diagnostic(.warning, file: "a.md", line: 3, column: 8, message: "here")
    #expect(text(diagnostic, line: line).contains("   3 │   λ 漢x\n     │       ^\n"))
  }

  @Test("a long line is shown around the place")
  func longLine() {
    let line = String(repeating: "a ", count: 500) + "WRONG" + String(repeating: " b", count: 500)
    let diagnostic = Diagnostic(file: "a.md", line: 1, column: 1001, message: "here")
    let lines = text(diagnostic, line: line, width: 60).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(lines[1].contains("WRONG") && lines[1].contains("…"))
    let before = lines[2].prefix { $0 != "^" }.count
    #expect(lines[1].dropFirst(before).hasPrefix("WRONG"))
  }

  @Test("a column beyond the line, inside a character, or no column at all does no harm")
  func oddColumns() {
    for column in [0, 1, 2, 3, 99, .max] {
      let diagnostic = Diagnostic(file: "a.md", line: 1, column: column, message: "here")
      #expect(text(diagnostic, line: "λλ").contains("1 │ "))
    }
    #expect(!text(Diagnostic(file: "a.md", line: 1, message: "x"), line: "abc").contains("^"))
    #expect(text(Diagnostic(file: "a.md", message: "x"), line: "abc") == "a.md: error: x\n")
    #expect(
      text(Diagnostic(file: "a.md", line: 9, message: "x"), line: nil) == "a.md:9: error: x\n")
  }

  @Test("nothing hostile reaches the terminal, from any field")
  func hostile() {
    let bad = "\u{1B}]0;owned\u{7}\u{9B}2J\u{202E}"
    let diagnostic = Diagnostic(
      file: "a\(bad).md", line: 1, column: 2, message: "m\(bad)\nsecond\(bad)", hint: "h\(bad)")
    let shown = text(diagnostic, line: "x\(bad)y")
    #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    #expect(!shown.unicodeScalars.contains { (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}" })
  }

  @Test("colours set off what matters")
  func colours() {
    let diagnostic = Diagnostic(file: "a.md", line: 1, column: 1, message: "wrong")
    let shown = text(diagnostic, line: "x", coloured: true)
    #expect(shown.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    #expect(shown.contains("\u{1B}[32m^\u{1B}[0m"))
  }
}
