import Foundation

/// The words of a BibTeX value: accents composed, commands and braces removed.
///
/// `G{\"o}del` → Gödel, `{\L}ukasz` → Łukasz, `{CPC}: \emph{representation}` → CPC: representation,
/// `1--7` → 1–7. Mathematics keeps its TeX without the dollars.
package enum TeXText {
  package static func plain(_ tex: String) -> String {
    var reader = Reader(Array(tex.unicodeScalars))
    return reader.text(until: nil).normalizedSpaces
  }

  private struct Reader {
    let scalars: [Unicode.Scalar]
    var index = 0
    var depth = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func text(until end: Unicode.Scalar?) -> String {
      var result = ""
      while let scalar = next {
        if scalar == end {
          index += 1
          return result
        }
        index += 1
        switch scalar {
        case "{", "}", "$": break
        case "~": result += " "
        case "-" where next == "-":
          index += 1
          if next == "-" {
            index += 1
            result += "—"
          } else {
            result += "–"
          }
        case "`" where next == "`":
          index += 1
          result += "“"
        case "'" where next == "'":
          index += 1
          result += "”"
        case "'": result += "’"
        case "\\": result += command()
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result
    }

    /// What follows a backslash.
    private mutating func command() -> String {
      guard let first = next else { return "" }
      index += 1
      if let accent = TeXText.accents[first], !isLetter(first) { return accented(accent) }
      guard isLetter(first) else {
        if first == "\\" || first == " " { return " " }
        if first == "-" || first == "/" || first == "," { return "" }
        return String(first)
      }
      var name = String(first)
      while let scalar = next, isLetter(scalar) {
        name.unicodeScalars.append(scalar)
        index += 1
      }
      if name.unicodeScalars.count == 1, let accent = TeXText.accents[first] {
        skipSpaces()
        return accented(accent)
      }
      skipSpaces()
      // A command without a meaning of its own hands on its argument, which follows as text.
      return TeXText.symbols[name] ?? ""
    }

    /// The next letter, maybe in braces or the dotless `\i`, under a combining mark.
    private mutating func accented(_ mark: Unicode.Scalar) -> String {
      skipSpaces()
      var letter = ""
      if next == "{" {
        index += 1
        letter = depth < 16 ? nested() : ""
      } else if next == "\\" {
        index += 1
        letter = command()
      } else if let scalar = next {
        index += 1
        letter = String(scalar)
      }
      if letter == "ı" { letter = "i" }
      if letter == "ȷ" { letter = "j" }
      guard let first = letter.unicodeScalars.first else { return "" }
      var composed = String(first)
      composed.unicodeScalars.append(mark)
      let rest = String(String.UnicodeScalarView(letter.unicodeScalars.dropFirst()))
      return TeXText.composed(composed) + rest
    }

    private mutating func nested() -> String {
      depth += 1
      defer { depth -= 1 }
      return text(until: "}")
    }

    private mutating func skipSpaces() {
      while next == " " || next == "\n" || next == "\t" { index += 1 }
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
  }

  private static let accents: [Unicode.Scalar: Unicode.Scalar] = [
    "\"": "\u{308}", "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "~": "\u{303}",
    "=": "\u{304}", ".": "\u{307}", "u": "\u{306}", "v": "\u{30C}", "H": "\u{30B}",
    "c": "\u{327}", "d": "\u{323}", "b": "\u{331}", "r": "\u{30A}", "k": "\u{328}",
    "t": "\u{361}",
  ]

  private static let symbols = [
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "ng": "ŋ", "NG": "Ŋ", "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…",
    "textquoteright": "’", "textquoteleft": "‘", "copyright": "©", "S": "§", "P": "¶",
    "alpha": "α", "beta": "β", "gamma": "γ", "epsilon": "ε", "lambda": "λ", "mu": "μ", "phi": "φ",
    "infty": "∞", "times": "×", "log": "log", "TeX": "TeX", "LaTeX": "LaTeX",
  ]

  /// One character where Unicode has one.
  private static func composed(_ text: String) -> String {
    text.precomposedStringWithCanonicalMapping
  }

  /// For sorting: without accents and case.
  static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars
    where scalar.properties.generalCategory != .nonspacingMark {
      result.append(scalar)
    }
    return String(result)
  }
}

extension String {
  /// Blanks and line ends as single spaces, none at the ends.
  fileprivate var normalizedSpaces: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
