import Foundation

/// Fragments of HTML that a script made, kept by what they were made from: in memory for the whole
/// book, on disk in one file a chapter, so that a warm build starts no script and an edit reads no
/// more than its chapter's own fragments.
final class FragmentCache: Sendable {
  private struct State {
    var fragments: [String: String] = [:]
    var bytes = 0
    /// The keys on disk for each chapter read or written so far.
    var stored: [String: Set<String>] = [:]
  }

  /// Fragments in memory are dropped beyond this; 10 000 formulas fit.
  private static let memoryLimit = 48 << 20

  private let folder: String?
  private let fingerprint: String
  private let state = Guarded(State())

  /// - Parameters:
  ///   - folder: where the files stand; nil keeps fragments in memory only.
  ///   - fingerprint: of everything beside the key that a fragment depends on.
  init(folder: String?, fingerprint: ContentKey) {
    self.folder = folder
    self.fingerprint = fingerprint.description
  }

  /// The fragment of every key. `make` is called at most once, with the keys that are not cached,
  /// each of them once; a key that it gives nil for is not cached and missing in the result.
  func fragments(
    for keys: [String], chapter: String, make: ([String]) throws -> [String?]
  ) rethrows -> [String: String] {
    let wanted = Set(keys)
    guard !wanted.isEmpty || folder != nil else { return [:] }
    var (found, isStored) = inMemory(wanted, chapter: chapter)
    var missing = keys.filter { found[$0] == nil }
    var seen: Set<String> = []
    missing.removeAll { !seen.insert($0).inserted }
    if !missing.isEmpty {
      let made = try make(missing)
      for (key, fragment) in zip(missing, made) { found[key] = fragment }
      remember(found)
      isStored = false
    }
    if !isStored { store(found, chapter: chapter) }
    return found
  }

  private func inMemory(_ wanted: Set<String>, chapter: String) -> ([String: String], Bool) {
    let isRead = state.with { $0.stored[chapter] != nil }
    if !isRead {
      let read = readFile(chapter)
      remember(read)
      state.with { $0.stored[chapter] = Set(read.keys) }
    }
    return state.with { state in
      var found: [String: String] = [:]
      for key in wanted { found[key] = state.fragments[key] }
      return (found, state.stored[chapter] == wanted)
    }
  }

  private func remember(_ fragments: [String: String]) {
    state.with { state in
      if state.bytes > Self.memoryLimit {
        state.fragments.removeAll()
        state.bytes = 0
      }
      for (key, fragment) in fragments where state.fragments[key] == nil {
        state.fragments[key] = fragment
        state.bytes += key.utf8.count + fragment.utf8.count
      }
    }
  }

  private func path(_ chapter: String) -> String? { folder.map { "\($0)/\(chapter)" } }

  /// Empty when there is no file, or it is damaged or made by another library: all are misses.
  private func readFile(_ chapter: String) -> [String: String] {
    guard let path = path(chapter), let bytes = try? FileSystem.read(path) else { return [:] }
    var reader = ByteReader(bytes)
    guard let print = try? reader.string(), print == fingerprint, let sum = try? reader.int(),
      sum == checksum(bytes[(bytes.count - reader.remaining)...]),
      let pairs = try? reader.list({ (reader) throws(ByteReader.Damaged) in
        (try reader.string(), try reader.string())
      }), reader.isAtEnd
    else { return [:] }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// A folder that cannot be written costs speed, not the build.
  private func store(_ fragments: [String: String], chapter: String) {
    state.with { $0.stored[chapter] = Set(fragments.keys) }
    guard let folder, let path = path(chapter) else { return }
    var body = ByteWriter()
    body.write(fragments.sorted { $0.key < $1.key }) { writer, pair in
      writer.write(pair.key)
      writer.write(pair.value)
    }
    var file = ByteWriter()
    file.write(fingerprint)
    file.write(checksum(body.bytes[...]))
    try? FileSystem.makeFolder(folder)
    try? FileSystem.write(file.bytes + body.bytes, to: path)
  }
}

/// Finds damage, not malice: eight bytes at a time, multiplied by a large odd number.
private func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.withUnsafeBytes { buffer in
    var sum = UInt64(buffer.count)
    var offset = 0
    while offset + 8 <= buffer.count {
      sum ^= buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      sum = (sum ^ sum >> 32) &* 0x9e37_79b9_7f4a_7c15
      offset += 8
    }
    for byte in buffer[offset...] { sum = (sum ^ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15 }
    return Int(truncatingIfNeeded: sum >> 2)
  }
}
