/// BibTeX entry → `Reference`.
enum ReferenceReader {
  static func read(_ entry: BibTeXEntry) -> Reference {
    func field(_ names: String...) -> String {
      for name in names {
        if let value = entry.fields[name], !value.isEmpty { return TeXText.plain(value) }
      }
      return ""
    }
    let people = entry.fields["author"] ?? entry.fields["editor"] ?? ""
    let (authors, hasMore) = names(people)
    let (address, name) = address(of: entry.fields)
    return Reference(
      key: entry.key, type: entry.type, authors: authors, hasMoreAuthors: hasMore,
      title: field("title"), year: year(of: field("year", "date")),
      venue: field("journal", "journaltitle", "booktitle", "school", "institution"),
      volume: field("volume"), number: field("number"), pages: field("pages"),
      publisher: field("publisher", "howpublished"), edition: field("edition"),
      note: field("note"), address: address, addressName: name, position: entry.position)
  }

  /// `2018-07-10` → 2018
  private static func year(of date: String) -> String {
    let digits = date.prefix { $0.isNumber }
    return digits.count == 4 ? String(digits) : date
  }

  /// Splits at `and` outside braces; `others` at the end means more people.
  static func names(_ list: String) -> ([PersonName], Bool) {
    var people: [PersonName] = []
    var hasMore = false
    for words in split(list, at: "and") where !words.isEmpty {
      if words == ["others"] { hasMore = true } else { people.append(name(words)) }
    }
    return (people, hasMore)
  }

  /// `First von Last`, `von Last, First`, `von Last, Jr, First`, or `{An Institution}`.
  private static func name(_ words: [String]) -> PersonName {
    let text = words.joined(separator: " ")
    let parts = splitCommas(text)
    if parts.count >= 2 {
      let (particle, family) = family(parts[0].split(separator: " ").map(String.init))
      return PersonName(
        given: TeXText.plain(parts[parts.count - 1]), particle: particle, family: family,
        suffix: parts.count > 2 ? TeXText.plain(parts[1]) : "")
    }
    guard words.count > 1 else {
      return PersonName(given: "", particle: "", family: TeXText.plain(text), suffix: "")
    }
    // The particle begins with the first word in lower case that is not the last.
    let start = words.dropLast().firstIndex(where: isLowerCase) ?? words.count - 1
    let (particle, family) = family(Array(words[start...]))
    return PersonName(
      given: TeXText.plain(words[..<start].joined(separator: " ")), particle: particle,
      family: family, suffix: "")
  }

  private static func family(_ words: [String]) -> (particle: String, family: String) {
    let count = words.dropLast().prefix(while: isLowerCase).count
    return (
      TeXText.plain(words.prefix(count).joined(separator: " ")),
      TeXText.plain(words.dropFirst(count).joined(separator: " "))
    )
  }

  private static func isLowerCase(_ word: String) -> Bool {
    !word.hasPrefix("{")
      && word.unicodeScalars.first(where: \.properties.isAlphabetic)
        .map(\.properties.isLowercase) ?? false
  }

  /// The words between the separators, at brace depth 0.
  private static func split(_ text: String, at separator: String) -> [[String]] {
    var groups: [[String]] = [[]]
    var word = ""
    var depth = 0
    func finish() {
      if word == separator {
        groups.append([])
      } else if !word.isEmpty {
        groups[groups.count - 1].append(word)
      }
      word = ""
    }
    for character in text {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if character.isWhitespace && depth <= 0 { finish() } else { word.append(character) }
    }
    finish()
    return groups
  }

  private static func splitCommas(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if character == "," && depth <= 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// DOI before arXiv before URL. What a browser might run is no address.
  private static func address(of fields: [String: String]) -> (String?, String) {
    if let doi = fields["doi"].map(bare), !doi.isEmpty {
      let name =
        doi.hasPrefix("http")
        ? String(
          doi.drop { $0 != "." }.drop { $0 != "/" }
            .dropFirst()) : doi
      return ("https://doi.org/" + name, "doi:" + name)
    }
    let archive = fields["archiveprefix"]?.lowercased()
    if let number = fields["eprint"].map(bare), !number.isEmpty,
      archive == "arxiv" || archive == nil
    {
      return ("https://arxiv.org/abs/" + number, "arXiv:" + number)
    }
    if let journal = fields["journal"], let range = journal.range(of: "arXiv:") {
      let number = journal[range.upperBound...].prefix { $0.isNumber || $0 == "." || $0 == "v" }
      if !number.isEmpty { return ("https://arxiv.org/abs/\(number)", "arXiv:\(number)") }
    }
    if let url = fields["url"].map(bare), url.hasPrefix("https://") || url.hasPrefix("http://") {
      let host = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
      return (url, String(host))
    }
    return (nil, "")
  }

  private static func bare(_ value: String) -> String {
    var text = value
    text.removeAll { $0.isWhitespace || $0 == "{" || $0 == "}" }
    return text.replacing("\\_", with: "_").replacing("\\%", with: "%").replacing("\\#", with: "#")
  }
}
