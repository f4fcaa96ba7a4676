import Book
import Foundation

/// `sslbook falsify`: what lie would nobody notice?
struct FalsifyCommand: Command {
  static let description = CommandDescription(
    "falsify", "Put lies into the book, and report those that nothing notices.",
    discussion: """
      Statements are judged against what the last run measured: each claim moved just beyond its \
      tolerance, turned, or given the other sign, each step of a derivation altered in sign, \
      factor, sample or relation. With --code, mutants of the cells are compiled and run as well, \
      each under the chapter's own limits: an operator, a constant or a bound changed, two \
      arguments swapped, a statement dropped. That takes as long as running the chapter once for \
      each. The results are kept in chapters/falsify.json and shown on the claims page; what was \
      measured of the same program is not measured again. A mutant that survives because it \
      changes nothing is explained there by hand, under "equivalent". Exits with 1 when a lie in a \
      statement goes unnoticed.
      """,
    positionals: [.chapters],
    options: [
      .book, .init("--code", value: "n", "Run n mutants of the cells, drawn over the chapters."),
      .init("--seed", value: "s", "Draw them by another seed (1)."), .json,
    ],
    examples: [
      .init("sslbook falsify", "would any wrong number or step be noticed?"),
      .init("sslbook falsify entropy --code 20", "and any wrong line of code in this chapter?"),
    ])

  private let arguments: ParsedArguments
  private let mutants: Int
  private let seed: Int

  init(_ arguments: ParsedArguments) throws(UsageFault) {
    self.arguments = arguments
    mutants = try arguments.number("--code", in: 1...100_000) ?? 0
    seed = try arguments.number("--seed", in: 0...Int.max) ?? 1
  }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let entries = try book.chapters(named: arguments.positionals)
    var report = try FalsifyReport(readingFrom: book)
    let cancellation = Cancellation()
    let executor = try book.executor(cancellation: cancellation)
    let before = report
    let date = Date.now.formatted(.iso8601.year().month().day())
    var summary = FalsifySummary(terminal.output)
    var measured: [(chapter: Chapter, key: String)] = []
    for entry in entries {
      let (chapter, _) = try book.chapter(entry)
      guard !chapter.items.isEmpty else { continue }
      guard let (key, values) = executor.measurements(of: chapter) else {
        summary.diagnostics.append(FalsifyFault.notMeasured.diagnostic(file: chapter.path))
        continue
      }
      report.set(
        StatementLies().lies(about: chapter, values), of: chapter.path, key: key, date: date)
      measured.append((chapter, key))
    }
    if mutants > 0 {
      let interruption = Interruption { cancellation.cancel() }
      try measure(measured, into: &report, date: date, executor, book: book, terminal)
      // What was measured until then is kept, and the next run goes on behind it.
      interruption.dieIfReceived()
      interruption.end()
    }
    if report != before { try report.write(to: book) }
    summary.add(report, chapters: measured.map { ($0.chapter.slug, $0.chapter.path, $0.key) })
    if arguments.has("--json") {
      terminal.output.write(String(decoding: report.json, as: UTF8.self))
    } else {
      terminal.output.write(summary.text { SourceLines(book: book).line($0, $1) })
    }
    return summary.diagnostics.contains { $0.severity == .error } ? .bookIsWrong : .success
  }

  private func measure(
    _ chapters: [(chapter: Chapter, key: String)], into report: inout FalsifyReport, date: String,
    _ executor: ChapterExecutor, book: BookFolder, _ terminal: Terminal
  ) throws(FileFault) {
    let sample = MutantSample.draw(
      mutants, from: chapters.map { CodeMutant.candidates(in: $0.chapter) }, seed: UInt64(seed))
    let trials = sample.map {
      Falsifier.Trial(
        chapter: chapters[$0.chapter].chapter, key: chapters[$0.chapter].key, mutant: $0.mutant)
    }
    let begin = ContinuousClock.now
    let falsifier = Falsifier(date: date) { trial, progress throws(FileFault) in
      let place = "\(trial.chapter.path):\(trial.mutant.position.line)"
      terminal.errors.write(
        "[\(progress.done + 1)/\(progress.count)] \(place): \(trial.mutant.change)")
      let verdict = try executor.verdict(on: trial.mutant.applied(to: trial.chapter))
      let seconds = (ContinuousClock.now - begin) / .seconds(1) / Double(progress.done + 1)
      let left = seconds * Double(progress.count - progress.done - 1)
      terminal.errors.writeLine(
        ": \(verdict?.words ?? "interrupted")"
          + (left > 0 && verdict != nil ? ", about \(Measure.seconds(left)) left" : ""))
      return verdict
    } keep: { report throws(FileFault) in
      try report.write(to: book)
    }
    try falsifier.measure(trials, into: &report)
  }
}

extension FalsifyReport.Verdict {
  fileprivate var words: String {
    switch self {
    case .refused: "does not compile"
    case .falseStatement: "noticed, a statement is false"
    case .stopped: "noticed, the chapter stops"
    case .timedOut: "noticed, the chapter takes too long"
    case .survived: "unnoticed"
    }
  }
}
