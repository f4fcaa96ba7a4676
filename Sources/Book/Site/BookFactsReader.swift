import Notation

/// Reads `chapters/book.json`. The file may be missing: then the book has a title from its summary
/// and the defaults.
enum BookFactsReader {
  static func read(_ bytes: [UInt8]) -> (BookFacts, [Diagnostic]) {
    var reader = Reader(text: bytes)
    reader.read()
    return (reader.facts, reader.diagnostics)
  }

  private static let keys = [
    "title", "subtitle", "description", "authors", "language", "repository", "baseURL", "license",
    "timeout", "optimize", "macros",
  ]

  private struct Reader {
    let text: [UInt8]
    var facts = BookFacts()
    var diagnostics: [Diagnostic] = []

    init(text: [UInt8]) { self.text = text }

    mutating func read() {
      do {
        let json = try JSON(reading: text)
        guard let members = json.members else { return report(.factsNotObject, line: 1) }
        for member in members { read(member) }
      } catch {
        report(.factsNotJSON(reason: error.message), line: error.line, column: error.column)
      }
    }

    private mutating func read(_ member: JSON.Member) {
      let value = member.value
      let texts = value.strings ?? value.string.map { [$0] } ?? []
      if texts.contains(where: ItemReader.holdsSpan) {
        return report(.spanInFact(member.name), at: member)
      }
      switch member.name {
      case "title": text(member) { $0.title = $1 }
      case "subtitle": text(member) { $0.subtitle = $1 }
      case "description": text(member) { $0.description = $1 }
      case "language": text(member) { $0.language = $1 }
      case "repository": text(member) { $0.repository = $1 }
      case "baseURL": text(member) { $0.baseURL = $1.hasSuffix("/") ? $1 : $1 + "/" }
      case "license": text(member) { $0.license = $1 }
      case "authors":
        guard let authors = value.strings else { return wrongType(member, "a list of names") }
        facts.authors = authors
      case "timeout":
        guard let seconds = value.double else { return wrongType(member, "a number of seconds") }
        guard seconds > 0, seconds <= 86_400 else { return report(.timeoutOutOfRange, at: member) }
        facts.timeout = seconds
      case "optimize":
        guard let flag = value.bool else { return wrongType(member, "true or false") }
        facts.optimize = flag
      case "macros":
        let macros = value.members?.mapAll { macro in
          macro.value.string.map { BookFacts.Macro(name: macro.name, expansion: $0) }
        }
        guard let macros else {
          return wrongType(member, #"an object such as { "\\E": "\\mathbb{E}" }"#)
        }
        facts.macros = macros.sorted { $0.name < $1.name }
      default:
        report(
          .unknownFact(
            member.name, nearest: Spelling.nearest(to: member.name, among: BookFactsReader.keys)),
          at: member)
      }
    }

    private mutating func text(_ member: JSON.Member, _ store: (inout BookFacts, String) -> Void) {
      guard let text = member.value.string else { return wrongType(member, "a text in quotes") }
      store(&facts, text)
    }

    private mutating func wrongType(_ member: JSON.Member, _ expected: String) {
      report(.factOfWrongType(member.name, expected: expected), at: member)
    }

    private mutating func report(_ fault: BookFault, at member: JSON.Member) {
      report(fault, line: member.line)
    }

    private mutating func report(_ fault: BookFault, line: Int, column: Int = 0) {
      diagnostics.append(fault.diagnostic(file: BookFolder.facts, line: line, column: column))
    }
  }
}
