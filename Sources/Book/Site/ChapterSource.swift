import Markdown

/// A chapter as its file says it, read once. What other pages need of it is known from the start; the
/// tree is parsed when somebody asks for it, from the same bytes.
struct ChapterSource: Sendable {
  let entry: Summary.Entry
  /// Of the file's bytes and the tool.
  let key: ContentKey
  let facts: Facts
  private let text: Text

  /// What is known of the file's content without its tree, and kept between builds.
  struct Facts: Sendable, Equatable {
    var outline: Outline
    /// What the parser had to say.
    var diagnostics: [Diagnostic]
    /// Of everything in it that runs; nil when nothing does.
    var program: Program?
  }

  struct Program: Sendable, Equatable {
    var content: ContentKey
    var timeouts: String
  }

  /// Bytes, and the tree once it has been parsed.
  private final class Text: Sendable {
    let bytes: [UInt8]
    let chapter: Guarded<Chapter?>

    init(_ bytes: [UInt8], _ chapter: Chapter?) {
      self.bytes = bytes
      self.chapter = Guarded(chapter)
    }
  }

  /// - Parameter known: the facts of the same bytes from an earlier build.
  init(_ entry: Summary.Entry, bytes: [UInt8], known: (key: ContentKey, facts: Facts)?) {
    var hasher = ContentHasher()
    hasher.add(toolBuild)
    hasher.add(bytes)
    self.entry = entry
    key = hasher.key
    if let known, known.key == key {
      facts = known.facts
      text = Text(bytes, nil)
    } else {
      let (chapter, diagnostics) = ChapterParser.parse(path: entry.path, bytes: bytes)
      facts = Facts(
        outline: OutlineBuilder.outline(of: chapter), diagnostics: diagnostics,
        program: chapter.items.isEmpty ? nil : Program(ProgramKeys(chapter)))
      text = Text(bytes, chapter)
    }
  }

  /// A chapter that cannot be read.
  init(_ entry: Summary.Entry, unreadable fault: FileFault) {
    self.entry = entry
    key = ContentKey()
    facts = Facts(
      outline: Outline(titled: entry.title), diagnostics: [fault.diagnostic(file: entry.path)])
    text = Text([], nil)
  }

  func chapter() -> Chapter {
    text.chapter.with { chapter in
      if let chapter { return chapter }
      let parsed = ChapterParser.parse(path: entry.path, bytes: text.bytes).chapter
      chapter = parsed
      return parsed
    }
  }

  /// The tree is no longer needed.
  func forgetTree() { text.chapter.with { $0 = nil } }

  var hasErrors: Bool { facts.diagnostics.contains { $0.severity == .error } }
}

extension ChapterSource.Program {
  init(_ keys: ProgramKeys) { self.init(content: keys.content, timeouts: keys.timeouts) }
}

extension ChapterEntry {
  init(_ source: ChapterSource) { self.init(entry: source.entry, outline: source.facts.outline) }
}

extension Outline {
  /// Of a chapter that cannot be read.
  fileprivate init(titled title: String) {
    self.init(
      title: title, headings: [], labels: [], references: [], citations: [], names: [],
      links: [], images: [], unnamedImages: [], otherAnchors: [], itemCount: 0)
  }
}
