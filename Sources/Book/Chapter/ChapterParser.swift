import Markdown

/// A chapter's file → `Chapter`, with everything that is wrong in it.
public enum ChapterParser {
  /// - Parameter path: relative to the book's folder, for the diagnostics.
  public static func parse(
    path: String, bytes: [UInt8]
  ) -> (chapter: Chapter, diagnostics: [Diagnostic]) {
    let result = MarkdownParser.parse(bytes)
    let document = result.document ?? Document(blocks: [])
    let reader = ItemReader(document, path: path, source: SourceText(bytes))
    let (items, itemOfNode) = reader.result
    var diagnostics = result.faults.map {
      $0.kind.diagnostic(
        $0.severity, file: path, line: $0.position.line, column: $0.position.column)
    }
    diagnostics += reader.diagnostics
    if let header = FrontMatter.position(in: bytes) {
      diagnostics.append(
        ChapterFault.frontMatter.diagnostic(
          .warning, file: path, line: header.line, column: header.column))
    }
    diagnostics.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    let slug = Self.slug(of: path)
    let chapter = Chapter(
      path: path, slug: slug, title: title(of: document.blocks) ?? slug, document: document,
      items: items, itemOfNode: itemOfNode)
    return (chapter, diagnostics)
  }

  /// The file's name without its extension.
  static func slug(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.split(separator: ".", omittingEmptySubsequences: false).dropLast()
    return stem.isEmpty ? String(name) : stem.joined(separator: ".")
  }

  private static func title(of blocks: [Block]) -> String? {
    for block in blocks {
      if case .heading(let heading) = block.kind {
        let text = PlainText.of(heading.content)
        if !text.isEmpty { return text }
      }
    }
    return nil
  }
}
