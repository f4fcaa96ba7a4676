import Foundation

/// Why a file could not be read or written.
public enum FileFault: Error, Fault, Equatable {
  case missing(path: String)
  case isFolder(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case outsideBook(path: String)
  /// What is there was not written by the tool, or has just been written.
  case inTheWay(path: String)

  public var message: String {
    switch self {
    case .missing(let path): "there is no file '\(path)'"
    case .isFolder(let path): "'\(path)' is a folder, not a file"
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path)': \(reason)"
    case .outsideBook(let path): "'\(path)' lies outside the book's folder"
    case .inTheWay(let path): "'\(path)' is there already, and is not replaced"
    }
  }

  public var hint: String? {
    switch self {
    case .missing: "check the spelling, or create it"
    case .outsideBook: "copy the file into the book and use a path relative to the chapter"
    case .inTheWay: "move it away, or rename what the book would put in its place"
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
    var isWhole = true
    let size = Int(information.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let filled = fill(UnsafeMutableRawBufferPointer(buffer), from: file)
      (count, isWhole) = (filled ?? 0, filled != nil)
    }
    guard isWhole else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return bytes
  }

  /// - Returns: how many bytes were read: fewer than there is room for only at the file's end; nil
  ///   when it cannot be read.
  static func fill(_ buffer: UnsafeMutableRawBufferPointer, from file: Int32) -> Int? {
    var count = 0
    while count < buffer.count {
      let got = Foundation.read(file, buffer.baseAddress! + count, buffer.count - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { return nil }
      if got == 0 { break }
      count += got
    }
    return count
  }

  /// Writes through a temporary file in the same folder and a rename: a reader, or a crash, sees
  /// the old bytes or the new ones, never a part.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try write([bytes], to: path)
  }

  /// The same for a file in pieces, so that nobody need put a long one together.
  package static func write(_ pieces: [[UInt8]], to path: String) throws(FileFault) {
    // Another process may take the folder away before the file has its name.
    for attempt in 1...3 {
      let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).new"
      try writeInPlace(pieces, to: temporary)
      if rename(temporary, path) == 0 { return }
      let code = errno
      unlink(temporary)
      guard code == ENOENT, attempt < 3 else {
        throw .unwritable(path: path, reason: String(cString: strerror(code)))
      }
    }
  }

  /// For files in a folder that nobody sees before it is renamed as a whole.
  package static func writeInPlace(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try writeInPlace([bytes], to: path)
  }

  private static func writeInPlace(_ pieces: [[UInt8]], to path: String) throws(FileFault) {
    let stream = try FileStream(path)
    do {
      for piece in pieces { try stream.append(piece) }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Makes the folder and those above it.
  public static func makeFolder(_ path: String) throws(FileFault) {
    var code: Int32 = 0
    for _ in 0..<3 {
      guard !isFolder(path), mkdir(path, 0o777) != 0 else { return }
      code = errno
      // Another process may have made it, and removed it since.
      if code == EEXIST, !exists(path) { continue }
      let parent = folder(of: path)
      guard code == ENOENT, parent != path else { break }
      try makeFolder(parent)
    }
    // Another thread may have made it meanwhile.
    guard !isFolder(path) else { return }
    let reason =
      code == EEXIST ? "a file of this name is in the way" : String(cString: strerror(code))
    throw .unwritable(path: path, reason: reason)
  }

  // MARK: Paths

  /// `a/b` of `a/b/c.html`; `/` of `/c.html`; `.` of `c.html`.
  public static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `c.html` of `a/b/c.html`.
  public static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// An absolute path with its symbolic links followed, as far as it exists.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let parent = folder(of: path)
    guard parent != path, parent != "." else { return path }
    let above = resolved(parent)
    return (above == "/" ? "" : above) + "/" + name(of: path)
  }

  // MARK: Folders

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

extension stat {
  /// When the content was last written.
  var modified: timespec {
    #if os(macOS)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}
