import Book
import Synchronization

/// Lines of the book's files, for diagnostics; each file is read once.
final class SourceLines: Sendable {
  private let book: BookFolder?
  private let files = Mutex<[String: [UInt8]]>([:])
  /// Longer lines are not shown: nobody looks for a mistake in them by eye.
  private static let longest = 100_000

  init(book: BookFolder?) { self.book = book }

  func line(_ file: String, _ line: Int) -> String? {
    contents(of: file).flatMap { Self.line(line, of: $0) }
  }

  /// The line without its ending; lines end in LF, CR LF or CR, as CommonMark says.
  static func line(_ line: Int, of bytes: [UInt8]) -> String? {
    var start = 0
    for _ in 1..<max(1, line) {
      let end = end(of: bytes, from: start)
      guard end < bytes.count else { return nil }
      let isPair = bytes[end] == 13 && end + 1 < bytes.count && bytes[end + 1] == 10
      start = end + (isPair ? 2 : 1)
    }
    let end = end(of: bytes, from: start)
    return end - start <= longest ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  private static func end(of bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
  }

  private func contents(of file: String) -> [UInt8]? {
    if let known = files.withLock({ $0[file] }) { return known }
    guard let bytes = try? book?.read(file) else { return nil }
    files.withLock { $0[file] = bytes }
    return bytes
  }
}
