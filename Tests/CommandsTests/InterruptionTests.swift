import Foundation
import TestSupport
import Testing

@Suite("Interruption") struct InterruptionTests {
  private func start(_ arguments: [String], in folder: String) throws -> (Process, Pipe, Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ToolRun.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  /// Reads until the text has come.
  private func wait(for text: String, from pipe: Pipe) {
    var all = ""
    while !all.contains(text) {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { return }
      all += String(decoding: data, as: UTF8.self)
    }
  }

  @Test(
    "Ctrl-C ends a build at once: nothing is left running, the old site is whole",
    arguments: [SIGINT, SIGTERM])
  func build(signal: Int32) throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\nold\n"])
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    let old = try book.read("site/a.html")
    try book.write("chapters/a.md", "# A\n\nnew\n\n```swift\nwhile true {}\n```\n")
    let (process, _, errors) = try start(["build"], in: book.path)
    wait(for: "running", from: errors)
    let began = ContinuousClock.now
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(began.duration(to: .now) < .seconds(5))
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == signal)
    #expect(try book.read("site/a.html") == old)
    #if os(Linux)
      #expect(programs(of: book.path) == [])
    #endif
    try book.write("chapters/a.md", "# A\n\nnew\n")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    #expect(try book.read("site/a.html").contains("new"))
  }

  /// Running executables that lie in the book's folder.
  private func programs(of folder: String) -> [String] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { name in
      guard Int(name) != nil else { return nil }
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/exe")
      return target?.hasPrefix(folder) == true ? target : nil
    }
  }

  @Test("serve builds, follows a save, shows what is wrong, and ends on Ctrl-C")
  func serve() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\nfirst text\n"])
    let (process, output, _) = try start(["serve"], in: book.path)
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(
      line.firstMatch(of: #/http://127\.0\.0\.1:(\d+)\//#).flatMap { UInt16($0.1) })
    var known = ""
    /// What the server announces next.
    func news() throws -> String {
      let text = try #require(
        RawRequest.get("/.preview/events?known=\(known)", port: port)?.body)
      known = try #require(text.firstMatch(of: #/"announcement":"([^"]*)"/#).map { String($0.1) })
      return text
    }
    while try news().contains(#""site":"none""#) {}
    func page() -> String { RawRequest.get("/a.html", port: port)?.body ?? "" }
    #expect(page().contains("first text"))
    try book.write("chapters/a.md", "# A\n\nsecond text\n")
    _ = try news()
    #expect(page().contains("second text"))
    try book.write("chapters/a.md", "# A\n\nthird text, see @fig-nowhere\n")
    #expect(try news().contains("chapters/a.md:3"))
    #expect(page().contains("second text"))
    try book.write("chapters/a.md", "# A\n\nfourth text\n")
    #expect(try news().contains(#""problems":[]"#))
    #expect(page().contains("fourth text"))
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
  }
}
