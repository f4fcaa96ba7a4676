import JavaScript

/// One thing that a script of a `WebLibrary` turns into HTML.
struct ScriptInput: Hashable, Sendable {
  /// A word for the script: a grammar, or how to set a formula. It has no blanks.
  var kind: String
  var text: String

  /// What the result is kept by.
  fileprivate var key: String { "\(kind) \(text)" }

  fileprivate init(key: String) {
    let blank = key.utf8.firstIndex(of: UInt8(ascii: " ")) ?? key.endIndex
    kind = String(key[..<blank])
    text = String(key[blank...].dropFirst())
  }

  init(kind: String, text: String) {
    self.kind = kind
    self.text = text
  }
}

/// Texts to HTML by the function `render(kind, text)` of a script, at build time.
///
/// A result depends on the text and the scripts alone and is kept by them: a build in which nothing
/// is new starts no JavaScript. May be used from several threads.
final class ScriptedRenderer: Sendable {
  enum Failure: Error, Equatable, Sendable {
    /// The script threw this sentence.
    case refused(String)
    case tooSlow(seconds: Double)
  }

  struct Result: Sendable {
    fileprivate var html: [String: String] = [:]
    fileprivate var failures: [String: Failure] = [:]

    func html(_ input: ScriptInput) -> String? { html[input.key] }
    func failure(_ input: ScriptInput) -> Failure? { failures[input.key] }
  }

  private let library: WebLibrary
  private let files: [String]
  private let prelude: String
  private let glue: String
  private let secondsPerCall: Double
  private let cache: FragmentCache
  private let engine = Guarded<JavaScriptContext?>(nil)
  /// Remembered for as long as the process lives: `serve` renders often.
  private let failures = Guarded<[String: Failure]>([:])

  /// - Parameters:
  ///   - files: the library's scripts, in an order in which each finds what it builds on.
  ///   - prelude: runs before them.
  ///   - glue: runs after them, and defines `render`.
  ///   - secondsPerCall: CPU time after which one text is given up.
  ///   - cacheFolder: nil keeps results in memory only.
  init(
    _ library: WebLibrary, files: [String], prelude: String = "", glue: String,
    secondsPerCall: Double, cacheFolder: String?
  ) {
    self.library = library
    self.files = files
    self.prelude = prelude
    self.glue = glue
    self.secondsPerCall = secondsPerCall
    var hasher = ContentHasher()
    hasher.add("fragments 1")
    if let folder = library.folder {
      for file in files { hasher.add((try? FileSystem.read("\(folder)/\(file)")) ?? []) }
    }
    hasher.add(prelude)
    hasher.add(glue)
    cache = FragmentCache(folder: cacheFolder, fingerprint: hasher.key)
  }

  /// A warm build never needs it.
  var hasStartedScript: Bool { engine.with { $0 != nil } }

  /// Every input is in the result, as HTML or as a failure.
  func render(_ inputs: [ScriptInput], chapter: String) throws(WebLibraryFault) -> Result {
    var result = Result()
    let known = failures.with { $0 }
    var wanted: Set<String> = []
    for key in inputs.map(\.key) {
      if let failure = known[key] { result.failures[key] = failure } else { wanted.insert(key) }
    }
    var failed: [String: Failure] = [:]
    result.html = try cache.fragments(for: wanted, chapter: chapter) {
      (key) throws(WebLibraryFault) -> String? in
      switch try outcome(ScriptInput(key: key)) {
      case .success(let html): return html
      case .failure(let failure):
        failed[key] = failure
        return nil
      }
    }
    result.failures.merge(failed) { _, new in new }
    let new = failed
    failures.with { $0.merge(new) { _, new in new } }
    return result
  }

  private func outcome(
    _ input: ScriptInput
  ) throws(WebLibraryFault) -> Swift.Result<String, Failure> {
    try engine.with { (engine) throws(WebLibraryFault) -> Swift.Result<String, Failure> in
      if engine == nil { engine = try start() }
      guard let context = engine else { throw .broken(library, reason: "it did not start") }
      do throws(JavaScriptError) {
        return .success(try context.call("render", [input.kind, input.text]))
      } catch {
        guard error.isTimeOut else { return .failure(.refused(error.message)) }
        // The script may have been in the middle of anything.
        engine = nil
        return .failure(.tooSlow(seconds: secondsPerCall))
      }
    }
  }

  private func start() throws(WebLibraryFault) -> JavaScriptContext {
    let folder = try library.located()
    let context = JavaScriptContext(secondsPerCall: secondsPerCall)
    do {
      try context.evaluate(prelude, name: "prelude")
      for file in files {
        let source = try FileSystem.read("\(folder)/\(file)")
        try context.evaluate(String(decoding: source, as: UTF8.self), name: file)
      }
      try context.evaluate(glue, name: "glue")
    } catch let fault as FileFault {
      throw .broken(library, reason: fault.message)
    } catch let error as JavaScriptError {
      throw .broken(library, reason: error.message)
    } catch {
      throw .broken(library, reason: "\(error)")
    }
    return context
  }
}
