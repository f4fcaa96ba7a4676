import Foundation

/// Programs and the logs of their runs, kept under the key of what they were compiled from.
///
/// `KEY/program` and `KEY/compilation` come into being together; `KEY/run` is the last complete run.
/// Everything is written aside and renamed. What cannot be read whole counts as missing.
public struct RecordStore: Sendable {
  /// Absolute.
  let folder: String
  /// Entries that were used least recently go first when the store is larger than this.
  var maximumBytes = 1 << 30

  /// - Parameter folder: made when it is first written to.
  public init(folder: String) {
    self.folder = folder
    removeAbandonedWork()
  }

  private func entry(_ key: ContentKey) -> String { "\(folder)/\(key)" }

  func program(_ key: ContentKey) -> String { "\(entry(key))/program" }

  // MARK: Compilations

  func compilation(_ key: ContentKey) -> Compilation? {
    load("\(entry(key))/compilation") { reader throws(ByteReader.Damaged) in
      try Compilation(from: &reader)
    }
  }

  /// - Parameter program: a finished executable, which is moved into the store; nil when nothing runs.
  func save(_ compilation: Compilation, program: String?, key: ContentKey) throws(FileFault) {
    let new = "\(folder)/new-\(Self.uniqueName)"
    try FileSystem.makeFolder(new)
    defer { FileSystem.remove(new) }
    var writer = ByteWriter()
    compilation.write(to: &writer)
    try FileSystem.writeInPlace(Self.sealed(writer.bytes), to: "\(new)/compilation")
    if let program, rename(program, "\(new)/program") != 0 {
      throw .unwritable(path: new, reason: String(cString: strerror(errno)))
    }
    // Whatever stands there is damaged, or the same.
    FileSystem.remove(entry(key))
    _ = rename(new, entry(key))
    prune(keeping: key)
  }

  // MARK: Runs

  /// The last run of a program, if it had the same limits and read files with the same content.
  func run(_ key: ContentKey, limits: String, bookFolder: String) -> RunLog? {
    load("\(entry(key))/run") { reader throws(ByteReader.Damaged) in
      guard try reader.string() == limits else { return nil }
      let files = try reader.list { reader throws(ByteReader.Damaged) in
        (path: try reader.string(), key: try reader.string())
      }
      guard files.allSatisfy({ Self.contentKey(of: $0.path, in: bookFolder) == $0.key }) else {
        return nil
      }
      return try RunLog(from: &reader)
    }
  }

  func save(
    _ log: RunLog, limits: String, filesRead: [(path: String, key: String)], key: ContentKey
  ) throws(FileFault) {
    var writer = ByteWriter()
    writer.write(limits)
    writer.write(filesRead) {
      $0.write($1.path)
      $0.write($1.key)
    }
    log.write(to: &writer)
    try FileSystem.write(Self.sealed(writer.bytes), to: "\(entry(key))/run")
  }

  /// Of a file by its path in the book; a file that is gone has a key of its own.
  static func contentKey(of path: String, in bookFolder: String) -> String {
    guard let bytes = try? FileSystem.read("\(bookFolder)/\(path)") else { return "missing" }
    var hasher = ContentHasher()
    hasher.add(bytes)
    return hasher.key.description
  }

  // MARK: The last run of each chapter

  struct LastRun: Sendable, Equatable {
    var keys: ExecutionKeys
    var files: [File]

    struct File: Sendable, Equatable {
      var path: String
      var key: String
    }
  }

  func lastRun(of chapter: String) -> LastRun? {
    load(lastRunFile(of: chapter)) { reader throws(ByteReader.Damaged) in
      let keys = try ExecutionKeys(from: &reader)
      let files = try reader.list { reader throws(ByteReader.Damaged) in
        LastRun.File(path: try reader.string(), key: try reader.string())
      }
      return LastRun(keys: keys, files: files)
    }
  }

  func save(_ last: LastRun, of chapter: String) throws(FileFault) {
    var writer = ByteWriter()
    last.keys.write(to: &writer)
    writer.write(last.files) {
      $0.write($1.path)
      $0.write($1.key)
    }
    try FileSystem.makeFolder("\(folder)/last")
    try FileSystem.write(Self.sealed(writer.bytes), to: lastRunFile(of: chapter))
  }

  private func lastRunFile(of chapter: String) -> String { "\(folder)/last/\(ContentKey(chapter))" }

  // MARK: Files

  /// A new folder for one compilation and run; the caller removes it.
  func makeWorkFolder() throws(FileFault) -> String {
    let work = "\(folder)/work-\(Self.uniqueName)"
    try FileSystem.makeFolder(work)
    return work
  }

  private static var uniqueName: String { "\(getpid())-\(UInt64.random(in: 0 ... .max))" }

  /// What a tool that was killed left behind.
  private func removeAbandonedWork() {
    for name in FileSystem.names(in: folder) {
      let parts = name.split(separator: "-")
      guard parts.count == 3, parts[0] == "work" || parts[0] == "new", let pid = pid_t(parts[1]),
        kill(pid, 0) != 0, errno == ESRCH
      else { continue }
      FileSystem.remove("\(folder)/\(name)")
    }
  }

  /// The bytes with their key in front.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var hasher = ContentHasher()
    hasher.add(bytes)
    return Array(hasher.key.description.utf8) + bytes
  }

  private func load<Value>(
    _ path: String, _ read: (inout ByteReader) throws(ByteReader.Damaged) -> Value?
  ) -> Value? {
    guard let bytes = try? FileSystem.read(path), bytes.count >= 32 else { return nil }
    let content = Array(bytes[32...])
    guard Self.sealed(content).prefix(32).elementsEqual(bytes.prefix(32)) else { return nil }
    var reader = ByteReader(content)
    return try? read(&reader)
  }

  /// Notes that an entry is in use. The date decides only what is cleared away first.
  func touch(_ key: ContentKey) { utimes(entry(key), nil) }

  private func prune(keeping key: ContentKey) {
    var entries: [(path: String, bytes: Int, used: Int)] = []
    for name in FileSystem.names(in: folder) where ContentKey(hexadecimal: name) != nil {
      var information = stat()
      guard name != key.description, stat("\(folder)/\(name)", &information) == 0 else { continue }
      #if os(macOS)
        let used = information.st_mtimespec.tv_sec
      #else
        let used = information.st_mtim.tv_sec
      #endif
      var bytes = 0
      for file in FileSystem.names(in: "\(folder)/\(name)")
      where stat("\(folder)/\(name)/\(file)", &information) == 0 {
        bytes += Int(information.st_size)
      }
      entries.append(("\(folder)/\(name)", bytes, Int(used)))
    }
    var total = entries.reduce(0) { $0 + $1.bytes }
    for entry in entries.sorted(by: { $0.used < $1.used }) where total > maximumBytes {
      FileSystem.remove(entry.path)
      total -= entry.bytes
    }
  }
}
