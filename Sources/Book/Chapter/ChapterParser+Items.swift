import Markdown

/// Collects what runs: cells, derivations, and the values and claims in every text.
struct ItemReader: DocumentVisitor {
  let path: String
  let source: SourceText
  private var document: Document
  private var items: [(node: Int, item: Chapter.Item)] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// The text of the first heading is shown on other pages.
  private var isInTitle = false

  private var lost: LostNotation

  /// What a `:::` may be and means something.
  static let blocks = [
    "theorem", "definition", "lemma", "corollary", "proposition", "example", "exercise", "proof",
    "solution", "note", "tip", "warning", "important", "caution", "tabs",
  ]

  init(_ document: Document, path: String, source: SourceText) {
    self.document = document
    self.path = path
    self.source = source
    lost = LostNotation(source)
    walk(document)
    for (fault, position) in lost.found { report(fault, at: position, .warning) }
  }

  /// In document order, with the item of each node that is one.
  var result: (items: [Chapter.Item], itemOfNode: [Int: Int]) {
    let sorted = items.sorted { $0.item.position < $1.item.position }
    let numbers = sorted.enumerated().map { ($1.node, $0) }
    return (sorted.map(\.item), Dictionary(numbers, uniquingKeysWith: { first, _ in first }))
  }

  private mutating func report(
    _ fault: ChapterFault, at position: SourcePosition, _ severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(
      fault.diagnostic(severity, file: path, line: position.line, column: position.column))
  }

  mutating func visit(_ block: Block) -> Bool {
    switch block.kind {
    case .heading(let heading) where heading.level == 1:
      lost.read(heading.content, in: .heading)
      isInTitle = true
      walk(heading.content)
      isInTitle = false
      return false
    case .heading(let heading): lost.read(heading.content, in: .heading)
    case .paragraph(let content): lost.read(content, in: .paragraph)
    case .table(let table):
      for cell in table.header + table.rows.joined() { lost.read(cell, in: .other) }
      lost.read(table.caption, in: .other)
    case .code(let code): read(code, of: block)
    case .container(let container):
      lost.read(container.titleContent, in: .other)
      for fault in BlockWord.faults(of: container) { report(fault, at: block.position, .warning) }
    case .html(let html): check(html: html, at: block.position)
    case .math(let math): check(tex: math.tex, at: block.position)
    default: break
    }
    return true
  }

  mutating func visit(_ inline: Inline) -> Bool {
    switch inline.kind {
    case .code(let code): readSpan(code, of: inline)
    case .link(_, let title, _), .image(_, let title, _):
      if Self.holdsSpan(title) { report(.spanInLinkTitle, at: inline.position) }
    case .html(let html): check(html: html, at: inline.position)
    case .math(let tex, _): check(tex: tex, at: inline.position)
    default: break
    }
    return true
  }

  static func holdsSpan(_ text: String) -> Bool {
    text.contains("`{claim}") || text.contains("`{swift}")
  }

  /// What is commented out is on no page.
  private mutating func check(html: String, at position: SourcePosition) {
    if Self.holdsSpan(html), !html.hasPrefix("<!--") {
      report(.spanNotRead(in: "raw HTML"), at: position)
    }
    if html.contains("<"), let blocked = AuthorHTML(html).blocked.first {
      report(.htmlBlocked(blocked), at: position, .warning)
    }
  }

  private mutating func check(tex: String, at position: SourcePosition) {
    if Self.holdsSpan(tex) { report(.spanNotRead(in: "a formula"), at: position) }
  }

  // MARK: Code blocks

  private mutating func read(_ code: CodeBlock, of block: Block) {
    guard let info = code.info else { return }
    if let (fault, severity) = FenceWord.fault(in: info) {
      return report(fault, at: block.position, severity)
    }
    let words = info.split(whereSeparator: { $0 == " " || $0 == "\t" })
    switch words.first {
    case "swift": readCell(code, words: words.dropFirst().map(String.init), of: block)
    case "derivation": readDerivation(code, of: block)
    default: break
    }
  }

