import Foundation

/// Paths as they are typed from here.
enum WorkingFolder {
  static func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath
    if path == here { return "." }
    return here != "/" && path.hasPrefix(here + "/") ? String(path.dropFirst(here.count + 1)) : path
  }
}
