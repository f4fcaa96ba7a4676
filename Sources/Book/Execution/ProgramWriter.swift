import Markdown

/// Writes the Swift source of a chapter.
///
/// Cells stand at top level, in order. An expression from the prose becomes a constant of its own,
/// whose declaration begins on the line before, so that the expression keeps its own line and column:
/// a compiler error points into the Markdown.
package struct ProgramWriter {
  /// nil for code that is no chapter's.
  private let chapter: Chapter?
  private var source = ""
  private var parts: [Program.Part] = []
  private var generated: [Program.Generated] = []
  private var line = 1

  /// What every chapter sees without an import of its own.
  static let modules = ["Cells", "Networks", "Plots", "SelfSupervised", "Tensors"]

  /// All that runs. Cells expected to fail are left out, but those in `stopping`, which compile and
  /// must stop when run.
  package static func program(of chapter: Chapter, stopping: Set<Int> = []) -> Program {
    var writer = ProgramWriter(chapter)
    writer.add("ChapterProgram.start()\n")
    writer.addItems(chapter.items, stopping: stopping)
    return writer.program
  }

  /// What the compiler says of every use of a variable that is marked.
  static let mark = "marked by sslbook"

  /// All up to a cell whose statement, `offset` bytes behind its start, is marked: compiled to see
  /// where the variables that it declares are used, never run.
  static func program(of chapter: Chapter, marking cell: Int, offset: Int) -> Program {
    var writer = ProgramWriter(chapter)
    writer.addItems(Array(chapter.items[..<cell]), stopping: [])
    if case .cell(let marked) = chapter.items[cell] { writer.add(marked, markingAt: offset) }
    return writer.program
  }

  /// Asks for each of these names whether the library or Swift has it already: a line each, that the
  /// compiler refuses for a name that is new. Never run.
  static func names(_ names: [String]) -> Program {
    var writer = ProgramWriter(nil)
    for name in names { writer.add("_ = \(name)\n") }
    return writer.program
  }

  private var program: Program {
    Program(source: source, parts: parts, generated: generated)
  }

  private mutating func addItems(_ items: [Chapter.Item], stopping: Set<Int>) {
    for (index, item) in items.enumerated() {
      parts.append(.init(item: index, text: ""))
      switch item {
      case .cell(let cell):
        if cell.runs {
          add(item: index) { $0.add(cell) }
        } else if cell.isRun, stopping.contains(index) {
          add(item: index) {
            $0.add("if ChapterProgram.expectsStop(\(index)) {\n")
            $0.add(cell)
            $0.add("ChapterProgram.didNotStop()\n}\n")
          }
        }
      case .value(let value):
        add(item: index) {
          $0.add(
            value.expression, at: value.expressionPosition, for: (index, 0),
            "ChapterProgram.value(\(index), ")
        }
      case .claim(let claim):
        add(item: index) {
          $0.add(
            claim.expression, at: claim.expressionPosition, for: (index, 0),
            "ChapterProgram.claim(\(index), ")
        }
      case .derivation(let derivation):
        add(item: index) { $0.add(derivation, item: index) }
      }
    }
  }

  /// One cell after the code that runs before it: compiled to see whether it does, never run.
  package static func check(of chapter: Chapter, cell index: Int) -> Program {
    var writer = ProgramWriter(chapter)
    for (earlier, item) in chapter.items.prefix(index + 1).enumerated() {
      guard case .cell(let cell) = item else { continue }
      if earlier == index || cell.runs {
        writer.parts.append(.init(item: earlier, text: ""))
        writer.add(cell)
      }
    }
    return writer.program
  }

  private init(_ chapter: Chapter?) {
    self.chapter = chapter
    parts = [.init(item: nil, text: "")]
    for module in Self.modules { add("import \(module)\n") }
    guard chapter != nil else { return }
    add("#if canImport(Glibc)\nimport Glibc\n#elseif canImport(Darwin)\nimport Darwin\n#endif\n")
  }

  /// Text that counts in the keys.
  private mutating func add(_ text: String) {
    write(text)
    parts[parts.count - 1].text += text
  }

  private mutating func write(_ text: String) {
    source += text
    for byte in text.utf8 where byte == UInt8(ascii: "\n") { line += 1 }
  }

  private mutating func add(item index: Int, _ body: (inout ProgramWriter) -> Void) {
    let start = line
    add("ChapterProgram.begin(\(index))\n")
    body(&self)
    add("ChapterProgram.end(\(index))\n")
    generated.append(.init(lines: start..<line, item: index, part: 0))
  }

  /// The following line gets this number. Not part of the keys.
  private mutating func place(line number: Int) {
    let path = (chapter?.path ?? "").unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\u{0}"..<" ", "\u{7f}": text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    write("#sourceLocation(file: \"\(path)\", line: \(number))\n")
  }

  private mutating func endPlace() { write("#sourceLocation()\n") }

  private mutating func add(_ cell: Cell) {
    place(line: cell.sourcePosition.line)
    add(cell.source)
    if !cell.source.hasSuffix("\n") { add("\n") }
    endPlace()
  }

  /// What follows the mark keeps its lines and columns.
  private mutating func add(_ cell: Cell, markingAt offset: Int) {
    let bytes = Array(cell.source.utf8)
    place(line: cell.sourcePosition.line)
    write(String(decoding: bytes[..<offset], as: UTF8.self) + "\n")
    endPlace()
    // No directive may stand between the two.
    place(line: cell.sourcePosition.line + cell.lineBreaks(before: offset) - 1)
    write("@available(*, deprecated, message: \"\(Self.mark)\")\n")
    write(String(repeating: " ", count: cell.column(of: offset)))
    write(String(decoding: bytes[offset...], as: UTF8.self) + "\n")
    endPlace()
  }

  /// - Parameter call: the beginning of the call that tells the value.
  private mutating func add(
    _ expression: String, at position: SourcePosition, for region: (item: Int, part: Int),
    _ call: String
  ) {
    // In parentheses it can only be one expression.
    let declaration = "let chapterValue__ = ("
    let padding = max(0, position.column - 1)
    let start = line
    add("do {\n")
    if position.line > 1 {
      place(line: position.line - 1)
      add(declaration)
      write("\n" + String(repeating: " ", count: padding))
    } else {
      place(line: 1)
      add(declaration)
      write(String(repeating: " ", count: max(1, padding - declaration.utf8.count)))
    }
    // On the same line the compiler has a place for what the expression leaves out at its end.
    add(expression.contains("//") ? "\(expression)\n)\n" : "\(expression) )\n")
    endPlace()
    add("\(call)chapterValue__)\n}\n")
    generated.append(.init(lines: start..<line, item: region.item, part: region.part))
  }

  private mutating func add(_ derivation: Derivation, item: Int) {
    for sample in derivation.samples {
      place(line: sample.position.line)
      write(String(repeating: " ", count: max(0, sample.position.column - 1 - 4)))
      add("for \(sample.variable) in \(sample.sequence) {\n")
      endPlace()
    }
    let names = derivation.samples.map { sample in
      "(\"\(sample.variable)\", \(sample.variable))"
    }.joined(separator: ", ")
    for (index, step) in derivation.steps.enumerated() {
      add(
        step.expression, at: step.expressionPosition, for: (item, index),
        "ChapterProgram.step(\(item), \(index), [\(names)], ")
    }
    add(String(repeating: "}\n", count: derivation.samples.count))
  }
}
