import Book
import Foundation
import TestSupport
import Testing
import Transcript

/// Each of these costs its chapter one clear diagnostic at the cell's line, and nothing else.
@Suite("Cells that misbehave") struct MisbehavingCellTests {
  struct Misdeed: Sendable, CustomTestStringConvertible {
    var name: String
    var code: String
    var message: String
    var line = 5
    var limits = Limits()
    var testDescription: String { name }
  }

  static var quick: Limits {
    var limits = Limits()
    limits.cellSeconds = 0.5
    return limits
  }

  static var narrow: Limits {
    var limits = Limits()
    limits.outputBytes = 1 << 20
    limits.fileBytes = 2 << 20
    return limits
  }

  static let misdeeds = [
    Misdeed(
      name: "a trap of the standard library", code: "print([1, 2][first + 2])",
      message: "the cell stopped: Index out of range", line: 6),
    Misdeed(
      name: "a trap of its own",
      code: "let n = 3\nif first == 1 { fatalError(\"n is \\(n)\\nand\") }",
      message: "the cell stopped: n is 3\nand", line: 7),
    Misdeed(
      name: "an overflow", code: "var big = Int.max - 1\nbig += first + 1",
      message: "the cell stopped: arithmetic overflow", line: 7),
    Misdeed(
      name: "an error that nobody catches",
      code: "struct Oops: Error {}\nfunc f() throws { if first == 1 { throw Oops() } }\ntry f()",
      message: "the cell stopped: Error raised at top level: Chapter.Oops()", line: 7),
    Misdeed(
      name: "a recursion without end",
      code: "func deep(_ n: Int) -> Int { n == 0 ? 0 : deep(n + 1) &+ n }\nprint(deep(first))",
      message: "the cell crashed (SIGSEGV, memory that is not there)", line: 6),
    Misdeed(
      name: "a wrong shape, found by the library",
      code:
        "let a = Tensor.ones([2, 3])\nfunc product() -> Tensor {\n  a.matmul(a)\n}\n_ = product()",
      message: "the cell stopped: matmul: [2, 3] × [2, 3]: inner sizes 3 and 2 differ", line: 8),
    Misdeed(
      name: "a nil", code: "let none: Int? = first == 1 ? nil : 1\n\nprint(none!)",
      message: "the cell stopped: Unexpectedly found nil while unwrapping an Optional value",
      line: 8),
    Misdeed(
      name: "an infinite loop", code: "while first == 1 {}",
      message: "the cell was still running after 0.5 s and was stopped", limits: quick),
    Misdeed(
      name: "exit(0)", code: "if first == 1 { exit(0) }",
      message: "the cell ended the program with exit status 0"),
    Misdeed(
      name: "exit(3)", code: "if first == 1 { exit(3) }",
      message: "the cell ended the program with exit status 3"),
    Misdeed(
      name: "a gigabyte of output",
      code:
        "let line = String(repeating: \"x\", count: 1 << 16)\nfor _ in 0..<(1 << 14) { print(line) }",
      message: "the cell printed more than 1 MB", limits: narrow),
    Misdeed(
      name: "a gigabyte of results",
      code:
        "let line = String(repeating: \"x\", count: 1 << 16)\nfor _ in 0..<(1 << 14) { show(line) }",
      message: "the cell printed more than 1 MB", limits: narrow),
    Misdeed(
      name: "closing every descriptor", code: "for file in 0..<1024 { close(Int32(file)) }",
      message: "the cell closed the descriptor that its results go through"),
    Misdeed(
      name: "more memory than it may have",
      code:
        "var hoard: [[Double]] = []\nfor _ in 0..<64 { hoard.append(Array(repeating: 1, count: 1 << 22)) }",
      message: "the cell needed more than 512 MB of memory", line: 7, limits: small),
    Misdeed(
      name: "more shared memory than it may have",
      code: """
        let size = 1 << 30
        let shared = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)!
        while first == 1 { memset(shared, 1, size) }
        """,
      message: "the cell needed more than 512 MB of memory", limits: small),
    Misdeed(
      name: "more memory together with its copies",
      code: """
        let fork = unsafeBitCast(dlsym(nil, "fork"), to: (@convention(c) () -> Int32).self)
        for _ in 0..<3 where fork() == 0 {
          let size = 200 << 20
          let own = malloc(size)!
          while first == 1 { memset(own, 1, size) }
        }
        while first == 1 { sleep(1) }
        """,
      message: "the cell needed more than 512 MB of memory", limits: small),
    Misdeed(
      name: "a file that is too large",
      code: """
        let file = open("large", O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 1 << 16)
        for _ in 0..<64 { write(file, bytes, bytes.count) }
        """,
      message: "a file of the cell grew beyond 2 MB", limits: narrow),
    Misdeed(
      name: "killing itself", code: "kill(getpid(), SIGKILL)",
      message: "the cell was killed from outside (SIGKILL)"),
  ]

