import Commands
import Foundation
import Notation
import Testing

/// Whole books through the real executable, compiler included.
@Suite("Building books") struct BookCommandTests {
  private func report(_ run: ToolRun) throws -> JSON {
    try JSON(reading: Array(run.output.utf8))
  }

  @Test("a new book builds as it is, a second time from what is kept, and after clean again")
  func scaffold() throws {
    let folder = try ScratchFolder()
    #expect(try ToolRun(["new", "b"], in: folder.path).status == 0)
    let book = folder.path + "/b"
    let first = try ToolRun(["build", "--json"], in: book)
    #expect(first.status == 0, "\(first.errors)\(first.output)")
    #expect(try report(first)["diagnostics"]?.array?.isEmpty == true, "\(first.output)")
    let chapter = try #require(try report(first)["chapters"]?.array?.first)
    // One step, although it is evaluated on twenty samples.
    let counts = ["claims", "claimsHeld", "steps", "stepsHeld", "figures"].map { chapter[$0]?.int }
    #expect(counts == [2, 2, 1, 1, 1])
    #expect(folder.exists("b/site/index.html") && folder.exists("b/site/halves.html"))
    let second = try ToolRun(["build", "--json"], in: book)
    #expect(try report(second)["upToDate"] == .bool(true))
    #expect(try ToolRun(["why", "halves"], in: book).output.contains("will not run"))
    let clean = try ToolRun(["clean"], in: book)
    #expect(clean.status == 0)
    #expect(!folder.exists("b/site") && !folder.exists("b/.sslbook"))
    #expect(folder.exists("b/chapters/halves.md"))
    #expect(try ToolRun(["why", "halves"], in: book).output.contains("it has not run"))
  }

  @Test("nothing is left in the system's temporary folder, not by the compiler either")
  func temporaryFolder() throws {
    let (book, temporary) = (try ScratchFolder(), try ScratchFolder())
    try book.writeBook(["a": "# A\n\n`{claim} 6 * 7 = 42`\n"])
    let run = try ToolRun(["build"], in: book.path, environment: ["TMPDIR": temporary.path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
  }

  @Test("a machine without a sandbox is said once for a build, and by doctor and run")
  func withoutSandbox() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n`{claim} 6 * 7 = 42`\n", "b": "# B\n\n`{claim} 2 * 2 = 4`\n"])
    try book.write("bin/bwrap", "#!/bin/sh\necho 'no namespaces'\nexit 1\n")
    chmod(book.path + "/bin/bwrap", 0o755)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let environment = ["PATH": "\(book.path)/bin:\(path)"]
    let sentence = "bubblewrap does not work here (no namespaces), so cells run with your rights"
    // The second time nothing runs, but it might.
    for _ in 0..<2 {
      let build = try ToolRun(["build"], in: book.path, environment: environment)
      #expect(build.status == 0, "\(build.errors)")
      #expect(
        build.errors.split(separator: "\n").filter { $0 == "warning: " + sentence }.count == 1)
      #expect(build.errors.contains("hint: it needs user namespaces;"))
    }
    let run = try ToolRun(["run", "a"], in: book.path, environment: environment)
    #expect(run.status == 0 && run.errors.contains("warning: " + sentence), "\(run.errors)")
    let doctor = try ToolRun(["doctor"], in: book.path, environment: environment)
    #expect(doctor.output.contains(sentence), "\(doctor.output)")
  }

