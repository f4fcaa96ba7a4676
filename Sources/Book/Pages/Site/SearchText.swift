import Markdown
import Markup

/// What search knows of a chapter: its words, heading by heading.
enum SearchText {
  static func sections(
    of chapter: Chapter, text: ReadingText, context: PageContext
  ) -> [SearchSection] {
    var walker = Walker(chapter: chapter, text: text, context: context)
    walker.walk(chapter.document.blocks)
    for footnote in chapter.document.footnotes { walker.walk(footnote.blocks) }
    return walker.sections.filter { !$0.text.isEmpty || !$0.title.isEmpty }
  }

  private struct Walker {
    let headings: [SourcePosition: Outline.Heading]
    let number: String
    let text: ReadingText
    let captions: [SourcePosition: [Inline]]
    let derivations: Set<SourcePosition>
    var sections = [SearchSection(anchor: "", title: "", text: "")]

    init(chapter: Chapter, text: ReadingText, context: PageContext) {
      self.text = text
      headings = Dictionary(
        context.outline.headings.map { ($0.position, $0) },
        uniquingKeysWith: { first, _ in first })
      number = context.entry.number
      derivations = Set(
        chapter.items.compactMap {
          if case .derivation(let derivation) = $0 { derivation.position } else { nil }
        })
      captions = Dictionary(
        chapter.items.compactMap { item -> (SourcePosition, [Inline])? in
          switch item {
          case .cell(let cell): (cell.position, cell.captionContent)
          case .derivation(let derivation): (derivation.position, derivation.captionContent)
          case .value, .claim: nil
          }
        }, uniquingKeysWith: { first, _ in first })
    }

    mutating func walk(_ blocks: [Block]) {
      for block in blocks {
        switch block.kind {
        case .paragraph(let content): add(text.words(content))
        case .heading(let heading): begin(heading, at: block.position)
        case .blockQuote(let blocks): walk(blocks)
        case .list(let list): for item in list.items { walk(item) }
        case .code(let code):
          add(captions[block.position].map(text.words) ?? "")
          if !derivations.contains(block.position) { add(Self.withoutOptions(code.literal)) }
        case .html, .thematicBreak: break
        case .math: add("…")
        case .table(let table):
          add(text.words(table.caption))
          for row in [table.header] + table.rows {
            add(row.map(text.words).joined(separator: " "))
          }
        case .container(let container):
          add(
            container.titleContent.isEmpty
              ? container.title ?? "" : text.words(container.titleContent))
          walk(container.blocks)
        }
      }
    }

    /// A cell without its `//| label: …` lines.
    private static func withoutOptions(_ code: String) -> String {
      code.split(separator: "\n").filter { !$0.hasPrefix("//|") }.joined(separator: "\n")
    }

    private mutating func begin(_ heading: Heading, at position: SourcePosition) {
      let known = headings[position]
      let inChapter = known?.number ?? ""
      let full = [number, inChapter].filter { !$0.isEmpty }.joined(separator: ".")
      let words = known?.text ?? text.words(heading.content)
      let title = inChapter.isEmpty || number.isEmpty ? words : full + " " + words
      sections.append(SearchSection(anchor: known?.anchor ?? "", title: title, text: ""))
    }

    private mutating func add(_ text: String) {
      guard !text.isEmpty else { return }
      let last = sections.count - 1
      if !sections[last].text.isEmpty { sections[last].text += " " }
      sections[last].text += text
    }
  }
}
