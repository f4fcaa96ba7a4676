import Foundation

extension BookFolder {
  /// Removes what the book's cache holds of chapters, programs and runs that the book no longer has.
  /// Records are removed by a build as well when they take more than `RecordStore.maximumBytes`.
  public func removeOldCache() {
    let entries = summaryEntries()
    RecordStore(book: self).removeAll(but: entries.map(\.path))
    let slugs = Set(entries.map(\.slug))
    for folder in ["formulas", "code", "figures"] {
      for name in FileSystem.names(in: "\(cache)/\(folder)") where !slugs.contains(name) {
        FileSystem.remove("\(cache)/\(folder)/\(name)")
      }
    }
    let pages = BuildState.load(from: cache).chapters.filter { path, _ in
      entries.contains { $0.path == path }
    }
    PageStore(cache: cache).keep(only: Set(pages.values.compactMap(\.page)))
  }
}

extension RecordStore {
  /// Removes every program but those of these chapters' last runs.
  fileprivate func removeAll(but chapters: [String]) {
    let kept = Set(chapters.compactMap { lastRun(of: $0)?.compileKey })
    for name in FileSystem.names(in: folder) {
      guard let key = ContentKey(hexadecimal: name), !kept.contains(key) else { continue }
      FileSystem.remove("\(folder)/\(name)")
    }
    let last = Set(chapters.map { ContentKey($0).description })
    for name in FileSystem.names(in: "\(folder)/last") where !last.contains(name) {
      FileSystem.remove("\(folder)/last/\(name)")
    }
  }
}
