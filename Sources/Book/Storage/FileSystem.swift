import Foundation

/// Why a file could not be read or written.
public enum FileFault: Error, Fault, Equatable {
  case missing(path: String)
  case isFolder(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case outsideBook(path: String)

  public var message: String {
    switch self {
    case .missing(let path): "there is no file '\(path)'"
    case .isFolder(let path): "'\(path)' is a folder, not a file"
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path)': \(reason)"
    case .outsideBook(let path): "'\(path)' lies outside the book's folder"
    }
  }

  public var hint: String? {
    switch self {
    case .missing: "check the spelling, or create it"
    case .outsideBook: "copy the file into the book and use a path relative to the chapter"
    default: nil
    }
  }
}

/// Whole files in, whole files out; writes are atomic.
public enum FileSystem {
  public static func read(_ path: String) throws(FileFault) -> [UInt8] {
    // Without O_NONBLOCK a named pipe would block here until somebody writes to it.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing(path: path) : .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path: path) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    var failure: Int32 = 0
    let size = Int(information.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(file, buffer.baseAddress! + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(failure)))
    }
    return bytes
  }

  /// Writes through a temporary file in the same folder and a rename: a reader, or a crash, sees
  /// the old bytes or the new ones, never a part.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try write([bytes], to: path)
  }

  /// The same for a file in pieces, so that nobody need put a long one together.
  package static func write(_ pieces: [[UInt8]], to path: String) throws(FileFault) {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).new"
    try writeInPlace(pieces, to: temporary)
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw .unwritable(path: path, reason: reason)
    }
  }

  /// For files in a folder that nobody sees before it is renamed as a whole.
  package static func writeInPlace(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try writeInPlace([bytes], to: path)
  }

  private static func writeInPlace(_ pieces: [[UInt8]], to path: String) throws(FileFault) {
    do {
      let stream = try FileStream(path)
      for piece in pieces { try stream.append(piece) }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Makes the folder and those above it.
  public static func makeFolder(_ path: String) throws(FileFault) {
    guard !isFolder(path) else { return }
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty, parent != path { try makeFolder(parent) }
    guard mkdir(path, 0o777) != 0 else { return }
    let code = errno
    // Another thread may have made it meanwhile.
    guard !isFolder(path) else { return }
    let reason =
      code == EEXIST ? "a file of this name is in the way" : String(cString: strerror(code))
    throw .unwritable(path: path, reason: reason)
  }

  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  public static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted; empty when it cannot be read.
  public static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  public static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
