import Markdown

/// The first lines of a cell or derivation: `//| key: value`, in Quarto's manner.
///
/// A value may be quoted; a line `//|    more words`, indented by two or more, goes on with the
/// value above.
struct CellOptions {
  struct Option {
    var key: String
    var lines: [(text: String, position: SourcePosition)]
    var position: SourcePosition
    var hasColon: Bool

    var value: String { lines.map(\.text).joined(separator: " ") }
    var valuePosition: SourcePosition { lines.first?.position ?? position }
  }

  private let block: String
  private(set) var options: [Option] = []
  private(set) var faults: [(fault: ChapterFault, position: SourcePosition)] = []
  /// What stands below the options, and where.
  private(set) var rest = ""
  private(set) var restPosition: SourcePosition

  static func keys(of block: String) -> [String] {
    block == "cell"
      ? ["label", "caption", "alt", "echo", "output", "timeout", "expect"]
      : ["label", "caption", "sample", "tolerance"]
  }

  private static let reserved = ["live", "slider", "toggle", "choice"]

  init(of code: CodeBlock, block: String) {
    self.block = block
    restPosition = code.contentPosition
    var lines = code.literal.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var number = 0
    while number < lines.count, let text = Self.optionText(lines[number]) {
      add(
        text.text,
        at: SourcePosition(
          line: code.contentPosition.line + number,
          column: code.contentPosition.column + text.offset))
      number += 1
    }
    restPosition.line += number
    for (index, line) in lines[number...].prefix(while: Self.isComment).enumerated() {
      guard let (key, written, offset) = Self.comment(line, naming: Self.keys(of: block)) else {
        continue
      }
      faults.append(
        (
          .optionAsComment(key, written: written),
          SourcePosition(
            line: restPosition.line + index, column: restPosition.column + offset)
        ))
    }
    for (index, line) in lines[number...].enumerated() {
      guard let text = Self.optionText(line) else { continue }
      let key = text.text.prefix { $0 != ":" }.trimmingBlanks
      faults.append(
        (
          .optionAfterCode(String(key)),
          SourcePosition(
            line: restPosition.line + index, column: restPosition.column + text.offset)
        ))
    }
    rest = lines[number...].map { $0 + "\n" }.joined()
    checkKeys()
  }

  /// What follows `//|`, and how many bytes stand before it.
  private static func optionText(_ line: Substring) -> (text: Substring, offset: Int)? {
    let text = line.drop { $0 == " " || $0 == "\t" }
    guard text.hasPrefix("//|") else { return nil }
    let rest = text.dropFirst(3)
    return (rest, line.utf8.count - rest.utf8.count)
  }

  private static func isComment(_ line: Substring) -> Bool {
    let text = line.trimmingBlanks
    return text.isEmpty || text.hasPrefix("//") || text.hasPrefix("#") || text.hasPrefix("%")
  }

