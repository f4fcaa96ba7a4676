import Foundation

/// A book's folder → its site, or what is wrong with it.
///
///     read → resolve → (execute → render, chapter by chapter) → assemble → exchange
///
/// Each step uses what earlier builds kept wherever the content it depends on is the same.
public final class BookBuilder: Sendable {
  public let book: BookFolder
  private let options: BuildOptions
  private let memory: BuildMemory
  private let cancellation: Cancellation
  private let observe: @Sendable (BuildEvent) -> Void

  /// - Parameters:
  ///   - memory: shared by the builds of one process.
  ///   - observe: called with one event at a time, on any thread.
  public init(
    book: BookFolder, options: BuildOptions = BuildOptions(), memory: BuildMemory = BuildMemory(),
    cancellation: Cancellation = Cancellation(),
    observe: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) {
    self.book = book
    self.options = options
    self.memory = memory
    self.cancellation = cancellation
    let oneAtATime = Guarded(())
    self.observe = { event in oneAtATime.with { _ in observe(event) } }
  }

  /// The site's folder, absolute.
  public var output: String {
    guard let output = options.output else { return book.path + "/site" }
    return BookFolder(path: output).path
  }

  /// Executes and renders what changed, and replaces the site if nothing in the book is false.
  public func build() -> BuildReport { run(isWriting: true) }

  /// Finds all that a build would find, and leaves the site alone.
  public func check() -> BuildReport { run(isWriting: false) }

  private func run(isWriting: Bool) -> BuildReport {
    let start = ContinuousClock.now
    var report = BuildReport()
    if isWriting, let refusal = SiteWriter.refusal(of: output, book: book) {
      report.diagnostics = [refusal.diagnostic(file: output)]
    } else {
      make(isWriting: isWriting, into: &report)
    }
    report.lacksTool = report.lacksTool && report.hasErrors
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  private func make(isWriting: Bool, into report: inout BuildReport) {
    let jobs = max(1, options.jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    var state = BuildState.load(from: book.cache)
    let source = BookReader(book: book, state: state, jobs: jobs).read()
    let plan: BuildPlan
    do {
      plan = try BuildPlan(
        book: book, source: source, state: state, options: options, memory: memory,
        cancellation: cancellation, observe: observe)
    } catch {
      report.diagnostics = source.diagnostics + [error.diagnostic(file: BookFolder.summary)]
      report.lacksTool = true
      return
    }
    report.diagnostics = plan.diagnostics
    report.lacksTool = plan.lacksTool
    let freshKey = isWriting ? plan.freshSiteKey(state) : nil
    let isFresh = freshKey != nil && SiteWriter.key(of: output) == freshKey
    let indices = plan.selection
    observe(.planned(chapters: source.chapters.count, toBuild: isFresh ? 0 : indices.count))

    let made = Guarded([ChapterMaker.Made?](repeating: nil, count: source.chapters.count))
    inParallel(isFresh ? 0 : indices.count, jobs: jobs) { [cancellation, observe] number in
      guard !cancellation.isCancelled else { return }
      let result = plan.maker.make(indices[number])
      observe(.finished(result.report))
      made.with { $0[indices[number]] = result }
    }
    if isFresh {
      let (reports, diagnostics) = plan.knownReports(state)
      report.chapters = reports
      report.diagnostics = plan.inBookOrder(report.diagnostics + diagnostics)
      report.site = output
      report.wasUpToDate = true
      return
    }

    let results = made.with { $0 }
    for result in results.compactMap({ $0 }) {
      state.chapters[result.report.path] = result.state
      report.chapters.append(result.report)
      report.diagnostics += result.diagnostics
    }
    report.diagnostics = plan.inBookOrder(report.diagnostics)
    guard !cancellation.isCancelled else { return }
    let listed = Set(source.chapters.map(\.entry.path))
    state.chapters = state.chapters.filter { listed.contains($0.key) }
    do {
      try state.save(to: book.cache)
      if isWriting && !report.hasErrors {
        try SiteAssembler(book: book, plan: plan, state: state).write(to: output)
        report.site = output
      }
    } catch {
      report.diagnostics.append(error.diagnostic(file: output))
    }
  }
}
