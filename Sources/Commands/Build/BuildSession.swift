import Book
import Foundation

/// One build or check on the terminal: progress while it runs, diagnostics in the order of the book,
/// and an end on Ctrl-C that leaves nothing behind.
struct BuildSession {
  let book: BookFolder
  let options: BuildOptions
  let terminal: Terminal
  /// Standard output belongs to the report.
  let isJSON: Bool

  /// - Parameter isQuiet: the diagnostics are left to the caller.
  func run(isQuiet: Bool = false, _ work: (BookBuilder) -> BuildReport) -> BuildReport {
    let display = ProgressDisplay(on: terminal.errors)
    let cancellation = Cancellation()
    let builder = BookBuilder(book: book, options: options, cancellation: cancellation) {
      display.take($0)
    }
    let interruption = Interruption { cancellation.cancel() }
    let report = work(builder)
    display.close()
    if interruption.wasReceived {
      terminal.errors.writeLine("Stopped; the site is as it was.")
    }
    interruption.dieIfReceived()
    interruption.end()
    if !isQuiet { print(report.diagnostics) }
    return report
  }

  func print(_ diagnostics: [Diagnostic]) {
    let printer = self.printer
    for diagnostic in diagnostics { terminal.errors.write(printer(diagnostic)) }
  }

  var printer: @Sendable (Diagnostic) -> String {
    let lines = SourceLines(book: book)
    let style = terminal.errors.style
    let stream = terminal.errors
    return { diagnostic in
      DiagnosticPrinter(style: style, width: stream.width, sourceLine: lines.line).text(diagnostic)
    }
  }

  func exitCode(_ report: BuildReport) -> ExitCode {
    report.lacksTool ? .machineLacks : report.hasErrors ? .bookIsWrong : .success
  }
}

extension ParsedArguments {
  /// The options that `build`, `check` and `serve` share.
  func buildOptions(for book: BookFolder) throws(UsageFault) -> BuildOptions {
    var options = BuildOptions()
    options.jobs = try number("--jobs", in: 1...1024)
    options.chapters = positionals.isEmpty ? [] : try book.chapters(named: positionals).map(\.path)
    options.output = value("--output")
    options.isForced = has("--force")
    options.isStrict = has("--strict")
    return options
  }
}
