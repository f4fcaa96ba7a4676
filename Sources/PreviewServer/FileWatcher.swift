/// What changed below a folder since it was last asked.
public struct FileChanges: Equatable, Sendable {
  /// Relative to the watched folder, in order.
  public var paths: [String]
  /// The system lost count: anything may have changed.
  public var isIncomplete: Bool

  public init(paths: [String], isIncomplete: Bool = false) {
    self.paths = paths
    self.isIncomplete = isIncomplete
  }
}

/// Waits for files to change: inotify on Linux, comparing the folder's listing elsewhere.
///
/// A change is reported once the writer has closed the file or put it in place by renaming, and
/// the burst of a save (backup, rename, new file) is one report.
public final class FileWatcher: Sendable {
  #if os(Linux)
    private let watcher: InotifyWatcher
  #else
    private let watcher: PollingWatcher
  #endif

  /// - Parameters:
  ///   - folder: the folder that the reported paths are relative to; its own files are watched.
  ///   - subfolders: names of folders in it that are watched whole, now or when they appear.
  public init(folder: String, subfolders: [String]) throws(FileWatcherError) {
    #if os(Linux)
      watcher = try InotifyWatcher(folder: folder, subfolders: subfolders)
    #else
      watcher = PollingWatcher(folder: folder, subfolders: subfolders)
    #endif
  }

  /// Waits until something has changed; nil once the watcher was cancelled.
  public func next() -> FileChanges? { watcher.next() }

  /// Ends the waiting, now and from now on; callable from any thread.
  public func cancel() { watcher.cancel() }
}

public enum FileWatcherError: Error, Equatable {
  /// The system gives no more watches; `fs.inotify.max_user_watches` is used up.
  case tooManyWatches
  case unavailable(reason: String)
}

/// Which names are worth a report: not those that editors and systems leave for themselves.
enum WatchedNames {
  static func isWorthReporting(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    // `.#x`, `.x.swp`, `.git`; `x~`; `#x#`; and the file by which vim tries a folder.
    return first != UInt8(ascii: ".") && last != UInt8(ascii: "~") && first != UInt8(ascii: "#")
      && name != "4913"
  }
}
