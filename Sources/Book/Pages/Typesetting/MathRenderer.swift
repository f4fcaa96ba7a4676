import JavaScript

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
///
/// The result depends on the TeX, the macros and the library alone, and is kept by them: a build in
/// which no formula is new starts no JavaScript. May be used from several threads.
public final class MathRenderer: Sendable {
  private let macros: [BookFacts.Macro]
  private let cache: FragmentCache
  private let engine = Guarded<JavaScriptContext?>(nil)
  /// Failures are remembered for as long as the process lives: `serve` renders often.
  private let failures = Guarded<[Formula: String]>([:])

  /// - Parameter cacheFolder: the book's `.sslbook`; nil keeps results in memory only.
  public init(macros: [BookFacts.Macro], cacheFolder: String?) {
    self.macros = macros
    var hasher = ContentHasher()
    hasher.add("formulas 2")
    if let folder = WebLibrary.katex.folder,
      let library = try? FileSystem.read(folder + "/katex.min.js")
    {
      hasher.add(library)
    }
    for macro in macros {
      hasher.add(macro.name)
      hasher.add(macro.expansion)
    }
    hasher.add(Self.glue)
    cache = FragmentCache(
      folder: cacheFolder.map { $0 + "/formulas" }, fingerprint: hasher.key)
  }

  /// A warm build never needs it.
  package var hasStartedScript: Bool { engine.with { $0 != nil } }

  /// What became of a chapter's formulas.
  package struct Result: Sendable {
    fileprivate var html: [String: String]
    fileprivate var failures: [Formula: String]

    /// No formula was set.
    static var none: Result { Result(html: [:], failures: [:]) }

    package func html(_ formula: Formula) -> String? { parts(formula)?.html }

    /// The markup, and what it draws from each font as `FontUse.lines`, a line each.
    func parts(_ formula: Formula) -> (fonts: Substring, html: String)? {
      guard let entry = html[key(formula)], let end = entry.utf8.firstIndex(of: 0) else {
        return nil
      }
      return (entry[..<end], String(entry[entry.utf8.index(after: end)...]))
    }

    /// KaTeX's sentence about a formula that it could not read.
    package func failure(_ formula: Formula) -> String? { failures[formula] }
  }

  /// Renders all formulas of a chapter in one call.
  package func render(
    _ formulas: [Formula], chapter: String
  ) throws(WebLibraryFault) -> Result {
    var failed: [Formula: String] = [:]
    let known = failures.with { $0 }
    for formula in formulas where known[formula] != nil { failed[formula] = known[formula] }
    let wanted = formulas.filter { failed[$0] == nil }
    let byKey = Dictionary(wanted.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    do {
      let html = try cache.fragments(for: wanted.map(key), chapter: chapter) { missing in
        let outcomes = try typeset(missing.compactMap { byKey[$0] })
        return zip(missing, outcomes).map { key, outcome in
          switch outcome {
          case .html(let html): return html
          case .failure(let sentence):
            if let formula = byKey[key] { failed[formula] = sentence }
            return nil
          }
        }
      }
      let sentences = failed
      failures.with { $0.merge(sentences) { old, _ in old } }
      return Result(html: html, failures: failed)
    } catch let fault as WebLibraryFault {
      throw fault
    } catch {
      throw .broken(.katex, reason: "\(error)")
    }
  }

  private enum Outcome {
    case html(String)
    case failure(String)
  }

  private func typeset(_ formulas: [Formula]) throws -> [Outcome] {
    try engine.with { engine in
      if engine == nil { engine = try start() }
      guard let engine else { return [] }
      var outcomes: [Outcome] = []
      for start in stride(from: 0, to: formulas.count, by: 256) {
        let batch = formulas[start..<min(start + 256, formulas.count)]
        let arguments = batch.flatMap { [$0.isDisplay ? "d" : "i", $0.tex] }
        let answer: String
        do {
          answer = try engine.call("typesetFormulas", arguments)
        } catch let error as JavaScriptError {
          throw WebLibraryFault.broken(.katex, reason: error.message)
        }
        let parts = answer.utf8.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == batch.count else {
          throw WebLibraryFault.broken(
            .katex, reason: "\(batch.count) formulas gave \(parts.count) results")
        }
        for part in parts {
          let text = String(Substring(part.dropFirst()))
          guard part.first == UInt8(ascii: "+") else {
            outcomes.append(.failure(text))
            continue
          }
          // The fonts are found once, when the formula is set, and kept in front of it.
          let fonts = FontUse(html: text).lines.joined(separator: "\n")
          outcomes.append(.html(fonts + "\u{0}" + text))
        }
      }
      return outcomes
    }
  }

  private func start() throws -> JavaScriptContext {
    let folder = try WebLibrary.katex.located()
    let context = JavaScriptContext()
    do {
      let library = try FileSystem.read(folder + "/katex.min.js")
      try context.evaluate(String(decoding: library, as: UTF8.self), name: "katex.min.js")
      try context.evaluate(Self.glue, name: "typesetFormulas")
      for macro in macros { _ = try context.call("defineMacro", [macro.name, macro.expansion]) }
    } catch let fault as FileFault {
      throw WebLibraryFault.broken(.katex, reason: fault.message)
    } catch let error as JavaScriptError {
      throw WebLibraryFault.broken(.katex, reason: error.message)
    }
    return context
  }

  /// Macros are copied for each formula, so that a `\gdef` in one cannot change another. `trust` is
  /// off: `\href` and `\includegraphics` are refused.
  private static let glue = #"""
    var bookMacros = {};
    function defineMacro(name, expansion) { bookMacros[name] = expansion; return ''; }
    function typesetFormula(kind, tex) {
      try {
        return '+' + katex.renderToString(tex, {
          displayMode: kind === 'd', output: 'htmlAndMathml', throwOnError: true, trust: false,
          strict: 'ignore', maxSize: 60, macros: Object.assign({}, bookMacros)
        });
      } catch (error) {
        return '-' + String(error.message || error)
          .replace(/^KaTeX parse error: /, '').replace(/\u0332/g, '');
      }
    }
    function typesetFormulas() {
      var results = [];
      for (var i = 0; i < arguments.length; i += 2)
        results.push(typesetFormula(arguments[i], arguments[i + 1]).replace(/\u0000/g, '\ufffd'));
      return results.join('\u0000');
    }
    """#
}

private func key(_ formula: Formula) -> String { (formula.isDisplay ? "d" : "i") + formula.tex }
