import Book
import Foundation

/// `sslbook run`: one chapter on the terminal.
struct RunCommand: Command {
  static let description = CommandDescription(
    "run", "Run one chapter here and show what its cells show.",
    discussion: """
      Outputs appear as they come; figures are drawn with characters, and the path of each as SVG \
      stands below it. What ran before and has not changed is shown again without running.
      """,
    positionals: [
      .init(
        "chapter", isRequired: true, "A chapter's number, name or path.", completion: .chapter)
    ],
    options: [
      .init("--cell", value: "label", "Show only the cell with this label."),
      .init("--force", "Compile and run again even if nothing has changed."), .book,
    ],
    examples: [
      .init("sslbook run 2", "the second chapter"),
      .init("sslbook run infonce-bound --cell fig-ceiling", "one figure of it"),
    ])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let entry = try book.chapters(named: arguments.positionals)[0]
    let (chapter, faults) = try book.chapter(entry)
    let session = BuildSession(
      book: book, options: BuildOptions(), terminal: terminal, isJSON: false)
    let printer = session.printer
    for fault in faults { terminal.errors.write(printer(fault)) }
    if faults.contains(where: { $0.severity == .error }) { return .bookIsWrong }
    guard !chapter.items.isEmpty else { throw UsageFault.nothingToRun(chapter: entry.path) }
    let shown = try arguments.value("--cell").map {
      try Self.item(labelled: $0, in: chapter)
    }

    if let warning = Sandbox.warning { terminal.errors.write(printer(warning)) }
    let cancellation = Cancellation()
    let executor = try book.executor(cancellation: cancellation)
    let transcript = RunTranscript(
      chapter: chapter, only: shown, terminal: terminal,
      figures: "\(book.cache)/figures/\(entry.slug)")
    let interruption = Interruption { cancellation.cancel() }
    let lock = try book.lock(terminal, cancellation)
    defer { lock?.release() }
    let record = executor.record(of: chapter, force: arguments.has("--force")) {
      transcript.take($0)
    }
    transcript.finish(record)
    interruption.dieIfReceived()
    interruption.end()
    for diagnostic in record.diagnostics { terminal.errors.write(printer(diagnostic)) }
    let isWrong = record.diagnostics.contains { $0.severity == .error }
    terminal.errors.writeLine(
      transcript.summary(record, style: terminal.errors.style, isWrong: isWrong))
    return isWrong ? .bookIsWrong : .success
  }

  private static func item(
    labelled label: String, in chapter: Chapter
  ) throws(UsageFault) -> Int {
    var labels: [String: Int] = [:]
    for (index, item) in chapter.items.enumerated() {
      switch item {
      case .cell(let cell): cell.label.map { labels[$0] = index }
      case .derivation(let derivation): derivation.label.map { labels[$0] = index }
      case .claim, .value: break
      }
    }
    guard let index = labels[label] else {
      throw .noSuchCell(
        label, chapter: chapter.path, nearest: Spelling.nearest(to: label, among: labels.keys))
    }
    return index
  }
}
