import Book
import TestSupport

/// A book in a temporary folder, to execute chapters in.
struct ExecutionFixture {
  let folder = TemporaryFolder()
  let toolchain: Toolchain
  var book: BookFolder { BookFolder(path: folder.path) }
  var store: RecordStore { RecordStore(book: book) }

  /// One book for most tests, so that a program that two of them use is compiled once.
  static func shared() throws -> ExecutionFixture { try sharedFixture.get() }
  private static let sharedFixture = Result { try ExecutionFixture() }

  init() throws { toolchain = try Toolchain.locate() }

  func executor(
    limits: Limits = Limits(), cancellation: Cancellation = Cancellation()
  ) -> ChapterExecutor {
    ChapterExecutor(
      toolchain: toolchain, book: book, limits: limits, cancellation: cancellation)
  }
}
