import Book
import TestSupport
import Testing

@Suite("Order and facts of the book") struct SummaryTests {
  let folder = TemporaryFolder()

  private func check() -> BuildReport {
    BookBuilder(book: BookFolder(path: folder.path)).check()
  }

  @Test("numbers chapters, sections of chapters, and leaves prefaces without") func numbers() throws
  {
    try folder.write(
      """
      # Summary
      [Preface](preface.md)
      - Foundations
        - [A](a.md)
      - [B](b.md)
        - [C](c.md)
        - [D](d.md)
      - [E](e.md)
      """, to: "chapters/SUMMARY.md")
    for name in ["preface", "a", "b", "c", "d", "e"] {
      try folder.write("# \(name)\n", to: "chapters/\(name).md")
    }
    let report = check()
    #expect(report.diagnostics == [])
    #expect(report.chapters.map(\.number) == ["", "1", "2", "2.1", "2.2", "3"])
    #expect(report.chapters.map(\.slug) == ["preface", "a", "b", "c", "d", "e"])
  }

  @Test("every wrong line of the summary is reported at its place") func faults() throws {
    try folder.write("# a\n", to: "chapters/a.md")
    try folder.write("# a\n", to: "chapters/sub/a.md")
    try folder.write("# lost\n", to: "chapters/lost.md")
    try folder.write("# index\n", to: "chapters/index.md")
    try folder.write(
      """
      - [A](a.md)
      - [Again](./a.md)
      - [Missing](missing.md)
      - [Out](../../etc/passwd.md)
      - [Text](a.txt)
      - [Other](sub/a.md)
      - [Index](index.md)
      """, to: "chapters/SUMMARY.md")
    let report = check()
    let found = report.diagnostics.map { "\($0.file):\($0.line): \($0.message)" }
    #expect(
      found == [
        "chapters/SUMMARY.md:2: 'chapters/a.md' is listed already, in line 1",
        "chapters/SUMMARY.md:3: the chapter 'chapters/missing.md' does not exist",
        "chapters/SUMMARY.md:4: '../../etc/passwd.md' lies outside the book's folder",
        "chapters/SUMMARY.md:5: 'a.txt' is no Markdown file",
        "chapters/SUMMARY.md:6: this chapter's page, a.html, is already the page of 'chapters/a.md'",
        "chapters/SUMMARY.md:7: the page index.html belongs to the site itself",
        "chapters/lost.md:0: 'chapters/lost.md' is not listed in SUMMARY.md, so no page is made",
      ])
  }

  @Test(
    "book.json is read with care",
    arguments: [
      ("{\n", "2:1 book.json is not valid JSON: a name in double quotes is missing"),
      ("[]", "1:0 book.json must hold one object"),
      ("{\"title\": \"titel\",\n\"titel\": \"x\"}", "2:0 book.json knows no 'titel'"),
      (#"{"title": 3}"#, "1:0 'title' must be a text in quotes"),
      (#"{"authors": ["A", 3]}"#, "1:0 'authors' must be a list of names"),
      (#"{"timeout": -1}"#, "1:0 'timeout' must be more than 0"),
      (#"{"timeout": true}"#, "1:0 'timeout' must be a number of seconds"),
      (#"{"macros": {"\\E": 3}}"#, "1:0 'macros' must be an object"),
    ])
  func facts(json: String, message: String) throws {
    try folder.write("- [A](a.md)\n", to: "chapters/SUMMARY.md")
    try folder.write("# a\n", to: "chapters/a.md")
    try folder.write(json, to: "chapters/book.json")
    let report = check()
    #expect(report.diagnostics.count == 1)
    let diagnostic = try #require(report.diagnostics.first)
    let found = "\(diagnostic.line):\(diagnostic.column) \(diagnostic.message)"
    #expect(found.hasPrefix(message), "\(found)")
    #expect(diagnostic.file == "chapters/book.json")
  }
}
