import Book

/// `sslbook build`: the chapters become a website, or nothing changes.
struct BuildCommand: Command {
  static let description = CommandDescription(
    "build", "Run what changed and write the website, if all of it is true.",
    discussion: """
      Compiles and runs the cells of every chapter that changed, checks its claims and derivations, \
      renders its page, and replaces the site as a whole. When anything is false or broken, it says \
      where, and the site stays as it was.
      """,
    positionals: [.chapters],
    options: [.output] + .making,
    examples: [
      .init("sslbook build", "the whole book"),
      .init("sslbook build 2 masking", "only these two, by number and by name"),
      .init("sslbook build --force --jobs 1", "everything again, one chapter at a time"),
    ])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let session = BuildSession(
      book: book, options: try arguments.buildOptions(for: book), terminal: terminal,
      isJSON: arguments.has("--json"))
    let report = session.run { $0.build() }
    let exitCode = session.exitCode(report)
    if session.isJSON {
      let json = JSONReport(command: "build", exitCode: exitCode, report: report)
      terminal.output.write(json.text())
      return exitCode
    }
    let stream = exitCode == .success ? terminal.output : terminal.errors
    var text = BuildSummary(report, style: stream.style, width: stream.width).text()
    if exitCode == .success, let site = report.site {
      text += "  \(VisibleText.of(WorkingFolder.shortened(site)))/index.html\n"
    }
    stream.write(text)
    return exitCode
  }
}
