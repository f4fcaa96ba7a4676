import Foundation

/// A book's folder → its site, or what is wrong with it.
///
///     read → plan → (run → ledger → page, chapter by chapter) → assemble → exchange
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
    do {
      let lock = try BookLock(
        book.cache, isCancelled: { cancellation.isCancelled }, waits: { observe(.waiting) })
      defer { lock?.release() }
      // Whoever has the lock may be exchanging or removing the site; so this is looked at after.
      if isWriting, let refusal = SiteWriter.refusal(of: output, book: book) {
        report.diagnostics = [refusal.diagnostic(file: output)]
      } else if lock != nil {
        make(isWriting: isWriting, into: &report)
      }
    } catch {
      report.diagnostics = [error.diagnostic(file: book.cache)]
    }
    report.lacksTool = report.lacksTool && report.hasErrors
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  /// The steps of a build.
  private func make(isWriting: Bool, into report: inout BuildReport) {
    let jobs = max(1, options.jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    var state = BuildState.load(from: book.cache)
    let source = BookReader(book: book, state: state, jobs: jobs).read()
    guard let plan = plan(source, &report) else { return }
    if isWriting, !options.isForced, plan.isDone(state),
      SiteWriter.isIntact(output, key: plan.siteKey(state))
    {
      return finish(&report, plan, state)
    }
    observe(.planned(chapters: source.chapters.count, toBuild: plan.selection.count))
    makeChapters(plan, jobs, &state, &report)
    guard !cancellation.isCancelled else { return }
    write(plan, state, isWriting: isWriting, into: &report)
  }

  /// What is known before the first chapter is made; nil when the machine cannot make pages.
  private func plan(_ source: BookSource, _ report: inout BuildReport) -> BuildPlan? {
    let chapters = source.chapters.map { ChapterEntry($0) }
    let (bibliography, bibliographyFaults) = Bibliography.read(
      source.bibliography, path: BookFolder.bibliography)
    let resolved = ReferenceResolver.resolve(
      chapters, citationKeys: Set(bibliography.keys), in: book)
    let (selection, selectionFaults) = ChapterSelection.select(
      options.chapters, among: chapters.map(\.entry))
    report.diagnostics =
      source.diagnostics + bibliographyFaults + resolved.diagnostics + selectionFaults
    let executor = executor(for: source, &report)
    let theme: Theme
    do {
      theme = try memory.theme()
    } catch {
      report.diagnostics.append(error.diagnostic(file: ""))
      report.lacksTool = true
      return nil
    }
    var files: [InputFile] = []
    var imageSizes: [String: ImageSize] = [:]
    for path in resolved.files {
      guard let bytes = try? book.read(path) else { continue }
      files.append(InputFile(path: path, key: ContentKey(of: bytes)))
      imageSizes[path] = ImageSize(of: bytes)
    }
    var frame = PageFrame(
      facts: source.facts, chapters: chapters, references: resolved.table,
      bibliography: bibliography,
      assets: PageAssets(
        stylesheet: theme.stylesheet.path, script: theme.script.path,
        contents: ContentsScript.file(chapters).path),
      key: ContentKey(source.frameKey.description, theme.key.description))
    frame.imageSizes = imageSizes
    return BuildPlan(
      source: source, theme: theme, frame: frame,
      renderer: memory.renderer(facts: source.facts, cacheFolder: book.cache), executor: executor,
      diagnostics: report.diagnostics, selection: selection,
      files: files, lacksTool: report.lacksTool)
  }

  private func executor(for source: BookSource, _ report: inout BuildReport) -> ChapterExecutor? {
    guard source.chapters.contains(where: { $0.facts.program != nil }) else { return nil }
    if let warning = Sandbox.warning { report.diagnostics.append(warning) }
    do {
      return try ChapterExecutor.located(
        for: book, facts: source.facts, cancellation: cancellation)
    } catch {
      report.diagnostics.append(error.diagnostic(file: ""))
      report.lacksTool = true
      return nil
    }
  }

  /// Nothing has changed since the site was written.
  private func finish(_ report: inout BuildReport, _ plan: BuildPlan, _ state: BuildState) {
    observe(.planned(chapters: plan.source.chapters.count, toBuild: 0))
    let (reports, diagnostics) = plan.knownReports(state)
    report.chapters = reports
    report.diagnostics = judged(plan.inBookOrder(report.diagnostics + diagnostics))
    guard !report.hasErrors else { return }
    report.site = output
    report.wasUpToDate = true
  }

  private func makeChapters(
    _ plan: BuildPlan, _ jobs: Int, _ state: inout BuildState, _ report: inout BuildReport
  ) {
    let maker = ChapterMaker(
      plan: plan, state: state, isForced: options.isForced, pages: PageStore(cache: book.cache),
      observe: observe)
    let made = Guarded([ChapterMaker.Made?](repeating: nil, count: plan.source.chapters.count))
    inParallel(plan.selection.count, jobs: jobs) { [cancellation, observe] number in
      guard !cancellation.isCancelled else { return }
      let result = maker.make(plan.selection[number])
      observe(.finished(result.report))
      made.with { $0[plan.selection[number]] = result }
    }
    for result in made.with({ $0 }).compactMap({ $0 }) {
      state.chapters[result.report.path] = result.state
      report.chapters.append(result.report)
      report.diagnostics += result.diagnostics
    }
    report.diagnostics = judged(plan.inBookOrder(report.diagnostics))
    let listed = Set(plan.source.chapters.map(\.entry.path))
    state.chapters = state.chapters.filter { listed.contains($0.key) }
  }

  /// A strict build lets no warning of the book pass. One that names no file is about the machine.
  private func judged(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard options.isStrict else { return diagnostics }
    return diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      if diagnostic.severity == .warning, !diagnostic.file.isEmpty { diagnostic.severity = .error }
      return diagnostic
    }
  }

  private func write(
    _ plan: BuildPlan, _ state: BuildState, isWriting: Bool, into report: inout BuildReport
  ) {
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
