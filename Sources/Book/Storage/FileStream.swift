import Foundation

/// A file written piece by piece, so that what is as long as the book is never in memory at once.
/// For folders that nobody sees before they are renamed as a whole.
package struct FileStream: ~Copyable {
  private let path: String
  private let file: Int32

  package init(_ path: String) throws(FileFault) {
    self.path = path
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
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
