import Book
import Foundation
import Testing
import TestSupport
import Transcript

@Suite("Executing a chapter") struct ChapterExecutorTests {
  static let text = """
    # Means

    ```swift
    //| label: first
    let xs = [1.0, 2, 3]
    func mean(_ a: [Double]) -> Double { a.reduce(0, +) / Double(a.count) }
    print("before")
    show(mean(xs))
    print("after")
    claim("the mean is two", mean(xs), equals: 2, within: 0)
    ```

    The mean is `{swift} mean(xs)`, and `{claim} mean(xs) ≈ 2.05 ± 0.01` it is.

    - In a list:

      ```swift
      for i in progress(0..<3, "training") { report(loss: 1 / Double(i + 1)) }
      show(Table(columns: ["a", "b"], rows: [["x", 2.5]]))
      claim("no", xs.isEmpty)
      ```

    ```swift
    //| expect: error
    let wrong: Int = "text"
    ```

    ```swift
    //| expect: error
    show("until here")
    fatalError("on purpose \\(xs.count)")
    ```

    ```swift norun
    let later = mean([1])
    ```

    ```derivation
    //| sample: K in 2...3
    a ;; Double(K)
    = b ;; mean([Double(K)])
    ≤ c ;; Double(K) - 1
    ```
    """

  @Test("runs everything in order and judges what the chapter says")
  func everything() throws {
    let fixture = try ExecutionFixture.shared()
    var progress: [Event.Progress] = []
    let record = fixture.executor().record(of: ChapterSketch.chapter(Self.text), force: true) {
      event in
      if case .progress(_, let step) = event { progress.append(step) }
    }
    #expect(
      record.outputs[0] == [
        .standardOutput("before\n"), .text("2.00"), .standardOutput("after\n"),
      ])
    #expect(record.values[1] == "2.00")
    #expect(
      record.outputs[3] == [
        .table(.init(columns: ["a", "b"], rows: [["x", "2.50"]], numeric: [false, true]))
      ])
    #expect(
      record.outputs[4] == [
        .expectedError("cannot convert value of type 'String' to specified type 'Int'")
      ])
    #expect(record.outputs[5] == [.text("until here"), .expectedError("on purpose 3")])
    #expect(record.claims.map(\.held) == [true, false, false])
    #expect(record.claims.map(\.line) == [10, 13, 20])
    #expect(record.steps.map(\.held) == [true, true, false, true, true, false])
    #expect(record.steps.last?.sample == "K = 3")
    #expect(progress.first?.done == 0 && progress.last?.done == 3)
    #expect(progress.last?.loss == 1.0 / 3)
    #expect(
      record.diagnostics.map { "\($0.line):\($0.column): \($0.message)" } == [
        "13:59: 'mean(xs)' is 2, not 2.05 ± 0.01",
        "20:0: false: no",
        "42:1: the step does not follow for K = 2: 2 ≤ 1 is false (and on 1 more sample)",
      ])
  }

  @Test("an edit of the prose, of a number or of a tolerance runs nothing")
  func proseEdits() throws {
    // A book of its own: tests beside this one run other chapters under the same path.
    let fixture = try ExecutionFixture()
    _ = fixture.executor().record(of: ChapterSketch.chapter(Self.text))
    let edited = Self.text.replacing("# Means\n", with: "# Means\n\nMore words.\n\n")
      .replacing("and `{claim} mean(xs) ≈ 2.05", with: "and so `{claim} mean(xs) ≈ 2.00")
    let chapter = ChapterSketch.chapter(edited)
    #expect(fixture.executor().reasons(for: chapter) == [])
    var events: [ExecutionEvent] = []
    let record = fixture.executor().record(of: chapter) { events.append($0) }
    #expect(events == [.reused])
    #expect(record.claims.map(\.line) == [13, 16, 23])
    #expect(record.diagnostics.map(\.line) == [23, 45])
    #expect(record.values[1] == "2.00")
  }

  @Test("says why a chapter would run")
  func reasons() throws {
    let fixture = try ExecutionFixture.shared()
    func chapter(_ code: String) -> Chapter {
      ChapterSketch.chapter(
        "```swift\nlet a = 1\n```\n```swift\n\(code)\n```\n", path: "chapters/why.md")
    }
    #expect(fixture.executor().reasons(for: chapter("show(a)")) == [.neverRan])
    _ = fixture.executor().record(of: chapter("show(a)"))
    #expect(fixture.executor().reasons(for: chapter("show(a)")) == [])
    #expect(fixture.executor().reasons(for: chapter("show(a + 1)")) == [.itemsChanged([1])])
    #expect(
      fixture.executor().reasons(
        for: ChapterSketch.chapter("```swift\nlet a = 1\n```\n", path: "chapters/why.md"))
        == [.itemsRemoved(count: 1)])
    var limits = Limits()
    limits.cellSeconds = 59
    #expect(fixture.executor(limits: limits).reasons(for: chapter("show(a)")) == [.limitsChanged])
  }

  @Test("a copy of a chapter does not run, and says why once it differs")
  func copies() throws {
    let fixture = try ExecutionFixture.shared()
    func chapter(_ name: String, _ code: String) -> Chapter {
      ChapterSketch.chapter(
        "```swift\nlet original = 1\n```\n```swift\n\(code)\n```\n", path: "chapters/\(name).md")
    }
    _ = fixture.executor().record(of: chapter("first", "show(original)"))
    let copy = chapter("second", "show(original)")
    #expect(fixture.executor().reasons(for: copy) == [])
    var events: [ExecutionEvent] = []
    _ = fixture.executor().record(of: copy) { events.append($0) }
    #expect(events == [.reused])
    #expect(
      fixture.executor().reasons(for: chapter("second", "show(original + 1)"))
        == [.itemsChanged([1])])
  }

  @Test("a data file that changes runs the chapter again without compiling it")
  func dataFiles() throws {
    let fixture = try ExecutionFixture.shared()
    try fixture.folder.write("one", to: "data/a.txt")
    let chapter = ChapterSketch.chapter(
      """
      ```swift
      show(String(decoding: readData("data/a.txt"), as: UTF8.self))
      claim("no", false)
      ```
      """, path: "chapters/data.md")
    var record = fixture.executor().record(of: chapter)
    #expect(record.outputs == [[.text("one")]])
    #expect(record.filesRead == ["data/a.txt"])
    try fixture.folder.write("two", to: "data/a.txt")
    #expect(fixture.executor().reasons(for: chapter) == [.fileChanged(path: "data/a.txt")])
    // Two lines down: the kept program still counts from where it was compiled.
    let moved = ChapterSketch.chapter(
      """


      ```swift
      show(String(decoding: readData("data/a.txt"), as: UTF8.self))
      claim("no", false)
      ```
      """, path: "chapters/data.md")
    var events: [ExecutionEvent] = []
    record = fixture.executor().record(of: moved) { events.append($0) }
    #expect(!events.contains(.compiling))
    #expect(record.outputs == [[.text("two")]])
    #expect(record.claims.map(\.line) == [5])
  }

  @Test("the compiler's temporary files go with the chapter's work")
  func temporaries() throws {
    let fixture = try ExecutionFixture.shared()
    var toolchain = fixture.toolchain
    toolchain.compiler = fixture.folder.path + "/compiler"
    try fixture.folder.write("#!/bin/sh\necho error: in $TMPDIR\nexit 1\n", to: "compiler")
    chmod(toolchain.compiler, 0o755)
    let executor = ChapterExecutor(
      toolchain: toolchain, book: fixture.book)
    let record = executor.record(of: ChapterSketch.chapter("```swift\nlet temporary = 1\n```\n"))
    let message = try #require(record.diagnostics.first?.message)
    #expect(message.hasPrefix("in \(fixture.folder.path)/.sslbook/programs/work-"), "\(message)")
    #expect(!FileSystem.exists(String(message.dropFirst("in ".count))))
  }

  @Test("a file outside the book is refused")
  func outside() throws {
    let fixture = try ExecutionFixture.shared()
    for path in ["../../etc/passwd", "/etc/passwd", "data/../../x"] {
      let chapter = ChapterSketch.chapter(
        "```swift\nlet before = 1\n_ = readData(\"\(path)\")\n```\n", path: "chapters/outside.md")
      let record = fixture.executor().record(of: chapter)
      let message = try #require(record.diagnostics.first?.message)
      #expect(message.contains("outside") || message.contains("no file"), "\(message)")
      #expect(record.diagnostics.first?.line == 3, "the line of the call")
      #expect(record.diagnostics.count == 1)
    }
  }

  @Test("a damaged entry of the store is a miss")
  func damagedEntries() throws {
    let fixture = try ExecutionFixture()
    let chapter = ChapterSketch.chapter("```swift\nshow(1)\n```\n")
    let expected = fixture.executor().record(of: chapter)
    let store = fixture.folder.path + "/.sslbook/execution"
    for name in FileSystem.names(in: store) where name.utf8.count == 32 {
      for file in ["run", "compilation"] {
        var bytes = try FileSystem.read("\(store)/\(name)/\(file)")
        bytes[bytes.count / 2] ^= 0x40
        try FileSystem.write(bytes, to: "\(store)/\(name)/\(file)")
        #expect(fixture.executor().record(of: chapter).outputs == expected.outputs)
        bytes.removeLast(10)
        try FileSystem.write(bytes, to: "\(store)/\(name)/\(file)")
        #expect(fixture.executor().record(of: chapter).outputs == expected.outputs)
      }
    }
  }
}
