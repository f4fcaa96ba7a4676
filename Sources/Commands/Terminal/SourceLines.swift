import Book
import Synchronization

/// Lines of the book's files, for diagnostics; each file is read once.
final class SourceLines: Sendable {
  private let book: BookFolder?
  private let files = Mutex<[String: File]>([:])
  private struct File {
    var bytes: [UInt8]
    /// Where each line begins.
    var starts: [Int]
  }

  /// Longer lines are not shown: nobody looks for a mistake in them by eye.
  private static let longest = 100_000

  init(book: BookFolder?) { self.book = book }

  func line(_ file: String, _ line: Int) -> String? {
    guard let file = contents(of: file), file.starts.indices.contains(line - 1) else { return nil }
    return Self.line(from: file.starts[line - 1], of: file.bytes)
  }

  /// The line without its ending; lines end in LF, CR LF or CR, as CommonMark says.
  static func line(_ line: Int, of bytes: [UInt8]) -> String? {
    let starts = starts(of: bytes)
    return starts.indices.contains(line - 1) ? self.line(from: starts[line - 1], of: bytes) : nil
  }

  private static func line(from start: Int, of bytes: [UInt8]) -> String? {
    let end = bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
    return end - start <= longest ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  private static func starts(of bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for index in bytes.indices where bytes[index] == 10 || bytes[index] == 13 {
      let isPair = bytes[index] == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
      if !isPair { starts.append(index + 1) }
    }
    return starts
  }

  private func contents(of file: String) -> File? {
    if let known = files.withLock({ $0[file] }) { return known }
    guard let bytes = try? book?.read(file) else { return nil }
    let contents = File(bytes: bytes, starts: Self.starts(of: bytes))
    files.withLock { $0[file] = contents }
    return contents
  }
}
