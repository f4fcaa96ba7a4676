import Foundation

/// The folder of a book, and what stands where in it.
public struct BookFolder: Sendable, Equatable {
  /// Absolute, without a trailing slash.
  public let path: String

  /// A folder is a book when it holds `chapters/SUMMARY.md`.
  public init(path: String) {
    let absolute =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    self.path = URL(fileURLWithPath: absolute).standardizedFileURL.path
  }

  /// The book that `start` lies in: the folder itself or the nearest one above it.
  public static func containing(_ start: String) -> BookFolder? {
    var folder = BookFolder(path: start)
    while true {
      if folder.isBook { return folder }
      let parent = FileSystem.folder(of: folder.path)
      if parent == folder.path { return nil }
      folder = BookFolder(path: parent)
    }
  }

  public var isBook: Bool { FileSystem.exists(absolute(Self.summary)) }

  public static let summary = "chapters/SUMMARY.md"
  public static let facts = "chapters/book.json"
  public static let bibliography = "chapters/references.bib"

  /// Folders of the book's own files, in which no site may stand.
  public static let sources = ["chapters", "images", "data", "figures", "assets"]

  /// What the tool keeps between builds; safe to delete.
  public var cache: String { path + "/.sslbook" }

  public func absolute(_ relative: String) -> String { path + "/" + relative }

  /// Reads a file of the book by its path in the book. A path that leaves the folder, by `..` or by
  /// a symbolic link, is refused.
  public func read(_ relative: String) throws(FileFault) -> [UInt8] {
    let file = try locate(relative)
    do {
      return try FileSystem.read(file)
    } catch .missing {
      throw .missing(path: relative)
    } catch .isFolder {
      throw .isFolder(path: relative)
    } catch .unreadable(_, let reason) {
      throw .unreadable(path: relative, reason: reason)
    }
  }

  /// The real path of a file of the book.
  public func locate(_ relative: String) throws(FileFault) -> String {
    guard !relative.utf8.contains(0), let normal = Self.normalized(relative) else {
      throw .outsideBook(path: relative)
    }
    let file = absolute(normal)
    guard let real = realpath(file, nil) else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing(path: relative)
        : .unreadable(path: relative, reason: String(cString: strerror(errno)))
    }
    defer { free(real) }
    let resolved = String(cString: real)
    guard let root = realpath(path, nil) else { throw .missing(path: path) }
    defer { free(root) }
    let rootPath = String(cString: root)
    guard resolved == rootPath || resolved.hasPrefix(rootPath == "/" ? "/" : rootPath + "/") else {
      throw .outsideBook(path: relative)
    }
    return resolved
  }

  /// `a/./b/../c` → `a/c`; nil when it is absolute or climbs out.
  package static func normalized(_ relative: String) -> String? {
    guard !relative.hasPrefix("/") else { return nil }
    var parts: [Substring] = []
    for part in relative.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}
