import Markdown

/// A book as its files say it, before anything runs.
struct BookSource: Sendable {
  var facts: BookFacts
  var chapters: [ChapterSource]
  var bibliography: [UInt8]
  /// What `sslbook falsify` found, as it was kept; nil when it has not run.
  var falsified: FalsifyReport?
  /// Of the facts, the summary and the bibliography together.
  var frameKey: ContentKey
  var diagnostics: [Diagnostic]
}

/// Reads a book's files and parses those chapters that changed since `state` was saved.
struct BookReader {
  let book: BookFolder
  let state: BuildState
  let jobs: Int

  func read() -> BookSource {
    var diagnostics: [Diagnostic] = []
    var frame = ContentHasher()
    frame.add(toolBuild)
    func bytes(_ path: String, required: Bool) -> [UInt8] {
      do {
        let bytes = try book.read(path)
        frame.add(bytes)
        return bytes
      } catch {
        frame.add(0)
        if case .missing = error, !required { return [] }
        diagnostics.append(error.diagnostic(file: path))
        return []
      }
    }

    let factsBytes = bytes(BookFolder.facts, required: false)
    let summaryBytes = bytes(BookFolder.summary, required: true)
    let bibliography = bytes(BookFolder.bibliography, required: false)
    var facts = BookFacts()
    if !factsBytes.isEmpty {
      let (read, faults) = BookFactsReader.read(factsBytes)
      facts = read
      diagnostics += faults
    }

    let summaryDocument = ChapterParser.parse(path: BookFolder.summary, bytes: summaryBytes)
    diagnostics += summaryDocument.diagnostics
    diagnostics += summaryDocument.chapter.items.map { item in
      BookFault.runsInSummary.diagnostic(
        file: BookFolder.summary, line: item.position.line, column: item.position.column)
    }
    let (summary, faults) = SummaryParser.parse(summaryDocument.chapter.document, in: book)
    diagnostics += faults
    if facts.title == BookFacts().title, let title = summary.title { facts.title = title }
    diagnostics += unlisted(summary)

    let chapters = read(summary.entries)
    return BookSource(
      facts: facts, chapters: chapters, bibliography: bibliography,
      falsified: FalsifyReport.kept(in: book), frameKey: frame.key,
      diagnostics: diagnostics)
  }

  private func read(_ entries: [Summary.Entry]) -> [ChapterSource] {
    let results = Guarded([ChapterSource?](repeating: nil, count: entries.count))
    inParallel(entries.count, jobs: jobs) { index in
      let source = read(entries[index])
      results.with { $0[index] = source }
    }
    return results.with { $0.compactMap { $0 } }
  }

  private func read(_ entry: Summary.Entry) -> ChapterSource {
    do {
      let known = state.chapters[entry.path].map { ($0.key, $0.facts) }
      return ChapterSource(entry, bytes: try book.read(entry.path), known: known)
    } catch {
      return ChapterSource(entry, unreadable: error)
    }
  }

  /// Markdown files among the chapters that no page is made of.
  private func unlisted(_ summary: Summary) -> [Diagnostic] {
    FileSystem.names(in: book.absolute("chapters"))
      .filter { $0.hasSuffix(".md") && !$0.hasPrefix(".") && $0 != "SUMMARY.md" }
      .map { "chapters/" + $0 }
      .filter { summary.lines[$0] == nil }
      .map { BookFault.chapterNotListed(path: $0).diagnostic(.warning, file: $0) }
  }
}
