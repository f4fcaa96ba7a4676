import Markdown

extension BookFolder {
  /// The order of the book. What is wrong with it is said by a build; entries that can be read are
  /// here in any case.
  public func summaryEntries() -> [Summary.Entry] {
    guard let bytes = try? read(Self.summary) else { return [] }
    let document = ChapterParser.parse(path: Self.summary, bytes: bytes).chapter.document
    return SummaryParser.parse(document, in: self).0.entries
  }

  /// The book's facts, with defaults for those that are missing or wrong.
  public func facts() -> BookFacts {
    guard let bytes = try? read(Self.facts) else { return BookFacts() }
    return BookFactsReader.read(bytes).0
  }
}