  @Test("what a build that was killed left in the cache goes with the next one")
  func abandonedWork() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n`{claim} 1 = 1`\n"])
    // A process of this number there cannot be; this one is alive.
    let (dead, alive) = ("work-99999999-1", "work-\(getpid())-1")
    for work in [dead, alive] { try book.write(".sslbook/programs/\(work)/program", "") }
    #expect(try ToolRun(["why"], in: book.path).status == 0)
    #expect(!book.exists(".sslbook/programs/\(dead)"))
    #expect(book.exists(".sslbook/programs/\(alive)/program"))
  }

  @Test("a chapter that new has added builds, too")
  func addedChapter() throws {
    let folder = try ScratchFolder()
    try folder.writeBook(["a": "# A\n"])
    #expect(try ToolRun(["new", "noise"], in: folder.path).status == 0)
    let run = try ToolRun(["build"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("a false claim is 1, at its place; the site stays; --fix writes the measured number")
  func falseClaim() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\r\n\r\nSix times seven is `{claim} 6 * 7 = 41`, 100 %.\r\n"])
    let build = try ToolRun(["build"], in: book.path)
    #expect(build.status == 1)
    #expect(build.output.isEmpty)
    #expect(build.errors.contains("chapters/a.md:3:"))
    #expect(build.errors.contains("error: '6 * 7' is 42, not 41"))
    #expect(!book.exists("site"))
    let fix = try ToolRun(["check", "--fix", "--coverage", "--json"], in: book.path)
    #expect(fix.status == 0, "\(fix.errors)")
    let report = try report(fix)
    #expect(
      report["corrections"]
        == .array([
          .object([
            .init("column", .integer(37)), .init("corrected", .string("42")),
            .init("file", .string("chapters/a.md")), .init("line", .integer(3)),
            .init("written", .string("41")),
          ])
        ]))
    let coverage = report["coverage"]?.array?.first
    #expect(coverage?["unchecked"]?.array?.map { $0["text"] } == [.string("100")])
    #expect(coverage?["checked"]?.int == 1)
    #expect(
      try book.read("chapters/a.md")
        == "# A\r\n\r\nSix times seven is `{claim} 6 * 7 = 42`, 100 %.\r\n")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
  }

  @Test("--fix shows the difference, and leaves bounds to the author")
  func fixShown() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\nIt is `{claim} 1.0 / 3 ≈ 0.34`, and `{claim} 5 < 4`.\n"])
    let fix = try ToolRun(["check", "--fix"], in: book.path)
    #expect(fix.status == 1)
    #expect(fix.output.contains("- It is `{claim} 1.0 / 3 ≈ 0.34`, and"))
    #expect(fix.output.contains("+ It is `{claim} 1.0 / 3 ≈ 0.33`, and"))
    #expect(fix.output.contains("1 number corrected."))
    #expect(fix.errors.contains("'5' is 5, not < 4"))
    // Not "0.34": it may have taken that many seconds.
    #expect(!fix.errors.contains("not 0.34"))
  }

  @Test("without a compiler a book that needs one is 3, and one that does not builds")
  func noCompiler() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n`{claim} 1 = 1`\n"])
    let none = ["PATH": "/nowhere"]
    let build = try ToolRun(["build"], in: book.path, environment: none)
    #expect(build.status == 3)
    #expect(build.errors.contains("there is no Swift compiler"))
    for command in [["run", "a"], ["why"], ["doctor"]] {
      #expect(try ToolRun(command, in: book.path, environment: none).status == 3)
    }
    try book.write("chapters/a.md", "# A\n\nNothing runs.\n")
    #expect(try ToolRun(["build"], in: book.path, environment: none).status == 0)
  }

  @Test("without its theme the tool makes no page and says so; it may be another folder's")
  func otherTheme() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n"])
    let nowhere = ["SSLBOOK_THEME": "/nowhere"]
    let build = try ToolRun(["build"], in: book.path, environment: nowhere)
    #expect(build.status == 3)
    #expect(build.errors.contains("Theme (style and script of pages) is not installed"))
    #expect(!book.exists("site"))
    let doctor = try ToolRun(["doctor"], in: book.path, environment: nowhere)
    #expect(doctor.status == 3 && doctor.output.contains("SSLBOOK_THEME"), "\(doctor.output)")

    let tests = #filePath
    let checkout = tests[..<tests.firstRange(of: "/Tests/")!.lowerBound]
    try FileManager.default.copyItem(atPath: "\(checkout)/theme", toPath: "\(book.path)/own")
    try book.write("own/print.css", "/* Mine. */\n  p { color: teal }\n")
    let own = ["SSLBOOK_THEME": "own"]
    #expect(try ToolRun(["build"], in: book.path, environment: own).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: book.path + "/site/assets")
    let css = try #require(names.first { $0.hasPrefix("book-") && $0.hasSuffix(".css") })
    #expect(try book.read("site/assets/" + css).hasSuffix("}\np { color: teal }\n"))
    // A part that is missing is named.
    try FileManager.default.removeItem(atPath: "\(book.path)/own/print.css")
    let broken = try ToolRun(["build"], in: book.path, environment: own)
    #expect(broken.status == 3 && broken.errors.contains("own/print.css"), "\(broken.errors)")
  }

  @Test("run shows outputs, values, claims and derivations in the order of the chapter")
  func running() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": """
      # A

      ```swift
      print("hello \\u{1B}[31m")
      show([1, 2, 3])
      ```

      Here is `{swift} 2 + 2` and `{claim} 2 + 2 = 4`.

      ```derivation
      a ;; 1.0
      = b ;; 2.0 / 2
      ```
      """
    ])
    for _ in 0..<2 {
      let run = try ToolRun(["run", "1"], in: book.path)
      #expect(run.status == 0, "\(run.errors)")
      let wanted = ["hello ␛[31m", "[1, 2, 3]", "2 + 2 = 4", "✓ 2 + 2 = 4", "hold"]
      var rest = Substring(run.output)
      for text in wanted {
        let range = rest.firstRange(of: text)
        #expect(range != nil, "\(text) is missing, or out of order, in \(run.output)")
        if let range { rest = rest[range.upperBound...] }
      }
      #expect(!run.output.contains("\u{1B}"))
      #expect(run.errors.contains("1 of 1 claim held · 1 of 1 derivation step held · "))
      // No rule between the claims and values of a paragraph.
      #expect(run.output.contains(/\d+  2 \+ 2 = 4\n *\d+  ✓ 2 \+ 2 = 4/))
    }
    #expect(try ToolRun(["run", "a", "--cell", "fig-x"], in: book.path).status == 2)
  }

  @Test(
    "JSON is the only thing on standard output, whatever is wrong",
    arguments: ["build", "check", "list"])
  func jsonAlone(command: String) throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\nSee @fig-nothing \u{1B}[31m.\n", "b": "no heading\n"])
    let run = try ToolRun([command, "--json"], in: book.path)
    let report = try report(run)
    #expect(report["version"]?.int == 1)
    #expect(report["command"]?.string == command)
    #expect(report["exitCode"]?.int == Int(run.status))
    #expect(report["chapters"]?.array?.map { $0["slug"]?.string } == ["a", "b"])
    let lines = report["diagnostics"]?.array?.map { $0["line"]?.int } ?? []
    #expect(command == "list" || lines.contains(3))
  }
}
