import Markdown
import Transcript

/// The words of inline content as they stand on the page, where references have their numbers and
/// values are known: the description of a page, and what search finds.
struct ReadingText {
  private let references: ReferenceTable
  private let bibliography: Bibliography
  /// What spans show, by their nodes: the value of `{swift} …`, the measured number of `{claim} …`.
  let spans: [Int: String]

  init(_ chapter: Chapter, record: ExecutionRecord, context: PageContext) {
    references = context.references
    bibliography = context.bibliography
    var measured: [Int: Event.Number] = [:]
    for claim in record.claims { measured[claim.item] = claim.numbers?.measured }
    spans = chapter.itemOfNode.compactMapValues { item in
      switch chapter.items[item] {
      case .value: record.values[item].map(PrintedText.shown)
      case .claim(let claim): measured[item].map(claim.printed) ?? claim.written
      case .cell, .derivation: nil
      }
    }
  }

  /// For an attribute, where nothing can be set: formulas stay TeX.
  func spoken(_ content: [Inline]) -> String { PlainText.of(content, spans: spans) }

  /// As a reader would type it: formulas that need TeX are left out.
  func words(_ content: [Inline]) -> String {
    var text = ""
    for inline in content {
      switch inline.kind {
      case .emphasis(let inner), .strong(let inner), .link(_, _, let inner): text += words(inner)
      case .math(let tex, _): text += tex.utf8.contains { "\\{^_".utf8.contains($0) } ? "…" : tex
      case .crossReference(let label): text += references[label]?.text ?? "@" + label
      case .code: text += spans[inline.id] ?? PlainText.of([inline])
      case .citation(let citation): text += words(citation)
      case .text, .softBreak, .lineBreak, .html, .image, .footnoteReference:
        text += PlainText.of([inline])
      }
    }
    return text
  }

  private func words(_ citation: Citation) -> String {
    let works = citation.entries.map { entry in
      let prefix = entry.prefix.isEmpty ? "" : entry.prefix + " "
      guard let work = bibliography[entry.key] else { return "\(prefix)@\(entry.key)" }
      let year = citation.isBracketed ? work.yearInText : "[\(work.yearInText)]"
      let locator = entry.locator.isEmpty ? "" : ", " + entry.locator
      let authors = entry.isYearOnly ? "" : work.authorsInText + " "
      return prefix + authors + year + locator
    }
    let text = works.joined(separator: "; ")
    return citation.isBracketed ? "[\(text)]" : text
  }

  /// The first paragraph that says something.
  func summary(of blocks: [Block]) -> String {
    for block in blocks {
      let text =
        switch block.kind {
        case .paragraph(let content): words(content)
        case .blockQuote(let blocks): summary(of: blocks)
        case .list(let list): list.items.lazy.map(summary).first { !$0.isEmpty } ?? ""
        case .container(let container): summary(of: container.blocks)
        case .heading, .code, .html, .thematicBreak, .math, .table: ""
        }
      if text.contains(where: { !$0.isWhitespace }) { return text }
    }
    return ""
  }
}
