import Foundation
import Synchronization

/// `FileWatcher` where the system offers nothing simple: the listing is compared ten times a
/// second, which for a book's folders costs less than a thousandth of a core.
package final class PollingWatcher: Sendable {
  private let root: String
  private let subfolders: [String]
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  private struct State {
    var listing: [String: Stamp] = [:]
    var isCancelled = false
  }

  private struct Stamp: Equatable {
    var modified: Int
    var size: Int
    var file: UInt64
  }

  package init(folder: String, subfolders: [String]) {
    root = folder
    self.subfolders = subfolders
    let first = listing()
    state.withLock { $0.listing = first }
  }

  package func cancel() {
    state.withLock { $0.isCancelled = true }
    wake.signal()
  }

  package func next() -> FileChanges? {
    var changed: Set<String> = []
    while true {
      if state.withLock({ $0.isCancelled }) { return nil }
      let new = listing()
      let differing = state.withLock { state in
        defer { state.listing = new }
        return Set(new.keys).union(state.listing.keys).filter { new[$0] != state.listing[$0] }
      }
      // One listing without a difference after those with one: the save is over.
      if differing.isEmpty, !changed.isEmpty { return FileChanges(paths: changed.sorted()) }
      changed.formUnion(differing)
      _ = wake.wait(timeout: .now() + .milliseconds(changed.isEmpty ? 100 : 20))
    }
  }

  private func listing() -> [String: Stamp] {
    var result: [String: Stamp] = [:]
    add("", to: &result)
    return result
  }

  private func add(_ folder: String, to result: inout [String: Stamp]) {
    let path = folder.isEmpty ? root : "\(root)/\(folder)"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where WatchedNames.isWorthReporting(name) {
      let entry = folder.isEmpty ? name : "\(folder)/\(name)"
      let isNamed = folder.isEmpty && subfolders.contains(name)
      var status = stat()
      guard (isNamed ? stat : lstat)("\(root)/\(entry)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if isNamed || !folder.isEmpty { add(entry, to: &result) }
      } else {
        #if os(Linux)
          let time = status.st_mtim
        #else
          let time = status.st_mtimespec
        #endif
        result[entry] = Stamp(
          modified: Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec),
          size: Int(status.st_size), file: UInt64(status.st_ino))
      }
    }
  }
}
