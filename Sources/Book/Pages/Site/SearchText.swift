import Markdown
import Markup

/// What search knows of a chapter: its words, heading by heading.
enum SearchText {
  static func sections(
    of chapter: Chapter, context: PageContext
  ) -> [SearchSection] {
    var walker = Walker(chapter: chapter, context: context)
    walker.walk(chapter.document.blocks)
    for footnote in chapter.document.footnotes { walker.walk(footnote.blocks) }
    return walker.sections.filter { !$0.text.isEmpty || !$0.title.isEmpty }
  }

  private struct Walker {
    let headings: [SourcePosition: Outline.Heading]
    let number: String
    let references: ReferenceTable
    let captions: [SourcePosition: [Inline]]
    let derivations: Set<SourcePosition>
    let bibliography: Bibliography
    var sections = [SearchSection(anchor: "", title: "", text: "")]

    init(chapter: Chapter, context: PageContext) {
      headings = Dictionary(
        context.outline.headings.map { ($0.position, $0) },
        uniquingKeysWith: { first, _ in first })
      number = context.entry.number
      references = context.references
      bibliography = context.bibliography
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
        case .paragraph(let content): add(words(content))
        case .heading(let heading): begin(heading, at: block.position)
        case .blockQuote(let blocks): walk(blocks)
        case .list(let list): for item in list.items { walk(item) }
        case .code(let code):
          add(captions[block.position].map(words) ?? "")
          if !derivations.contains(block.position) { add(Self.withoutOptions(code.literal)) }
        case .html, .thematicBreak: break
        case .math: add("…")
        case .table(let table):
          add(words(table.caption))
          for row in [table.header] + table.rows {
            add(row.map(words).joined(separator: " "))
          }
        case .container(let container):
          add(
            container.titleContent.isEmpty ? container.title ?? "" : words(container.titleContent))
          walk(container.blocks)
        }
      }
    }

    /// As a reader would type it: formulas that need TeX are left out.
    private func words(_ content: [Inline]) -> String {
      var text = ""
      for inline in content {
        switch inline.kind {
        case .emphasis(let inner), .strong(let inner), .link(_, _, let inner): text += words(inner)
        case .math(let tex, _): text += tex.utf8.contains { "\\{^_".utf8.contains($0) } ? "…" : tex
        case .crossReference(let label): text += references[label]?.text ?? ""
        case .citation(let citation):
          text += citation.entries.map { entry in
            bibliography[entry.key].map { "\($0.authorsInText) \($0.yearInText)" } ?? entry.key
          }.joined(separator: ", ")
        case .text, .softBreak, .lineBreak, .code, .html, .image, .footnoteReference:
          text += PlainText.of([inline])
        }
      }
      return text
    }

    /// A cell without its `//| label: …` lines.
    private static func withoutOptions(_ code: String) -> String {
      code.split(separator: "\n").filter { !$0.hasPrefix("//|") }.joined(separator: "\n")
    }

    private mutating func begin(_ heading: Heading, at position: SourcePosition) {
      let known = headings[position]
      let inChapter = known?.number ?? ""
      let full = [number, inChapter].filter { !$0.isEmpty }.joined(separator: ".")
      let text = known?.text ?? PlainText.of(heading.content)
      let title = inChapter.isEmpty || number.isEmpty ? text : full + " " + text
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
