import Book

/// `sslbook list`: the chapters, in their order.
struct ListCommand: Command {
  static let description = CommandDescription(
    "list", "List the chapters: number, name, title.",
    options: [
      .book, .init("--names", "Print only the names, one a line."), .json,
    ],
    examples: [
      .init("sslbook list", "what the book consists of"),
      .init("sslbook list --names | xargs -n1 sslbook why", "for scripts"),
    ])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) throws(UsageFault) {
    if arguments.has("--names"), arguments.has("--json") {
      throw .contradiction("--names", "--json")
    }
    self.arguments = arguments
  }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let entries = book.summaryEntries()
    let style = terminal.output.style
    if arguments.has("--json") {
      var report = BuildReport()
      report.chapters = entries.map {
        var chapter = ChapterReport(
          path: $0.path, slug: $0.slug, number: $0.number, title: $0.title)
        if let (read, _) = try? book.chapter($0) { chapter.cells = read.cellCount }
        return chapter
      }
      let json = JSONReport(command: "list", exitCode: .success, report: report)
      terminal.output.write(json.text())
      return .success
    }
    if arguments.has("--names") {
      for entry in entries { terminal.output.writeLine(VisibleText.of(entry.slug)) }
      return .success
    }
    let rows = entries.map { entry in
      let indent = String(repeating: "  ", count: entry.depth)
      return [entry.number, VisibleText.of(entry.slug), indent + VisibleText.of(entry.title)]
    }
    let lines = TextTable(rows).lines(width: terminal.output.width)
    for (entry, line) in zip(entries, lines) {
      if let part = entry.part { terminal.output.writeLine(style(.strong, VisibleText.of(part))) }
      terminal.output.writeLine(line)
    }
    return .success
  }
}
