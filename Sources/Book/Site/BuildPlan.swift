/// Everything that is known of a book before the first chapter is made.
struct BuildPlan: Sendable {
  var source: BookSource
  var theme: Theme
  var frame: PageFrame
  var renderer: PageRenderer
  /// nil when nothing of the book runs, or nothing can.
  var executor: ChapterExecutor?
  /// Of the book's frame, order and references.
  var diagnostics: [Diagnostic]
  /// The chapters asked for.
  var selection: [Int]
  /// Images and linked files, with the keys of their content.
  var files: [InputFile]
  /// A compiler or library that the book needs is not on this machine.
  var lacksTool: Bool

  /// The run of a chapter that still holds.
  func currentRun(of source: ChapterSource) -> ContentKey? {
    source.facts.program.flatMap {
      executor?.currentRun(of: $0.content, timeouts: $0.timeouts)
    }
  }

  /// Whether the state knows a page for every chapter that was asked for, made from runs that hold.
  func isDone(_ state: BuildState) -> Bool {
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return false }
    return selection.allSatisfy { index in
      let chapter = source.chapters[index]
      guard let known = state.chapters[chapter.entry.path], known.key == chapter.key,
        let page = known.page, known.run?.content == currentRun(of: chapter)
      else { return false }
      return page == frame.pageKey(of: index, source: chapter.key, run: known.run?.content)
    }
  }

  /// Of everything that the bytes of the site depend on.
  func siteKey(_ state: BuildState) -> ContentKey {
    var hasher = ContentHasher()
    hasher.add(source.frameKey)
    hasher.add(source.falsified?.json ?? [])
    for name in [frame.assets.stylesheet, frame.assets.script, frame.assets.contents] {
      hasher.add(name)
    }
    for chapter in source.chapters {
      hasher.add(chapter.entry.slug)
      hasher.add(state.chapters[chapter.entry.path]?.page?.description ?? "")
    }
    for file in files {
      hasher.add(file.path)
      hasher.add(file.key?.description ?? "")
    }
    return hasher.key
  }

  /// What the last build had to say and to count, when it is the last word.
  func knownReports(_ state: BuildState) -> (reports: [ChapterReport], diagnostics: [Diagnostic]) {
    var reports: [ChapterReport] = []
    var diagnostics: [Diagnostic] = []
    for index in selection {
      let chapter = source.chapters[index]
      var report = ChapterReport(chapter)
      report.isRecordCached = true
      report.isPageCached = true
      if let known = state.chapters[chapter.entry.path] {
        if let run = known.run { report.take(run.report) }
        diagnostics += known.facts.diagnostics + (known.run?.warnings ?? []) + known.pageWarnings
      }
      reports.append(report)
    }
    return (reports, diagnostics)
  }

  /// Sorted by the chapters' order, then by place; what concerns the whole book comes first.
  func inBookOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let order = Dictionary(
      source.chapters.enumerated().map { ($1.entry.path, $0 + 1) },
      uniquingKeysWith: { first, _ in first })
    return Set(diagnostics).sorted {
      (order[$0.file] ?? 0, $0.file, $0.line, $0.column, $0.message)
        < (order[$1.file] ?? 0, $1.file, $1.line, $1.column, $1.message)
    }
  }
}

extension ChapterReport {
  init(_ chapter: ChapterSource) {
    self.init(
      path: chapter.entry.path, slug: chapter.entry.slug, number: chapter.entry.number,
      title: chapter.facts.outline.title)
  }
}
