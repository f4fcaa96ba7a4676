import Markdown

/// Finds everything in a chapter that a script of `WebLibrary` has to set, so that each library is
/// asked once a chapter.
struct ChapterTypesetter: DocumentVisitor {
  private(set) var formulas: [Formula] = []
  private(set) var samples: [CodeSample] = []
  private let chapter: Chapter

  init(_ chapter: Chapter) {
    self.chapter = chapter
    walk(chapter.document)
  }

  mutating func visit(_ block: Block) -> Bool {
    switch block.kind {
    case .code(let code): add(code, item: chapter.itemOfNode[block.id])
    case .math(let math): formulas.append(Formula(tex: math.tex, isDisplay: true))
    default: break
    }
    return true
  }

  mutating func visit(_ inline: Inline) -> Bool {
    switch inline.kind {
    case .math(let tex, let isDisplay): formulas.append(Formula(tex: tex, isDisplay: isDisplay))
    case .image: return false
    default: break
    }
    return true
  }

  private mutating func add(_ code: CodeBlock, item: Int?) {
    switch item.map({ chapter.items[$0] }) {
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
