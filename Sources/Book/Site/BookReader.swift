import Markdown

/// A book as its files say it, before anything runs.
struct BookSource: Sendable {
  var facts: BookFacts
  var chapters: [ChapterSource]
  var bibliography: [UInt8]
  /// Of the facts, the summary and the bibliography together.
  var frameKey: ContentKey
  var diagnostics: [Diagnostic]
}

struct ChapterSource: Sendable {
  var entry: Summary.Entry
  /// Of the file's bytes and the parser's version.
  var key: ContentKey
  var outline: Outline
  /// What the parser had to say.
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
    let (summary, faults) = SummaryParser.parse(summaryDocument.chapter.document, in: book)
    diagnostics += faults
    if facts.title == BookFacts().title, let title = summary.title { facts.title = title }
    diagnostics += unlisted(summary)

    let chapters = read(summary.entries)
    return BookSource(
      facts: facts, chapters: chapters, bibliography: bibliography, frameKey: frame.key,
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
    let bytes: [UInt8]
    do {
      bytes = try book.read(entry.path)
    } catch {
      return ChapterSource(
        entry: entry, key: ContentKey(), outline: Outline(titled: entry.title),
        diagnostics: [error.diagnostic(file: entry.path)])
    }
    var hasher = ContentHasher()
    hasher.add(toolBuild)
    hasher.add(bytes)
    let key = hasher.key
    if let known = state.chapters[entry.path], known.key == key {
      return ChapterSource(
        entry: entry, key: key, outline: known.outline, diagnostics: known.diagnostics)
    }
    let parsed = ChapterParser.parse(path: entry.path, bytes: bytes)
    return ChapterSource(
      entry: entry, key: key, outline: OutlineBuilder.outline(of: parsed.chapter),
      diagnostics: parsed.diagnostics)
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

extension Outline {
  /// Of a chapter that cannot be read.
  init(titled title: String) {
    self.init(
      title: title, headings: [], labels: [], references: [], citations: [], names: [],
      links: [], images: [], unnamedImages: [], otherAnchors: [], itemCount: 0)
  }
}
