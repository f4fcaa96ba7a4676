import Markdown
import Transcript

/// Makes one chapter: executes it if something that its run depends on changed, renders it if
/// something that its page depends on changed. Whatever is wrong is found in one go: a chapter
/// that does not run is rendered for what its formulas say. Used from several threads.
struct ChapterMaker: Sendable {
  let book: BookFolder
  let source: BookSource
  let state: BuildState
  let isForced: Bool
  /// nil when nothing of the book runs.
  let executor: ChapterExecutor?
  /// Of the compiler, the library and the settings that programs are run with.
  let environment: ContentKey?
  let renderer: PageRenderer
  let pages: PageStore
  let frame: PageFrame
  let observe: @Sendable (BuildEvent) -> Void

  /// What became of one chapter.
  struct Made: Sendable {
    var state: BuildState.Chapter
    var report: ChapterReport
    var diagnostics: [Diagnostic]
  }

  func make(_ index: Int) -> Made {
    let chapter = source.chapters[index]
    var work = ChapterWork(chapter, maker: self)
    let known = isForced ? nil : state.chapters[chapter.entry.path]
    var made = Made(
      state: BuildState.Chapter(
        key: chapter.key, outline: chapter.outline, diagnostics: chapter.diagnostics,
        execution: nil, page: nil),
      report: ChapterReport(chapter),
      diagnostics: chapter.diagnostics)
    guard !chapter.diagnostics.contains(where: { $0.severity == .error }) else {
      askCompiler(&work, into: &made)
      made.diagnostics += pageFaults(&work, index)
      return made
    }

    if chapter.outline.itemCount > 0 {
      if let execution = known?.execution, known?.key == chapter.key, isCurrent(execution) {
        made.state.execution = execution
        made.state.runWarnings = known?.runWarnings ?? []
        made.diagnostics += made.state.runWarnings
        made.report.take(execution.report)
        made.report.isRecordCached = true
      } else {
        execute(&work, into: &made)
      }
      guard made.state.execution != nil else {
        made.diagnostics += pageFaults(&work, index)
        return made
      }
    } else {
      made.report.isRecordCached = true
    }
    render(&work, index, known, into: &made)
    return made
  }

  // MARK: Executing

  /// Whether a run of an earlier build would come out the same today.
  func isCurrent(_ execution: BuildState.Execution) -> Bool {
    execution.environment == environment
      && execution.files.allSatisfy { fileKey($0.path) == $0.key }
  }

  private func fileKey(_ path: String) -> ContentKey? {
    guard let bytes = try? book.read(path) else { return nil }
    return ContentKey(of: bytes)
  }

  private func execute(_ work: inout ChapterWork, into made: inout Made) {
    let record = work.record(isForced: isForced)
    made.diagnostics += record.diagnostics
    made.report.take(record, of: work.chapter())
    made.report.isRecordCached = work.isRecordCached
    guard let environment, !record.diagnostics.contains(where: { $0.severity == .error })
    else { return }
    let files = record.filesRead.compactMap { path in
      fileKey(path).map { BuildState.File(path: path, key: $0) }
    }
    // A file that cannot be read again is no ground to trust this run next time.
    guard files.count == record.filesRead.count else { return }
    made.state.runWarnings = record.diagnostics
    made.state.execution = BuildState.Execution(
      environment: environment, files: files, record: record.contentKey, report: made.report)
  }

  /// What the compiler says of a chapter in which something else is wrong: a claim that cannot be
  /// read, say. A cell that is not understood might be meant not to compile, and derivations may be
  /// in pieces.
  private func askCompiler(_ work: inout ChapterWork, into made: inout Made) {
    let errors = Set(work.source.diagnostics.filter { $0.severity == .error }.map(\.line))
    var chapter = work.chapter()
    for case .cell(let cell) in chapter.items where !errors.isDisjoint(with: cell.lines) {
      return
    }
    chapter.items.removeAll { if case .derivation = $0 { true } else { false } }
    guard let executor else { return }
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
  private func pageFaults(_ work: inout ChapterWork, _ index: Int) -> [Diagnostic] {
    let chapter = work.chapter()
    return renderer.render(
      chapter, record: ExecutionRecord(itemCount: chapter.items.count),
      context: frame.context(of: index)
    ).diagnostics
  }

  private func render(
    _ work: inout ChapterWork, _ index: Int, _ known: BuildState.Chapter?, into made: inout Made
  ) {
    let context = frame.context(of: index)
    let key = frame.pageKey(
      of: index, chapter: work.source.key, record: made.state.execution?.record)
    if !isForced, let known, known.page == key, pages.contains(key) {
      made.state.page = key
      made.state.pageWarnings = known.pageWarnings
      made.diagnostics += known.pageWarnings
      made.report.isPageCached = true
      return
    }
    let start = ContinuousClock.now
    let record = work.record(isForced: false)
    let page = renderer.render(work.chapter(), record: record, context: context)
    made.diagnostics += page.diagnostics
    made.report.renderSeconds = (ContinuousClock.now - start) / .seconds(1)
    observe(.rendered(chapter: work.source.entry.path))
    guard !page.diagnostics.contains(where: { $0.severity == .error }) else { return }
    do {
      try pages.store(page, as: key)
      made.state.page = key
      made.state.pageWarnings = page.diagnostics
    } catch {
      made.diagnostics.append(error.diagnostic(file: work.source.entry.path))
    }
  }
}
