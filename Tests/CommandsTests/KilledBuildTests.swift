import Foundation
import Testing

@Suite("A build that is killed") struct KilledBuildTests {
  private static let chapters = 30

  /// Every page says which edition it is of.
  private func write(edition: Int, to book: ScratchFolder) throws {
    var chapters: [String: String] = [:]
    for number in 1...Self.chapters {
      let formulas = (0..<8).map { "$x_{\(number), \($0), \(edition)}^2$" }.joined(separator: " ")
      chapters["c\(number)"] = "# Chapter \(number)\n\nEdition \(edition) has \(formulas).\n"
    }
    try book.writeBook(chapters)
  }

  private func editions(in book: ScratchFolder) throws -> Set<Int> {
    let pages = try (1...Self.chapters).map { try book.read("site/c\($0).html") }
    return Set(
      pages.compactMap { page in
        page.firstMatch(of: #/Edition (\d+) has/#).flatMap { Int($0.1) }
      })
  }

  @Test("leaves the old site or the new one, whole, and the next build right") func killed() throws
  {
    let book = try ScratchFolder()
    try write(edition: 0, to: book)
    let start = ContinuousClock.now
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    let foreign = ["site/CNAME": "example.org", "site/.git/refs/heads/main": "0123"]
    for (file, text) in foreign { try book.write(file, text) }
    let duration = (ContinuousClock.now - start) / .milliseconds(1)
    var random = SystemRandomNumberGenerator()
    var kills = 0
    for edition in 1...12 {
      try write(edition: edition, to: book)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: ToolRun.executable)
      process.arguments = ["build"]
      process.currentDirectoryURL = URL(fileURLWithPath: book.path)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Any moment of a build will do; the whole point is that none is special.
      usleep(UInt32(Double.random(in: 0...duration, using: &random) * 1000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { kills += 1 }
      #expect(try editions(in: book).count == 1, "edition \(edition)")
      for (file, text) in foreign { #expect(try book.read(file) == text, "edition \(edition)") }
    }
    #expect(kills > 0)
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    #expect(try editions(in: book) == [12])
    let names = try FileManager.default.contentsOfDirectory(atPath: book.path)
    #expect(Set(names) == ["chapters", "site", ".sslbook"])
  }
}
