import Book
import Testing

@Suite("What the compiler says") struct CompilerMessageTests {
  @Test("its text becomes messages with their notes")
  func parsing() {
    let messages = CompilerMessage.messages(
      in: """
        chapters/a.md:4:14: error: cannot convert value of type 'String' to specified type 'Int'
        let a: Int = "x: error: no"
                     ^
        chapters/a.md:4:14: error: cannot convert value of type 'String' to specified type 'Int'
        /tmp/with:colon/chapter.swift:25:1: error: expected '}' at end of brace statement

        ^
        chapters/a.md:24:13: note: to match this opening '{'
        func open() {
                    ^
        chapters/a.md:7:5: warning: variable 'x' was never used [#no-usage]
        ld.lld: error: undefined symbol: nothing
        <unknown>:0: error: cannot load module
        error: link command failed with exit code 1 (use -v to see invocation)
        """)
    #expect(
      messages.map(\.text) == [
        "cannot convert value of type 'String' to specified type 'Int'",
        "expected '}' at end of brace statement", "variable 'x' was never used",
        "undefined symbol: nothing", "cannot load module",
        "link command failed with exit code 1 (use -v to see invocation)",
      ])
    #expect(messages[1].location?.file == "/tmp/with:colon/chapter.swift")
    #expect(messages[1].notes.map(\.location?.line) == [24])
    #expect(messages[2].severity == .warning)
    #expect(messages[3...].allSatisfy { $0.location == nil })
  }

  @Test("a hint where the words alone do not help")
  func hints() {
    let chapter = ChapterSketch.chapter(
      "```swift\nlet a = 1\n```\n```swift norun\nstruct Hidden {}\n```\n```swift\nfunc late() {}\n```\n"
    )
    func hint(_ text: String) -> String? {
      CompilerMessage.messages(in: "x.md:1:1: error: \(text)").first?.hint(in: chapter, item: 0)
    }
    #expect(
      hint("the compiler is unable to type-check this expression in reasonable time; try")
        == "split this line into named parts; look for an Int where a Float belongs")
    #expect(
      hint("binary operator '*' cannot be applied to operands of type 'Int' and 'Float'")
        == "Swift converts no number by itself: write Float(n) for an Int n")
    #expect(hint("cannot find 'late' in scope") == "'late' is declared in a later cell, at line 8")
    #expect(
      hint("cannot find 'Hidden' in scope")
        == "'Hidden' is declared at line 5, in a cell marked norun, which does not run")
    #expect(hint("cannot find 'Date' in scope") == "add 'import Foundation' to the cell")
    #expect(hint("cannot find 'nowhere' in scope") == nil)
    #expect(hint("no such module 'X'")?.contains("Tensors") == true)
  }

  @Test("every mistake is reported at its own line and column, once")
  func positions() throws {
    let record = try ExecutionFixture.shared().executor().record(
      of: ChapterSketch.chapter(
        """
        # Mistakes

        ```swift
        let a: Int = "x"
        ```

        Here `{swift} [1, 2]`, é `{swift} nope(3)` and `{claim} "x" ≈ 2.0 ± 0.1` stand.

        - list

          ```swift
            var c = Date()
          ```

        ```swift norun
        func hidden() {
        ```

        ```swift
        //| expect: error
        let fine: Int = "not"
        ```

        ```derivation
        //| sample: K in 2...oops
        a ;; Double(K)
        = b ;; Double(K) *
        ≤ c ;; Q
        ```
        """))
    #expect(
      record.diagnostics.map { "\($0.line):\($0.column): \($0.message)" } == [
        "4:14: cannot convert value of type 'String' to specified type 'Int'",
        "7:15: a value of type '[Int]' cannot be written into a sentence",
        "7:36: cannot find 'nope' in scope",
        "7:58: a value of type 'String' is not one number",
        "12:13: cannot find 'Date' in scope",
        "16:15: expected '}' at end of brace statement",
        "25:22: cannot find 'oops' in scope",
        "27:20: expected expression after operator",
        "28:10: cannot find 'Q' in scope",
      ])
    #expect(record.outputs[4] != [] || record.outputs[5] != [] || record.outputs[6] != [])
  }

  @Test("what cannot be shown, and what is declared twice, get a hint")
  func showsAndRedeclarations() throws {
    let record = try ExecutionFixture.shared().executor().record(
      of: ChapterSketch.chapter(
        "```swift\nstruct S { var a = 1 }\nshow(S())\n```\n```swift\nstruct S {}\n```\n"))
    #expect(
      record.diagnostics.map { "\($0.line): \($0.message) | \($0.hint ?? "")" } == [
        "3: show does not know how to show a value of type 'S' | show what it holds, or let it "
          + "conform to CustomStringConvertible",
        "6: invalid redeclaration of 'S' | it is declared already, at line 2; choose another name, "
          + "or change that one",
      ])
  }

  @Test("a cell that is expected to fail and does not is an error")
  func expectedFailures() throws {
    let record = try ExecutionFixture.shared().executor().record(
      of: ChapterSketch.chapter(
        "```swift\n//| expect: error\nlet fine = 2\n```\n```swift norun\n//| expect: error\nlet good = 2\n```\n"
      ))
    #expect(
      record.diagnostics.map { "\($0.line): \($0.message)" } == [
        "7: the cell is marked 'expect: error', but it compiles"
      ])
    let ran = try ExecutionFixture.shared().executor().record(
      of: ChapterSketch.chapter("```swift\n//| expect: error\nlet fine = 2\n```\n"))
    #expect(
      ran.diagnostics.map { "\($0.line): \($0.message)" } == [
        "1: the cell is marked 'expect: error', but it ran to its end"
      ])
  }
}
