import Cells
import Foundation
import Testing
import Transcript

@Suite("Progress of a loop") struct ProgressTests {
  private func reports(_ result: ExitTest.Result?) -> [String] {
    events(result).compactMap { event in
      guard case .progress(let progress) = event else { return nil }
      let loss = progress.loss.map { " at \($0)" } ?? ""
      return "\(progress.label) \(progress.done) of \(progress.total)\(loss)"
    }
  }

  @Test("a short loop reports its beginning and its end, with the last loss") func short() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      var sum = 0
      for step in progress(1...3, "training") {
        sum += step
        report(loss: Double(step) / 2)
      }
      for _ in progress([Int](), "nothing") {}
      report(loss: 9)
      show(sum)
    }
    #expect(reports(result) == ["training 0 of 3", "training 3 of 3 at 1.5", "nothing 0 of 0"])
    #expect(events(result).last == .text("6"))
  }

  @Test("a long loop reports between, and says how long it will take") func long() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      for _ in progress(0..<4, "slow") { usleep(110_000) }
    }
    let reports = events(result).compactMap {
      if case .progress(let progress) = $0 { progress } else { nil }
    }
    #expect(reports.map(\.done) == [0, 1, 2, 3, 4])
    #expect(reports.first?.secondsLeft == nil && reports.last?.secondsLeft == 0)
    let second = try #require(reports.dropFirst().first)
    #expect(abs(try #require(second.secondsLeft) - 3 * second.seconds) < 1e-9)
  }

  @Test("a loss belongs to the innermost loop, and a loop that was left by break to none")
  func nested() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      for _ in progress(0..<1, "outer") {
        for _ in progress(0..<1, "inner") { report(loss: 1) }
        report(loss: 2)
      }
      ChapterProgram.begin(0)
      for _ in progress(0..<5, "left") { break }
      ChapterProgram.end(0)
      for _ in progress(0..<1, "next") { report(loss: 3) }
    }
    #expect(
      reports(result) == [
        "outer 0 of 1", "inner 0 of 1", "inner 1 of 1 at 1.0", "outer 1 of 1 at 2.0",
        "left 0 of 5", "next 0 of 1", "next 1 of 1 at 3.0",
      ])
  }
}
