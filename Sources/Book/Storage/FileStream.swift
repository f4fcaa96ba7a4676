import Foundation

/// A file written piece by piece, so that what is as long as the book is never in memory at once.
/// For folders that nobody sees before they are renamed as a whole.
package struct FileStream: ~Copyable {
  private let path: String
  private let file: Int32

  /// Makes the folders above the file.
  ///
  /// - Parameter isNew: a file that is there already is an error, not replaced.
  package init(_ path: String, isNew: Bool = false) throws(FileFault) {
    file = try Self.opened(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : O_TRUNC))
    self.path = path
  }

  private static func opened(_ path: String, _ mode: Int32) throws(FileFault) -> Int32 {
    var file = open(path, mode, 0o644)
    // Another process may take a folder away as soon as it is there.
    for _ in 0..<3 where file < 0 && errno == ENOENT {
      try FileSystem.makeFolder(FileSystem.folder(of: path))
      file = open(path, mode, 0o644)
    }
    let code = errno
    if file >= 0 { return file }
    throw code == EEXIST
      ? .inTheWay(path: path) : .unwritable(path: path, reason: String(cString: strerror(code)))
  }

  deinit { close(file) }

  package func append(_ bytes: [UInt8]) throws(FileFault) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let written = write(file, buffer.baseAddress! + done, buffer.count - done)
        if written < 0 && errno == EINTR { continue }
        if written < 0 {
          failure = errno
          return
        }
        done += written
      }
    }
    guard failure == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(failure)))
    }
  }
}
