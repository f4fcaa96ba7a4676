import Foundation
import PreviewServer
import Testing

/// What both watchers can do; the one that this platform uses, and the one of the others.
private struct Watcher: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let next: @Sendable () -> FileChanges?
  let cancel: @Sendable () -> Void

  static let names = ["the platform's", "comparing"]

  init(_ name: String, folder: String) throws {
    testDescription = name
    if name == "comparing" {
      let watcher = PollingWatcher(folder: folder, subfolders: ["chapters", "images"])
      next = { watcher.next() }
      cancel = { watcher.cancel() }
    } else {
      let watcher = try FileWatcher(folder: folder, subfolders: ["chapters", "images"])
      next = { watcher.next() }
      cancel = { watcher.cancel() }
    }
  }
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

  @Test("a file written in place is one change", arguments: Watcher.names)
  func inPlace(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    try write("chapters/a.md", "two and more")
    #expect(watcher.next() == FileChanges(paths: ["chapters/a.md"]))
  }

  @Test(
    "a save by renaming is a change of the file, not of its temporary", arguments: Watcher.names)
  func byRenaming(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    // As vim does: the old file becomes the backup, a new one takes its place, the backup goes.
    try write("chapters/4913", "")
    unlink("\(folder)/chapters/4913")
    rename("chapters/a.md", "chapters/a.md~")
    try write("chapters/a.md", "two and more")
    unlink("\(folder)/chapters/a.md~")
    #expect(watcher.next() == FileChanges(paths: ["chapters/a.md"]))
    // As others do: a hidden file is renamed over the old one.
    try write("chapters/.a.md.tmp", "three and still more")
    rename("chapters/.a.md.tmp", "chapters/a.md")
    #expect(watcher.next() == FileChanges(paths: ["chapters/a.md"]))
  }

  @Test("new, renamed and removed files are changes", arguments: Watcher.names)
  func comingAndGoing(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    try write("chapters/b.md", "new")
    #expect(watcher.next()?.paths == ["chapters/b.md"])
    rename("chapters/b.md", "chapters/c.md")
    #expect(watcher.next()?.paths == ["chapters/b.md", "chapters/c.md"])
    unlink("\(folder)/chapters/c.md")
    #expect(watcher.next()?.paths == ["chapters/c.md"])
  }

  @Test("a folder that appears later is watched with all that is in it", arguments: Watcher.names)
  func newFolders(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    try write("elsewhere/deep/x.svg", "<svg/>")
    rename("elsewhere", "images")
    #expect(watcher.next()?.paths.contains("images/deep/x.svg") == true)
    try write("images/deep/x.svg", "<svg></svg>")
    #expect(watcher.next()?.paths == ["images/deep/x.svg"])
  }

  @Test("a link is a change, and what lies behind it is not watched", arguments: Watcher.names)
  func links(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/chapters/sources", withDestinationPath: folder + "/Sources")
    #expect(watcher.next()?.paths == ["chapters/sources"])
    try write("Sources/a.swift", "two and more")
    try write("chapters/.hidden", "editor")
    try write("chapters/a.md", "two and more")
    #expect(watcher.next()?.paths == ["chapters/a.md"])
  }

  @Test("many saves at once are few reports, and none is lost", arguments: Watcher.names)
  func bursts(name: String) throws {
    let watcher = try Watcher(name, folder: folder)
    let names = (0..<300).map { "chapters/\($0).md" }
    for name in names { try write(name, "text") }
    var seen: Set<String> = []
    while seen.count < names.count {
      guard let changes = watcher.next() else { break }
      seen.formUnion(changes.paths)
    }
    #expect(seen == Set(names))
  }

  @Test("cancelling ends the waiting", arguments: Watcher.names)
  func cancelling(name: String) async throws {
    let watcher = try Watcher(name, folder: folder)
    let waiting = Task.detached { watcher.next() }
    watcher.cancel()
    #expect(await waiting.value == nil)
    #expect(watcher.next() == nil)
  }
}
