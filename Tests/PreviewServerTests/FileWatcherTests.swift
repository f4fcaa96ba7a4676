import Foundation
import PreviewServer
import Testing

private let names = ["the platform's", "comparing"]

/// What this platform uses, and what the others do.
private func makeWatcher(_ name: String, folder: String) throws -> FileWatcher {
  try FileWatcher(
    folder: folder, subfolders: ["chapters", "images"], isPolling: name == "comparing")
}

@Suite("File watcher") final class FileWatcherTests {
  let folder = NSTemporaryDirectory() + "watch-\(UUID().uuidString)"

  init() throws {
    try write("chapters/a.md", "one")
    try write("Sources/a.swift", "one")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ path: String, _ text: String, atomically: Bool = false) throws {
    let file = "\(folder)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: atomically, encoding: .utf8)
  }

  private func rename(_ old: String, _ new: String) {
    #expect(Foundation.rename("\(folder)/\(old)", "\(folder)/\(new)") == 0)
  }

  @Test("a file written in place is one change", arguments: names)
  func inPlace(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    try write("chapters/a.md", "two and more")
    #expect(watcher.next() == ["chapters/a.md"])
  }

  @Test(
    "a save by renaming is a change of the file, not of its temporary", arguments: names)
  func byRenaming(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    // As vim does: the old file becomes the backup, a new one takes its place, the backup goes.
    try write("chapters/4913", "")
    unlink("\(folder)/chapters/4913")
    rename("chapters/a.md", "chapters/a.md~")
    try write("chapters/a.md", "two and more")
    unlink("\(folder)/chapters/a.md~")
    #expect(watcher.next() == ["chapters/a.md"])
    // As others do: a hidden file is renamed over the old one.
    try write("chapters/.a.md.tmp", "three and still more")
    rename("chapters/.a.md.tmp", "chapters/a.md")
    #expect(watcher.next() == ["chapters/a.md"])
  }

  @Test("new, renamed and removed files are changes", arguments: names)
  func comingAndGoing(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    try write("chapters/b.md", "new")
    #expect(watcher.next() == ["chapters/b.md"])
    rename("chapters/b.md", "chapters/c.md")
    #expect(watcher.next() == ["chapters/b.md", "chapters/c.md"])
    unlink("\(folder)/chapters/c.md")
    #expect(watcher.next() == ["chapters/c.md"])
  }

  @Test("a folder that appears later is watched with all that is in it", arguments: names)
  func newFolders(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    try write("elsewhere/deep/x.svg", "<svg/>")
    rename("elsewhere", "images")
    #expect(watcher.next()?.contains("images/deep/x.svg") == true)
    try write("images/deep/x.svg", "<svg></svg>")
    #expect(watcher.next() == ["images/deep/x.svg"])
  }

  @Test("a link is a change, and what lies behind it is not watched", arguments: names)
  func links(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/chapters/sources", withDestinationPath: folder + "/Sources")
    #expect(watcher.next() == ["chapters/sources"])
    try write("Sources/a.swift", "two and more")
    try write("chapters/.hidden", "editor")
    try write("chapters/a.md", "two and more")
    #expect(watcher.next() == ["chapters/a.md"])
  }

  @Test("many saves at once are few reports, and none is lost", arguments: names)
  func bursts(name: String) throws {
    let watcher = try makeWatcher(name, folder: folder)
    let names = (0..<300).map { "chapters/\($0).md" }
    for name in names { try write(name, "text") }
    var seen: Set<String> = []
    while seen.count < names.count {
      guard let changes = watcher.next() else { break }
      seen.formUnion(changes)
    }
    #expect(seen == Set(names))
  }

  @Test("cancelling ends the waiting", arguments: names)
  func cancelling(name: String) async throws {
    let watcher = try makeWatcher(name, folder: folder)
    let waiting = Task.detached { watcher.next() }
    watcher.cancel()
    #expect(await waiting.value == nil)
    #expect(watcher.next() == nil)
  }
}
