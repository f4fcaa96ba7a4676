import Markdown
import Markup

/// What search knows of a chapter: its words, heading by heading.
enum SearchText {
  static func sections(
    of chapter: Chapter, text: ReadingText, context: PageContext
  ) -> [SearchSection] {
    var reader = Reader(chapter: chapter, text: text, context: context)
    reader.walk(chapter.document)
    return reader.sections.filter { !$0.text.isEmpty || !$0.title.isEmpty }
  }

  private struct Reader: DocumentVisitor {
    let chapter: Chapter
    let text: ReadingText
    let context: PageContext
    var sections = [SearchSection(anchor: "", title: "", text: "")]
    /// The section that is being read.
    private var current = 0
    /// Headings come in the order in which the outline lists them.
    private var headingCount = 0

    init(chapter: Chapter, text: ReadingText, context: PageContext) {
      self.chapter = chapter
      self.text = text
      self.context = context
    }

    mutating func visit(_ block: Block) -> Bool {
      switch block.kind {
      case .paragraph(let content): add(text.words(content))
      case .heading(let heading): begin(heading)
      case .code(let code): add(code, item: chapter.itemOfNode[block.id])
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
        guard container.tabLevel != nil else { return true }
        // What follows tabs belongs where they stand.
        let around = current
        walk(container.blocks)
        current = around
        return false
      case .blockQuote, .list, .html, .thematicBreak: break
      }
      return true
    }

    /// Texts were taken as a whole.
    func visit(_ inline: Inline) -> Bool { false }

    private mutating func add(_ code: CodeBlock, item: Int?) {
      switch item.map({ chapter.items[$0] }) {
      case .cell(let cell):
        add(text.words(cell.captionContent))
        add(Self.withoutOptions(code.literal))
      case .derivation(let derivation): add(text.words(derivation.captionContent))
      case .value, .claim, nil: add(code.literal)
      }
    }

    /// A cell without its `//| label: …` lines.
    private static func withoutOptions(_ code: String) -> String {
      code.split(separator: "\n").filter { !$0.hasPrefix("//|") }.joined(separator: "\n")
    }

    private mutating func begin(_ heading: Heading) {
      let known = context.outline.headings[headingCount]
      headingCount += 1
      let number = context.entry.number
      let isNumbered = !known.number.isEmpty && context.entry.numbersSections
      let title = isNumbered ? "\(number).\(known.number) \(known.text)" : known.text
      current = sections.count
      sections.append(SearchSection(anchor: known.anchor, title: title, text: ""))
    }

    private mutating func add(_ text: String) {
      guard !text.isEmpty else { return }
      if !sections[current].text.isEmpty { sections[current].text += " " }
      sections[current].text += text
    }
  }
}
