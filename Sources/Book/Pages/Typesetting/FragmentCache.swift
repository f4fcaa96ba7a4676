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
  private let fingerprint: ContentKey
  private let state = Guarded(State())

  /// - Parameters:
  ///   - folder: where the files stand; nil keeps fragments in memory only.
  ///   - fingerprint: of everything beside the key that a fragment depends on.
  init(folder: String?, fingerprint: ContentKey) {
    self.folder = folder
    self.fingerprint = fingerprint
  }

  /// The fragment of every key. `make` is called with each key that is not cached; one that it gives
  /// nil for stays so, and is missing in the result.
  func fragments<Failure: Error>(
    for wanted: Set<String>, chapter: String, make: (String) throws(Failure) -> String?
  ) throws(Failure) -> [String: String] {
    guard !wanted.isEmpty || folder != nil else { return [:] }
    var (found, isStored) = inMemory(wanted, chapter: chapter)
    let missing = wanted.filter { found[$0] == nil }
    for key in missing { found[key] = try make(key) }
    if !missing.isEmpty {
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

  private func file(_ chapter: String) -> KeptFile? {
    folder.map { KeptFile(path: "\($0)/\(chapter)", key: fingerprint) }
  }

  /// Empty when there is no file, or it is damaged or made by another library: all are misses.
  private func readFile(_ chapter: String) -> [String: String] {
    guard var reader = file(chapter)?.read(),
      let fragments = try? [String: String](from: &reader), reader.isAtEnd
    else { return [:] }
    return fragments
  }

  /// A folder that cannot be written costs speed, not the build.
  private func store(_ fragments: [String: String], chapter: String) {
    state.with { $0.stored[chapter] = Set(fragments.keys) }
    guard let folder, let file = file(chapter) else { return }
    try? FileSystem.makeFolder(folder)
    try? file.write(fragments)
  }
}
