import Markdown

/// The captions of cells and derivations, which are written as options and read as Markdown.
enum Captions {
  /// By item.
  static func of(_ chapter: Chapter) -> [Int: [Inline]] {
    var captions: [Int: [Inline]] = [:]
    for (index, item) in chapter.items.enumerated() {
      switch item {
      case .cell(let cell):
        if let caption = cell.caption {
          captions[index] = inlines(of: caption, at: cell.captionPosition ?? cell.position)
        }
      case .derivation(let derivation):
        if let caption = derivation.caption {
          captions[index] = inlines(of: caption, at: derivation.position)
        }
      case .value, .claim: break
      }
    }
    return captions
  }

  private static func inlines(of caption: String, at position: SourcePosition) -> [Inline] {
    [Inline(.text(caption), at: position)]
  }
}
