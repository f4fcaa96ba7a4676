import Book
import Foundation
import Markdown
import TestSupport
import Testing

@Suite("What became of the lies") struct FalsifyReportTests {
  private static let chapter = CodeMutantTests.chapter([CodeMutantTests.cell("let a = b + 1")])
  private static let mutants = CodeMutant.candidates(in: chapter)

  private static func trials(_ key: String = "k") -> [Falsifier.Trial] {
    mutants.map { Falsifier.Trial(chapter: chapter, key: key, mutant: $0) }
  }

  /// Runs the sample with these verdicts in turn, and says how many ran.
  private func measure(
    _ trials: [Falsifier.Trial], _ verdicts: [FalsifyReport.Verdict?], on date: String = "d",
    into report: inout FalsifyReport, kept: (FalsifyReport) -> Void = { _ in }
  ) throws -> Int {
    var rest = verdicts[...]
    try withoutActuallyEscaping(kept) { kept in
      try Falsifier(date: date) { _, _ in
        rest.popFirst() ?? nil
      } keep: { report throws(FileFault) in
        kept(report)
      }.measure(trials, into: &report)
    }
    return verdicts.count - rest.count
  }

  @Test("what does not compile does not count, and what is explained is no survivor")
  func rates() throws {
    var report = FalsifyReport()
    let verdicts: [FalsifyReport.Verdict] = [.refused, .survived, .survived, .timedOut]
    #expect(Self.mutants.count == 4)
    #expect(try measure(Self.trials(), verdicts, into: &report) == 4)
    #expect(report.codeRate(of: "chapters/a.md") == .init(tried: 3, noticed: 1))
    report.equivalent[Self.mutants[1].identity] = "b is 0"
    #expect(report.codeRate(of: "chapters/a.md") == .init(tried: 3, noticed: 1, explained: 1))
    #expect(
      report.survivors(of: "chapters/a.md").map(\.identity) == [Self.mutants[2].identity])
    #expect(report.codeRate(of: "chapters/b.md") == .init())
  }

  @Test("what was measured of the same program is not run again, of another one it is")
  func again() throws {
    var report = FalsifyReport()
    var kept = 0
    // Interrupted at the third.
    #expect(
      try measure(Self.trials(), [.stopped, .survived, nil], into: &report) {
        kept = $0.chapters.count
      }
        == 3)
    #expect(kept == 1)
    #expect(report.chapters["chapters/a.md"]?.code?.mutants.count == 2)
    let rest: [FalsifyReport.Verdict] = [.stopped, .stopped]
    #expect(try measure(Self.trials(), rest, on: "e", into: &report) == 2)
    #expect(report.chapters["chapters/a.md"]?.code?.date == "e")
    #expect(try measure(Self.trials(), rest, on: "f", into: &report) == 0)
    #expect(report.chapters["chapters/a.md"]?.code?.date == "e")
    #expect(try measure(Self.trials("other"), rest + rest, into: &report) == 4)
    #expect(report.chapters["chapters/a.md"]?.code?.key == "other")
    // A smaller sample.
    #expect(try measure(Array(Self.trials("other").prefix(1)), [], into: &report) == 0)
    #expect(report.chapters["chapters/a.md"]?.code?.mutants.count == 1)
  }

  @Test("a result that is as it was keeps its date") func dates() throws {
    var report = FalsifyReport()
    let json = #"{"line": 1, "column": 2, "change": "`=` → `<`", "isNoticed": false}"#
    let lie = try JSONDecoder().decode(StatementLies.Lie.self, from: Data(json.utf8))
    report.set([lie], of: "a", key: "k", date: "1")
    report.set([lie], of: "a", key: "k", date: "2")
    #expect(report.chapters["a"]?.statements?.date == "1")
    report.set([lie, lie], of: "a", key: "k", date: "3")
    #expect(report.chapters["a"]?.statements?.date == "3")
    #expect(report.statementRate(of: "a") == .init(tried: 2, noticed: 0))
  }

  @Test("the file holds all of it, and a damaged one is not taken for an empty one") func file()
    throws
  {
    let folder = TemporaryFolder()
    let book = BookFolder(path: folder.path)
    try FileManager.default.createDirectory(
      atPath: book.absolute("chapters"), withIntermediateDirectories: true)
    var report = try FalsifyReport(readingFrom: book)
    #expect(report == FalsifyReport())
    _ = try measure(
      Self.trials(), [.survived, .refused, .falseStatement, .timedOut], into: &report)
    report.equivalent["0123"] = "why"
    try report.write(to: book)
    #expect(try FalsifyReport(readingFrom: book) == report)
    try FileSystem.write(Array("{}".utf8), to: book.absolute(FalsifyReport.path))
    #expect(throws: FalsifyFault.damagedReport) { try FalsifyReport(readingFrom: book) }
  }
}

@Suite("Messages about lies") struct FalsifyMessageTests {
  @Test(
    "what is wrong, and what to do",
    arguments: [
      (
        .damagedReport, "chapters/falsify.json is not a report of 'sslbook falsify'",
        "restore it: the explanations in it were written by hand"
      ),
      (
        .notMeasured, "the chapter has not run as it stands, so no lie can be told about it",
        "run 'sslbook check' first"
      ),
      (
        .statementUnnoticed(change: "`≥` → `<`"), "nothing notices this lie: `≥` → `<`",
        "give the statement a tolerance that its value would miss"
      ),
      (
        .mutantSurvived(change: "`+` → `-`", identity: "0f"), "nothing notices `+` → `-`",
        "let a claim depend on it, or say under \"equivalent\" in chapters/falsify.json why 0f "
          + "changes nothing"
      ),
    ] as [(FalsifyFault, String, String)])
  func table(fault: FalsifyFault, message: String, hint: String) {
    #expect(fault.message == message)
    #expect(fault.hint == hint)
  }
}
