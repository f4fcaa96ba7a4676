import Markdown
import Markup

/// What search knows of a chapter: its words, heading by heading.
enum SearchText {
  static func sections(
    of chapter: Chapter, context: PageContext, captions: [Int: [Inline]]
  ) -> [SearchSection] {
    var walker = Walker(chapter: chapter, context: context, captions: captions)
    walker.walk(chapter.document.blocks)
    for footnote in chapter.document.footnotes { walker.walk(footnote.blocks) }
    return walker.sections.filter { !$0.text.isEmpty || !$0.title.isEmpty }
  }

  private struct Walker {
    let headings: [SourcePosition: Outline.Heading]
    let number: String
    let captions: [SourcePosition: [Inline]]
    var sections = [SearchSection(anchor: "", title: "", text: "")]

    init(chapter: Chapter, context: PageContext, captions: [Int: [Inline]]) {
      headings = Dictionary(
        context.outline.headings.map { ($0.position, $0) },
        uniquingKeysWith: { first, _ in first })
      number = context.entry.number
      self.captions = Dictionary(
        captions.map { (chapter.items[$0.key].position, $0.value) },
        uniquingKeysWith: { first, _ in first })
    }

    mutating func walk(_ blocks: [Block]) {
      for block in blocks {
        switch block.kind {
        case .paragraph(let content): add(PlainText.of(content))
        case .heading(let heading): begin(heading, at: block.position)
        case .blockQuote(let blocks): walk(blocks)
        case .list(let list): for item in list.items { walk(item) }
        case .code(let code):
          add(captions[block.position].map(PlainText.of) ?? "")
          add(code.literal)
        case .html, .thematicBreak: break
        case .math(let math): add(math.tex)
        case .table(let table):
          add(PlainText.of(table.caption))
          for row in [table.header] + table.rows {
            add(row.map(PlainText.of).joined(separator: " "))
          }
        case .container(let container):
          add(container.title ?? "")
          walk(container.blocks)
        }
      }
    }

    private mutating func begin(_ heading: Heading, at position: SourcePosition) {
      let known = headings[position]
      let inChapter = known?.number ?? ""
      let full = [number, inChapter].filter { !$0.isEmpty }.joined(separator: ".")
      let text = known?.text ?? PlainText.of(heading.content)
      let title = inChapter.isEmpty ? text : full + " " + text
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
