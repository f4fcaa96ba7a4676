import Markdown

/// One `@article{key, …}` as written: names in lower case, values without their delimiters.
package struct BibTeXEntry: Equatable, Sendable {
  package var type: String
  package var key: String
  package var fields: [String: String]
  package var position: SourcePosition
}

/// Reads BibTeX: entries, `@string` abbreviations, `#` concatenation; comments and `@preamble` are
/// passed over. A broken entry is a fault at its line, and reading goes on with the next `@`.
package struct BibTeXParser {
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  private var strings: [String: String] = [
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
  ]
  private var entries: [BibTeXEntry] = []
  private var faults: [(BibliographyFault, SourcePosition)] = []

  package static func parse(
    _ bytes: [UInt8]
  ) -> (entries: [BibTeXEntry], faults: [(BibliographyFault, SourcePosition)]) {
    var parser = BibTeXParser(bytes: bytes)
    parser.run()
    return (parser.entries, parser.faults)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var position: SourcePosition {
    SourcePosition(line: line, column: offset - lineStart + 1)
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func advance() {
    if bytes[offset] == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset + 1
    }
    offset += 1
  }

  private mutating func skipBlanks() {
    while let byte = next, byte <= 0x20 { advance() }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    advance()
    return true
  }

  /// Everything outside entries is a comment.
  private mutating func run() {
    while next != nil {
      guard next == UInt8(ascii: "@") else {
        advance()
        continue
      }
      let start = position
      do {
        try readEntry(at: start)
      } catch {
        faults.append((error, start))
      }
    }
  }

  private mutating func readEntry(at start: SourcePosition) throws(BibliographyFault) {
    advance()
    let type = name().lowercased()
    if type == "comment" { return }
    skipBlanks()
    let closing: UInt8
    switch next {
    case UInt8(ascii: "{"): closing = UInt8(ascii: "}")
    case UInt8(ascii: "("): closing = UInt8(ascii: ")")
    default: throw type.isEmpty ? .strayAt : .noBrace(type: type)
    }
    if type == "preamble" {
      _ = try braced()
      return
    }
    advance()
    if type == "string" {
      for (name, value) in try fields(until: closing, of: "@string") { strings[name] = value }
      return
    }
    skipBlanks()
    let key = name()
    guard !key.isEmpty else { throw .noKey(type: type) }
    skipBlanks()
    var values: [String: String] = [:]
    if skip(",") {
      values = try fields(until: closing, of: key)
    } else if next == closing {
      advance()
    } else {
      throw .unfinished(key: key)
    }
    entries.append(BibTeXEntry(type: type, key: key, fields: values, position: start))
  }

  private mutating func fields(
    until closing: UInt8, of key: String
  ) throws(BibliographyFault) -> [String: String] {
    var fields: [String: String] = [:]
    while true {
      skipBlanks()
      guard let byte = next else { throw .unfinished(key: key) }
      if byte == closing {
        advance()
        return fields
      }
      let field = name().lowercased()
      guard !field.isEmpty, skip("=") else { throw .unfinished(key: key) }
      var value = try self.value(of: key)
      while skip("#") { value += try self.value(of: key) }
      fields[field] = value
      if !skip(","), next != closing { throw .unfinished(key: key) }
    }
  }

  private mutating func value(of key: String) throws(BibliographyFault) -> String {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try braced()
    case UInt8(ascii: "\""): return try quoted(key)
    default:
      let word = name()
      guard !word.isEmpty else { throw .unfinished(key: key) }
      return strings[word.lowercased()] ?? word
    }
  }

  /// `{…}` with nested braces; the outer pair is dropped.
  private mutating func braced() throws(BibliographyFault) -> String {
    let start = offset + 1
    var depth = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\\") where offset + 1 < bytes.count: advance()
      case UInt8(ascii: "{"), UInt8(ascii: "("):
        // `(` counts only as the delimiter of a whole entry.
        if byte == UInt8(ascii: "{") || depth == 0 { depth += 1 }
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ")") where depth == 1 && bytes[start - 1] == UInt8(ascii: "("): depth -= 1
      default: break
      }
      advance()
      if depth == 0 { return text(start, offset - 1) }
    }
    throw .unclosedBrace
  }

  /// `"…"`; a quote inside braces does not end it.
  private mutating func quoted(_ key: String) throws(BibliographyFault) -> String {
    advance()
    let start = offset
    var depth = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\\") where offset + 1 < bytes.count: advance()
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\"") where depth <= 0:
        defer { advance() }
        return text(start, offset)
      default: break
      }
      advance()
    }
    throw .unfinished(key: key)
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// Everything up to a blank or one of `{ } ( ) , = # " @`.
  private mutating func name() -> String {
    let start = offset
    while let byte = next, byte > 0x20, !"{}(),=#\"@".utf8.contains(byte) { advance() }
    return text(start, offset)
  }
}

/// What can be wrong with `references.bib`.
package enum BibliographyFault: Error, Fault, Equatable {
  case strayAt
  case noBrace(type: String)
  case noKey(type: String)
  case unfinished(key: String)
  case unclosedBrace
  case keyTwice(String, line: Int)
  case fieldMissing(String, key: String)

  package var message: String {
    switch self {
    case .strayAt: "'@' begins no entry"
    case .noBrace(let type): "'@\(type)' is not followed by '{'"
    case .noKey(let type): "this '@\(type)' has no key"
    case .unfinished(let key): "the entry '\(key)' is not written as name = {value}, to its end"
    case .unclosedBrace: "a '{' is never closed"
    case .keyTwice(let key, let line): "the key '\(key)' is taken already, in line \(line)"
    case .fieldMissing(let field, let key): "the entry '\(key)' has no \(field)"
    }
  }

  package var hint: String? {
    switch self {
    case .strayAt: #"inside a value, write an address as {\@}"#
    case .noBrace: "an entry is written @article{key, title = {…}, …}"
    case .noKey: "write the key after the brace: @article{oord2018, …}"
    case .unfinished: "look for a missing comma, brace or quote in it"
    case .unclosedBrace: "count the braces of this entry"
    case .keyTwice: "remove one of the two, or rename it"
    case .fieldMissing(let field, _): "add a line: \(field) = {…},"
    }
  }
}
