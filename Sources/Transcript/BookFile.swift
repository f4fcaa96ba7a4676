#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of the book, open to be read; whoever opens it closes the descriptor.
package struct BookFile {
  package let descriptor: Int32
  package let size: Int

  /// Why a file is not given to a cell.
  package enum Refusal: Error, Equatable {
    case noBook(folder: String)
    case missing(path: String)
    case outside(path: String)
    case unreadable(path: String)

    package var message: String {
      switch self {
      case .noBook(let folder): "there is no folder '\(folder)'"
      case .missing(let path): "the book has no file '\(path)'"
      case .outside(let path): "'\(path)' lies outside the book's folder"
      case .unreadable(let path): "cannot read '\(path)'"
      }
    }
  }

  /// - Parameters:
  ///   - path: from the book's folder; `..` is taken away with the name before it, also where that
  ///     is a link.
  ///   - book: the book's folder.
  package init(_ path: String, in book: String) throws(Refusal) {
    guard let root = Self.resolved(book) else { throw .noBook(folder: book) }
    guard let plain = Self.normalized(path) else { throw .outside(path: path) }
    guard let found = Self.resolved("\(root)/\(plain)") else { throw .missing(path: path) }
    guard found.hasPrefix(root == "/" ? root : root + "/") else { throw .outside(path: path) }
    // Without O_NONBLOCK a named pipe would block here until somebody writes to it.
    let descriptor = open(found, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path)
    }
    self.descriptor = descriptor
    size = Int(information.st_size)
  }

  /// The path without `.` and `..`, by its names alone; nil when it leaves the folder it starts in.
  package static func normalized(_ path: String) -> String? {
    guard !path.hasPrefix("/") else { return nil }
    var names: [Substring] = []
    for name in path.split(separator: "/") where name != "." {
      if name != ".." {
        names.append(name)
      } else if names.popLast() == nil {
        return nil
      }
    }
    return names.joined(separator: "/")
  }

  /// Without links; nil when nothing is there.
  private static func resolved(_ path: String) -> String? {
    guard !path.utf8.contains(0), let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
