import Book
import Foundation
import PreviewServer
import Synchronization

/// Builds, announces, waits for the next save, and so on until it is stopped.
///
/// One thread builds, another listens to the files. A save while a build runs starts the next one
/// right after; a build that is at work on the very chapter that was saved is given up.
final class Preview: Sendable {
  private let book: BookFolder
  private let options: BuildOptions
  private let server: PreviewServer
  private let watcher: FileWatcher
  private let terminal: Terminal
  private let memory = BuildMemory()
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  private struct State {
    /// What was saved since the last build began.
    var changed: Set<String> = []
    var isStopped = false
    var cancellation: Cancellation?
    var chaptersAtWork: Set<String> = []
    var hasProblems = false
  }

  init(
    book: BookFolder, options: BuildOptions, server: PreviewServer, watcher: FileWatcher,
    terminal: Terminal
  ) {
    self.book = book
    self.options = options
    self.server = server
    self.watcher = watcher
    self.terminal = terminal
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.cancellation?.cancel()
    }
    watcher.cancel()
    wake.signal()
  }

  func run() {
    let listener = Thread { [self] in listen() }
    listener.start()
    build(because: [])
    while true {
      wake.wait()
      let (changed, isStopped) = state.withLock { state in
        defer { state.changed = [] }
        return (state.changed, state.isStopped)
      }
      if isStopped { return }
      if !changed.isEmpty { build(because: changed.sorted()) }
    }
  }

  private func listen() {
    while let changes = watcher.next() {
      state.withLock { state in
        state.changed.formUnion(changes)
        let concernsWork = changes.contains {
          state.chaptersAtWork.contains($0) || !$0.hasSuffix(".md") || $0 == BookFolder.summary
        }
        if concernsWork, !state.chaptersAtWork.isEmpty { state.cancellation?.cancel() }
      }
      wake.signal()
    }
  }

  private func build(because changed: [String]) {
    let cancellation = Cancellation()
    state.withLock {
      $0.cancellation = cancellation
      if $0.isStopped { cancellation.cancel() }
    }
    let display = ProgressDisplay(on: terminal.errors)
    let builder = BookBuilder(
      book: book, options: options, memory: memory, cancellation: cancellation
    ) { [self] event in
      note(event)
      // The pages come a moment after the save; plain lines for each step would only be noise.
      if terminal.errors.isLive || event.isWaiting { display.take(event) }
    }
    let report = builder.build()
    display.close()
    state.withLock {
      $0.cancellation = nil
      $0.chaptersAtWork = []
    }
    // Given up for a newer save, which is built next.
    guard !cancellation.isCancelled else { return }
    announce(report)
    PreviewLog(book: book, terminal: terminal).print(report, changed: changed)
  }

  private func note(_ event: BuildEvent) {
    state.withLock { state in
      switch event {
      case .compiling(let chapter), .running(let chapter, _, _, _):
        state.chaptersAtWork.insert(chapter)
      case .finished(let report): state.chaptersAtWork.remove(report.path)
      case .planned, .waiting, .progress, .rendered: break
      }
    }
  }

  private func announce(_ report: BuildReport) {
    if report.hasErrors {
      let lines = SourceLines(book: book)
      state.withLock { $0.hasProblems = true }
      server.announce(
        problems: report.diagnostics.filter { $0.severity != .note }.map { diagnostic in
          PreviewServer.Problem(
            severity: diagnostic.severity.rawValue, place: diagnostic.place,
            message: diagnostic.message,
            source: diagnostic.line > 0 ? lines.line(diagnostic.file, diagnostic.line) ?? "" : "",
            hint: diagnostic.hint ?? "")
        })
    } else if !report.wasUpToDate {
      state.withLock { $0.hasProblems = false }
      server.announceSite()
    } else if state.withLock({ $0.hasProblems }) {
      // What was wrong has been undone: the page is still the right one.
      state.withLock { $0.hasProblems = false }
      server.announce(problems: [])
    }
  }
}

/// What the terminal says of each build of a preview.
struct PreviewLog {
  let book: BookFolder
  let terminal: Terminal

  func print(_ report: BuildReport, changed: [String]) {
    // A file beside the book that is none of its own: a log, perhaps the very one written here.
    let isBeside = !changed.isEmpty && changed.allSatisfy { !$0.contains("/") }
    if isBeside && report.wasUpToDate { return }
    let style = terminal.errors.style
    let printer = BuildSession(
      book: book, options: BuildOptions(), terminal: terminal, isJSON: false
    ).printer
    for diagnostic in report.diagnostics { terminal.errors.write(printer(diagnostic)) }
    let what =
      changed.isEmpty
      ? Measure.count(report.chapters.count, "chapter")
      : DisplayWidth.cut(VisibleText.of(changed.joined(separator: ", ")), to: 60)
    let time = style(.quiet, Measure.seconds(report.seconds))
    let errors = report.diagnostics.count { $0.severity == .error }
    let result =
      errors > 0
      ? "\(style(.error, "✗ " + Measure.count(errors, "error"))); the last good page stays"
      : report.wasUpToDate ? "nothing changed" : style(.success, "✓") + " on the page"
    terminal.errors.writeLine("\(style(.quiet, clock())) \(what): \(result) \(time)")
  }

  private func clock() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }
}
