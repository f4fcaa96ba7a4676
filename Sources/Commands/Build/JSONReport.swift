import Book
import Notation

/// What `--json` prints: one object, in UTF-8, keys in alphabetical order. `sslbook help json`
/// explains it; fields may be added, and `version` changes when one changes its meaning.
struct JSONReport {
  var command: String
  var exitCode: ExitCode
  var report: BuildReport
  /// Present with `check --fix`.
  var corrections: [CorrectedLine]?
  /// Present with `check --coverage`.
  var coverage: [ChapterCoverage]?

  private var json: JSON {
    .sorted([
      "version": .integer(1), "tool": .string(toolVersion), "command": .string(command),
      "exitCode": .integer(Int(exitCode.rawValue)), "seconds": Self.rounded(report.seconds),
      "site": report.site.map { .string($0) }, "upToDate": .bool(report.wasUpToDate),
      "chapters": .array(report.chapters.map(Self.chapter)),
      "diagnostics": .array(report.diagnostics.map(Self.diagnostic)),
      "corrections": corrections.map { .array($0.map(\.json)) },
      "coverage": coverage.map { .array($0.map(\.json)) },
    ])
  }

  private static func chapter(_ chapter: ChapterReport) -> JSON {
    .sorted([
      "path": .string(chapter.path), "slug": .string(chapter.slug),
      "number": .string(chapter.number), "title": .string(chapter.title),
      "cells": .integer(chapter.cells), "figures": .integer(chapter.figures),
      "claims": .integer(chapter.claims), "claimsHeld": .integer(chapter.claimsHeld),
      "steps": .integer(chapter.steps), "stepsHeld": .integer(chapter.stepsHeld),
      "compileSeconds": rounded(chapter.compileSeconds), "runSeconds": rounded(chapter.runSeconds),
      "renderSeconds": rounded(chapter.renderSeconds),
      "runFromCache": .bool(chapter.isRecordCached), "pageFromCache": .bool(chapter.isPageCached),
    ])
  }

  private static func diagnostic(_ diagnostic: Diagnostic) -> JSON {
    .sorted([
      "severity": .string(diagnostic.severity.rawValue), "file": .string(diagnostic.file),
      "line": .integer(diagnostic.line), "column": .integer(diagnostic.column),
      "message": .string(diagnostic.message), "hint": diagnostic.hint.map { .string($0) },
    ])
  }

  /// Microseconds are noise.
  private static func rounded(_ seconds: Double) -> JSON {
    JSON(seconds.isFinite ? (seconds * 1000).rounded() / 1000 : 0)
  }

  func text() -> String { String(decoding: json.indentedBytes, as: UTF8.self) + "\n" }

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
      coverage       with check --coverage, for each chapter: path, checked (a count),
                     unchecked (line, column and text of each number that nothing checks) and
                     loose (line, statement, measured and reason of each claim that hardly
                     constrains; the reason is "wideTolerance" or "farBound")

    'falsify' prints chapters/falsify.json as it is afterwards: by chapter, the lies told in its
    statements and the unnoticed ones, and each mutant of its code with what became of it
    ("falseStatement", "stopped", "timedOut", "survived", or "refused" by the compiler).

    Print the errors as GitHub annotations:
      sslbook build --json | jq -r '.diagnostics[] |
        "::\\(.severity) file=\\(.file),line=\\(.line),col=\\(.column)::\\(.message)"'

    """
}

extension JSON {
  /// An object with its members in alphabetical order, without those that are absent.
  static func sorted(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(
      members.compactMap { name, value in value.map { Member(name, $0) } }
        .sorted { $0.name < $1.name })
  }
}
