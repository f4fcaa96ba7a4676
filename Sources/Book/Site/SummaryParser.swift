import Markdown

/// `SUMMARY.md` → `Summary`; every line that is wrong is reported, the others are kept.
package struct SummaryParser {
  private let book: BookFolder
  private var summary = Summary(title: nil, entries: [])
  private var diagnostics: [Diagnostic] = []
  private var part: String?
  private var counters: [Int] = [0]
  private var byPath: [String: Summary.Entry] = [:]
  private var bySlug: [String: Summary.Entry] = [:]

  /// Pages that every site has.
  package static let reserved: Set = ["index", "claims", "bibliography", "print", "404"]

  static func parse(_ document: Document, in book: BookFolder) -> (Summary, [Diagnostic]) {
    var parser = SummaryParser(book: book)
    parser.read(document)
    let numbers = parser.summary.entries.map(\.number)
    for (index, number) in numbers.enumerated() where !number.isEmpty {
      parser.summary.entries[index].hasChapters = numbers.contains { $0.hasPrefix(number + ".") }
    }
    return (parser.summary, parser.diagnostics)
  }

  private init(book: BookFolder) { self.book = book }

  private mutating func read(_ document: Document) {
    for block in document.blocks {
      switch block.kind {
      case .heading(let heading):
        let text = PlainText.of(heading.content)
        if heading.level == 1 && summary.entries.isEmpty && summary.title == nil {
          summary.title = text
        } else {
          part = text
        }
      case .paragraph(let content): add(linksIn: content, number: "", depth: 0)
      case .list(let list): read(list, depth: 0)
      default: break
      }
    }
    if summary.entries.isEmpty && diagnostics.isEmpty {
      report(.emptySummary, at: SourcePosition(line: 1, column: 1))
    }
  }

  private mutating func read(_ list: List, depth: Int) {
    for item in list.items {
      var isChapter = false
      for block in item {
        switch block.kind {
        case .paragraph(let content):
          if content.contains(where: { $0.isLink }) {
            counters[depth] += 1
            let number = counters[...depth].map(String.init).joined(separator: ".")
            add(linksIn: content, number: number, depth: depth)
            isChapter = true
          } else {
            part = PlainText.of(content)
          }
        case .list(let inner):
          if isChapter {
            counters.append(0)
            read(inner, depth: depth + 1)
            counters.removeLast()
          } else {
            read(inner, depth: depth)
          }
        default: break
        }
      }
    }
  }

  private mutating func add(linksIn content: [Inline], number: String, depth: Int) {
    for inline in content {
      guard case .link(let destination, _, let text) = inline.kind else { continue }
      let path = SitePaths.resolve(destination, from: BookFolder.summary)?.path ?? destination
      guard OutlineBuilder.isLocal(destination), path.hasSuffix(".md") else {
        report(.chapterNotMarkdown(path: destination), at: inline.position)
        continue
      }
      summary.lines[path] = summary.lines[path] ?? inline.position.line
      do {
        _ = try book.locate(path)
      } catch .missing {
        report(.chapterMissing(path: path), at: inline.position)
        continue
      } catch {
        diagnostics.append(error.diagnostic(at: inline.position))
        continue
      }
      let entry = Summary.Entry(
        path: path, title: PlainText.of(text), number: number, part: part, depth: depth,
        position: inline.position)
      if let other = byPath[path] {
        report(.chapterTwice(path: path, line: other.position.line), at: inline.position)
      } else if let other = bySlug[entry.slug] {
        report(.slugTwice(slug: entry.slug, other: other.path), at: inline.position)
      } else if Self.reserved.contains(entry.slug) {
        report(.slugReserved(slug: entry.slug), at: inline.position)
      } else {
        summary.entries.append(entry)
        byPath[path] = entry
        bySlug[entry.slug] = entry
        part = nil
      }
    }
  }

  private mutating func report(_ fault: BookFault, at position: SourcePosition) {
    diagnostics.append(
      fault.diagnostic(file: BookFolder.summary, line: position.line, column: position.column))
  }
}

extension FileFault {
  fileprivate func diagnostic(at position: SourcePosition) -> Diagnostic {
    diagnostic(file: BookFolder.summary, line: position.line, column: position.column)
  }
}

extension Inline {
  fileprivate var isLink: Bool {
    if case .link = kind { true } else { false }
  }
}
