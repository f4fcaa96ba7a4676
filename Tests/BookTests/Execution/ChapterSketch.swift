import Book
import Markdown

/// A chapter made from text by a few plain rules, so that these tests do not hang on the parser:
/// fences of Swift with `norun` and options, derivations, and code spans with `{swift}` and `{claim}`
/// (`{claim} EXPRESSION RELATION NUMBER ± TOLERANCE`, all parts present).
enum ChapterSketch {
  static func chapter(_ text: String, path: String = "chapters/test.md") -> Chapter {
    var items: [Chapter.Item] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var index = 0
    while index < lines.count {
      let line = lines[index]
      if let range = line.firstRange(of: "```"), line[..<range.lowerBound].allSatisfy({ $0 == " " })
      {
        let indentation = line[..<range.lowerBound].count
        let info = line[range.upperBound...].split(separator: " ").map(String.init)
        let start = index
        var body: [String] = []
        index += 1
        while index < lines.count, !lines[index].contains("```") {
          body.append(String(lines[index].dropFirst(indentation)))
          index += 1
        }
        let position = SourcePosition(line: start + 1, column: indentation + 1)
        if info.first == "swift" {
          items.append(.cell(cell(info, body, position)))
        } else if info.first == "derivation" {
          items.append(.derivation(derivation(body, position)))
        }
      } else {
        items += spans(of: line, number: index + 1)
      }
      index += 1
    }
    return Chapter(
      path: path, slug: "test", title: "Test", document: Document(blocks: []), items: items)
  }

  private static func options(_ body: [String]) -> [(name: String, value: String)] {
    body.prefix { $0.hasPrefix("//| ") }.map { line in
      let parts = line.dropFirst(4).split(separator: ":", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? parts[1].trimmed : "true")
    }
  }

  private static func cell(_ info: [String], _ body: [String], _ position: SourcePosition) -> Cell {
    let options = options(body)
    func option(_ name: String) -> String? { options.first { $0.name == name }?.value }
    return Cell(
      position: position,
      source: body.dropFirst(options.count).map { $0 + "\n" }.joined(),
      sourcePosition: SourcePosition(
        line: position.line + 1 + options.count, column: position.column),
      isRun: !info.contains("norun"), label: option("label"),
      timeout: option("timeout").flatMap(Double.init), expectsError: option("expect") == "error")
  }

  private static func derivation(_ body: [String], _ position: SourcePosition) -> Derivation {
    let options = options(body)
    var samples: [Derivation.Sample] = []
    for (number, option) in options.enumerated() where option.name == "sample" {
      let parts = option.value.split(separator: " ", maxSplits: 2).map(String.init)
      samples.append(
        .init(
          variable: parts[0], sequence: parts[2],
          position: SourcePosition(line: position.line + 1 + number, column: 13)))
    }
    let steps = body.enumerated().dropFirst(options.count).map { number, line in
      let range = line.firstRange(of: ";; ")!
      let line0 = position.line + 1 + number
      return Derivation.Step(
        relation: line.first.flatMap { Derivation.Relation(rawValue: String($0)) },
        tex: String(line[..<range.lowerBound]), expression: String(line[range.upperBound...]),
        position: SourcePosition(line: line0, column: 1),
        expressionPosition: SourcePosition(
          line: line0, column: line[..<range.upperBound].utf8.count + 1))
    }
    return Derivation(position: position, samples: samples, steps: steps)
  }

  private static func spans(of line: String, number: Int) -> [Chapter.Item] {
    var items: [Chapter.Item] = []
    var rest = line[...]
    while let open = rest.firstIndex(of: "`"),
      let close = rest[rest.index(after: open)...].firstIndex(of: "`")
    {
      let span = rest[rest.index(after: open)..<close]
      func position(_ index: Substring.Index) -> SourcePosition {
        SourcePosition(line: number, column: line[..<index].utf8.count + 1)
      }
      if span.hasPrefix("{swift} ") {
        let expression = span.dropFirst(8)
        items.append(
          .value(
            InlineValue(
              position: position(open), expression: String(expression),
              expressionPosition: position(expression.startIndex))))
      } else if span.hasPrefix("{claim} ") {
        let body = span.dropFirst(8)
        let words = body.split(separator: " ")
        let tail = words.suffix(4)
        let expression = body[..<words[words.count - 5].endIndex]
        items.append(
          .claim(
            InlineClaim(
              position: position(open), expression: String(expression),
              expressionPosition: position(expression.startIndex),
              relation: InlineClaim.Relation(rawValue: String(tail[tail.startIndex]))!,
              written: String(tail[tail.startIndex + 1]),
              writtenPosition: position(tail[tail.startIndex + 1].startIndex),
              stated: Double(tail[tail.startIndex + 1])!,
              tolerance: Double(tail[tail.startIndex + 3])!)))
      }
      rest = rest[rest.index(after: close)...]
    }
    return items
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
