import Markdown

/// Finds what an author meant as a notation of the book and a page would show as it stands: a label
/// where none can be, a formula that is not one, a caption without a table.
///
/// The tree no longer tells `{` from `\{`, so that a find counts only if the file has it without a
/// backslash.
struct LostNotation {
  typealias Found = (fault: ChapterFault, position: SourcePosition)

  /// Where a text stands.
  enum Place { case paragraph, heading, other }

  private let source: SourceText
  private(set) var found: [Found] = []

  init(_ source: SourceText) { self.source = source }

  mutating func read(_ content: [Inline], in place: Place) {
    for (index, inline) in content.enumerated() {
      switch inline.kind {
      case .text(let text):
        let before = index > 0 ? content[index - 1].kind : nil
        let startsLine = before == nil || before == .softBreak || before == .lineBreak
        if startsLine, place == .paragraph {
          readLine(text, at: inline.position, opensParagraph: before == nil)
        }
        readText(text, at: inline.position, in: place, behind: before)
      case .code(let code) where ItemReader.isSpan(code):
        if index > 0, Self.isBetweenDollars(content[index - 1], content[(index + 1)...].first) {
          found.append(
            (
              .shownAsItStands(
                "'$' around a value or a claim", write: "the formula without it, or it alone"),
              inline.position
            ))
        }
      case .emphasis(let inner), .strong(let inner), .link(_, _, let inner):
        read(inner, in: .other)
      case .citation(let citation):
        if citation.entries.contains(where: { $0.locator.contains("@") }) {
          found.append(
            (.shownAsItStands("'@' behind a comma", write: "[@a; @b]"), inline.position))
        }
      default: break
      }
    }
  }

  private mutating func report(
    _ text: some StringProtocol, in line: String, at position: SourcePosition, write hint: String
  ) {
    guard let offset = offset(of: text, in: line, at: position) else { return }
    let place = SourcePosition(line: position.line, column: position.column + offset)
    // The same text may have stood before it, behind a backslash.
    guard found.last?.position != place else { return }
    found.append((.shownAsItStands("'\(text.prefix(60))'", write: hint), place))
  }

  /// Bytes from the beginning of a text to a part of it, as the file has it; nil if the file has it
  /// behind a backslash only.
  private func offset(
    of part: some StringProtocol, in text: String, at position: SourcePosition
  ) -> Int? {
    let line = position.line - 1
    guard line < source.lineCount else { return nil }
    let start = source.lineStarts[line] + position.column - 1
    guard start <= source.lineEnds[line] else { return nil }
    let bytes = source.bytes[start..<source.lineEnds[line]]
    let wanted = Array(part.utf8)
    return bytes.indices.first {
      bytes[$0...].starts(with: wanted)
        && ($0 == 0 || source.bytes[$0 - 1] != UInt8(ascii: "\\"))
    }.map { $0 - start }
  }

  // MARK: Lines

  private mutating func readLine(
    _ text: String, at position: SourcePosition, opensParagraph: Bool
  ) {
    switch text.utf8.first {
    case UInt8(ascii: ":"):
      if opensParagraph, text.hasPrefix(": "), !text.contains("{#") {
        report(":", in: text, at: position, write: "a table right above its caption ': …'")
      } else if text.hasPrefix("::"), !text.hasPrefix(":::"),
        text.dropFirst(2).drop(while: \.isBlank).first.map({ $0.isLetter || $0 == "{" }) ?? false
      {
        report("::", in: text, at: position, write: "a block as '::: name' … ':::'")
      }
    case UInt8(ascii: "!"):
      if text.hasPrefix("!!! ") {
        report("!!!", in: text, at: position, write: "a block as '::: note' … ':::'")
      }
    case UInt8(ascii: "["):
      let word = text.dropFirst(2).prefix { $0 != "]" }
      if text.hasPrefix("[!"), ItemReader.blocks.contains(word.lowercased()) {
        report(
          "[!\(word)]", in: text, at: position, write: "'::: \(word.lowercased())' … ':::'")
      } else if text.prefix(while: { $0 != "]" }).contains(where: { "\\^_=".contains($0) }) {
        reportFormulaInBrackets(at: position)
      }
    case UInt8(ascii: "|"), UInt8(ascii: "-"):
      if text.contains("|"), text.contains("-"), text.utf8.allSatisfy(Self.isDash) {
        report(
          text, in: text, at: position,
          write: "a table's row of dashes below a header of as many cells")
      }
    default: break
    }
  }

  /// `\[x = 1\]` or `\[ x \] and so on` opens no formula.
  private mutating func reportFormulaInBrackets(at position: SourcePosition) {
    let start = source.lineStarts[position.line - 1] + position.column - 1
    guard source.bytes[start...].starts(with: "\\[".utf8) else { return }
    found.append((.bracketsForFormula, position))
  }

