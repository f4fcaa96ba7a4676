#if os(Linux)
  import Foundation
  import Synchronization

  /// `FileWatcher` on Linux: one watch for every folder.
  package final class InotifyWatcher: Sendable {
    /// A save is over when nothing has happened for this long …
    private static let quietMilliseconds: Int32 = 12
    /// … or when it has gone on for this long.
    private static let longestBurst = Duration.milliseconds(150)
    private static let mask = UInt32(
      IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR
        | IN_DONT_FOLLOW)

    private let root: String
    private let subfolders: Set<String>
    private let events: Int32
    private let wake: (reading: Int32, writing: Int32)
    /// The watched folder of each watch, relative to the root; empty for the root itself.
    private let folders = Mutex<[Int32: String]>([:])

    package init(folder: String, subfolders: [String]) throws(FileWatcherError) {
      root = folder
      self.subfolders = Set(subfolders)
      events = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
      guard events >= 0 else { throw Self.failure(errno) }
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else {
        close(events)
        throw .unavailable(reason: String(cString: strerror(errno)))
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      wake = (ends[0], ends[1])
      var ignored: Set<String> = []
      try watch("", &ignored)
      for name in self.subfolders.sorted() { try watchTree(name, &ignored) }
    }

    deinit {
      close(events)
      close(wake.reading)
      close(wake.writing)
    }

    package func cancel() {
      var byte: UInt8 = 1
      _ = write(wake.writing, &byte, 1)
    }

    package func next() -> FileChanges? {
      var changes: Set<String> = []
      var isIncomplete = false
      var burstBegan: ContinuousClock.Instant?
      while true {
        let timeout = changes.isEmpty && !isIncomplete ? -1 : Self.quietMilliseconds
        switch waitForEvents(timeout) {
        case .cancelled: return nil
        case .quiet: return FileChanges(paths: changes.sorted(), isIncomplete: isIncomplete)
        case .events: read(into: &changes, &isIncomplete)
        }
        guard !changes.isEmpty || isIncomplete else { continue }
        let began = burstBegan ?? .now
        burstBegan = began
        if began.duration(to: .now) > Self.longestBurst {
          return FileChanges(paths: changes.sorted(), isIncomplete: isIncomplete)
        }
      }
    }

    private enum Awaited { case events, quiet, cancelled }

    private func waitForEvents(_ milliseconds: Int32) -> Awaited {
      var waits = [
        pollfd(fd: events, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
      ]
      while true {
        let count = poll(&waits, 2, milliseconds)
        if waits[1].revents != 0 { return .cancelled }
        if count > 0 { return .events }
        if count == 0 { return .quiet }
        guard errno == EINTR else { return .cancelled }
      }
    }

    private func read(into changes: inout Set<String>, _ isIncomplete: inout Bool) {
      withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
        while true {
          let count = Foundation.read(events, buffer.baseAddress!, buffer.count)
          guard count > 0 else { return }
          var offset = 0
          while offset < count {
            let event = buffer.load(fromByteOffset: offset, as: inotify_event.self)
            let name = buffer.baseAddress! + offset + MemoryLayout<inotify_event>.size
            let text =
              event.len == 0 ? "" : String(cString: name.assumingMemoryBound(to: CChar.self))
            take(event.wd, event.mask, text, &changes, &isIncomplete)
            offset += MemoryLayout<inotify_event>.size + Int(event.len)
          }
        }
      }
    }

    private func take(
      _ watch: Int32, _ mask: UInt32, _ name: String, _ changes: inout Set<String>,
      _ isIncomplete: inout Bool
    ) {
      if mask & UInt32(IN_Q_OVERFLOW) != 0 {
        isIncomplete = true
        for name in subfolders { try? watchTree(name, &changes) }
        return
      }
      if mask & UInt32(IN_IGNORED) != 0 {
        folders.withLock { $0[watch] = nil }
        return
      }
      guard
        let folder = folders.withLock({ $0[watch] }), WatchedNames.isWorthReporting(name)
      else { return }
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      if mask & UInt32(IN_ISDIR) != 0 {
        guard !folder.isEmpty || subfolders.contains(name) else { return }
        changes.insert(path)
        if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { try? watchTree(path, &changes) }
      } else if mask & UInt32(IN_CREATE) == 0 || isComplete(path) {
        changes.insert(path)
      }
    }

    /// A new file is not reported before its writer closes it; a link is whole from the start.
    private func isComplete(_ path: String) -> Bool {
      var status = stat()
      guard lstat("\(root)/\(path)", &status) == 0 else { return false }
      return status.st_mode & S_IFMT == S_IFLNK || status.st_nlink > 1
    }

    private func watch(_ folder: String, _ changes: inout Set<String>) throws(FileWatcherError) {
      let path = folder.isEmpty ? root : "\(root)/\(folder)"
      // The folders that were named may themselves be links; what lies below them may not.
      let follow = folder.isEmpty || subfolders.contains(folder) ? UInt32(IN_DONT_FOLLOW) : 0
      let watch = inotify_add_watch(events, path, Self.mask & ~follow)
      guard watch >= 0 else {
        if errno == ENOENT || errno == ENOTDIR { return }
        throw Self.failure(errno)
      }
      folders.withLock { $0[watch] = folder }
    }

    /// Watches a folder and all below it. Files that were there before the watch count as changed:
    /// they came with the folder.
    private func watchTree(
      _ folder: String, _ changes: inout Set<String>
    ) throws(FileWatcherError) {
      try watch(folder, &changes)
      guard let listing = opendir("\(root)/\(folder)") else { return }
      defer { closedir(listing) }
      while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(cString: $0.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
        guard WatchedNames.isWorthReporting(name) else { continue }
        let path = "\(folder)/\(name)"
        if entry.pointee.d_type == UInt8(DT_DIR) {
          try watchTree(path, &changes)
        } else {
          changes.insert(path)
        }
      }
    }

    private static func failure(_ code: Int32) -> FileWatcherError {
      code == ENOSPC || code == EMFILE
        ? .tooManyWatches : .unavailable(reason: String(cString: strerror(code)))
    }
  }
#endif