  /// `#| label: fig-x`, `// | label: fig-x` or `//: label: fig-x`
  private static func comment(
    _ line: Substring, naming keys: [String]
  ) -> (key: String, written: String, offset: Int)? {
    guard let match = line.wholeMatch(of: #/\s*((?:\/\/+|#|%%|--) *[|:!]) *([\w-]+) *[:=].*/#),
      match.1 != "//|", keys.contains(String(match.2))
    else { return nil }
    let offset = line.utf8.distance(from: line.startIndex, to: match.1.startIndex)
    return (String(match.2), String(match.1), offset)
  }

  private mutating func add(_ text: Substring, at position: SourcePosition) {
    let content = text.drop { $0 == " " || $0 == "\t" }
    let indent = text.utf8.count - content.utf8.count
    let start = SourcePosition(line: position.line, column: position.column + indent)
    if indent >= 2, !options.isEmpty {
      let line = content.trimmingBlanks
      if !line.isEmpty { options[options.count - 1].lines.append((String(line), start)) }
      return
    }
    let key = content.prefix { $0 != ":" }
    guard !key.trimmingBlanks.isEmpty else {
      faults.append((.malformedOption, start))
      return
    }
    let hasColon = key.endIndex < content.endIndex
    let tail = hasColon ? content[content.index(after: key.endIndex)...] : ""
    let value = tail.drop { $0 == " " || $0 == "\t" }
    let offset = content.utf8.count - value.utf8.count
    options.append(
      Option(
        key: String(key.trimmingBlanks),
        lines: value.trimmingBlanks.isEmpty
          ? []
          : [
            (
              String(value.trimmingBlanks),
              SourcePosition(line: start.line, column: start.column + offset)
            )
          ],
        position: start, hasColon: hasColon))
  }

  private mutating func checkKeys() {
    var seen: [String: Int] = [:]
    let keys = Self.keys(of: block)
    options = options.filter { option in
      if block == "cell", Self.reserved.contains(option.key) {
        faults.append((.notInThisVersion(option: option.key), option.position))
        return false
      }
      guard keys.contains(option.key) else {
        let nearest = Spelling.nearest(to: option.key, among: keys)
        faults.append(
          (.unknownOption(option.key, nearest: nearest, block: block), option.position))
        return false
      }
      if let line = seen[option.key], option.key != "sample" {
        faults.append((.optionTwice(option.key, firstLine: line), option.position))
        return false
      }
      seen[option.key] = option.position.line
      if option.lines.isEmpty {
        faults.append((.optionWithoutValue(option.key), option.position))
        return false
      }
      return true
    }
    for index in options.indices { Self.unquote(&options[index].lines) }
  }

  /// Removes quotation marks around a whole value.
  private static func unquote(_ lines: inout [(text: String, position: SourcePosition)]) {
    guard let first = lines.first?.text.first, first == "\"" || first == "'",
      let last = lines.last, last.text.last == first,
      lines.count > 1 || last.text.count >= 2,
      !lines[0].text.dropFirst().dropLast().contains(first)
    else { return }
    lines[lines.count - 1].text.removeLast()
    lines[0].text.removeFirst()
    lines[0].position.column += 1
  }

  // MARK: Meaning

  mutating func apply(to cell: inout Cell) {
    for option in options {
      let value = option.value
      switch option.key {
      case "label": cell.label = label(option, prefixes: ["fig-", "tbl-", "lst-"])
      case "caption":
        cell.caption = value
        cell.captionPosition = option.valuePosition
        cell.captionContent = MarkdownParser.inlines(option.lines)
      case "alt": cell.alt = Self.alt(option)
      case "echo":
        if let echo = Cell.Echo(rawValue: value) {
          cell.echo = echo
        } else {
          wrong(option, "true, false or fold")
        }
      case "output":
        if value == "true" || value == "false" {
          cell.showsOutput = value == "true"
        } else {
          wrong(option, "true or false")
        }
      case "timeout":
        if let seconds = Double(value), seconds > 0, seconds <= 86_400 {
          cell.timeout = seconds
        } else {
          wrong(option, "a number of seconds, more than 0 and at most 86400")
        }
      default:
        guard value == "error" || value.hasPrefix("error:") else {
          wrong(option, "'error', or 'error: part of its message'")
          continue
        }
        cell.expectsError = true
        cell.expectedMessage = String(value.dropFirst(6).trimmingBlanks)
      }
    }
  }

  mutating func apply(to derivation: inout Derivation) {
    for option in options {
      switch option.key {
      case "label": derivation.label = label(option, prefixes: ["eq-"])
      case "caption":
        derivation.caption = option.value
        derivation.captionContent = MarkdownParser.inlines(option.lines)
      case "sample":
        if let sample = sample(option) { derivation.samples.append(sample) }
      default:
        // At 1 a number is as near to 0 as to itself, and a step says nothing.
        if let tolerance = Double(option.value), tolerance > 0, tolerance < 1 {
          derivation.tolerance = tolerance
        } else {
          wrong(option, "a number between 0 and 1, such as 1e-6")
        }
      }
    }
  }

  /// An alternative text is read as it stands but for values and claims.
  private static func alt(_ option: Option) -> [Inline] {
    guard option.value.contains("`{") else {
      return [Inline(.text(option.value), at: option.valuePosition)]
    }
    return MarkdownParser.inlines(option.lines)
  }

  private mutating func wrong(_ option: Option, _ expected: String) {
    faults.append(
      (
        .wrongValue(option: option.key, value: option.value, expected: expected),
        option.valuePosition
      ))
  }

  private mutating func label(_ option: Option, prefixes: [String]) -> String? {
    let value = option.value
    let isName = value.utf8.allSatisfy {
      ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39
        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    if isName, prefixes.contains(where: { value.hasPrefix($0) && value.count > $0.count }) {
      return value
    }
    faults.append((.wrongLabel(value, prefixes: prefixes), option.valuePosition))
    return nil
  }

  /// `K in 2...6`
  private mutating func sample(_ option: Option) -> Derivation.Sample? {
    let value = option.value
    let name = value.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let rest = value[name.endIndex...].drop { $0 == " " }
    let sequence = rest.dropFirst(2).trimmingBlanks
    guard let first = name.first, !first.isNumber, name.endIndex < rest.startIndex,
      rest.hasPrefix("in "), !sequence.isEmpty
    else {
      faults.append((.wrongSample(value), option.valuePosition))
      return nil
    }
    return Derivation.Sample(
      variable: String(name), sequence: String(sequence), position: option.valuePosition)
  }
}

extension Substring {
  var trimmingBlanks: Substring {
    var text = drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
