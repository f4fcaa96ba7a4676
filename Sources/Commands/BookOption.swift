import Book
import Foundation

extension ParsedArguments {
  /// The book that `--book` names, or the one that the working directory lies in.
  func book() throws(CommandFailure) -> BookFolder {
    if let named = value("--book") {
      let book = BookFolder(path: named)
      guard book.isBook else { throw .usage(.noBook(folder: named)) }
      return book
    }
    let here = FileManager.default.currentDirectoryPath
    guard let book = BookFolder.containing(here) else { throw .usage(.noBook(folder: here)) }
    return book
  }
}
