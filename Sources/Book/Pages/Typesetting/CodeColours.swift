import JavaScript

/// A code block in a language that may have colours.
package struct CodeSample: Hashable, Sendable {
  /// As the fence says: `swift`, `py`, `sh`.
  package var language: String
  package var text: String

  package init(language: String, text: String) {
    self.language = language
    self.text = text
  }
}

/// Code to HTML with the tokens marked, by Prism, at build time; kept as formulas are.
public final class CodeColours: Sendable {
  private let cache: FragmentCache
  private let engine = Guarded<JavaScriptContext?>(nil)

  /// - Parameter cacheFolder: the book's `.sslbook`; nil keeps results in memory only.
  public init(cacheFolder: String?) {
    var hasher = ContentHasher()
    hasher.add("code 1")
    if let folder = WebLibrary.prism.folder {
      for script in Self.scripts {
        hasher.add((try? FileSystem.read("\(folder)/components/prism-\(script).min.js")) ?? [])
      }
    }
    hasher.add(Self.glue)
    cache = FragmentCache(folder: cacheFolder.map { $0 + "/code" }, fingerprint: hasher.key)
  }

  /// The inner HTML of each sample whose language Prism knows; the others are missing.
  package func render(
    _ samples: [CodeSample], chapter: String
  ) throws(WebLibraryFault) -> [CodeSample: String] {
    var byKey: [String: CodeSample] = [:]
    for sample in samples {
      guard let grammar = Self.grammar(sample.language) else { continue }
      byKey["\(grammar) \(sample.text)"] = sample
    }
    do {
      let html = try cache.fragments(for: Array(byKey.keys).sorted(), chapter: chapter) {
        try colour($0)
      }
      var result: [CodeSample: String] = [:]
      for sample in samples {
        guard let grammar = Self.grammar(sample.language) else { continue }
        result[sample] = html["\(grammar) \(sample.text)"]
      }
      return result
    } catch let fault as WebLibraryFault {
      throw fault
    } catch {
      throw .broken(.prism, reason: "\(error)")
    }
  }

  /// Prism's name for a language of a fence; nil when it stays plain.
  static func grammar(_ language: String) -> String? {
    let name = language.lowercased()
    return aliases[name] ?? (scripts.contains(name) && name != "core" ? name : nil)
  }

  private static let aliases = [
    "py": "python", "sh": "bash", "shell": "bash", "zsh": "bash", "console": "bash",
    "js": "javascript", "html": "markup", "xml": "markup", "svg": "markup", "md": "markdown",
    "yml": "yaml", "make": "makefile", "tex": "latex", "c++": "cpp", "h": "c",
  ]

  /// In an order in which each finds what it builds on.
  private static let scripts = [
    "core", "markup", "css", "clike", "javascript", "c", "cpp", "swift", "python", "bash", "json",
    "yaml", "toml", "diff", "makefile", "markdown", "latex", "r", "julia", "rust", "go",
  ]

  private func colour(_ keys: [String]) throws -> [String?] {
    try engine.with { engine in
      if engine == nil { engine = try start() }
      guard let engine else { return [] }
      return try keys.map { key in
        let parts = key.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        do {
          return try engine.call("colourCode", [String(parts[0]), String(parts[1])])
        } catch let error as JavaScriptError {
          throw WebLibraryFault.broken(.prism, reason: error.message)
        }
      }
    }
  }

  private func start() throws -> JavaScriptContext {
    let folder = try WebLibrary.prism.located()
    let context = JavaScriptContext()
    do {
      try context.evaluate("var window = { Prism: { manual: true } };", name: "window")
      for script in Self.scripts {
        let name = "prism-\(script).min.js"
        let source = try FileSystem.read("\(folder)/components/\(name)")
        try context.evaluate(String(decoding: source, as: UTF8.self), name: name)
      }
      try context.evaluate(Self.glue, name: "colourCode")
    } catch let fault as FileFault {
      throw WebLibraryFault.broken(.prism, reason: fault.message)
    } catch let error as JavaScriptError {
      throw WebLibraryFault.broken(.prism, reason: error.message)
    }
    return context
  }

  /// Prism marks a token `<span class="token keyword">`; the word `token` is dropped, since only
  /// tokens have classes inside code.
  private static let glue = #"""
    if (typeof Prism === 'undefined') var Prism = window.Prism;
    function colourCode(language, code) {
      return Prism.highlight(code, Prism.languages[language], language)
        .replace(/<span class="token ([^"]*)">/g, '<span class="$1">');
    }
    """#
}
