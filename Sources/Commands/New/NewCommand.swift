import Book
import Foundation

/// `sslbook new`: a book that builds at once, or one more chapter.
struct NewCommand: Command {
  static let description = CommandDescription(
    "new", "Start a book, or add a chapter to this one.",
    discussion: """
      Inside a book, the name becomes a chapter: its file in 'chapters/', and its line in \
      'chapters/SUMMARY.md'. Elsewhere it becomes a book in a folder of that name, with a first \
      chapter that shows a cell, a claim, a derivation and a figure. Nothing that exists is ever \
      overwritten.
      """,
    positionals: [
      .init("book-or-chapter", isRequired: true, "A folder for a book, or a chapter's name.")
    ],
    options: [
      .init("--title", value: "text", "The title (made from the name)."),
      .init("--book", value: "dir", "The book that gets the chapter.", completion: .folder),
    ],
    examples: [
      .init("sslbook new my-book", "a book in ./my-book"),
      .init("sslbook new noise-contrast", "inside a book: chapters/noise-contrast.md"),
      .init("sslbook new masking --title \"What a mask hides\"", "with another title"),
    ])

  private let arguments: ParsedArguments
  private let name: String

  init(_ arguments: ParsedArguments) {
    self.arguments = arguments
    name = arguments.positionals[0]
  }

  func run(on terminal: Terminal) throws -> ExitCode {
    let here = FileManager.default.currentDirectoryPath
    let current = BookFolder.containing(here)
    if arguments.value("--book") != nil {
      try addChapter(to: arguments.book(), terminal)
    } else if let current, !isOutside(current) {
      try addChapter(to: current, terminal)
    } else if name.hasSuffix(".md") {
      throw UsageFault.noBook(folder: here)
    } else {
      try startBook(terminal)
    }
    return .success
  }

  /// `../other`, seen from a book, is another book.
  private func isOutside(_ book: BookFolder) -> Bool {
    guard name.hasPrefix("/") || name.split(separator: "/").contains("..") else { return false }
    let path = BookFolder(path: name).path
    return path != book.path && !path.hasPrefix(book.path + "/")
  }

  private func startBook(_ terminal: Terminal) throws {
    let folder = BookFolder(path: name).path
    guard !name.utf8.contains(0), ChapterName.isPlain(FileSystem.name(of: folder)) else {
      throw UsageFault.notAName(name)
    }
    let title = arguments.value("--title") ?? ChapterName.title(from: folder)
    guard BookScaffold.canBegin(in: folder) else { throw UsageFault.folderNotEmpty(name) }
    try BookScaffold(title: title).write(to: folder)
    let style = terminal.output.style
    let shown = VisibleText.of(name)
    let isHere = folder == BookFolder(path: ".").path
    let place = isHere ? "here" : "in \(style(.strong, shown))"
    let entering = isHere ? "" : "  cd \(shown)\n"
    terminal.output.write(
      """
      \(style(.success, "✓")) A book \(place), which builds as it is:

      \(entering)\
        sslbook serve     write, and see it in the browser
        sslbook build     the website, in site/

      Its first chapter, chapters/halves.md, shows all there is to know to begin.

      """)
  }

  private func addChapter(to book: BookFolder, _ terminal: Terminal) throws {
    guard let chapter = ChapterName(name) else { throw UsageFault.notAName(name) }
    let title = arguments.value("--title") ?? ChapterName.title(from: chapter.path)
    let file = book.absolute(chapter.path)
    guard !FileSystem.exists(file) else { throw UsageFault.fileExists(chapter.path) }
    // The next build would refuse it.
    if SummaryParser.reserved.contains(chapter.slug) {
      throw UsageFault.pageTaken("\(chapter.slug).html", by: "the site itself")
    }
    if let other = book.summaryEntries().first(where: {
      $0.slug == chapter.slug && $0.path != chapter.path
    }) {
      throw UsageFault.pageTaken("\(chapter.slug).html", by: "'\(other.path)'")
    }
    let summary = try book.read(BookFolder.summary)
    try FileSystem.makeFolder(FileSystem.folder(of: file))
    try FileSystem.write(Array(BookScaffold.chapter(title: title).utf8), to: file)
    let place: Int
    if let line = book.summary(summary).lines[chapter.path] {
      place = line
    } else {
      let entry = SummaryEntry(title: title, destination: chapter.destination)
      let (changed, line) = entry.added(to: summary)
      try FileSystem.write(changed, to: book.locate(BookFolder.summary))
      place = line
    }
    terminal.output.writeLine(
      "\(terminal.output.style(.success, "✓")) \(chapter.path), listed in "
        + "\(BookFolder.summary):\(place)")
  }
}
