/// What the runner and a chapter's program agree on, beside the events.
public enum ProgramContract {
  /// The environment variable with the number of the descriptor that events are written to.
  public static let descriptor = "SSLBOOK_TRANSCRIPT"
  /// The environment variable with the number of the socket that the token of the run comes over,
  /// and that files of the book are asked for.
  public static let requests = "SSLBOOK_REQUESTS"
  /// The environment variable with the book's folder, for a program that is started by hand.
  public static let bookFolder = "SSLBOOK_BOOK"
  /// The environment variables with limits in bytes that a program sets itself before any cell runs:
  /// for all of its private memory, and for each file that it writes.
  public static let memoryLimit = "SSLBOOK_MEMORY_LIMIT"
  public static let fileLimit = "SSLBOOK_FILE_LIMIT"
  /// Exit status of a program whose events cannot be written any more.
  public static let closedChannelStatus: Int32 = 87

  /// Hexadecimal digits of the token, the first message over the socket of requests.
  public static let tokenLength = 16
}

/// A request for a file and the reply to it.
///
/// A request is one message, and with it goes one end of a socket pair that is made for the reply
/// alone: threads and forked copies of the program can ask at the same time, and one that dies in
/// the middle of a reply spoils no other.
package enum FileRequest {
  /// No path that can be opened is longer.
  package static let longestPath = 4096

  package static func message(path: String) -> [UInt8] { Array("read \(path)".utf8) }

  package static func path(in message: [UInt8]) -> String? {
    message.starts(with: "read ".utf8) ? String(decoding: message.dropFirst(5), as: UTF8.self) : nil
  }

  /// What stands before the bytes of a file, or before the sentence that says why there are none.
  package struct ReplyHeader: Equatable {
    package static let size = 9
    package var isRefusal: Bool
    package var count: Int

    package init(isRefusal: Bool, count: Int) {
      self.isRefusal = isRefusal
      self.count = count
    }

    package init(bytes: [UInt8]) {
      isRefusal = bytes[0] != 0
      count = bytes[1...].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    package var bytes: [UInt8] {
      [isRefusal ? 1 : 0] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
  }
}
