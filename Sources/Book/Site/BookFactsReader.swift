import Foundation

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
      let value: Any
      do {
        value = try JSONSerialization.jsonObject(with: Data(text))
      } catch {
        let reason =
          (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
          ?? error.localizedDescription
        let line = Self.number(after: "line ", in: reason) ?? 1
        let column = Self.number(after: "column ", in: reason) ?? 0
        report(.factsNotJSON(reason: reason), line: line, column: column)
        return
      }
      guard let object = value as? [String: Any] else {
        report(.factsNotObject, line: 1)
        return
      }
      for key in object.keys.sorted() { read(key, object[key]!) }
    }

    private mutating func read(_ key: String, _ value: Any) {
      switch key {
      case "title": text(key, value) { $0.title = $1 }
      case "subtitle": text(key, value) { $0.subtitle = $1 }
      case "description": text(key, value) { $0.description = $1 }
      case "language": text(key, value) { $0.language = $1 }
      case "repository": text(key, value) { $0.repository = $1 }
      case "baseURL": text(key, value) { $0.baseURL = $1.hasSuffix("/") ? $1 : $1 + "/" }
      case "license": text(key, value) { $0.license = $1 }
      case "authors":
        guard let authors = value as? [String] else { return wrongType(key, "a list of names") }
        facts.authors = authors
      case "timeout":
        guard let seconds = value as? Double else { return wrongType(key, "a number of seconds") }
        guard seconds > 0, seconds <= 86_400 else { return report(.timeoutOutOfRange, at: key) }
        facts.timeout = seconds
      case "optimize":
        guard let flag = value as? Bool else { return wrongType(key, "true or false") }
        facts.optimize = flag
      case "macros":
        guard let macros = value as? [String: String] else {
          return wrongType(key, #"an object such as { "\\E": "\\mathbb{E}" }"#)
        }
        facts.macros = macros.keys.sorted().map { .init(name: $0, expansion: macros[$0]!) }
      default:
        report(
          .unknownFact(key, nearest: Spelling.nearest(to: key, among: BookFactsReader.keys)),
          at: key)
      }
    }

    private mutating func text(
      _ key: String, _ value: Any, _ store: (inout BookFacts, String) -> Void
    ) {
      guard let value = value as? String else { return wrongType(key, "a text in quotes") }
      store(&facts, value)
    }

    private mutating func wrongType(_ key: String, _ expected: String) {
      report(.factOfWrongType(key, expected: expected), at: key)
    }

    private mutating func report(_ fault: BookFault, at key: String) {
      let before = String(decoding: text, as: UTF8.self).components(separatedBy: "\"\(key)\"")[0]
      report(fault, line: 1 + before.utf8.count { $0 == 10 })
    }

    private mutating func report(_ fault: BookFault, line: Int, column: Int = 0) {
      diagnostics.append(fault.diagnostic(file: BookFolder.facts, line: line, column: column))
    }

    private static func number(after word: String, in text: String) -> Int? {
      guard let range = text.range(of: word) else { return nil }
      return Int(text[range.upperBound...].prefix { $0.isNumber })
    }
  }
}
