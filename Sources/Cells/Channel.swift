import Synchronization
import Transcript

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#else
  @preconcurrency import Darwin
#endif

/// Where events go: the descriptor that the runner opened, or, in a program that was started by
/// hand, the standard output, readably.
final class Channel: Sendable {
  static let shared = Channel()

  /// A private copy of the runner's descriptor, high up and not inherited by programs that a cell
  /// starts; nil without a runner.
  private let descriptor: Int32?
  /// Events of a forked copy of this process are not the chapter's.
  private let owner: Atomic<pid_t>
  private let printed = Mutex((out: 0, err: 0))

  private init() {
    owner = Atomic(getpid())
    guard let text = getenv(ProgramContract.descriptor), let number = Int32(String(cString: text)),
      fcntl(number, F_GETFD) >= 0
    else {
      descriptor = nil
      return
    }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 200)
    descriptor = copy >= 0 ? copy : number
    if copy >= 0 { close(number) }
  }

  var isConnected: Bool { descriptor != nil }

  /// In a copy that runs a part of the chapter while the program itself waits for it.
  func speakForChapter() { owner.store(getpid(), ordering: .relaxed) }

  func emit(_ event: Event) {
    guard let descriptor else {
      if let text = event.readable { print(text) }
      return
    }
    guard getpid() == owner.load(ordering: .relaxed) else { return }
    printed.withLock { printed in
      fflush(nil)
      printed.out = max(printed.out, Self.size(of: STDOUT_FILENO) ?? 0)
      printed.err = max(printed.err, Self.size(of: STDERR_FILENO) ?? 0)
      let line = TranscriptLine(
        event, printed: printed.out, printedErrors: printed.err, token: RunToken.current ?? "")
      Self.write(line.bytes, to: descriptor)
    }
  }

  /// The runner gives regular files for the standard streams, so their size is what was printed.
  private static func size(of file: Int32) -> Int? {
    var information = stat()
    guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(information.st_size)
  }

  /// Writes all of it. Without a way to the runner nothing that follows could be believed, so a
  /// failure ends the program with a status that the runner knows.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          let count = Musl.write(descriptor, rest.baseAddress, rest.count)
        #else
          let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
        #endif
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, 1000)
        } else if errno != EINTR {
          _exit(ProgramContract.closedChannelStatus)
        }
      }
    }
  }
}

extension Slice where Base == UnsafeRawBufferPointer {
  fileprivate var baseAddress: UnsafeRawPointer? {
    UnsafeRawBufferPointer(rebasing: self).baseAddress
  }
}
