import Book
import PreviewServer

/// Why the preview cannot start.
enum ServeFault: Error, Fault {
  case server(PreviewServerError)
  case watcher(FileWatcherError)

  var message: String {
    switch self {
    case .server(.portBusy(let port)): "port \(port) is in use"
    case .server(.noFreePort(let first, let last)):
      "all ports from \(first) to \(last) are in use"
    case .server(.portForbidden(let port)): "port \(port) may only be used by the administrator"
    case .server(.cannotListen(let reason)): "the preview cannot listen on this machine: \(reason)"
    case .watcher(.tooManyWatches): "the system gives no more watches for files"
    case .watcher(.unavailable(let reason)): "files cannot be watched: \(reason)"
    }
  }

  var hint: String? {
    switch self {
    case .server(.portBusy): "another preview may be running; leave out --port to take a free one"
    case .server(.noFreePort): "choose one with --port"
    case .server(.portForbidden): "choose one above 1023"
    case .server(.cannotListen), .watcher(.unavailable): nil
    case .watcher(.tooManyWatches): "raise it: sysctl fs.inotify.max_user_watches=524288"
    }
  }

  /// Another port would do.
  var isUsage: Bool {
    switch self {
    case .server(.portBusy), .server(.portForbidden): true
    default: false
    }
  }
}
