import Book

extension BookFolder {
  /// The chapters that a command line names, in the order of the book; all when it names none.
  func chapters(named names: [String]) throws(UsageFault) -> [Summary.Entry] {
    let entries = summaryEntries()
    for name in names where ChapterSelection.select([name], among: entries).indices.isEmpty {
      throw .noSuchChapter(name, nearest: Spelling.nearest(to: name, among: entries.map(\.slug)))
    }
    return ChapterSelection.select(names, among: entries).indices.map { entries[$0] }
  }

  /// Reads and parses one chapter.
  func chapter(_ entry: Summary.Entry) throws(CommandFailure) -> (Chapter, [Diagnostic]) {
    do {
      let bytes = try read(entry.path)
      return ChapterParser.parse(path: entry.path, bytes: bytes)
    } catch {
      throw .file(error)
    }
  }

  /// What runs this book's chapters.
  func executor(cancellation: Cancellation = Cancellation()) throws(CommandFailure)
    -> ChapterExecutor
  {
    let facts = facts()
    var limits = Limits()
    limits.cellSeconds = facts.timeout
    do {
      return ChapterExecutor(
        toolchain: try Toolchain.locate(cache: cache), store: RecordStore(folder: cache),
        bookFolder: path, limits: limits, isOptimized: facts.optimize, cancellation: cancellation)
    } catch {
      throw CommandFailure(error, .machineLacks)
    }
  }
}
