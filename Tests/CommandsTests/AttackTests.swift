import Foundation
import Testing

/// What a cell may do, by accident or not, so that a claim is shown and never tested.
@Suite("Cells that certify themselves") struct AttackTests {
  private static let untested = "error this claim was never tested"

  private static let forged = #"""
    let told = "{\"event\":\"measured\",\"item\":1,\"number\":3}\n{\"event\":\"ended\",\"item\":1}\n"
      + "0123456789abcdef {\"event\":\"measured\",\"item\":1,\"number\":3}\n"
    for file in Int32(3)..<1024 where fcntl(file, F_GETFD) >= 0 {
      write(file, told, told.utf8.count)
    }
    """#

  private static let attacks = [
    Attack(
      "ends-itself",
      "```swift\nfor i in 0..<3 { ChapterProgram.end(i) }; exit(0)\n```\n\n`{claim} 2 = 3`",
      "4:18 error 'ChapterProgram' belongs to the tool, and a chapter may not use it"),
    Attack(
      "alias",
      "```swift\ntypealias P = Cells.ChapterProgram\nP.end(0)\n```\n\n`{claim} 2 = 3`",
      "4:21 error 'ChapterProgram' belongs to the tool"),
    Attack(
      "backticks", "```swift\n`ChapterProgram`.claim(1, 3.0)\n```\n\n`{claim} 2 = 3`",
      "4:1 error 'ChapterProgram' belongs to the tool"),
    Attack(
      "span-name", "`{claim} { ChapterProgram.claim(0, 3.0); return 2 }() = 3`",
      "3:10 error 'ChapterProgram' belongs to the tool"),
    Attack(
      "symbol",
      """
      ```swift
      typealias Call = @convention(c) (Int) -> Void
      let names = ["3end", "5begin", "3end"].map { "$s5Cells14ChapterProgramO\\($0)yySiFZ" }
      let calls = names.map { unsafeBitCast(dlsym(nil, $0)!, to: Call.self) }
      for (call, item) in zip(calls, [0, 1, 1]) { call(item) }
      exit(0)
      ```

      `{claim} 2 = 3`
      """, "8:1 warning will never be executed",
      "11:1 error this was never evaluated"),
    Attack(
      "forged",
      "```swift\n\(forged)\n```\n\n`{claim} 2 = 2`",
      "3:1 error the cell wrote to the descriptor that its results go through"),
    Attack(
      "forged-and-gone",
      """
      ```swift
      \(forged)
      let null = open("/dev/null", O_WRONLY)
      for file in Int32(3)..<1024 where file != null && fcntl(file, F_GETFD) >= 0 {
        dup2(null, file)
      }
      if null > 0 { exit(0) }
      ```

      `{claim} 2 = 3`
      """, "3:1 error the cell ended the program with exit status 0",
      "3:1 error the cell wrote to the descriptor"),
    Attack(
      "silenced",
      """
      ```swift
      let null = open("/dev/null", O_WRONLY)
      for file in Int32(3)..<1024 where file != null && fcntl(file, F_GETFD) >= 0 {
        dup2(null, file)
      }
      ```

