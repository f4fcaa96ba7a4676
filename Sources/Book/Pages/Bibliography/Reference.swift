import Markdown

/// A person as bibliographies name them.
package struct PersonName: Equatable, Sendable {
  package var given: String
  /// `van den`
  package var particle: String
  package var family: String
  package var suffix: String

  /// `van den Oord`
  package var last: String { particle.isEmpty ? family : particle + " " + family }

  /// `van den Oord, A.`
  package var inverted: String {
    var initials: [String] = []
    for part in given.split(separator: " ") {
      // Jean-Luc → J.-L.
      initials.append(
        part.split(separator: "-").compactMap(\.first).map { "\($0)." }
          .joined(separator: "-"))
    }
    let name = initials.isEmpty ? last : last + ", " + initials.joined(separator: " ")
    return suffix.isEmpty ? name : name + ", " + suffix
  }
}

/// One work of the bibliography, ready to be printed.
package struct Reference: Equatable, Sendable {
  package var key: String
  package var type: String
  package var authors: [PersonName]
  /// The list ended in `and others`.
  package var hasMoreAuthors: Bool
  package var title: String
  package var year: String
  /// `a`, `b`, … where two works would be called alike.
  package var suffix = ""
  /// Journal, proceedings, book or publisher.
  package var venue: String
  package var volume: String
  package var number: String
  package var pages: String
  package var publisher: String
  package var edition: String
  package var note: String
  /// Where it can be read: DOI, arXiv or URL; only `https:` and `http:`.
  package var address: String?
  /// How the address is called: `doi:10.1000/1`, `arXiv:1807.03748`, or the host.
  package var addressName: String
  package var position: SourcePosition

  /// "Oord et al.", "Poole and Ozair", "Chen"
  package var authorsInText: String {
    let names = authors.map(\.last)
    switch names.count {
    case 0: return title.split(separator: " ").prefix(3).joined(separator: " ")
    case 1: return hasMoreAuthors ? names[0] + " et al." : names[0]
    case 2 where !hasMoreAuthors: return names[0] + " and " + names[1]
    default: return names[0] + " et al."
    }
  }

  package var yearInText: String { (year.isEmpty ? "n.d." : year) + suffix }

  package var anchor: String { "ref-" + key }
}
