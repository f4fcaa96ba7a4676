import Markdown
import Markup
import Transcript

/// A chapter's text → the nodes of its article, and all that is gathered on the way.
///
/// The extensions hold one kind of content each: blocks, inlines, cells, evidence, derivations.
package struct ArticleRenderer {
  let chapter: Chapter
  let record: ExecutionRecord
  let context: PageContext
  let text: ReadingText
  /// Of the whole chapter, for those who refer to it.
  let summary: String
  let formulas: MathRenderer.Result
  let code: CodeColours.Result

  /// By position in the source, where the tree has no other name for a thing.
  private let headings: [SourcePosition: Outline.Heading]
  private let labels: [SourcePosition: Outline.Label]
  let claimsOfItem: [Int: [ClaimResult]]
  let stepsOfItem: [Int: [StepResult]]
  private let footnoteNumbers: [String: Int]

  let found = Found()

  /// What is gathered while the article is rendered; shared by the renderers of nested content.
  final class Found {
    var diagnostics: [Diagnostic] = []
    var claims: [ClaimRow] = []
    var previews: [Preview] = []
    /// Works cited, in order of first citation.
    var cited: [String] = []
    var fonts = FontUse()
    var drawings = 0
    /// The widest of those that stand in one row, in its own units.
    var drawingUnits = 0
    /// How often each footnote was referred to so far.
    var footnoteReferences: [Int: Int] = [:]
    /// Inside a link no further link may open.
    var isInsideLink = false
  }

  init(
    chapter: Chapter, record: ExecutionRecord, context: PageContext, text: ReadingText,
    formulas: MathRenderer.Result, code: CodeColours.Result
  ) {
    self.chapter = chapter
    self.record = record
    self.context = context
    self.text = text
    summary = text.summary(of: chapter.document.blocks)
    self.formulas = formulas
    self.code = code
    headings = Dictionary(
      context.outline.headings.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
    labels = Dictionary(
      context.outline.labels.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
    claimsOfItem = Dictionary(grouping: record.claims, by: \.item)
    stepsOfItem = Dictionary(grouping: record.steps, by: \.item)
    footnoteNumbers = Dictionary(
      chapter.document.footnotes.enumerated().map { ($0.element.label, $0.offset + 1) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Without colours and typeset formulas.
  package init(chapter: Chapter, record: ExecutionRecord, context: PageContext) {
    self.init(
      chapter: chapter, record: record, context: context,
      text: ReadingText(chapter, record: record, context: context), formulas: .none, code: .none)
  }

  func heading(at position: SourcePosition) -> Outline.Heading? { headings[position] }
  func label(at position: SourcePosition) -> Outline.Label? { labels[position] }
  func footnoteNumber(_ label: String) -> Int? { footnoteNumbers[label] }

  /// `5.2` for the second of its kind in chapter 5.
  func fullNumber(_ number: String) -> String {
    [context.entry.number, number].filter { !$0.isEmpty }.joined(separator: ".")
  }

  /// "Figure 5.2"
  func name(of label: Outline.Label) -> String {
    "\(label.kind.word) \(fullNumber(label.number))"
  }

  func report(
    _ fault: PageFault, at position: SourcePosition, as severity: Diagnostic.Severity = .error
  ) {
    found.diagnostics.append(
      fault.diagnostic(
        severity, file: chapter.path, line: position.line, column: position.column))
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
    return .raw(typeset(formula, at: position).map { FormulaBreaks($0).html } ?? source(tex))
  }

  /// A formula, the last part of which holds the punctuation that follows; a long one has to break.
  func formula(_ tex: String, before punctuation: String, at position: SourcePosition) -> Node {
    let formula = Formula(tex: tex, isDisplay: false)
    let opening =
      typeset(formula, at: position).map { FormulaBreaks($0, opensSpan: true).html }
      ?? #"<span class="unbroken">"# + source(tex)
    return .fragment([.raw(opening), .text(punctuation), .raw("</span>")])
  }

  private func source(_ tex: String) -> String {
    Node("code", [("class", "tex")], .text(tex)).rendered
  }

  private func typeset(_ formula: Formula, at position: SourcePosition) -> String? {
    if let html = formulas.html(formula) {
      found.fonts.formUnion(FontUse(html: html))
      return html
    }
    if let fault = formulas.failure(formula) { report(fault, at: position) }
    return nil
  }
}
