import Markdown
import Transcript

/// Makes one chapter: executes it if something that its run depends on changed, renders it if
/// something that its page depends on changed. Whatever is wrong is found in one go: a chapter
/// that does not run is rendered for what its formulas say. Used from several threads.
struct ChapterMaker: Sendable {
  let plan: BuildPlan
  let state: BuildState
  let isForced: Bool
  let pages: PageStore
  let observe: @Sendable (BuildEvent) -> Void

  /// What became of one chapter.
  struct Made: Sendable {
    var state: BuildState.Chapter
    var report: ChapterReport
    var diagnostics: [Diagnostic]
  }

  func make(_ index: Int) -> Made {
    let source = plan.source.chapters[index]
    defer { source.forgetTree() }
    var made = Made(
      state: BuildState.Chapter(key: source.key, facts: source.facts),
      report: ChapterReport(source), diagnostics: source.facts.diagnostics)
    if source.hasErrors {
      askCompiler(source, into: &made)
      made.diagnostics += pageFaults(source, index)
      return made
    }
    let known = isForced ? nil : state.chapters[source.entry.path]
    var record: ExecutionRecord?
    if source.facts.program == nil {
      made.report.isRecordCached = true
    } else if let run = currentRun(of: source, known) {
      made.state.run = run
      made.diagnostics += run.warnings
      made.report.take(run.report)
      made.report.isRecordCached = true
    } else {
      record = execute(source, into: &made)
      guard made.state.run != nil else {
        made.diagnostics += pageFaults(source, index)
        return made
      }
    }
    render(source, index, record, known, into: &made)
    return made
  }

  // MARK: Executing

  /// What an earlier build made of the run that still holds, if the file has not changed either.
  private func currentRun(
    of source: ChapterSource, _ known: BuildState.Chapter?
  ) -> BuildState.Run? {
    guard let known, known.key == source.key, let run = known.run,
      plan.currentRun(of: source) == run.content
    else { return nil }
    return run
  }

  private func execute(_ source: ChapterSource, into made: inout Made) -> ExecutionRecord {
    let record = record(of: source, force: isForced, into: &made)
    made.diagnostics += record.diagnostics
    made.report.take(record, of: source.chapter())
    if !record.diagnostics.contains(where: { $0.severity == .error }),
      let content = plan.currentRun(of: source)
    {
      made.state.run = BuildState.Run(
        content: content, report: made.report, warnings: record.diagnostics)
    }
    return record
  }

  private func record(
    of source: ChapterSource, force: Bool, into made: inout Made
  ) -> ExecutionRecord {
    let chapter = source.chapter()
    guard let executor = plan.executor, !chapter.items.isEmpty else {
      return ExecutionRecord(itemCount: chapter.items.count)
    }
    var isReused = false
    let record = executor.record(of: chapter, force: force) { event in
      if case .reused = event { isReused = true }
      if let event = BuildEvent(event, chapter: chapter.path) { observe(event) }
    }
    made.report.isRecordCached = isReused
    return record
  }

  /// What the compiler says of a chapter in which something else is wrong: a claim that cannot be
  /// read, say. A cell that is not understood might be meant not to compile, and derivations may be
  /// in pieces.
  private func askCompiler(_ source: ChapterSource, into made: inout Made) {
    let errors = Set(source.facts.diagnostics.filter { $0.severity == .error }.map(\.line))
    var chapter = source.chapter()
    for case .cell(let cell) in chapter.items where !errors.isDisjoint(with: cell.lines) {
      return
    }
    chapter.items.removeAll { item in
      if case .derivation = item { true } else { errors.contains(item.position.line) }
    }
    guard let executor = plan.executor else { return }
    let path = chapter.path
    var start: ContinuousClock.Instant?
    made.diagnostics += executor.compilerFaults(of: chapter) { event in
      start = .now
      if let event = BuildEvent(event, chapter: path) { observe(event) }
    }
    if let start { made.report.compileSeconds = (ContinuousClock.now - start) / .seconds(1) }
  }

  // MARK: Rendering

  /// What is wrong on the page of a chapter that has not run, and gets none.
  private func pageFaults(_ source: ChapterSource, _ index: Int) -> [Diagnostic] {
    let chapter = source.chapter()
    return plan.renderer.render(
      chapter, record: ExecutionRecord(itemCount: chapter.items.count),
      context: plan.frame.context(of: index)
    ).diagnostics
  }

  private func render(
    _ source: ChapterSource, _ index: Int, _ record: ExecutionRecord?,
    _ known: BuildState.Chapter?, into made: inout Made
  ) {
    let key = plan.frame.pageKey(of: index, source: source.key, run: made.state.run?.content)
    if let known, known.page == key, pages.contains(key) {
      made.state.page = key
      made.state.pageWarnings = known.pageWarnings
      made.diagnostics += known.pageWarnings
      made.report.isPageCached = true
      return
    }
    let start = ContinuousClock.now
    let record = record ?? self.record(of: source, force: false, into: &made)
    let page = plan.renderer.render(
      source.chapter(), record: record, context: plan.frame.context(of: index))
    made.diagnostics += page.diagnostics
    made.report.renderSeconds = (ContinuousClock.now - start) / .seconds(1)
    observe(.rendered(chapter: source.entry.path))
    // The record was made once more, and might have run: no page is made from what does not hold.
    guard !(record.diagnostics + page.diagnostics).contains(where: { $0.severity == .error })
    else {
      made.state.run = nil
      return
    }
    do {
      try pages.store(page, as: key)
      made.state.page = key
      made.state.pageWarnings = page.diagnostics
    } catch {
      made.diagnostics.append(error.diagnostic(file: source.entry.path))
    }
  }
}
