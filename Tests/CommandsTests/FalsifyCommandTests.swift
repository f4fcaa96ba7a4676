import Book
import Commands
import Foundation
import Testing

@Suite("Lies in a book") struct FalsifyCommandTests {
  @Test("lies are told about what has run, in statements and in code, and their fate is kept")
  func book() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": """
      # A

      ```swift
      let half = 1.0 / 2
      let unused = 3 - 1
      ```

      It is `{claim} half = 0.5`.

      """
    ])
    let early = try ToolRun(["falsify"], in: book.path)
    #expect(early.status == 1)
    #expect(early.output.contains("run 'sslbook check' first"))
    #expect(try ToolRun(["check"], in: book.path).status == 0)
    let first = try ToolRun(["falsify"], in: book.path)
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    #expect(first.output.contains("✓ 3 lies in statements: all noticed"), "\(first.output)")
    #expect(!first.output.contains("in code"))
    let code = try ToolRun(["falsify", "a", "--code", "100"], in: book.path)
    #expect(code.status == 0)
    #expect(code.output.contains("lies in code"), "\(code.output)\(code.errors)")
    #expect(code.output.contains("chapters/a.md:5:16: warning: nothing notices `-` → `+`"))
    let kept = try book.read("chapters/falsify.json")
    // Nothing is measured twice, and nothing is written that has not changed.
    let again = try ToolRun(["falsify", "--code", "100", "--json"], in: book.path)
    #expect(again.errors == "")
    #expect(again.output == kept)
    #expect(try book.read("chapters/falsify.json") == kept)
    // The chapter's own results stay as they are.
    #expect(try ToolRun(["why"], in: book.path).output.contains("will not run"))
    try book.write("chapters/falsify.json", "[]")
    #expect(try ToolRun(["falsify"], in: book.path).status == 1)
    #expect(try book.read("chapters/falsify.json") == "[]")
  }

  @Test("a mutant that never ends is noticed by its time limit")
  func endless() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": """
      # A

      ```swift
      //| timeout: 1
      var n = 3
      while n > 0 { n -= 1 }
      ```

      At the end `{claim} n = 0`.
      """
    ])
    #expect(try ToolRun(["check"], in: book.path).status == 0)
    let run = try ToolRun(["falsify", "--code", "100"], in: book.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("[1/"))
    let lines = run.errors.split(separator: "\n")
    #expect(lines.contains { $0.contains("`-=` → `+=`: noticed, the chapter takes too long") })
    #expect(lines.contains { $0.contains("a statement is false") })
    #expect(lines.contains { $0.contains("about") && $0.hasSuffix("left") })
    #expect(try book.read("chapters/falsify.json").contains("\"timedOut\""))
  }

  @Test("Ctrl-C keeps what was measured, and the next run goes on behind it")
  func interrupted() throws {
    let book = try ScratchFolder()
    // A mutant of the second chapter takes longer than anybody waits.
    try book.writeBook([
      "a": "# A\n\n```swift\nlet a = 1 + 1\n```\n\n`{claim} a = 2`\n",
      "b": "# B\n\n```swift\n//| timeout: 600\nvar n = 3\nwhile n > 0 { n -= 1 }\n```\n",
    ])
    #expect(try ToolRun(["check"], in: book.path).status == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ToolRun.executable)
    process.arguments = ["falsify", "--code", "100"]
    process.currentDirectoryURL = URL(fileURLWithPath: book.path)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var said = ""
    while !said.contains("b.md:6: `1` → `0`") {
      let data = errors.fileHandleForReading.availableData
      try #require(!data.isEmpty, "\(said)")
      said += String(decoding: data, as: UTF8.self)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(try book.read("chapters/falsify.json").contains("\"falseStatement\""))
  }

  @Test("the summary counts, and shows what went unnoticed at its line")
  func summary() throws {
    let json = """
      {"version": 1, "equivalent": {"e": "why"}, "chapters": {"chapters/a.md": {
        "statements": {"key": "k", "date": "2026-01-02", "tried": 9, "unnoticed": [
          {"line": 1, "column": 3, "change": "`≥` → `<`", "isNoticed": false}]},
        "code": {"key": "k", "date": "2026-01-03", "mutants": [
          {"identity": "r", "line": 2, "column": 1, "kind": "float", "change": "", "verdict": "refused"},
          {"identity": "s", "line": 2, "column": 3, "kind": "arithmetic", "change": "`+` → `-`",
           "verdict": "survived"},
          {"identity": "e", "line": 2, "column": 3, "kind": "integer", "change": "", "verdict": "survived"},
          {"identity": "f", "line": 2, "column": 3, "kind": "sign", "change": "", "verdict": "stopped"}
        ]}}}}
      """
    let report = try JSONDecoder().decode(FalsifyReport.self, from: Data(json.utf8))
    func summary(key: String) -> FalsifySummary {
      var summary = FalsifySummary(style: Style(isColoured: false), width: 100)
      summary.add(report, chapters: [("a", "chapters/a.md", key), ("b", "chapters/b.md", key)])
      return summary
    }
    let text = summary(key: "k").text { _, line in line == 2 ? "b + c" : nil }
    #expect(
      text == """
        chapters/a.md:1:3: error: nothing notices this lie: `≥` → `<`
             hint: give the statement a tolerance that its value would miss
        chapters/a.md:2:3: warning: nothing notices `+` → `-`
           2 │ b + c
             │   ^
             hint: let a claim depend on it, or say under "equivalent" in chapters/falsify.json why s
                   changes nothing

          chapter  statements    code  refused  code measured
          a            8 of 9  2 of 3        1  2026-01-03
          b                 –       –        –  –

        ! 9 lies in statements: 8 noticed (88.8 %)
        ! 3 lies in code: 1 noticed, 1 explained as equivalent (66.6 %)
          1 mutant more did not compile and does not count

        """)
    // What was found in another program is not shown at the lines of this one.
    let earlier = summary(key: "other")
    #expect(earlier.diagnostics.count == 1)
    #expect(earlier.text { _, _ in nil }.contains("2026-01-03, before a change"))
  }
}
