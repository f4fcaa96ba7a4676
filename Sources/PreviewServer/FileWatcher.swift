import Foundation
import Synchronization

public enum FileWatcherError: Error, Equatable {
  /// The system gives no more watches; `fs.inotify.max_user_watches` is used up.
  case tooManyWatches
  case unavailable(reason: String)
}

/// Waits for files to change. What has changed is found by comparing the folders' listings; when to
/// look, inotify says on Linux, and the clock elsewhere, ten times a second.
///
/// The burst of a save (backup, rename, new file) is one report.
public final class FileWatcher: Sendable {
  /// A save is over when nothing has happened for so many milliseconds.
  private static let quiet: Int32 = 12

  private let root: String
  private let subfolders: Set<String>
  /// inotify's; -1 where the clock has to do.
  private let events: Int32
  private let wake: (reading: Int32, writing: Int32)
  private let known = Mutex<[String: Stamp]>([:])

  private struct Stamp: Equatable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int
    var file: UInt64
  }

  /// - Parameters:
  ///   - folder: the folder that the reported paths are relative to; its own files are watched.
  ///   - subfolders: names of folders in it that are watched whole, now or when they appear.
  public convenience init(folder: String, subfolders: [String]) throws(FileWatcherError) {
    try self.init(folder: folder, subfolders: subfolders, isPolling: false)
  }

  package init(folder: String, subfolders: [String], isPolling: Bool) throws(FileWatcherError) {
    root = folder
    self.subfolders = Set(subfolders)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Self.failure(errno) }
    wake = (ends[0], ends[1])
    #if os(Linux)
      events = isPolling ? -1 : inotify_init1(Int32(IN_NONBLOCK))
      guard isPolling || events >= 0 else { throw Self.failure(errno) }
    #else
      events = -1
    #endif
    for file in [events] + ends where file >= 0 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
    let first = try listing()
    known.withLock { $0 = first }
  }

  deinit {
    for file in [events, wake.reading, wake.writing] where file >= 0 { close(file) }
  }

  /// Ends the waiting, now and from now on; callable from any thread.
  public func cancel() {
    var byte: UInt8 = 1
    _ = write(wake.writing, &byte, 1)
  }

  /// Waits until something has changed.
  ///
  /// - Returns: paths relative to the folder, in order; nil once the watcher was cancelled.
  public func next() -> [String]? {
    var changed: Set<String> = []
    while true {
      guard wait(changed.isEmpty ? (events < 0 ? 100 : -1) : Self.quiet) else { return nil }
      // Without a watch for a new folder, at least what is in it now is seen.
      guard let new = try? listing() else { continue }
      let differing = known.withLock { known in
        defer { known = new }
        return Set(new.keys).union(known.keys).filter { new[$0] != known[$0] }
      }
      if differing.isEmpty, !changed.isEmpty { return changed.sorted() }
      changed.formUnion(differing)
    }
  }

  /// - Returns: false once the watcher was cancelled.
  private func wait(_ milliseconds: Int32) -> Bool {
    var waits = [wake.reading, events].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&waits, 2, milliseconds) < 0 {
      guard errno == EINTR else { return false }
    }
    guard waits[0].revents == 0 else { return false }
    withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
      while events >= 0, read(events, buffer.baseAddress!, buffer.count) > 0 {}
    }
    return true
  }

  private func listing() throws(FileWatcherError) -> [String: Stamp] {
    var result: [String: Stamp] = [:]
    try add("", to: &result)
    return result
  }

  private func add(_ folder: String, to result: inout [String: Stamp]) throws(FileWatcherError) {
    let path = folder.isEmpty ? root : "\(root)/\(folder)"
    try watch(path)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where Self.isWorthReporting(name) {
      let entry = folder.isEmpty ? name : "\(folder)/\(name)"
      // The folders that were named may themselves be links; what lies below them may not.
      let isNamed = folder.isEmpty && subfolders.contains(name)
      var status = stat()
      guard (isNamed ? stat : lstat)("\(root)/\(entry)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if isNamed || !folder.isEmpty { try add(entry, to: &result) }
      } else {
        #if os(Linux)
          let time = status.st_mtim
        #else
          let time = status.st_mtimespec
        #endif
        result[entry] = Stamp(
          seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec), size: Int(status.st_size),
          file: UInt64(status.st_ino))
      }
    }
  }

  /// Nothing changes when a folder is watched already. A new file rings when it is closed, so that
  /// it is whole by then, or was linked.
  private func watch(_ path: String) throws(FileWatcherError) {
    #if os(Linux)
      let mask =
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR
      guard events >= 0, inotify_add_watch(events, path, UInt32(mask)) < 0 else { return }
      if errno != ENOENT && errno != ENOTDIR { throw Self.failure(errno) }
    #endif
  }

  /// Not what editors and systems leave for themselves: `.#x`, `.x.swp`, `.git`; `x~`; `#x#`; and
  /// the file by which vim tries a folder.
  private static func isWorthReporting(_ name: String) -> Bool {
    !name.hasPrefix(".") && !name.hasSuffix("~") && !name.hasPrefix("#") && name != "4913"
  }

  private static func failure(_ code: Int32) -> FileWatcherError {
    code == ENOSPC || code == EMFILE
      ? .tooManyWatches : .unavailable(reason: String(cString: strerror(code)))
  }
}
