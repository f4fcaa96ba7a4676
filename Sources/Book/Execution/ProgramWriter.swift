import Markdown

/// Writes the Swift source of a chapter.
///
/// Cells stand at top level, in order. An expression from the prose becomes the argument of a call
/// whose beginning is numbered as the line before, so that the expression keeps its own line and
/// column: a compiler error points into the Markdown.
struct ProgramWriter {
  private let chapter: Chapter
  private var source = ""
  private var parts: [Program.Part] = []

  /// What every chapter sees without an import of its own.
  static let modules = ["Cells", "Networks", "Plots", "SelfSupervised", "Tensors"]

  /// All that runs. Cells expected to fail are left out, but those in `stopping`, which compile and
  /// must stop when run.
  static func program(of chapter: Chapter, stopping: Set<Int> = []) -> Program {
    var writer = ProgramWriter(chapter)
    writer.add("ChapterProgram.start()\n")
    for (index, item) in chapter.items.enumerated() {
      writer.parts.append(.init(item: index, text: ""))
      switch item {
      case .cell(let cell):
        guard cell.isRun else { continue }
        if !cell.expectsError {
          writer.add(item: index) { $0.add(cell) }
        } else if stopping.contains(index) {
          writer.add(item: index) {
            $0.add("if ChapterProgram.expectsStop(\(index)) {\n")
            $0.add(cell)
            $0.add("ChapterProgram.didNotStop()\n}\n")
          }
        }
      case .value(let value):
        writer.add(item: index) {
          $0.add(
            value.expression, at: value.expressionPosition, in: "ChapterProgram.value(\(index),")
        }
      case .claim(let claim):
        writer.add(item: index) {
          $0.add(
            claim.expression, at: claim.expressionPosition, in: "ChapterProgram.claim(\(index),")
        }
      case .derivation(let derivation):
        writer.add(item: index) { $0.add(derivation, item: index) }
      }
    }
    return Program(source: writer.source, parts: writer.parts)
  }

  /// One cell after the code that runs before it: compiled to see whether it does, never run.
  static func check(of chapter: Chapter, cell index: Int) -> Program {
    var writer = ProgramWriter(chapter)
    for (earlier, item) in chapter.items.prefix(index + 1).enumerated() {
      guard case .cell(let cell) = item else { continue }
      if earlier == index || cell.isRun && !cell.expectsError {
        writer.parts.append(.init(item: earlier, text: ""))
        writer.add(cell)
      }
    }
    return Program(source: writer.source, parts: writer.parts)
  }

  private init(_ chapter: Chapter) {
    self.chapter = chapter
    parts = [.init(item: nil, text: "")]
    for module in Self.modules { add("import \(module)\n") }
    add("#if canImport(Glibc)\nimport Glibc\n#elseif canImport(Darwin)\nimport Darwin\n#endif\n")
  }

  /// Text of ours, which counts in the keys.
  private mutating func add(_ text: String) {
    source += text
    parts[parts.count - 1].text += text
  }

  private mutating func add(item index: Int, _ body: (inout ProgramWriter) -> Void) {
    add("ChapterProgram.begin(\(index))\n")
    body(&self)
    add("ChapterProgram.end(\(index))\n")
  }

  /// The following line gets this number. Not part of the keys.
  private mutating func place(line: Int) {
    let path = chapter.path.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\u{0}"..<" ", "\u{7f}": text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    source += "#sourceLocation(file: \"\(path)\", line: \(line))\n"
  }

  private mutating func endPlace() { source += "#sourceLocation()\n" }

  private mutating func add(_ cell: Cell) {
    place(line: cell.sourcePosition.line)
    add(cell.source)
    if !cell.source.hasSuffix("\n") { add("\n") }
    endPlace()
  }

  private mutating func add(_ expression: String, at position: SourcePosition, in call: String) {
    let padding = max(0, position.column - 1)
    if position.line > 1 {
      place(line: position.line - 1)
      add(call)
      source += "\n" + String(repeating: " ", count: padding)
    } else {
      place(line: 1)
      add(call)
      source += String(repeating: " ", count: max(0, padding - call.utf8.count))
    }
    add(expression)
    add("\n)\n")
    endPlace()
  }

  private mutating func add(_ derivation: Derivation, item: Int) {
    for sample in derivation.samples {
      place(line: sample.position.line)
      source += String(repeating: " ", count: max(0, sample.position.column - 1 - 4))
      add("for \(sample.variable) in \(sample.sequence) {\n")
      endPlace()
    }
    let names = derivation.samples.map { sample in
      "(\"\(sample.variable)\", \(sample.variable))"
    }.joined(separator: ", ")
    for (index, step) in derivation.steps.enumerated() {
      add(
        step.expression, at: step.expressionPosition,
        in: "ChapterProgram.step(\(item), \(index), [\(names)],")
    }
    add(String(repeating: "}\n", count: derivation.samples.count))
  }
}