  private static func isDash(_ byte: UInt8) -> Bool { "|-: ".utf8.contains(byte) }

  // MARK: Texts

  private mutating func readText(
    _ text: String, at position: SourcePosition, in place: Place, behind before: Inline.Kind?
  ) {
    // Most texts hold nothing of all this.
    guard text.utf8.contains(where: Self.isTrigger), !text.hasPrefix(":::") else { return }
    for mark in ["`{claim}", "`{swift}"] where text.contains(mark) {
      report(mark, in: text, at: position, write: "a backtick behind it as well")
    }
    readBraces(text, at: position, in: place, behind: before)
    for match in text.matches(of: #/\\([A-Za-z]{2,})\{/#) {
      report(
        match.0, in: text, at: position, write: Self.hint(forCommand: String(match.1)))
    }
    if let match = text.firstMatch(of: #/\$ [^$]*[\\^_={][^$]* \$/#) {
      report(match.0, in: text, at: position, write: "'$x$', without blanks inside")
    } else if let match = text.firstMatch(of: #/\$\\[A-Za-z]+/#) {
      report(match.0, in: text, at: position, write: "a dollar behind the formula as well: '$x$'")
    }
    if let match = text.firstMatch(of: #/\^\[[^\[\]]+\]/#) {
      report(
        match.0, in: text, at: position, write: "'[^1]', and its text in a line '[^1]: …'")
    }
  }

  private static func isTrigger(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "^"): true
    default: false
    }
  }

  private static func hint(forCommand name: String) -> String {
    switch name {
    case "ref", "eqref", "autoref", "cref", "Cref": "'@fig-x', '@eq-x' or '@sec-x'"
    case "label": "'{#eq-x}' behind '$$', or '{#sec-x}' behind a heading"
    case _ where name.lowercased().contains("cite"): "'[@key]'"
    default: "a formula between dollars: '$x$', or '$$x$$' on a line of its own"
    }
  }

  private mutating func readBraces(
    _ text: String, at position: SourcePosition, in place: Place, behind before: Inline.Kind?
  ) {
    for match in text.matches(of: #/\{([^{}]*)\}/#) {
      let name = Self.label(in: match.1)
      // `\ref{fig-x}` is a command.
      let isArgument = text[..<match.range.lowerBound].last?.isLetter ?? false
      guard name != nil && !isArgument || Self.isAttributes(match.1) else { continue }
      let hint: String
      if match.range.lowerBound == text.startIndex, case .image? = before {
        hint = "the label on a cell that shows the figure, for an image has none"
      } else if place == .heading {
        hint = "'{#\(name ?? "sec-x")}' or '{#\(name ?? "sec-x") .unnumbered}' behind the heading"
      } else if let name {
        hint =
          "'{#\(name)}' behind a heading, behind '$$' or in the caption ': …' below a table"
      } else {
        hint = "'::: {.name}' … ':::' around it, or no braces"
      }
      report(match.0, in: text, at: position, write: hint)
    }
  }

  /// `sec-x` of `#sec-x`, `sec-x` or `# sec-x .b`.
  private static func label(in braces: Substring) -> String? {
    let words = braces.split(whereSeparator: { $0.isBlank || $0 == "#" })
    return words.first { Outline.Kind.named(byPrefixOf: String($0)) != nil }.map(String.init)
  }

  /// What Pandoc reads as attributes: `#id`, `.class`, `key=value`, `-`.
  private static func isAttributes(_ braces: Substring) -> Bool {
    let text = braces.drop(while: \.isBlank)
    if text.allSatisfy({ $0 == "-" || $0.isBlank }) { return text.first == "-" }
    guard let first = text.first else { return false }
    let rest = text.dropFirst()
    if first == "#" || first == "." { return rest.first?.isLetter ?? false }
    return text.prefixMatch(of: #/[A-Za-z][A-Za-z-]*=["'A-Za-z0-9]/#) != nil
  }

  // MARK: Spans

  /// `$x = ` before a span and `$` behind it, by the rule of formulas.
  private static func isBetweenDollars(_ before: Inline, _ behind: Inline?) -> Bool {
    guard case .text(let opening) = before.kind, case .text(let closing)? = behind?.kind,
      let open = opening.lastIndex(of: "$"), let close = closing.firstIndex(of: "$")
    else { return false }
    let next = opening[open...].dropFirst().first
    return next?.isWhitespace != true && closing[..<close].last?.isWhitespace != true
      && closing[close...].dropFirst().first?.isNumber != true
      && opening.count(where: { $0 == "$" }) % 2 == 1
  }
}

extension Character {
  fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
