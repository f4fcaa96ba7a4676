import Book
import Foundation

/// What `--json` prints: one object, in UTF-8, keys in alphabetical order. `sslbook help json`
/// explains it; fields may be added, and `version` changes when one changes its meaning.
package struct JSONReport: Codable, Equatable, Sendable {
  package struct Chapter: Codable, Equatable, Sendable {
    package var path: String
    package var slug: String
    package var number: String
    package var title: String
    package var cells: Int
    package var figures: Int
    package var claims: Int
    package var claimsHeld: Int
    package var steps: Int
    package var stepsHeld: Int
    package var compileSeconds: Double
    package var runSeconds: Double
    package var renderSeconds: Double
    package var runFromCache: Bool
    package var pageFromCache: Bool
  }

  package struct Correction: Codable, Equatable, Sendable {
    package var file: String
    package var line: Int
    package var column: Int
    package var written: String
    package var corrected: String
  }

  package struct Coverage: Codable, Equatable, Sendable {
    package struct Number: Codable, Equatable, Sendable {
      package var line: Int
      package var column: Int
      package var text: String
    }
    package var path: String
    package var checked: Int
    package var unchecked: [Number]
  }

  package var version = 1
  package var tool = toolVersion
  package var command: String
  package var exitCode: Int32
  package var seconds: Double
  /// The site's folder; absent when none was written.
  package var site: String?
  package var upToDate: Bool
  package var chapters: [Chapter]
  package var diagnostics: [Diagnostic]
  /// Present with `check --fix`.
  package var corrections: [Correction]?
  /// Present with `check --coverage`.
  package var coverage: [Coverage]?

  init(command: String, exitCode: ExitCode, report: BuildReport) {
    self.command = command
    self.exitCode = exitCode.rawValue
    seconds = Self.rounded(report.seconds)
    site = report.site
    upToDate = report.wasUpToDate
    diagnostics = report.diagnostics
    chapters = report.chapters.map {
      Chapter(
        path: $0.path, slug: $0.slug, number: $0.number, title: $0.title, cells: $0.cells,
        figures: $0.figures, claims: $0.claims, claimsHeld: $0.claimsHeld, steps: $0.steps,
        stepsHeld: $0.stepsHeld, compileSeconds: Self.rounded($0.compileSeconds),
        runSeconds: Self.rounded($0.runSeconds), renderSeconds: Self.rounded($0.renderSeconds),
        runFromCache: $0.isRecordCached, pageFromCache: $0.isPageCached)
    }
  }

  /// Microseconds are noise.
  private static func rounded(_ seconds: Double) -> Double {
    seconds.isFinite ? (seconds * 1000).rounded() / 1000 : 0
  }

  func text() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  static let help = """
    What --json prints

    'build', 'check' and 'list' print one JSON object on standard output, and nothing else there.

      version        1; changes when a field changes its meaning (new fields may come)
      tool           the version of sslbook
      command        "build", "check" or "list"
      exitCode       0 all true, 1 something is false or broken, 3 the machine lacks something
      seconds        of the whole command
      site           the site's folder; absent when none was written
      upToDate       true when nothing had changed since the last build
      chapters       in the order of the book, each with
        path slug number title           "chapters/entropy.md" "entropy" "2" "Entropy"
        cells figures                    counts
        claims claimsHeld                claims in prose and in cells
        steps stepsHeld                  steps of derivations, each on all its samples
        compileSeconds runSeconds renderSeconds
        runFromCache pageFromCache       true where an earlier result was used
      diagnostics    in the order of the book, each with
        severity     "error", "warning" or "note"
        file         relative to the book's folder
        line column  from 1, the column in bytes of UTF-8; 0 where none is meant
        message      one sentence
        hint         what to do; absent where there is nothing to say
      corrections    with check --fix: file, line, column, written, corrected
      coverage       with check --coverage, for each chapter: path, checked (a count) and
                     unchecked (line, column and text of each number that nothing checks)

    Print the errors as GitHub annotations:
      sslbook build --json | jq -r '.diagnostics[] |
        "::\\(.severity) file=\\(.file),line=\\(.line),col=\\(.column)::\\(.message)"'

    """
}