  static var small: Limits {
    var limits = Limits()
    limits.memoryBytes = 512 << 20
    return limits
  }

  @Test("one diagnostic, what came before is kept", arguments: misdeeds)
  func misdeed(_ misdeed: Misdeed) throws {
    let record = try Self.run(misdeed.code, limits: misdeed.limits)
    #expect(record.diagnostics.map(\.message) == [misdeed.message])
    #expect(record.diagnostics.first?.line == misdeed.line)
    #expect(record.outputs[0] == [.standardOutput("before\n"), .text("1")])
    #expect(record.outputs[2] == [])
  }

  @Test("reading from the standard input finds its end at once")
  func standardInput() throws {
    let record = try Self.run("show(readLine() ?? \"nothing\")")
    #expect(record.diagnostics == [])
    #expect(record.outputs[1] == [.text("nothing")])
  }

  @Test("garbage on the transcript's descriptor is shown as text, and refuses the chapter")
  func garbage() throws {
    let record = try Self.run(
      """
      for file in Int32(3)..<1024 where fcntl(file, F_GETFD) >= 0 {
        let garbage: [UInt8] = Array("{\\"event\\": nonsense}\\n".utf8) + [0xff, 0x0a, 0x00, 0x0a]
        write(file, garbage, garbage.count)
      }
      show("after")
      """)
    #expect(
      record.diagnostics.map(\.message) == [
        "the cell wrote to the descriptor that its results go through"
      ])
    #expect(record.diagnostics.first?.severity == .error && record.diagnostics.first?.line == 5)
    #expect(
      record.outputs[1] == [
        .text("{\"event\": nonsense}"), .text("\u{fffd}"), .text("\0"), .text("after"),
      ])
    #expect(record.outputs[2] == [.text("last")])
  }

  @Test("text printed by another thread is shown")
  func thread() throws {
    let record = try Self.run(
      """
      import Foundation
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        for i in 0..<100 { print("line", i) }
        done.signal()
      }
      done.wait()
      """)
    #expect(record.diagnostics == [])
    let lines = (0..<100).map { "line \($0)\n" }.joined()
    #expect(record.outputs[1] == [.standardOutput(lines)])
  }

  /// A process that a cell starts and leaves behind, in a session of its own, with a name that can be
  /// looked for.
  static func lingering(_ name: String) -> String {
    """
    let fork = unsafeBitCast(dlsym(nil, "fork"), to: (@convention(c) () -> Int32).self)
    if fork() == 0 {
      setsid()
      write(open("/proc/self/comm", O_WRONLY), "\(name)", \(name.utf8.count))
      while true { sleep(100) }
    }
    """
  }

  /// The start of a name that no process of another test run on this machine has.
  private static let nap = "nap\(getpid())"

  @Test("a process left behind ends with the program")
  func leftBehind() throws {
    let record = try Self.run(Self.lingering("\(Self.nap)a"))
    #expect(
      record.diagnostics.map(\.message) == [
        "a process that the cell started was still running at its end; it ends with the program"
      ])
    #expect(record.diagnostics.first?.severity == .warning && record.diagnostics.first?.line == 5)
    #expect(record.outputs[2] == [.text("last")])
    #expect(Self.processes(named: "\(Self.nap)a") == [])
  }

  @Test("a process left behind by a cell that is stopped ends as well")
  func leftBehindAndStopped() throws {
    let record = try Self.run(
      Self.lingering("\(Self.nap)b") + "\nwhile first == 1 {}", limits: Self.quick)
    #expect(record.diagnostics.count == 1)
    #expect(Self.processes(named: "\(Self.nap)b") == [])
  }

  @Test("without a sandbox nothing survives either")
  func unsandboxed() throws {
    var executor = try ExecutionFixture.shared().executor(limits: Self.quick)
    executor.usesSandbox = false
    let left = executor.record(of: Self.chapter(Self.lingering("\(Self.nap)c")))
    #expect(left.diagnostics.count == 1)
    #expect(left.outputs[2] == [.text("last")])
    let stopped = executor.record(
      of: Self.chapter(Self.lingering("\(Self.nap)d") + "\nwhile first == 1 {}"))
    #expect(
      stopped.diagnostics.map(\.message) == [
        "the cell was still running after 0.5 s and was stopped"
      ])
    let trapped = executor.record(of: Self.chapter("if first == 1 { fatalError(\"trap\") }"))
    #expect(trapped.diagnostics.map(\.message) == ["the cell stopped: trap"])
    #expect(Self.processes(named: "\(Self.nap)c") == [])
    #expect(Self.processes(named: "\(Self.nap)d") == [])
  }

  @Test("a copy of a large program is not counted twice")
  func largeCopy() throws {
    let record = try ExecutionFixture.shared().executor(limits: Self.small).record(
      of: ChapterSketch.chapter(
        """
        ```swift
        let large = [UInt8](repeating: 1, count: 300 << 20)
        ```

        ```swift
        //| expect: error
        usleep(300_000)
        fatalError("\\(large[1])")
        ```
        """))
    #expect(record.diagnostics == [])
    #expect(record.outputs[1] == [.expectedError("1")])
  }

  @Test("a file may be larger than what is printed")
  func largeFile() throws {
    let record = try Self.run(
      """
      let file = open("large", O_RDWR | O_CREAT, 0o600)
      let bytes = [UInt8](repeating: 1, count: 20 << 20)
      show(write(file, bytes, bytes.count))
      """)
    #expect(record.diagnostics == [])
    #expect(record.outputs[1] == [.text("\(20 << 20)")])
  }

  @Test("a forked copy of the program says nothing in its name")
  func forkedCopy() throws {
    let record = try Self.run(
      """
      let fork = unsafeBitCast(dlsym(nil, "fork"), to: (@convention(c) () -> Int32).self)
      let child = fork()
      if child > 0 { var status: Int32 = 0; waitpid(child, &status, 0) }
      """)
    #expect(record.diagnostics == [])
    #expect(record.outputs[2] == [.text("last")])
  }

  @Test("a fork bomb is stopped")
  func forkBomb() throws {
    let record = try Self.run(
      """
      let fork = unsafeBitCast(dlsym(nil, "fork"), to: (@convention(c) () -> Int32).self)
      for _ in 0..<4000 { if fork() == 0 { sleep(100); _exit(0) } }
      sleep(100)
      """)
    #expect(
      record.diagnostics.map(\.message) == [
        "the cell started more than 128 processes and was stopped"
      ])
    #expect(record.diagnostics.first?.line == 5)
  }

  @Test("an interruption ends the program at once")
  func interruption() throws {
    let cancellation = Cancellation()
    let fixture = try ExecutionFixture.shared()
    let chapter = Self.chapter("print(\"waiting\")\nsleep(100)")
    let start = ContinuousClock.now
    let record = fixture.executor(cancellation: cancellation).record(of: chapter) { event in
      if case .output(item: 1, .standardOutput) = event { cancellation.cancel() }
    }
    #expect(record.diagnostics.map(\.message) == ["interrupted before the cell was done"])
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  static func chapter(_ code: String) -> Chapter {
    ChapterSketch.chapter(
      """
      ```swift
      print("before"); let first = 1; show(first)
      ```

      ```swift
      \(code)
      ```

      ```swift
      show("last")
      ```
      """)
  }

  static func run(_ code: String, limits: Limits = Limits()) throws -> ExecutionRecord {
    try ExecutionFixture.shared().executor(limits: limits).record(of: chapter(code))
  }

  static func processes(named name: String) -> [String] {
    FileSystem.names(in: "/proc").filter { pid in
      guard Int(pid) != nil,
        let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      else { return false }
      // One that has ended keeps its name until somebody asks how.
      return line.contains("(\(name)) ") && !line.contains("(\(name)) Z")
    }
  }
}
