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
    limits.outputBytes = 1 << 20
    return limits
  }

  static let misdeeds = [
    Misdeed(
      name: "a trap of the standard library", code: "print([1, 2][first + 2])",
      message: "the cell stopped: Index out of range"),
    Misdeed(
      name: "a trap of its own",
      code: "let n = 3\nif first == 1 { fatalError(\"n is \\(n)\\nand\") }",
      message: "the cell stopped: n is 3\nand", line: 7),
    Misdeed(
      name: "an overflow", code: "var big = Int.max - 1\nbig += first + 1",
      message: "the cell crashed (SIGILL, a trap)"),
    Misdeed(
      name: "an error that nobody catches",
      code: "struct Oops: Error {}\nfunc f() throws { if first == 1 { throw Oops() } }\ntry f()",
      message: "the cell stopped: Error raised at top level: Chapter.Oops()"),
    Misdeed(
      name: "a recursion without end",
      code: "func deep(_ n: Int) -> Int { n == 0 ? 0 : deep(n + 1) &+ n }\nprint(deep(first))",
      message: "the cell crashed (SIGSEGV, memory that is not there)"),
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
      message: "the cell printed more than 1 MB", limits: quick),
    Misdeed(
      name: "a gigabyte of results",
      code:
        "let line = String(repeating: \"x\", count: 1 << 16)\nfor _ in 0..<(1 << 14) { show(line) }",
      message: "the cell printed more than 1 MB", limits: quick),
    Misdeed(
      name: "closing every descriptor", code: "for file in 0..<1024 { close(Int32(file)) }",
      message: "the cell closed the descriptor that its results go through"),
    Misdeed(
      name: "more memory than it may have",
      code:
        "var hoard: [[Double]] = []\nfor _ in 0..<64 { hoard.append(Array(repeating: 1, count: 1 << 22)) }",
      message: "the cell needed more than 512 MB of memory", limits: small),
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

  @Test("garbage on the transcript's descriptor is shown as text, with a warning")
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
    #expect(record.diagnostics.first?.severity == .warning && record.diagnostics.first?.line == 5)
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

  @Test("a file outside the program's own folder cannot be written, and the network is not there")
  func sandbox() throws {
    guard ChapterExecutor.isSandboxed else { return }
    let record = try Self.run(
      """
      show(open("\\(String(cString: getenv("SSLBOOK_BOOK")))/stray", O_WRONLY | O_CREAT, 0o600) < 0 ? "refused" : "written")
      show(open("mine", O_WRONLY | O_CREAT, 0o600) >= 0 ? "written" : "refused")
      let s = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = UInt16(53).bigEndian
      address.sin_addr.s_addr = inet_addr("192.0.2.1")
      let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(s, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      show(status == 0 ? "connected" : "no network")
      """)
    #expect(record.diagnostics == [])
    #expect(record.outputs[1] == [.text("refused"), .text("written"), .text("no network")])
  }

  /// A process that a cell starts and leaves behind, in a session of its own, with a name that can be
  /// looked for.
  static func lingering(_ seconds: String) -> String {
    """
    let fork = unsafeBitCast(dlsym(nil, "fork"), to: (@convention(c) () -> Int32).self)
    if fork() == 0 {
      setsid()
      var words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("\(seconds)"), nil]
      execv("/bin/sleep", &words)
      _exit(1)
    }
    """
  }

  /// Seconds that no other test run on this machine sleeps for: its processes are told by them.
  private static let nap = 100_000_000 + Int(getpid())

  @Test("a process left behind ends with the program")
  func leftBehind() throws {
    let record = try Self.run(Self.lingering("\(Self.nap).25"))
    #expect(
      record.diagnostics.map(\.message) == [
        "a process that the cell started was still running at its end; it ends with the program"
      ])
    #expect(record.diagnostics.first?.severity == .warning && record.diagnostics.first?.line == 5)
    #expect(record.outputs[2] == [.text("last")])
    #expect(Self.processes(named: "\(Self.nap).25") == [])
  }

  @Test("a process left behind by a cell that is stopped ends as well")
  func leftBehindAndStopped() throws {
    let record = try Self.run(
      Self.lingering("\(Self.nap).5") + "\nwhile first == 1 {}", limits: Self.quick)
    #expect(record.diagnostics.count == 1)
    #expect(Self.processes(named: "\(Self.nap).5") == [])
  }

  @Test("without a sandbox nothing survives either")
  func unsandboxed() throws {
    var executor = try ExecutionFixture.shared().executor(limits: Self.quick)
    executor.usesSandbox = false
    let left = executor.record(of: Self.chapter(Self.lingering("\(Self.nap).75")))
    #expect(left.diagnostics.count == 1)
    #expect(left.outputs[2] == [.text("last")])
    let stopped = executor.record(
      of: Self.chapter(Self.lingering("\(Self.nap).125") + "\nwhile first == 1 {}"))
    #expect(
      stopped.diagnostics.map(\.message) == [
        "the cell was still running after 0.5 s and was stopped"
      ])
    let trapped = executor.record(of: Self.chapter("if first == 1 { fatalError(\"trap\") }"))
    #expect(trapped.diagnostics.map(\.message) == ["the cell stopped: trap"])
    #expect(Self.processes(named: "\(Self.nap).75") == [])
    #expect(Self.processes(named: "\(Self.nap).125") == [])
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

  /// Processes whose command line holds this word.
  static func processes(named word: String) -> [String] {
    FileSystem.names(in: "/proc").filter { name in
      guard Int(name) != nil,
        let line = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8)
      else { return false }
      return line.contains(word)
    }
  }
}
