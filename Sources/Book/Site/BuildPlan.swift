/// Everything that is known of a book before the first chapter is made.
struct BuildPlan: Sendable {
  let source: BookSource
  let theme: Theme
  let frame: PageFrame
  let maker: ChapterMaker
  /// Of the book's frame, order and references.
  let diagnostics: [Diagnostic]
  /// The chapters asked for.
  let selection: [Int]
  /// Images and linked files, with the keys of their content.
  let files: [BuildState.File]
  /// A compiler or library that the book needs is not on this machine.
  let lacksTool: Bool
  private let isForced: Bool

  init(
    book: BookFolder, source: BookSource, state: BuildState, options: BuildOptions,
    memory: BuildMemory, cancellation: Cancellation,
    observe: @escaping @Sendable (BuildEvent) -> Void
  ) throws(WebLibraryFault) {
    let chapters = source.chapters.map { ChapterEntry(entry: $0.entry, outline: $0.outline) }
    let (bibliography, bibliographyFaults) = Bibliography.read(
      source.bibliography, path: BookFolder.bibliography)
    let resolved = ReferenceResolver.resolve(
      chapters, citationKeys: Set(bibliography.keys), in: book)
    let (selection, selectionFaults) = ChapterSelection.select(
      options.chapters, among: chapters.map(\.entry))
    var diagnostics =
      source.diagnostics + bibliographyFaults + resolved.diagnostics + selectionFaults

    var lacksTool = false
    var executor: ChapterExecutor?
    var environment: ContentKey?
    if chapters.contains(where: { $0.outline.itemCount > 0 }) {
      do {
        let toolchain = try Toolchain.locate(cache: book.cache)
        var limits = Limits()
        limits.cellSeconds = source.facts.timeout
        executor = ChapterExecutor(
          toolchain: toolchain, store: RecordStore(folder: book.cache), bookFolder: book.path,
          limits: limits, isOptimized: source.facts.optimize, cancellation: cancellation)
        environment = ContentKey(
          toolchain.version, toolchain.libraryKey.description, "\(source.facts.optimize)",
          "\(limits)")
      } catch {
        diagnostics.append(error.diagnostic(file: BookFolder.summary))
        lacksTool = true
      }
    }
    let theme = try memory.theme()
    let frame = PageFrame(
      facts: source.facts, chapters: chapters, references: resolved.table,
      bibliography: bibliography,
      assets: PageAssets(
        stylesheet: theme.stylesheet.path, script: theme.script.path,
        contents: ContentsScript.file(chapters).path),
      key: ContentKey(source.frameKey.description, theme.key.description))
    self.theme = theme
    self.source = source
    self.frame = frame
    self.diagnostics = diagnostics
    self.selection = selection
    files = resolved.files.compactMap { path in
      (try? book.read(path)).map { BuildState.File(path: path, key: ContentKey(of: $0)) }
    }
    isForced = options.isForced
    self.lacksTool = lacksTool
    maker = ChapterMaker(
      book: book, source: source, state: state, isForced: options.isForced,
      executor: executor, environment: environment,
      renderer: memory.renderer(facts: source.facts, cacheFolder: book.cache),
      pages: PageStore(cache: book.cache), frame: frame, observe: observe)
  }

  /// The pages that a build would end with if it found nothing to do; nil where there is work.
  private func knownPage(_ index: Int, _ state: BuildState) -> ContentKey? {
    let chapter = source.chapters[index]
    guard let known = state.chapters[chapter.entry.path], known.key == chapter.key,
      let page = known.page
    else { return nil }
    if chapter.outline.itemCount > 0 {
      guard let execution = known.execution, maker.isCurrent(execution) else { return nil }
    }
    let key = frame.pageKey(of: index, chapter: chapter.key, record: known.execution?.record)
    return key == page ? page : nil
  }

  /// The key of the site that stands if nothing has changed since it was written; nil when there is
  /// something to do.
  func freshSiteKey(_ state: BuildState) -> ContentKey? {
    guard !isForced, !diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    for index in selection where knownPage(index, state) == nil { return nil }
    return siteKey(state)
  }

  /// Of everything that the bytes of the site depend on.
  func siteKey(_ state: BuildState) -> ContentKey {
    var hasher = ContentHasher()
    hasher.add(source.frameKey)
    for name in [frame.assets.stylesheet, frame.assets.script, frame.assets.contents] {
      hasher.add(name)
    }
    for chapter in source.chapters {
      hasher.add(chapter.entry.slug)
      hasher.add(state.chapters[chapter.entry.path]?.page?.description ?? "")
    }
    for file in files {
      hasher.add(file.path)
      hasher.add(file.key)
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
        if let execution = known.execution { report.take(execution.report) }
        diagnostics += known.diagnostics + known.runWarnings + known.pageWarnings
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
      title: chapter.outline.title)
  }
}
