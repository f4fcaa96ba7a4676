import Markdown

/// The works of `references.bib`, by author and year.
public struct Bibliography: Sendable {
  /// Sorted as they are listed: by authors, year, title.
  package private(set) var references: [Reference] = []
  private var indices: [String: Int] = [:]

  /// An empty bibliography.
  public init() {}

  /// - Parameter path: how diagnostics call the file: `chapters/references.bib`.
  public static func read(_ bytes: [UInt8], path: String) -> (Bibliography, [Diagnostic]) {
    let (entries, faults) = BibTeXParser.parse(bytes)
    var diagnostics = faults.map { fault, position in
      fault.diagnostic(file: path, line: position.line, column: position.column)
    }
    var bibliography = Bibliography()
    var lines: [String: Int] = [:]
    for entry in entries {
      let position = entry.position
      if let line = lines[entry.key] {
        diagnostics.append(
          BibliographyFault.keyTwice(entry.key, line: line)
            .diagnostic(file: path, line: position.line, column: position.column))
        continue
      }
      lines[entry.key] = position.line
      let reference = ReferenceReader.read(entry)
      if reference.title.isEmpty {
        diagnostics.append(
          BibliographyFault.fieldMissing("title", key: entry.key)
            .diagnostic(file: path, line: position.line, column: position.column))
      }
      bibliography.references.append(reference)
    }
    bibliography.sort()
    bibliography.tellApart()
    for (index, reference) in bibliography.references.enumerated() {
      bibliography.indices[reference.key] = index
    }
    return (bibliography, diagnostics)
  }

  /// Every key, for finding the nearest to a misspelt one.
  public var keys: [String] { references.map(\.key) }

  public func contains(_ key: String) -> Bool { indices[key] != nil }

  package subscript(key: String) -> Reference? { indices[key].map { references[$0] } }

  private mutating func sort() {
    let keyed = references.map { (sortKey($0), $0) }
    references = keyed.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func sortKey(_ reference: Reference) -> String {
    let names = reference.authors.map { "\($0.family) \($0.given)" }.joined(separator: ", ")
    return [TeXText.folded(names), reference.year, TeXText.folded(reference.title), reference.key]
      .joined(separator: "\u{1}")
  }

  /// Two works that a citation would call alike get a letter behind the year.
  private mutating func tellApart() {
    var groups: [String: [Int]] = [:]
    for (index, reference) in references.enumerated() {
      groups[reference.authorsInText + "\u{1}" + reference.year, default: []].append(index)
    }
    for group in groups.values where group.count > 1 {
      for (count, index) in group.enumerated() { references[index].suffix = letters(count) }
    }
  }

  /// a, b, …, z, aa, ab, …
  private func letters(_ number: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + number % 26)))
    return number < 26 ? letter : letters(number / 26 - 1) + letter
  }
}
