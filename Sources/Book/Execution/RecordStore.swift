import Foundation

/// What one run of a program depended on, and all that it said: enough to make the chapter's record
/// from it at any time.
struct StoredRun: Sendable {
  var compilation: Compilation
  /// What the program was allowed to use.
  var limits: String
  /// What it opened.
  var files: [InputFile]
  /// Of what it showed.
  var content: ContentKey
  fileprivate var logBytes: [UInt8]

  /// nil if it cannot be read.
  func log() -> RunLog? {
    var reader = ByteReader(logBytes)
    return try? RunLog(from: &reader)
  }
}

/// The one cache that decides: programs and their runs, kept under the key of what they were compiled
/// from.
///
/// `KEY/program` and `KEY/compilation` come into being together; `KEY/run` is the last complete run.
/// Everything is written aside and renamed, and carries its name and a checksum that are verified at
/// every use: what is damaged, or belongs elsewhere, counts as missing.
public struct RecordStore: Sendable {
  /// Absolute.
  let folder: String
  private let book: BookFolder
  /// Entries that were used least recently go first when the store is larger than this.
  var maximumBytes = 1 << 30

  /// The store is made when it is first written to.
  public init(book: BookFolder) {
    self.book = book
    folder = book.cache + "/programs"
  }

  private func entry(_ key: ContentKey) -> String { "\(folder)/\(key)" }

  func program(_ key: ContentKey) -> String { "\(entry(key))/program" }

  // MARK: Compilations

  /// A compilation whose program can be run.
  func compilation(_ key: ContentKey) -> Compilation? {
    guard var reader = content(of: "\(entry(key))/compilation", named: key.description),
      let compilation = try? Compilation(from: &reader),
      let sum = try? Checksum(from: &reader), Checksum(file: program(key)) == sum
    else { return nil }
    return compilation
  }

  /// - Parameter program: a finished executable, which is moved into the store.
  func save(_ compilation: Compilation, program: String, key: ContentKey) throws(FileFault) {
    let new = "\(folder)/new-\(Self.uniqueName)"
    try FileSystem.makeFolder(new)
    defer { FileSystem.remove(new) }
    let bytes = ByteWriter(
      key.description, compilation, Checksum(of: try FileSystem.read(program))
    ).bytes
    try FileSystem.writeInPlace(Checksum.sealed(bytes), to: "\(new)/compilation")
    if rename(program, "\(new)/program") != 0 {
      throw .unwritable(path: new, reason: String(cString: strerror(errno)))
    }
    // Whatever stands there is damaged, or the same.
    FileSystem.remove(entry(key))
    _ = rename(new, entry(key))
    prune(keeping: key)
  }

  // MARK: Runs

  /// The last run of a program, if it came to its end within the same limits and every file that it
  /// opened is as it was.
  func run(_ key: ContentKey, limits: String) -> StoredRun? {
    guard var reader = content(of: "\(entry(key))/run", named: key.description),
      let run = try? StoredRun(
        compilation: reader.read(), limits: reader.read(), files: reader.read(),
        content: reader.read(), logBytes: Array(reader.raw())),
      run.limits == limits, run.files.allSatisfy({ $0.isUnchanged(in: book) })
    else { return nil }
    return run
  }

  func save(
    _ log: RunLog, _ compilation: Compilation, limits: String, key: ContentKey
  ) throws(FileFault) {
    var writer = ByteWriter(key.description, compilation, limits, log.files, log.contentKey)
    writer.write(raw: ByteWriter(log).bytes)
    try FileSystem.write(Checksum.sealed(writer.bytes), to: "\(entry(key))/run")
  }

  // MARK: Why

  func lastRun(of chapter: String) -> LastRun? {
    guard var reader = content(of: lastRunFile(of: chapter), named: chapter) else { return nil }
    return try? LastRun(from: &reader)
  }

  func save(_ last: LastRun, of chapter: String) throws(FileFault) {
    try FileSystem.makeFolder("\(folder)/last")
    try FileSystem.write(
      Checksum.sealed(ByteWriter(chapter, last).bytes), to: lastRunFile(of: chapter))
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
  func removeAbandonedWork() {
    for name in FileSystem.names(in: folder) {
      let parts = name.split(separator: "-")
      guard parts.count == 3, parts[0] == "work" || parts[0] == "new", let pid = pid_t(parts[1]),
        kill(pid, 0) != 0, errno == ESRCH
      else { continue }
      FileSystem.remove("\(folder)/\(name)")
    }
  }

  /// The content of an undamaged file; nil for one that was kept by another name.
  private func content(of path: String, named name: String) -> ByteReader? {
    guard let bytes = try? FileSystem.read(path), let content = Checksum.content(of: bytes) else {
      return nil
    }
    var reader = ByteReader(content)
    return (try? String(from: &reader)) == name ? reader : nil
  }

  /// Notes that an entry is in use. The date decides only what is cleared away first.
  func touch(_ key: ContentKey) { utimes(entry(key), nil) }

  private func prune(keeping key: ContentKey) {
    var entries: [(path: String, bytes: Int, used: Int)] = []
    for name in FileSystem.names(in: folder) where ContentKey(hexadecimal: name) != nil {
      var information = stat()
      guard name != key.description, stat("\(folder)/\(name)", &information) == 0 else { continue }
      let used = information.modified.tv_sec
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
