import Book
import Foundation
import Synchronization

/// One build or check on the terminal: progress while it runs, diagnostics as they come, and an end
/// on Ctrl-C that leaves nothing behind.
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
    let printer = self.printer
    let isLive = terminal.errors.isLive
    let printed = Mutex<Set<Diagnostic>>([])
    let builder = BookBuilder(book: book, options: options, cancellation: cancellation) { event in
      // Without a terminal to watch, the order of the book is worth more than an early word.
      if case .diagnostic(let diagnostic) = event, isLive, !isQuiet {
        printed.withLock { _ = $0.insert(diagnostic) }
        display.print(printer(diagnostic))
      }
      display.take(event)
    }
    let interruption = Interruption { cancellation.cancel() }
    let report = work(builder)
    display.close()
    if interruption.wasReceived {
      terminal.errors.writeLine("Stopped; the site is as it was.")
    }
    interruption.dieIfReceived()
    interruption.end()
    if !isQuiet {
      print(report.diagnostics.filter { one in !printed.withLock { $0.contains(one) } })
    }
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
  func buildOptions(for book: BookFolder) throws(CommandFailure) -> BuildOptions {
    var options = BuildOptions()
    do throws(UsageFault) {
      options.jobs = try number("--jobs", in: 1...1024)
      options.chapters =
        positionals.isEmpty ? [] : try book.chapters(named: positionals).map(\.path)
    } catch {
      throw .usage(error)
    }
    options.output = value("--output")
    options.isForced = has("--force")
    return options
  }
}
