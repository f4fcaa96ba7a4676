import Foundation
import Testing

@Suite("Several builds of a book at once") struct ConcurrentBuildTests {
  private static let waiting = "another build of this book is running; waiting for it"

  @Test("all succeed: one works, the others say that they wait") func twelve() async throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n`{claim} 2 = 2`\n", "b": "# B\n\nSee [A](a.md), $x^2$.\n"])
    let path = book.path
    let commands = [["build"], ["build", "--force"], ["check"], ["run", "a"]]
    let runs = try await withThrowingTaskGroup { group in
      for index in 0..<12 {
        group.addTask { try ToolRun(commands[index % commands.count], in: path) }
      }
      return try await group.reduce(into: [ToolRun]()) { $0.append($1) }
    }
    for run in runs {
      #expect(run.status == 0, "\(run.errors)\(run.output)")
      #expect(run.errors.components(separatedBy: Self.waiting).count <= 2)
    }
    #expect(runs.contains { $0.errors.contains(Self.waiting) })
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(Set(names) == ["chapters", "site", ".sslbook"])
    #expect(try ToolRun(["build"], in: path).output.contains("Nothing has changed"))
  }

  @Test("builds go on beside cleaning") func cleaning() async throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\nSee $x^2$.\n"])
    let path = book.path
    // What can go wrong takes microseconds: one round of twelve was seen to pass for days.
    let runs = try await withThrowingTaskGroup { group in
      for index in 0..<60 {
        group.addTask { try ToolRun([["build"], ["check"], ["clean"]][index % 3], in: path) }
      }
      return try await group.reduce(into: [ToolRun]()) { $0.append($1) }
    }
    for run in runs { #expect(run.status == 0, "\(run.errors)\(run.output)") }
  }

  @Test("a build that is killed lets the next one go on, and one that waits can be stopped")
  func killed() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n```swift\nwhile true {}\n```\n"])
    let first = try start(["build"], in: book)
    defer { kill(first.process.processIdentifier, SIGKILL) }
    try first.waits(for: "running")
    let second = try start(["build"], in: book)
    try second.waits(for: Self.waiting)
    kill(second.process.processIdentifier, SIGINT)
    second.process.waitUntilExit()
    #expect(second.process.terminationReason == .uncaughtSignal)
    kill(first.process.processIdentifier, SIGKILL)
    first.process.waitUntilExit()
    try book.writeBook(["a": "# A\n\nNothing runs.\n"])
    let last = try ToolRun(["build"], in: book.path)
    #expect(last.status == 0)
    #expect(!last.errors.contains(Self.waiting))
  }

  private struct Running {
    let process: Process
    let errors: FileHandle

    /// Reads what the tool says until it has said so.
    func waits(for text: String) throws {
      var said = ""
      while !said.contains(text) {
        let data = errors.availableData
        try #require(!data.isEmpty, "\(said)")
        said += String(decoding: data, as: UTF8.self)
      }
    }
  }

  private func start(_ arguments: [String], in book: ScratchFolder) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ToolRun.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: book.path)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return Running(process: process, errors: errors.fileHandleForReading)
  }
}
