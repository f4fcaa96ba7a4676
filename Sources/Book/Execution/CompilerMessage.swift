/// One error or warning in the text that `swiftc` prints, with the notes that follow it.
package struct CompilerMessage: Equatable, Sendable {
  package enum Severity: String, Sendable { case error, warning, note, remark }

  package struct Location: Equatable, Sendable {
    package var file: String
    package var line: Int
    package var column: Int
  }

  package var severity: Severity
  /// nil when the compiler names none.
  package var location: Location?
  package var text: String
  package var notes: [CompilerMessage] = []
  /// Set when the message is about the compiler and not from it.
  private var ownHint: String?

  /// Something about the compiler itself.
  init(fatal text: String, hint: String?) {
    self.init(severity: .error, text: text)
    ownHint = hint
  }

  /// All messages of an output in the style of LLVM: `file:line:column: error: text`, then the
  /// source line and a caret, which are left out. The same message twice is one.
  package static func messages(in output: String) -> [CompilerMessage] {
    var messages: [CompilerMessage] = []
    for line in output.split(separator: "\n") {
      guard let message = CompilerMessage(line: line) else { continue }
      if message.severity == .note, !messages.isEmpty {
        messages[messages.count - 1].notes.append(message)
      } else if message.severity != .note, message.severity != .remark {
        messages.append(message)
      }
    }
    var unique: [CompilerMessage] = []
    for message in messages {
      let isKnown = unique.contains {
        $0.location == message.location && $0.text == message.text
          && $0.severity == message.severity
      }
      if !isKnown { unique.append(message) }
    }
    return unique
  }

  private init?(line: Substring) {
    for severity in [Severity.error, .warning, .note, .remark] {
      let word = "\(severity.rawValue): "
      if line.hasPrefix(word) {
        self.init(severity: severity, text: String(line.dropFirst(word.count)))
        return
      }
      guard let range = line.firstRange(of: ": \(word)") else { continue }
      self.init(severity: severity, text: Self.withoutGroup(line[range.upperBound...]))
      let place = line[..<range.lowerBound].split(
        separator: ":", omittingEmptySubsequences: false)
      if place.count >= 3, let column = Int(place[place.count - 1]),
        let line = Int(place[place.count - 2])
      {
        location = Location(
          file: place.dropLast(2).joined(separator: ":"), line: line, column: column)
      } else if line[..<range.lowerBound].contains(where: { $0 == " " || $0 == "\"" }) {
        // A source line that happens to hold the word.
        return nil
      }
      return
    }
    return nil
  }

  /// Without the name of the message's group: `… [#no-usage]`.
  private static func withoutGroup(_ text: Substring) -> String {
    guard text.hasSuffix("]"), let start = text.lastIndex(of: "["),
      text[start...].hasPrefix("[#")
    else { return String(text) }
    return String(text[..<start].dropLast(text[..<start].hasSuffix(" ") ? 1 : 0))
  }

  private init(severity: Severity, text: String) {
    self.severity = severity
    self.text = text
  }

  /// Where in the chapter: the message's own place, or that of a note when the message points behind
  /// the end of the chapter's code (a brace that is never closed), or the expression whose value a
  /// line of ours could not use.
  func place(
    in map: ChapterMap, path: String, generated: [Program.Generated]
  ) -> ChapterMap.Place? {
    for location in [location] + notes.map(\.location) {
      if let location, location.file == path,
        let place = map.place(line: location.line, column: location.column)
      {
        return place
      }
    }
    guard let location, location.file != path else { return nil }
    return generated.filter { $0.lines.contains(location.line) }
      .min { $0.lines.count < $1.lines.count }
      .map { ChapterMap.Place(item: $0.item, part: $0.part, line: 0, column: 0) }
  }

  /// The message in the chapter's terms: what we ask of a value in prose is not the author's code.
  package var sentence: String {
    let type = text.firstRange(of: "requires that '").map { range in
      text[range.upperBound...].prefix { $0 != "'" }
    }
    guard let type else { return text }
    if isAboutShow { return "show does not know how to show a value of type '\(type)'" }
    if text.hasSuffix("conform to 'ProseValue'") {
      return "a value of type '\(type)' cannot be written into a sentence"
    }
    if text.hasSuffix("conform to 'RealValue'") {
      return "a value of type '\(type)' is not one number"
    }
    return text
  }

  private var isAboutShow: Bool {
    text.contains("'show'") && text.contains("requires that '")
  }

  /// What to do, where the compiler's own words do not say it.
  package func hint(in chapter: Chapter, item: Int?) -> String? {
    if let ownHint { return ownHint }
    if text.contains("unable to type-check this expression in reasonable time") {
      return "split this line into named parts; look for an Int where a Float belongs"
    }
    if isAboutShow {
      return "show what it holds, or let it conform to CustomStringConvertible"
    }
    if text.contains("conform to 'ProseValue'") {
      return "write a number, a string, or \"\\(…)\" around it"
    }
    if text.contains("conform to 'RealValue'") {
      return "one number is a Double, Float or Int, or a tensor of one element"
    }
    if text.hasPrefix("no such module") {
      return "a chapter can import Foundation and what the book's library has: "
        + ProgramWriter.modules.joined(separator: ", ") + " (imported already)"
    }
    if text.hasPrefix("binary operator"), text.contains("'Int'"),
      text.contains("'Float'") || text.contains("'Double'") || text.contains("'Tensor'")
    {
      return "Swift converts no number by itself: write Float(n) for an Int n"
    }
    if text.hasPrefix("invalid redeclaration"),
      let first = notes.lazy.compactMap(\.location).first(where: { $0.file == chapter.path })
    {
      return
        "it is declared already, at line \(first.line); choose another name, or change that one"
    }
    if let name = missingName ?? quoted(after: "cannot find type '") {
      return hint(missing: name, in: chapter, item: item)
    }
    return fixIt
  }

  /// The compiler's own suggestion.
  private var fixIt: String? {
    notes.first { $0.text.hasPrefix("did you mean") || $0.text.hasPrefix("add ") }?.text
  }

  /// The value that no code in sight declares.
  var missingName: String? { quoted(after: "cannot find '") }

  /// The variable that is used here and that a program marked.
  var markedName: String? { text.contains(ProgramWriter.mark) ? quoted(after: "'") : nil }

  private func quoted(after prefix: String) -> String? {
    guard text.hasPrefix(prefix) else { return nil }
    let rest = text.dropFirst(prefix.count)
    return rest.firstIndex(of: "'").map { String(rest[..<$0]) }
  }

  private func hint(missing name: String, in chapter: Chapter, item: Int?) -> String? {
    for (index, other) in chapter.items.enumerated() {
      guard case .cell(let cell) = other, index != item, cell.declares(name) else { continue }
      let line = cell.sourcePosition.line
      if !cell.isRun {
        return "'\(name)' is declared at line \(line), in a cell marked norun, which does not run"
      }
      if cell.expectsError {
        return "'\(name)' is declared at line \(line), in a cell that is expected to fail"
      }
      if index > item ?? 0 { return "'\(name)' is declared in a later cell, at line \(line)" }
    }
    let foundation: Set = [
      "Data", "Date", "DateFormatter", "FileManager", "JSONDecoder", "JSONEncoder", "NSNumber",
      "NSRegularExpression", "NumberFormatter", "ProcessInfo", "Thread", "URL", "UUID",
    ]
    return foundation.contains(name) ? "add 'import Foundation' to the cell" : fixIt
  }
}

extension Cell {
  /// Whether a line of the cell declares this name, as far as a glance tells.
  fileprivate func declares(_ name: String) -> Bool {
    source.split(separator: "\n").contains { line in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      let keywords: Set<Substring> = [
        "let", "var", "func", "struct", "class", "enum", "actor", "protocol", "typealias",
      ]
      return zip(words, words.dropFirst()).contains { keywords.contains($0) && $1 == name }
    }
  }
}
