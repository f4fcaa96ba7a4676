import Foundation
import Synchronization

/// The two streams of the process: results go to `output`, everything about them to `errors`.
package struct Terminal: Sendable {
  package let output: TerminalStream
  package let errors: TerminalStream

  package static func standard() -> Terminal {
    let environment = ProcessInfo.processInfo.environment
    return Terminal(
      output: TerminalStream(descriptor: STDOUT_FILENO, environment: environment),
      errors: TerminalStream(descriptor: STDERR_FILENO, environment: environment))
  }
}

/// One stream, and what can be shown on it.
package final class TerminalStream: Sendable {
  package let descriptor: Int32
  package let style: Style
  /// Lines can be redrawn.
  package let isLive: Bool
  private let fixedWidth: Int?
  private let lock = Mutex(())

  package init(descriptor: Int32, environment: [String: String]) {
    self.descriptor = descriptor
    let isTerminal = isatty(descriptor) == 1
    style = Style(isTerminal: isTerminal, environment: environment)
    isLive = isTerminal && environment["TERM"] != "dumb" && environment["TERM"] != nil
    fixedWidth = isTerminal ? nil : environment["COLUMNS"].flatMap { Int($0) } ?? 100
  }

  /// Columns, asked anew each time because windows are resized. At least 30, at most 400.
  package var width: Int {
    if let fixedWidth { return min(400, max(30, fixedWidth)) }
    var size = winsize()
    let request = UInt(TIOCGWINSZ)
    guard ioctl(descriptor, request, &size) == 0, size.ws_col > 0 else { return 80 }
    return min(400, max(30, Int(size.ws_col)))
  }

  /// Writes whole; a closed pipe ends the writing quietly.
  package func write(_ text: String) {
    guard !text.isEmpty else { return }
    lock.withLock { _ in
      var text = text
      text.withUTF8 { bytes in
        var done = 0
        while done < bytes.count {
          let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return }
          done += count
        }
      }
    }
  }

  package func writeLine(_ text: String = "") { write(text + "\n") }
}
