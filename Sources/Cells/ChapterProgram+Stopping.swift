import Transcript

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Cells marked `expect: error` that compile: they run in a copy of the process, so that the chapter
/// goes on after they stopped.
///
/// ```swift
/// if ChapterProgram.expectsStop(4) {
///   …
///   ChapterProgram.didNotStop()
/// }
/// ```
extension ChapterProgram {
  /// Returns twice: true in a forked copy, and, when that has ended, false in the program itself.
  public static func expectsStop(_ item: Int) -> Bool {
    fflush(nil)
    var name = Array("expected-error-XXXXXX".utf8CString)
    let errors = mkstemp(&name)
    unlink(name)
    guard errors >= 0, let child = forked() else {
      fatalError("cannot start a copy of the program for a cell marked `expect: error`")
    }
    if child == 0 {
      dup2(errors, STDERR_FILENO)
      Channel.shared.speakForChapter()
      return true
    }
    defer { close(errors) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    if status != 0 {
      let text = contents(of: errors)
      let message = FatalMessage(standardError: text)?.sentence ?? text
      Channel.shared.emit(.stopped(item: item, message: message))
    }
    return false
  }

  /// Ends the copy, whose code came to its end although it was expected to stop.
  public static func didNotStop() -> Never {
    fflush(nil)
    _exit(0)
  }

  /// Swift hides `fork` because threads do not survive it. The copy has one thread and soon stops.
  private static func forked() -> pid_t? {
    typealias Fork = @convention(c) () -> pid_t
    guard let symbol = dlsym(nil, "fork") else { return nil }
    let child = unsafeBitCast(symbol, to: Fork.self)()
    return child < 0 ? nil : child
  }

  private static func contents(of file: Int32) -> String {
    lseek(file, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0, bytes.count < 1 << 20 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: StackFrames.split(bytes[...]).text, as: UTF8.self)
  }
}
