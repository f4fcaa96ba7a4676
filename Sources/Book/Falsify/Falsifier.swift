import Transcript

/// Runs a sample of mutants and writes down what became of each.
package struct Falsifier {
  package struct Trial: Sendable {
    package var chapter: Chapter
    /// Of the chapter's program as it is, without the mutant.
    package var key: String
    package var mutant: CodeMutant

    package init(chapter: Chapter, key: String, mutant: CodeMutant) {
      (self.chapter, self.key, self.mutant) = (chapter, key, mutant)
    }
  }

  /// How many mutants are to be run, and how many of them have been.
  package struct Progress: Equatable, Sendable {
    package var done = 0
    package var count: Int
  }

  private let date: String
  private let run: (Trial, Progress) throws(FileFault) -> FalsifyReport.Verdict?
  private let keep: (FalsifyReport) throws(FileFault) -> Void

  /// - Parameters:
  ///   - run: finds out what comes of a mutant; nil ends the work.
  ///   - keep: called after each, so that an interruption loses nothing.
  package init(
    date: String, run: @escaping (Trial, Progress) throws(FileFault) -> FalsifyReport.Verdict?,
    keep: @escaping (FalsifyReport) throws(FileFault) -> Void
  ) {
    (self.date, self.run, self.keep) = (date, run, keep)
  }

  /// What was measured of the same program is not measured again; what belongs to another program, or
  /// to no mutant of the sample, goes.
  package func measure(
    _ trials: [Trial], into report: inout FalsifyReport
  ) throws(FileFault) {
    for (path, trials) in Dictionary(grouping: trials, by: \.chapter.path) {
      let known = report.chapters[path]?.code
      let sample = Set(trials.map(\.mutant.identity))
      report.chapters[path, default: .init()].code = .init(
        key: trials[0].key, date: known?.key == trials[0].key ? known?.date ?? date : date,
        mutants: known?.key == trials[0].key
          ? known?.mutants.filter { sample.contains($0.identity) } ?? [] : [])
    }
    let open = trials.filter { trial in
      let known = report.chapters[trial.chapter.path]?.code?.mutants ?? []
      return !known.contains { $0.identity == trial.mutant.identity }
    }
    var progress = Progress(count: open.count)
    for trial in open {
      let (path, mutant) = (trial.chapter.path, trial.mutant)
      guard let verdict = try run(trial, progress) else { break }
      report.chapters[path]?.code?.date = date
      report.chapters[path]?.code?.mutants.append(
        .init(
          identity: mutant.identity, line: mutant.position.line, column: mutant.position.column,
          kind: mutant.kind, change: mutant.change, verdict: verdict))
      try keep(report)
      progress.done += 1
    }
  }
}
