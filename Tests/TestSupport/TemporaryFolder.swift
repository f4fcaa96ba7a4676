import Foundation
import Synchronization

/// A folder of its own for one test, removed when the last reference goes, or with the process.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() {
    let name = "sslbook-test-\(UInt64.random(in: 0 ... .max))"
    // The real path: on macOS the temporary folder is behind a symbolic link.
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent(name).path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    _ = Self.remaining.withLock { $0.insert(path) }
    _ = Self.isSweptAtExit
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    _ = Self.remaining.withLock { $0.remove(path) }
  }

  private static let remaining = Mutex<Set<String>>([])

  /// What a static property holds is never released.
  private static let isSweptAtExit: Bool =
    atexit {
      for path in remaining.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    } == 0

  /// Writes a file, making the folders it lies in.
  public func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  public func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  public func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }

  /// Every file below, relative and sorted.
  public func files() -> [String] {
    let walker = FileManager.default.enumerator(atPath: path)
    return (walker?.compactMap { $0 as? String } ?? []).filter {
      var isFolder: ObjCBool = false
      FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted()
  }
}
