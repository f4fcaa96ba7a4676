import Commands
import Testing

@Suite("Edits of a chapter") struct SourceEditTests {
  private func edited(_ text: String, _ edits: (Int, Int, String, String)...) -> String {
    let result = SourceEdits.apply(
      edits.map {
        .init(line: $0.0, column: $0.1, old: $0.2, new: $0.3)
      }, to: Array(text.utf8))
    return String(decoding: result.bytes, as: UTF8.self)
  }

  @Test("only the number changes", arguments: ["\n", "\r\n", "\r"])
  func lineEndings(ending: String) {
    let text = ["# Title", "λ is 1.25 here", "", "and 7"].joined(separator: ending)
    let expected = ["# Title", "λ is 1.3141 here", "", "and 8"].joined(separator: ending)
    #expect(edited(text, (2, 7, "1.25", "1.3141"), (4, 5, "7", "8")) == expected)
  }

  @Test("several in one line")
  func sameLine() {
    #expect(edited("1 2 3", (1, 1, "1", "111"), (1, 5, "3", "")) == "111 2 ")
  }

  @Test("a byte-order mark stays, and belongs to no column")
  func byteOrderMark() {
    #expect(edited("\u{FEFF}5 is", (1, 1, "5", "6")) == "\u{FEFF}6 is")
  }

  @Test("a place that holds something else by now is left alone")
  func changedMeanwhile() {
    #expect(edited("abc", (1, 1, "x", "y"), (9, 1, "a", "b"), (1, 3, "cd", "x")) == "abc")
    #expect(edited("abc", (0, 1, "a", "b"), (1, 0, "a", "b"), (1, 99, "a", "b")) == "abc")
  }
}
