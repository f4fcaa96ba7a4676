import Book
import Foundation

extension ParsedArguments {
  /// The book that `--book` names, or the one that the working directory lies in.
  func book() throws(UsageFault) -> BookFolder {
    if let named = value("--book") {
      let book = BookFolder(path: named)
      guard book.isBook else { throw .noBook(folder: named) }
      return book
    }
    let here = FileManager.default.currentDirectoryPath
    guard let book = BookFolder.containing(here) else { throw .noBook(folder: here) }
    return book
  }
}

extension BookFolder {
  /// Waits until no other process works with the book; nil when it was cancelled before.
  func lock(
    _ terminal: Terminal, _ cancellation: Cancellation = Cancellation()
  ) throws(FileFault) -> BookLock? {
    try BookLock(
      cache, isCancelled: { cancellation.isCancelled },
      waits: { terminal.errors.writeLine(ProgressDisplay.waiting) })
  }
}
