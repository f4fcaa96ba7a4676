import Markdown
import Markup

/// Chapter + record + what the rest of the book says → the chapter's page.
///
/// May be used from several threads; formulas and code colours are shared by all of them.
public struct PageRenderer: Sendable {
  private let math: MathRenderer
  private let colours: CodeColours

  /// - Parameter cacheFolder: the book's `.sslbook`; nil keeps formulas in memory only.
  public init(facts: BookFacts, cacheFolder: String?) {
    math = MathRenderer(macros: facts.macros, cacheFolder: cacheFolder)
    colours = CodeColours(cacheFolder: cacheFolder)
  }

  public func render(
    _ chapter: Chapter, record: ExecutionRecord, context: PageContext
  ) -> RenderedPage {
    let typesetter = ChapterTypesetter(chapter)
    var diagnostics: [Diagnostic] = []
    var formulas = MathRenderer.Result.none
    var code = CodeColours.Result.none
    do {
      formulas = try math.render(typesetter.formulas, chapter: chapter.slug)
      code = try colours.render(typesetter.samples, chapter: chapter.slug)
    } catch {
      diagnostics.append(error.diagnostic(file: chapter.path))
    }
    let text = ReadingText(chapter, record: record, context: context)
    var context = context
    if !text.spans.isEmpty {
      context.outline = OutlineBuilder.outline(of: chapter, spans: text.spans)
    }
    let article = ArticleRenderer(
      chapter: chapter, record: record, context: context, text: text, formulas: formulas,
      code: code)
    var body = article.render(chapter.document.blocks)
    if let footnotes = article.footnotes() { body.append(footnotes) }
    if let references = article.referenceList() { body.append(references) }
    let page = PageTemplate.page(
      .init(
        kind: .chapter, facts: context.facts, assets: context.assets,
        path: SitePaths.encoded(chapter.slug) + ".html", title: context.outline.title,
        number: context.entry.number, description: article.summary,
        source: chapter.path, previous: context.previous, next: context.next,
        sections: context.outline.headings, hasReferences: !article.found.cited.isEmpty),
      body: body)
    return RenderedPage(
      path: chapter.slug + ".html", html: page,
      sections: SearchText.sections(of: chapter, text: text, context: context),
      previews: article.found.previews, claims: article.found.claims,
      redeclared: record.redeclared,
      uncheckedNumbers: ClaimCoverage(of: chapter).unchecked.count,
      fonts: article.found.fonts,
      diagnostics: diagnostics + article.found.diagnostics)
  }
}
