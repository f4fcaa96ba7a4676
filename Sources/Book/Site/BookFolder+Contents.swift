import Markdown

extension BookFolder {
  /// The order of the book. What is wrong with it is said by a build; entries that can be read are
  /// here in any case.
  public func summaryEntries() -> [Summary.Entry] {
    guard let bytes = try? read(Self.summary) else { return [] }
    return summary(bytes).entries
  }

  /// What `SUMMARY.md` would say with these bytes.
  public func summary(_ bytes: [UInt8]) -> Summary {
    let document = ChapterParser.parse(path: Self.summary, bytes: bytes).chapter.document
    return SummaryParser.parse(document, in: self).0
  }

  /// The book's facts, with defaults for those that are missing or wrong.
  public func facts() -> BookFacts {
    guard let bytes = try? read(Self.facts) else { return BookFacts() }
    return BookFactsReader.read(bytes).0
  }
}
