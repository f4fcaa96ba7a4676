import Book
import Foundation
import Synchronization

/// Ctrl-C, and the other polite ways to be told to stop.
///
/// The first signal asks the work to end, which leaves everything as it was; a second one, or work
/// that does not end in two seconds, ends the process. Programs of chapters end in every case.
final class Interruption: Sendable {
  private let received = Mutex<Int32?>(nil)
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  /// - Parameter stop: called once, on another thread.
  init(_ stop: @escaping @Sendable () -> Void) {
    let signals = [SIGINT, SIGTERM, SIGHUP]
    let queue = DispatchQueue(label: "signals")
    sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
    for (signal, source) in zip(signals, sources) {
      Foundation.signal(signal, SIG_IGN)
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let isFirst = received.withLock { received in
          defer { received = received ?? signal }
          return received == nil
        }
        guard isFirst else { Self.die(of: signal) }
        stop()
        queue.asyncAfter(deadline: .now() + 2) { Self.die(of: signal) }
      }
      source.resume()
    }
  }

  /// The signals have their usual meaning again.
  func end() {
    for source in sources { source.cancel() }
    for signal in [SIGINT, SIGTERM, SIGHUP] { Foundation.signal(signal, SIG_DFL) }
  }

  var wasReceived: Bool { received.withLock { $0 } != nil }

  /// Ends the process as the signal would have, if one came: a shell then sees 130 for Ctrl-C, and
  /// stops its own loop.
  func dieIfReceived() {
    if let signal = received.withLock({ $0 }) { Self.die(of: signal) }
  }

  private static func die(of signal: Int32) -> Never {
    LiveProcesses.shared.killAll()
    Foundation.signal(signal, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, signal)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    kill(getpid(), signal)
    _exit(128 + signal)
  }
}
