import Markdown

/// Finds everything in a chapter that a script of `WebLibrary` has to set, so that each library is
/// asked once a chapter.
struct ChapterTypesetter {
  private(set) var formulas: [Formula] = []
  private(set) var samples: [CodeSample] = []
  private let items: [SourcePosition: Chapter.Item]

  init(_ chapter: Chapter) {
    items = Dictionary(
      chapter.items.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
    walk(chapter.document.blocks)
    for footnote in chapter.document.footnotes { walk(footnote.blocks) }
  }

  private mutating func walk(_ blocks: [Block]) {
    for block in blocks {
      switch block.kind {
      case .paragraph(let content): walk(content)
      case .heading(let heading): walk(heading.content)
      case .blockQuote(let blocks): walk(blocks)
      case .list(let list): for item in list.items { walk(item) }
      case .code(let code): add(code, at: block.position)
      case .html, .thematicBreak: break
      case .math(let math): formulas.append(Formula(tex: math.tex, isDisplay: true))
      case .table(let table):
        walk(table.caption)
        for cell in table.header { walk(cell) }
        for row in table.rows { for cell in row { walk(cell) } }
      case .container(let container):
        walk(container.titleContent)
        walk(container.blocks)
      }
    }
  }

  private mutating func walk(_ content: [Inline]) {
    for inline in content {
      switch inline.kind {
      case .math(let tex, let isDisplay): formulas.append(Formula(tex: tex, isDisplay: isDisplay))
      case .emphasis(let content), .strong(let content), .link(_, _, let content): walk(content)
      case .text, .softBreak, .lineBreak, .code, .html, .image, .footnoteReference,
        .crossReference, .citation:
        break
      }
    }
  }

  private mutating func add(_ code: CodeBlock, at position: SourcePosition) {
    switch items[position] {
    case .cell(let cell):
      samples.append(CodeSample(language: "swift", text: cell.source))
      walk(cell.captionContent)
    case .derivation(let derivation):
      walk(derivation.captionContent)
      for step in derivation.steps {
        formulas.append(Formula(tex: ArticleRenderer.tex(step), isDisplay: false))
      }
    case .value, .claim, nil:
      let language = code.info?.split(separator: " ").first.map(String.init) ?? ""
      samples.append(CodeSample(language: language, text: code.literal))
    }
  }
}
