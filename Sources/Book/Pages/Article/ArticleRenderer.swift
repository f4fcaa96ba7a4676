import Markdown
import Markup
import Transcript

/// A chapter's text → the nodes of its article, and all that is gathered on the way.
///
/// The extensions hold one kind of content each: blocks, inlines, cells, evidence, derivations.
struct ArticleRenderer: DocumentRendering {
  let chapter: Chapter
  let record: ExecutionRecord
  let context: PageContext
  /// Of the whole chapter, for those who refer to it.
  let summary: String
  let formulas: MathRenderer.Result
  let code: [CodeSample: String]

  /// By position in the source, where the tree has no other name for a thing.
  private let headings: [SourcePosition: Outline.Heading]
  private let labels: [SourcePosition: Outline.Label]
  private let itemIndices: [SourcePosition: Int]
  let claimsOfItem: [Int: [Event.Claim]]
  let stepsOfItem: [Int: [Event.Step]]
  private let footnoteNumbers: [String: Int]

  let found = Found()

  /// What is gathered while the article is rendered; shared by the renderers of nested content.
  final class Found {
    var diagnostics: [Diagnostic] = []
    var claims: [ClaimRow] = []
    var previews: [Preview] = []
    /// Works cited, in order of first citation.
    var cited: [String] = []
    var fontLines: Set<Substring> = []
    var drawings = 0
    /// How often each footnote was referred to so far.
    var footnoteReferences: [Int: Int] = [:]
    /// Inside a link no further link may open.
    var isInsideLink = false
    /// The formulas that punctuation follows; see `UnbrokenPunctuation`.
    var formulasBeforePunctuation: Set<SourcePosition> = []
  }

  init(
    chapter: Chapter, record: ExecutionRecord, context: PageContext, summary: String,
    formulas: MathRenderer.Result, code: [CodeSample: String]
  ) {
    self.chapter = chapter
    self.record = record
    self.context = context
    self.summary = summary
    self.formulas = formulas
    self.code = code
    headings = Dictionary(
      context.outline.headings.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
    labels = Dictionary(
      context.outline.labels.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
    itemIndices = Dictionary(
      chapter.items.enumerated().map { ($0.element.position, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var claimsOfItem: [Int: [Event.Claim]] = [:]
    for claim in record.claims {
      let item = claim.item ?? Self.cell(atLine: claim.line, in: chapter)
      if let item { claimsOfItem[item, default: []].append(claim) }
    }
    self.claimsOfItem = claimsOfItem
    stepsOfItem = Dictionary(grouping: record.steps, by: \.item)
    footnoteNumbers = Dictionary(
      chapter.document.footnotes.enumerated().map { ($0.element.label, $0.offset + 1) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The cell whose source has this line.
  private static func cell(atLine line: Int, in chapter: Chapter) -> Int? {
    chapter.items.firstIndex {
      if case .cell(let cell) = $0 { cell.lines.contains(line) } else { false }
    }
  }

  func heading(at position: SourcePosition) -> Outline.Heading? { headings[position] }
  func label(at position: SourcePosition) -> Outline.Label? { labels[position] }
  func item(at position: SourcePosition) -> Int? { itemIndices[position] }
  func footnoteNumber(_ label: String) -> Int? { footnoteNumbers[label] }

  /// `5.2` for the second of its kind in chapter 5.
  func fullNumber(_ number: String) -> String {
    [context.entry.number, number].filter { !$0.isEmpty }.joined(separator: ".")
  }

  /// "Figure 5.2"
  func name(of label: Outline.Label) -> String {
    "\(label.kind.word) \(fullNumber(label.number))"
  }

  func report(_ fault: PageFault, at position: SourcePosition) {
    found.diagnostics.append(
      fault.diagnostic(file: chapter.path, line: position.line, column: position.column))
  }

  /// Keeps a labelled thing for those who refer to it from other pages.
  func keepPreview(of label: Outline.Label?, _ node: Node) {
    guard let label, !label.identifier.isEmpty else { return }
    found.previews.append(Preview(anchor: label.anchor, html: node.rendered))
  }

  /// A formula in place; one that KaTeX cannot read is shown as TeX, since its diagnostic keeps
  /// the page from being published anyway.
  func formula(_ tex: String, isDisplay: Bool, at position: SourcePosition) -> Node {
    let formula = Formula(tex: tex, isDisplay: isDisplay)
    let opensSpan = found.formulasBeforePunctuation.contains(position)
    if let (fonts, html) = formulas.parts(formula) {
      found.fontLines.formUnion(fonts.split(separator: "\n"))
      return .raw(FormulaBreaks(html, opensSpan: opensSpan).html)
    }
    if let sentence = formulas.failure(formula) {
      report(.formula(sentence: sentence), at: position)
    }
    let source = Node("code", [("class", "tex")], .text(tex))
    return opensSpan ? .fragment([.raw(#"<span class="unbroken">"#), source]) : source
  }
}

/// What is wrong with a chapter's page.
enum PageFault: Fault, Equatable {
  case formula(sentence: String)
  case drawing(reason: String)

  var message: String {
    switch self {
    case .formula(let sentence): "this formula cannot be set: \(sentence)"
    case .drawing(let reason): "the figure of this cell cannot be shown: \(reason)"
    }
  }

  var hint: String? {
    switch self {
    case .formula: "KaTeX's list of commands: https://katex.org/docs/supported"
    case .drawing: nil
    }
  }
}
