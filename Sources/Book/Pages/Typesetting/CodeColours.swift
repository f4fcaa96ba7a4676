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

/// Code to HTML with the tokens marked, by Prism, at build time.
package final class CodeColours: Sendable {
  private let renderer: ScriptedRenderer

  /// - Parameter cacheFolder: the book's `.sslbook`; nil keeps results in memory only.
  package init(cacheFolder: String?, secondsPerListing: Double = 2) {
    renderer = ScriptedRenderer(
      .prism, files: Self.grammars.map { "components/prism-\($0).min.js" },
      prelude: "var window = { Prism: { manual: true } };", glue: Self.glue,
      secondsPerCall: secondsPerListing, cacheFolder: cacheFolder.map { $0 + "/code" })
  }

  package struct Result: Sendable {
    fileprivate var outcomes = ScriptedRenderer.Result()

    /// No code was coloured.
    static var none: Result { Result() }

    /// The inner HTML; nil where Prism does not know the language, and where it failed.
    package func html(_ sample: CodeSample) -> String? { input(sample).flatMap(outcomes.html) }

    /// Why a listing has no colours that should have some: "colouring it takes more than 2.0 s".
    package func failure(_ sample: CodeSample) -> String? {
      switch input(sample).flatMap(outcomes.failure) {
      case .tooSlow(let seconds): "colouring it takes more than \(seconds) s"
      case .refused(let sentence): sentence
      case nil: nil
      }
    }
  }

  package func render(
    _ samples: [CodeSample], chapter: String
  ) throws(WebLibraryFault) -> Result {
    Result(outcomes: try renderer.render(samples.compactMap(input), chapter: chapter))
  }

  /// Prism's name for a language of a fence; nil when it stays plain.
  fileprivate static func grammar(_ language: String) -> String? {
    let name = language.lowercased()
    return aliases[name] ?? (grammars.contains(name) && name != "core" ? name : nil)
  }

  private static let aliases = [
    "py": "python", "sh": "bash", "shell": "bash", "zsh": "bash", "console": "bash",
    "js": "javascript", "html": "markup", "xml": "markup", "svg": "markup", "md": "markdown",
    "yml": "yaml", "make": "makefile", "tex": "latex", "c++": "cpp", "h": "c",
  ]

  /// In an order in which each finds what it builds on.
  private static let grammars = [
    "core", "markup", "css", "clike", "javascript", "c", "cpp", "swift", "python", "bash", "json",
    "yaml", "toml", "diff", "makefile", "markdown", "latex", "r", "julia", "rust", "go",
  ]

  /// Prism marks a token `<span class="token keyword">`; the word `token` is dropped, since only
  /// tokens have classes inside code.
  private static let glue = #"""
    if (typeof Prism === 'undefined') var Prism = window.Prism;
    function render(grammar, code) {
      return Prism.highlight(code, Prism.languages[grammar], grammar)
        .replace(/<span class="token ([^"]*)">/g, '<span class="$1">');
    }
    """#
}

private func input(_ sample: CodeSample) -> ScriptInput? {
  CodeColours.grammar(sample.language).map { ScriptInput(kind: $0, text: sample.text) }
}
