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
  func chapter(_ entry: Summary.Entry) throws(FileFault) -> (Chapter, [Diagnostic]) {
    ChapterParser.parse(path: entry.path, bytes: try read(entry.path))
  }

  /// What runs this book's chapters.
  func executor(
    cancellation: Cancellation = Cancellation()
  ) throws(ToolchainFault) -> ChapterExecutor {
    try ChapterExecutor.located(for: self, facts: facts(), cancellation: cancellation)
  }
}
