import Book

/// `sslbook why`: what would run, and because of what.
struct WhyCommand: Command {
  static let description = CommandDescription(
    "why", "Say what the next build will run, and why.",
    discussion: """
      A chapter runs again when its cells, claims or derivations have changed, the library that it \
      imports, the compiler, its limits, or a data file that it read. Its prose does not count.
      """,
    positionals: [.chapters], options: [.book],
    examples: [.init("sslbook why infonce-bound", "why this one takes so long again")])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let entries = try book.chapters(named: arguments.positionals)
    let executor = try book.executor()
    let style = terminal.output.style
    for entry in entries {
      let (chapter, _) = try book.chapter(entry)
      let reasons = executor.reasons(for: chapter)
      let name = style(.strong, VisibleText.of(entry.slug))
      if chapter.items.isEmpty {
        terminal.output.writeLine("\(name): has nothing to run")
      } else if reasons.isEmpty {
        terminal.output.writeLine("\(name): will not run; nothing it depends on has changed")
      } else {
        terminal.output.writeLine("\(name): will run, because")
        for reason in reasons {
          for line in ReasonText.lines(reason, chapter: chapter) {
            terminal.output.writeLine("  " + VisibleText.of(line))
          }
        }
      }
    }
    return .success
  }
}

/// A reason in words.
enum ReasonText {
  static func lines(_ reason: ExecutionReason, chapter: Chapter) -> [String] {
    switch reason {
    case .neverRan: ["it has not run to its end yet"]
    case .itemsChanged(let items): items.map { changed(item: $0, chapter) }
    case .itemsRemoved(let count):
      ["\(Measure.count(count, "cell, claim or step", "cells, claims or steps")) removed"]
    case .libraryChanged: ["the library that chapters import was built anew"]
    case .compilerChanged(let old, let new):
      ["the compiler has changed: it is \(new)", "  (it was \(old))"]
    case .optionsChanged: ["the options of the compiler have changed (book.json: optimize)"]
    case .limitsChanged: ["its limits have changed (book.json: timeout, or a cell's)"]
    case .fileChanged(let path): ["the file \(path), which it read, has changed"]
    case .recordMissing: ["the record of its last run is gone or damaged"]
    }
  }

  private static func changed(item: Int, _ chapter: Chapter) -> String {
    guard chapter.items.indices.contains(item) else { return "an item is new or different" }
    let kind =
      switch chapter.items[item] {
      case .cell(let cell): cell.label.map { "the cell \($0)" } ?? "the cell"
      case .value: "the value"
      case .claim: "the claim"
      case .derivation: "the derivation"
      }
    return "\(chapter.path):\(chapter.items[item].position.line): \(kind) is new or different"
  }
}
