import Book
import Foundation

/// `sslbook check`: is all of it true? The site stays as it is.
struct CheckCommand: Command {
  static let description = CommandDescription(
    "check", "Run what changed and check everything, without writing the site.",
    discussion: """
      Finds whatever 'sslbook build' would find, in claims and derivations, formulas and \
      references. With --fix, the number of a claim in prose is replaced in the Markdown by the \
      measured one, as precise as it was written, and the difference is shown: where the claim is \
      false, and where the page prints other digits than the source. With --coverage, the numbers \
      in prose that nothing checks are listed (those outside code, formulas, links, headings and \
      citations that are neither years nor parts of names), and the claims that hardly constrain: a \
      tolerance beyond a tenth of the number, a bound that is passed by more than half of it.
      """,
    positionals: [.chapters],
    options: [
      .init("--fix", "Write the measured number where a claim in prose has another."),
      .init("--coverage", "List the numbers that nothing checks and the claims that are loose."),
    ] + .making,
    examples: [
      .init("sslbook check", "for continuous integration"),
      .init("sslbook check infonce-bound --fix", "after an experiment has changed"),
      .init("sslbook check --coverage", "which numbers still stand on trust"),
    ])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let session = BuildSession(
      book: book, options: try arguments.buildOptions(for: book), terminal: terminal,
      isJSON: arguments.has("--json"))
    let isFixing = arguments.has("--fix")
    var report = session.run(isQuiet: isFixing) { $0.check() }
    var corrections: [CorrectedLine] = []
    if isFixing {
      corrections = try CorrectedLine.correct(report, in: book)
      if !corrections.isEmpty { report = checkedAgain(report, session) }
      session.print(report.diagnostics)
    }
    let coverage = arguments.has("--coverage") ? coverages(session, report) : nil
    let exitCode = session.exitCode(report)
    if session.isJSON {
      var json = JSONReport(command: "check", exitCode: exitCode, report: report)
      json.corrections = isFixing ? corrections : nil
      json.coverage = coverage
      terminal.output.write(json.text())
      return exitCode
    }
    let output = terminal.output
    if isFixing {
      output.write(CorrectedLine.text(corrections, style: output.style))
    }
    for chapter in coverage ?? [] {
      output.write(chapter.text(style: output.style, width: output.width))
    }
    let stream = exitCode == .success ? terminal.output : terminal.errors
    stream.write(
      BuildSummary(report, style: stream.style, width: stream.width, writesSite: false).text())
    return exitCode
  }

  /// What was measured is kept, so that looking again runs nothing.
  private func checkedAgain(_ first: BuildReport, _ session: BuildSession) -> BuildReport {
    var options = session.options
    options.isForced = false
    var report = BookBuilder(book: session.book, options: options).check()
    report.seconds += first.seconds
    for index in report.chapters.indices {
      guard let before = first.chapters.first(where: { $0.path == report.chapters[index].path })
      else { continue }
      report.chapters[index].compileSeconds = before.compileSeconds
      report.chapters[index].runSeconds = before.runSeconds
      report.chapters[index].isRecordCached = before.isRecordCached
    }
    return report
  }

  private func coverages(_ session: BuildSession, _ report: BuildReport) -> [ChapterCoverage] {
    let source = SourceLines(book: session.book)
    var coverages: [ChapterCoverage] = []
    for entry in session.book.summaryEntries()
    where session.options.chapters.isEmpty || session.options.chapters.contains(entry.path) {
      guard let bytes = try? session.book.read(entry.path) else { continue }
      let chapter = ChapterParser.parse(path: entry.path, bytes: bytes).chapter
      let loose = report.chapters.first { $0.path == entry.path }?.looseClaims ?? []
      coverages.append(ChapterCoverage(chapter: chapter, loose: loose, source: source))
    }
    return coverages
  }
}