  private mutating func readCell(_ code: CodeBlock, words: [String], of block: Block) {
    if words.contains("text") { return }
    for word in words where word != "norun" {
      let nearest = Spelling.nearest(to: word, among: ["norun", "text"])
      report(.unknownCellWord(word, nearest: nearest), at: block.position)
    }
    var options = CellOptions(of: code, block: "cell")
    var cell = Cell(
      position: block.position, source: options.rest, sourcePosition: options.restPosition,
      isRun: !words.contains("norun"))
    options.apply(to: &cell)
    for (fault, position) in options.faults { report(fault, at: position) }
    check(cell)
    cell.captionContent = document.numbered(cell.captionContent)
    cell.alt = document.numbered(cell.alt)
    items.append((block.id, .cell(cell)))
    lost.read(cell.captionContent, in: .other)
    walk(cell.captionContent)
    walk(cell.alt)
  }

  private mutating func check(_ cell: Cell) {
    let code = CellCode(cell.source)
    if let (name, place) = code.reservedName {
      report(.reservedName(name), at: cell.position(of: place))
    }
    guard cell.runs else {
      for place in code.claimCalls {
        report(.claimDoesNotRun, at: cell.position(of: place), .warning)
      }
      return
    }
    let declared = code.declarations + code.variables.map { ($0.name, $0.place) }
    for (name, place) in declared where CellCode.runtime.contains(name) {
      report(.runtimeRedeclared(name), at: cell.position(of: place))
    }
    for (call, place) in code.unseeded {
      report(.unseeded(call), at: cell.position(of: place), .warning)
    }
  }

  private mutating func readDerivation(_ code: CodeBlock, of block: Block) {
    var options = CellOptions(of: code, block: "derivation")
    var derivation = Derivation(position: block.position, steps: [])
    options.apply(to: &derivation)
    var steps = DerivationSteps(options.rest, at: options.restPosition)
    derivation.steps = steps.read()
    if derivation.steps.count < 2, steps.faults.isEmpty {
      steps.faults.append((.derivationTooShort, block.position))
    }
    for (fault, position) in options.faults + steps.faults { report(fault, at: position) }
    for step in derivation.steps {
      check(step.expression, at: step.expressionPosition)
      check(tex: step.tex, at: step.position)
    }
    for sample in derivation.samples { check(sample.sequence, at: sample.position) }
    derivation.captionContent = document.numbered(derivation.captionContent)
    items.append((block.id, .derivation(derivation)))
    lost.read(derivation.captionContent, in: .other)
    walk(derivation.captionContent)
  }

  private mutating func check(_ expression: String, at position: SourcePosition) {
    if let fault = SpanCode.fault(in: expression) { report(fault, at: position) }
    for (call, _) in CellCode(expression).unseeded {
      report(.unseeded(call), at: position, .warning)
    }
  }

  // MARK: Code spans

  private mutating func readSpan(_ code: String, of inline: Inline) {
    guard let word = ["swift", "claim"].first(where: { Self.begins(code, with: $0) }) else {
      if let fault = SpanWord.fault(in: code) { report(fault, at: inline.position, .warning) }
      return
    }
    let rest = code.dropFirst(word.count + 2)
    let expression = rest.drop(while: \.isWhitespace)
    let blanks = rest.utf8.count - expression.utf8.count
    switch word {
    case "swift":
      if expression.isEmpty { return report(.emptyValue, at: inline.position) }
      if isInTitle { return report(.valueInTitle, at: inline.position) }
      let start = SpanSource(source, spanAt: inline.position, word: "swift", blanks: blanks)
        .position(after: 0)
      check(String(expression), at: start)
      items.append(
        (
          inline.id,
          .value(
            InlineValue(
              position: inline.position, expression: String(expression),
              expressionPosition: start))
        ))
    case "claim":
      let span = SpanSource(
        source, spanAt: inline.position, word: "claim", blanks: blanks)
      do throws(ClaimParser.Failure) {
        let claim = try ClaimParser.parse(expression, spanPosition: inline.position, in: span)
        check(claim.expression, at: claim.expressionPosition)
        items.append((inline.id, .claim(claim)))
      } catch {
        report(error.fault, at: error.position)
      }
    default: break
    }
  }

  /// `{swift}` or `{claim}` at the beginning, and a blank behind it.
  private static func begins(_ code: String, with word: String) -> Bool {
    code.hasPrefix("{\(word)}") && code.dropFirst(word.count + 2).first?.isWhitespace ?? true
  }

  static func isSpan(_ code: String) -> Bool {
    begins(code, with: "swift") || begins(code, with: "claim")
  }
}

extension Cell {
  /// Where a place of its code stands in the file.
  func position(of place: CellCode.Place) -> SourcePosition {
    SourcePosition(
      line: sourcePosition.line + place.line, column: sourcePosition.column + place.column - 1)
  }
}