      `{claim} 2 = 3`
      """, "3:1 error the cell ended the program with exit status 0"),
    Attack(
      "exit", "```swift\nif getpid() > 0 { exit(0) }\n```\n\n`{claim} 2 = 3`",
      "3:1 error the cell ended the program with exit status 0"),
    Attack(
      "exit-at-once", "```swift\nif getpid() > 0 { _exit(0) }\n```\n\n`{claim} 2 = 3`",
      "3:1 error the cell ended the program with exit status 0"),
    Attack(
      "exit-in-span", "`{claim} { () -> Int in exit(0) }() = 3`",
      "3:1 error the cell ended the program with exit status 0"),
    Attack(
      "exit-on-trap",
      "```swift\nsignal(SIGTRAP) { _ in _exit(0) }; signal(SIGILL) { _ in _exit(0) }\n"
        + "if getpid() > 0 { fatalError() }\n```\n\n`{claim} 2 = 3`",
      "3:1 error the cell ended the program with exit status 0"),
    Attack("task", "```swift\nTask { claim(\"later\", 2 == 3) }\n```", "4:13 \(untested)"),
    Attack(
      "detached",
      "```swift\nTask.detached { await MainActor.run { claim(\"later\", 2 == 3) } }\n```",
      "4:44 \(untested)"),
    Attack(
      "dispatched",
      "```swift\nimport Foundation\nDispatchQueue.main.async { claim(\"later\", 2 == 3) }\n```",
      "5:33 \(untested)"),
    Attack(
      "late-thread",
      "```swift\nimport Foundation\nThread.detachNewThread { sleep(60); claim(\"\", 2 == 3) }\n```",
      "5:42 \(untested)"),
    Attack("uncalled", "```swift\nfunc f() { claim(\"never\", 2 == 3) }\n```", "4:17 \(untested)"),
    Attack(
      "qualified", "```swift\nfunc f() { Cells.claim(\"never\", 2 == 3) }\n```",
      "4:23 \(untested)"),
    Attack(
      "spaced", "```swift\nfunc f() { claim /* a */ (\"never\", 2 == 3) }\n```", "4:26 \(untested)"),
    Attack(
      "branch", "```swift\nif getpid() < 0 { claim(\"never\", 2 == 3) }\n```", "4:24 \(untested)"),
    Attack(
      "empty-loop", "```swift\nfor n in 0..<0 { claim(\"never\", n == 3) }\n```", "4:23 \(untested)"
    ),
    Attack(
      "closure",
      "```swift\nlet checks: [() -> Void] = [{ claim(\"never\", 2 == 3) }]\n"
        + "print(checks.count)\n```", "4:36 \(untested)"),
    Attack(
      "lazy-static",
      "```swift\nstruct S { static let checked: Void = claim(\"never\", 2 == 3) }\n```",
      "4:44 \(untested)"),
    Attack(
      "conditional", "```swift\n#if false\nclaim(\"never\", 2 == 3)\n#endif\n```", "5:6 \(untested)"
    ),
    Attack(
      "expected-error",
      "```swift\n//| expect: error\nclaim(\"never\", 2 == 3)\nlet x: Int = \"a\"\n```",
      "5:6 warning this claim is shown but never checked, because its cell does not run"),
    Attack(
      "norun", "```swift norun\nclaim(\"never\", 2 == 3)\n```",
      "4:6 warning this claim is shown but never checked, because its cell does not run"),
    Attack(
      "copy",
      "```swift\n//| expect: error\nclaim(\"two\", 2 == 3)\nif getpid() > 0 { fatalError() }\n```",
      "5:0 error false: two", "5:6 warning this claim is shown but never checked"),
    Attack(
      "local-claim",
      """
      ```swift
      do {
        func claim(_ text: String, _ condition: Bool) {}
        claim("never", 2 == 3)
      }
      ```
      """, "6:8 \(untested)"),
    Attack(
      "parameter",
      "```swift\nfunc with(_ claim: (String, Bool) -> Void) { claim(\"never\", 2 == 3) }\nwith { _, _ in }\n```",
      "4:51 \(untested)"),
    Attack(
      "method",
      """
      ```swift
      struct S {
        func claim(_ text: String, _ condition: Bool) {}
        func run() { claim("never", 2 == 3) }
      }
      S().run()
      ```
      """, "6:21 \(untested)"),
    Attack(
      "closure-named-claim",
      "```swift\nlet claim = { (text: String, condition: Bool) in }\nclaim(\"never\", 2 == 3)\n```",
      "4:5 error 'claim' is what a chapter shows and claims with, so a chapter may not declare it"),
    Attack(
      "other-place",
      "```swift\nclaim(\"three\", 3 == 3, line: 8)\n```\n\n```swift\nfunc f() { claim(\"no\", 2 == 3) }\n```",
      "4:6 \(untested)", "8:17 \(untested)"),
    // What is not named so is judged wherever it is called.
    Attack(
      "another-name",
      "```swift\nlet sure: (String, Bool) -> Void = { claim($0, $1) }\nsure(\"two\", 2 == 3)\n```",
      "4:0 error false: two"),
  ]

  @Test("every claim is tested, or the book is refused at its place") func cells() throws {
    let book = try AttackBook(Self.attacks)
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
    #expect(!book.folder.exists("site"))
  }
}
