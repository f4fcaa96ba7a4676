import Markdown

/// Collects what runs: cells, derivations, and the values and claims in every text.
struct ItemReader {
  let path: String
  let source: SourceText
  private(set) var items: [Chapter.Item] = []
  private(set) var diagnostics: [Diagnostic] = []

  /// What a `:::` may be and means something.
  private static let blocks = [
    "theorem", "definition", "lemma", "corollary", "proposition", "example", "exercise", "proof",
    "solution", "note", "tip", "warning", "important", "caution", "tabs",
  ]

  init(path: String, source: SourceText) {
    self.path = path
    self.source = source
  }

  mutating func read(_ document: Document) {
    read(document.blocks)
    for footnote in document.footnotes { read(footnote.blocks) }
  }

  mutating func report(
    _ fault: ChapterFault, at position: SourcePosition, _ severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(
      fault.diagnostic(severity, file: path, line: position.line, column: position.column))
  }

  private mutating func read(_ blocks: [Block]) {
    for block in blocks {
      switch block.kind {
      case .paragraph(let content): read(content)
      case .heading(let heading): read(heading)
      case .blockQuote(let blocks): read(blocks)
      case .list(let list): for item in list.items { read(item) }
      case .code(let code): read(code, at: block.position)
      case .table(let table):
        read(table.caption)
        for cell in table.header { read(cell) }
        for row in table.rows { for cell in row { read(cell) } }
      case .container(let container):
        check(container, at: block.position)
        read(container.titleContent)
        read(container.blocks)
      case .html, .thematicBreak, .math: break
      }
    }
  }

  /// Other pages show a chapter's title, and are written without knowing what its cells gave.
  private mutating func read(_ heading: Heading) {
    let count = items.count
    read(heading.content)
    guard heading.level == 1 else { return }
    for case .value(let value) in items[count...] { report(.valueInTitle, at: value.position) }
  }

  /// Any other name is the author's own, for a style of the book; a slip would lose the number.
  private mutating func check(_ container: Container, at position: SourcePosition) {
    guard !Self.blocks.contains(container.name),
      let nearest = Spelling.nearest(to: container.name, among: Self.blocks)
    else { return }
    report(.misspeltBlock(container.name, nearest: nearest), at: position, .warning)
  }

  /// An image's text is an attribute, in which nothing can be marked as checked.
  mutating func read(_ content: [Inline]) {
    for inline in content {
      switch inline.kind {
      case .code(let code): readSpan(code, at: inline.position)
      case .emphasis(let content), .strong(let content), .link(_, _, let content): read(content)
      case .text, .softBreak, .lineBreak, .html, .image, .math, .footnoteReference,
        .crossReference, .citation:
        break
      }
    }
  }

  // MARK: Code blocks

  private mutating func read(_ code: CodeBlock, at position: SourcePosition) {
    guard let info = code.info else { return }
    let words = info.split(whereSeparator: { $0 == " " || $0 == "\t" })
    switch words.first {
    case "swift": readCell(code, words: words.dropFirst().map(String.init), at: position)
    case "derivation": readDerivation(code, at: position)
    default: break
    }
  }

  private mutating func readCell(_ code: CodeBlock, words: [String], at position: SourcePosition) {
    if words.contains("text") { return }
    for word in words where word != "norun" {
      let nearest = Spelling.nearest(to: word, among: ["norun", "text"])
      report(.unknownCellWord(word, nearest: nearest), at: position)
    }
    var options = CellOptions(of: code, block: "cell")
    var cell = Cell(
      position: position, source: options.rest, sourcePosition: options.restPosition,
      isRun: !words.contains("norun"))
    options.apply(to: &cell)
    for (fault, position) in options.faults { report(fault, at: position) }
    items.append(.cell(cell))
    read(cell.captionContent)
  }

  private mutating func readDerivation(_ code: CodeBlock, at position: SourcePosition) {
    var options = CellOptions(of: code, block: "derivation")
    var derivation = Derivation(position: position, steps: [])
    options.apply(to: &derivation)
    var steps = DerivationSteps(options.rest, at: options.restPosition)
    derivation.steps = steps.read()
    if derivation.steps.count < 2, steps.faults.isEmpty {
      steps.faults.append((.derivationTooShort, position))
    }
    for (fault, position) in options.faults + steps.faults { report(fault, at: position) }
    items.append(.derivation(derivation))
    read(derivation.captionContent)
  }

  // MARK: Code spans

  private mutating func readSpan(_ code: String, at position: SourcePosition) {
    guard code.utf8.first == UInt8(ascii: "{"), let end = code.firstIndex(of: "}") else { return }
    let word = code[code.index(after: code.startIndex)..<end]
    let rest = code[code.index(after: end)...]
    guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return }
    let expression = rest.drop { $0 == " " || $0 == "\t" }
    switch word {
    case "swift":
      guard !expression.isEmpty else { return report(.emptyValue, at: position) }
      let start = SpanSource(source, spanAt: position, word: "swift").position(after: 0)
      items.append(
        .value(
          InlineValue(
            position: position, expression: String(expression), expressionPosition: start)))
    case "claim":
      let span = SpanSource(source, spanAt: position, word: "claim")
      do throws(ClaimParser.Failure) {
        items.append(.claim(try ClaimParser.parse(expression, spanPosition: position, in: span)))
      } catch {
        report(error.fault, at: error.position)
      }
    default:
      // Only a slip: `{a, b}` and `{python}` are code like any other.
      guard word.utf8.count >= 4, !expression.isEmpty,
        let nearest = Spelling.nearest(to: String(word), among: ["swift", "claim"])
      else { return }
      report(.misspeltSpan(String(word), nearest: nearest), at: position, .warning)
    }
  }
}
