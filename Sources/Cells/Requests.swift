import Transcript

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The way to ask the runner for something; not there in a program that was started by hand.
final class Requests: Sendable {
  static let shared = Requests()

  /// A private copy of the runner's descriptor, high up and not inherited by programs that a cell
  /// starts.
  private let socket: Int32?
  fileprivate let token: String?

  private init() {
    guard let text = getenv(ProgramContract.requests), let number = Int32(String(cString: text)),
      fcntl(number, F_GETFD) >= 0
    else {
      socket = nil
      token = nil
      return
    }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 200)
    if copy >= 0 { close(number) }
    let socket = copy >= 0 ? copy : number
    self.socket = socket
    let message = Self.read(ProgramContract.tokenLength, from: socket)
    token = message.map { String(decoding: $0, as: UTF8.self) }
  }

  var isConnected: Bool { socket != nil }

  /// The bytes of a file of the book, or the sentence that says why there are none.
  func file(_ path: String) -> Result<[UInt8], FileRefused> {
    let failure = FileRefused(sentence: BookFile.Refusal.unreadable(path: path).message)
    guard path.utf8.count < FileRequest.longestPath else {
      return .failure(FileRefused(sentence: BookFile.Refusal.missing(path: path).message))
    }
    guard let socket, let (own, other) = MessageSocket.streamPair() else {
      return .failure(failure)
    }
    defer { close(own) }
    let isSent = MessageSocket.send(FileRequest.message(path: path), with: other, over: socket)
    close(other)
    guard isSent, let start = Self.read(FileRequest.ReplyHeader.size, from: own) else {
      return .failure(failure)
    }
    let header = FileRequest.ReplyHeader(bytes: start)
    guard let bytes = Self.read(header.count, from: own) else {
      return .failure(FileRefused(sentence: "'\(path)' changed while it was read"))
    }
    return header.isRefusal
      ? .failure(FileRefused(sentence: String(decoding: bytes, as: UTF8.self))) : .success(bytes)
  }

  /// So many bytes; nil when fewer come.
  static func read(_ size: Int, from file: Int32) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        #if canImport(Glibc)
          let got = Glibc.read(file, buffer.baseAddress! + count, size - count)
        #elseif canImport(Musl)
          let got = Musl.read(file, buffer.baseAddress! + count, size - count)
        #else
          let got = Darwin.read(file, buffer.baseAddress! + count, size - count)
        #endif
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { break }
        count += got
      }
    }
    return bytes.count == size ? bytes : nil
  }
}

struct FileRefused: Error {
  var sentence: String
}

/// Known only to the runner and to this process: it came over a socket, so no program that a cell
/// starts and no line that a cell writes itself can hold it by accident.
enum RunToken {
  /// nil in a program that was started by hand.
  static var current: String? { Requests.shared.token }
}
