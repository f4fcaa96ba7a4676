/// One chapter while it is made: parsed at most once, and only when something must be done.
struct ChapterWork {
  let source: ChapterSource
  private let maker: ChapterMaker
  private(set) var isRecordCached = true
  private var parsed: Chapter?
  private var record: ExecutionRecord?

  init(_ source: ChapterSource, maker: ChapterMaker) {
    self.source = source
    self.maker = maker
  }

  mutating func chapter() -> Chapter {
    if let parsed { return parsed }
    // The file was read a moment ago; if it changed since, the next build sees it.
    let bytes = (try? maker.book.read(source.entry.path)) ?? []
    let chapter = ChapterParser.parse(path: source.entry.path, bytes: bytes).chapter
    parsed = chapter
    return chapter
  }

  mutating func record(isForced: Bool) -> ExecutionRecord {
    if let record { return record }
    let chapter = chapter()
    guard let executor = maker.executor, !chapter.items.isEmpty else {
      return ExecutionRecord(itemCount: chapter.items.count)
    }
    let path = source.entry.path
    let observe = maker.observe
    var isReused = false
    let result = executor.record(of: chapter, force: isForced) { event in
      if case .reused = event { isReused = true }
      if let event = BuildEvent(event, chapter: path) { observe(event) }
    }
    isRecordCached = isReused
    record = result
    return result
  }
}
