/// A formula as the chapter writes it.
package struct Formula: Hashable, Sendable {
  package var tex: String
  package var isDisplay: Bool

  package init(tex: String, isDisplay: Bool) {
    self.tex = tex
    self.isDisplay = isDisplay
  }
}

/// Formulas to HTML with MathML beside it, by KaTeX, at build time.
package final class MathRenderer: Sendable {
  private let renderer: ScriptedRenderer

  /// A formula may have so many bytes of TeX: KaTeX makes a hundred times as many of HTML.
  package static let sizeLimit = 100_000

  /// - Parameter cacheFolder: the book's `.sslbook`; nil keeps results in memory only.
  package init(
    macros: [BookFacts.Macro], cacheFolder: String?, secondsPerFormula: Double = 10
  ) {
    let definitions = macros.map { "\(Self.literal($0.name)): \(Self.literal($0.expansion))" }
    renderer = ScriptedRenderer(
      .katex, files: ["katex.min.js"],
      prelude: "var bookMacros = {\(definitions.joined(separator: ", "))};", glue: Self.glue,
      secondsPerCall: secondsPerFormula, cacheFolder: cacheFolder.map { $0 + "/formulas" })
  }

  /// A warm build never needs it.
  package var hasStartedScript: Bool { renderer.hasStartedScript }

  /// What became of a chapter's formulas.
  package struct Result: Sendable {
    fileprivate var outcomes = ScriptedRenderer.Result()

    /// No formula was set.
    static var none: Result { Result() }

    package func html(_ formula: Formula) -> String? { outcomes.html(input(formula)) }

    package func failure(_ formula: Formula) -> PageFault? {
      if formula.tex.utf8.count > MathRenderer.sizeLimit {
        return .formulaTooLarge(bytes: formula.tex.utf8.count, limit: MathRenderer.sizeLimit)
      }
      switch outcomes.failure(input(formula)) {
      case .tooSlow(let seconds): return .formulaTooSlow(seconds: seconds)
      case .refused(let sentence): return .formula(sentence: MathRenderer.plain(sentence))
      case nil: return nil
      }
    }
  }

  package func render(
    _ formulas: [Formula], chapter: String
  ) throws(WebLibraryFault) -> Result {
    let inputs = formulas.filter { $0.tex.utf8.count <= Self.sizeLimit }.map(input)
    return Result(outcomes: try renderer.render(inputs, chapter: chapter))
  }

  /// KaTeX's sentence without the words that say whose it is, and without the marks that underline
  /// the place in the formula.
  private static func plain(_ sentence: String) -> String {
    let start = sentence.firstRange(of: "KaTeX parse error: ")?.upperBound ?? sentence.startIndex
    return String(
      String.UnicodeScalarView(sentence[start...].unicodeScalars.filter { $0 != "\u{332}" }))
  }

  /// A JavaScript string literal.
  private static func literal(_ text: String) -> String {
    "'" + text.utf16.map { "\\u" + String(0x10000 + Int($0), radix: 16).dropFirst() }.joined() + "'"
  }

  /// Macros are copied for each formula, so that a `\gdef` in one cannot change another. What KaTeX
  /// would show in red or leave out is refused: commands that reach out of the formula, and what
  /// stands behind a `%` on the last line.
  private static let glue = #"""
    function render(kind, tex) {
      return katex.renderToString(tex, {
        displayMode: kind === 'display', output: 'htmlAndMathml', throwOnError: true,
        trust: context => { throw `${context.command} reaches out of a formula`; },
        strict: code => code === 'commentAtEnd' ? 'error' : 'ignore',
        maxSize: 60, macros: Object.assign({}, bookMacros)
      }).replace(/\u0000/g, '\ufffd');
    }
    """#
}

private func input(_ formula: Formula) -> ScriptInput {
  // The book numbers formulas by their labels, so that KaTeX is to number none of its own.
  let tex =
    formula.tex.contains("\\begin")
    ? formula.tex.replacing(#/\\(begin|end){(align|alignat|equation|gather)}/#) {
      "\\\($0.1){\($0.2)*}"
    } : formula.tex
  return ScriptInput(kind: formula.isDisplay ? "display" : "inline", text: tex)
}
