import Foundation

/// How many of the lies that were put into the book went unnoticed, chapter by chapter:
/// `chapters/falsify.json`, which is committed, since measuring it takes hours.
package struct FalsifyReport: Codable, Equatable, Sendable {
  package static let path = "chapters/falsify.json"

  /// What came of a mutant.
  package enum Verdict: String, Codable, Sendable {
    /// It does not compile, so nobody could have written it: it does not count.
    case refused
    case falseStatement, stopped, timedOut, survived
  }

  package struct Mutant: Codable, Equatable, Sendable {
    package var identity: String
    package var line: Int
    package var column: Int
    package var kind: CodeMutant.Kind
    package var change: String
    package var verdict: Verdict
  }

  package struct Statements: Codable, Equatable, Sendable {
    package var key: String
    package var date: String
    package var tried: Int
    package var unnoticed: [StatementLies.Lie]
  }

  package struct Code: Codable, Equatable, Sendable {
    package var key: String
    package var date: String
    package var mutants: [Mutant]
  }

  /// Of a share of the lies told.
  package struct Rate: Equatable, Sendable {
    package var tried: Int
    package var noticed: Int
    package var explained: Int

    package init(tried: Int = 0, noticed: Int = 0, explained: Int = 0) {
      (self.tried, self.noticed, self.explained) = (tried, noticed, explained)
    }

    package var unnoticed: Int { tried - noticed - explained }
    package var share: Double { tried == 0 ? 1 : Double(noticed + explained) / Double(tried) }

    package static func + (a: Rate, b: Rate) -> Rate {
      Rate(
        tried: a.tried + b.tried, noticed: a.noticed + b.noticed,
        explained: a.explained + b.explained)
    }
  }

  package struct Chapter: Codable, Equatable, Sendable {
    package var statements: Statements?
    package var code: Code?
  }

  package var version = 1
  /// By path.
  package var chapters: [String: Chapter] = [:]
  /// Why a mutant that survives changes nothing that anybody could see, by its identity. Written by
  /// hand, and never removed by the tool.
  package var equivalent: [String: String] = [:]

  package init() {}

  package func statementRate(of path: String) -> Rate {
    guard let statements = chapters[path]?.statements else { return Rate() }
    return Rate(
      tried: statements.tried, noticed: statements.tried - statements.unnoticed.count)
  }

  package func codeRate(of path: String) -> Rate {
    let counted = (chapters[path]?.code?.mutants ?? []).filter { $0.verdict != .refused }
    let survived = counted.filter { $0.verdict == .survived }
    return Rate(
      tried: counted.count, noticed: counted.count - survived.count,
      explained: survived.count { equivalent[$0.identity] != nil })
  }

  /// The mutants that nothing notices and nobody has explained.
  package func survivors(of path: String) -> [Mutant] {
    (chapters[path]?.code?.mutants ?? []).filter {
      $0.verdict == .survived && equivalent[$0.identity] == nil
    }
  }

  /// A result that is as it was keeps its date.
  package mutating func set(_ lies: [StatementLies.Lie], of path: String, key: String, date: String)
  {
    var new = Statements(
      key: key, date: date, tried: lies.count, unnoticed: lies.filter { !$0.isNoticed })
    if let old = chapters[path]?.statements {
      let wasDated = new.date
      new.date = old.date
      if new != old { new.date = wasDated }
    }
    chapters[path, default: Chapter()].statements = new
  }

  // MARK: The file

  package init(readingFrom book: BookFolder) throws {
    let bytes: [UInt8]
    do {
      bytes = try book.read(Self.path)
    } catch .missing {
      return
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    } catch {
      throw FalsifyFault.damagedReport
    }
  }

  /// What the claims page shows; a report that cannot be read is for the command to complain about.
  static func kept(in book: BookFolder) -> FalsifyReport? {
    let report = try? FalsifyReport(readingFrom: book)
    return report.flatMap { $0.chapters.isEmpty ? nil : $0 }
  }

  package func write(to book: BookFolder) throws(FileFault) {
    try FileSystem.write(json, to: book.absolute(Self.path))
  }

  package var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array((try? encoder.encode(self)) ?? Data()) + [UInt8(ascii: "\n")]
  }
}

/// What a lie that is not noticed, or cannot be told, comes to.
package enum FalsifyFault: Error, Fault, Equatable {
  case damagedReport
  case notMeasured
  case statementUnnoticed(change: String)
  case mutantSurvived(change: String, identity: String)

  package var message: String {
    switch self {
    case .damagedReport: "\(FalsifyReport.path) is not a report of 'sslbook falsify'"
    case .notMeasured: "the chapter has not run as it stands, so no lie can be told about it"
    case .statementUnnoticed(let change): "nothing notices this lie: \(change)"
    case .mutantSurvived(let change, _): "nothing notices \(change)"
    }
  }

  package var hint: String? {
    switch self {
    case .damagedReport: "restore it: the explanations in it were written by hand"
    case .notMeasured: "run 'sslbook check' first"
    case .statementUnnoticed: "give the statement a tolerance that its value would miss"
    case .mutantSurvived(_, let identity):
      "let a claim depend on it, or say under \"equivalent\" in \(FalsifyReport.path) why "
        + "\(identity) changes nothing"
    }
  }
}
