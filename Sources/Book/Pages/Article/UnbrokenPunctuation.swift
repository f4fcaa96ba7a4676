import Markdown

/// A line may break on either side of a formula or a claim, but not before the comma that follows
/// it: the two are put into one unbroken `span`.
enum UnbrokenPunctuation {
  static func applied(to blocks: [Block]) -> [Block] {
    blocks.map { Block(applied(to: $0.kind), at: $0.position) }
  }

  private static func applied(to kind: Block.Kind) -> Block.Kind {
    switch kind {
    case .paragraph(let content): return .paragraph(applied(to: content))
    case .heading, .code, .html, .thematicBreak, .math: return kind
    case .blockQuote(let blocks): return .blockQuote(applied(to: blocks))
    case .list(var list):
      list.items = list.items.map(applied(to:))
      return .list(list)
    case .table(var table):
      table.rows = table.rows.map { $0.map(applied(to:)) }
      return .table(table)
    case .container(var container):
      container.blocks = applied(to: container.blocks)
      return .container(container)
    }
  }

  static func applied(to content: [Inline]) -> [Inline] {
    var result: [Inline] = []
    result.reserveCapacity(content.count)
    for inline in content {
      switch inline.kind {
      case .text(let text):
        guard let last = result.last, last.holdsItsPunctuation, let end = endOfPunctuation(text)
        else {
          result.append(inline)
          continue
        }
        let opening = Inline(.html(#"<span class="unbroken">"#), at: last.position)
        result.insert(opening, at: result.count - 1)
        result.append(Inline(.text(String(text[..<end])), at: inline.position))
        result.append(Inline(.html("</span>"), at: inline.position))
        result.append(Inline(.text(String(text[end...])), at: inline.position))
      case .emphasis(let inner):
        result.append(Inline(.emphasis(applied(to: inner)), at: inline.position))
      case .strong(let inner):
        result.append(Inline(.strong(applied(to: inner)), at: inline.position))
      default: result.append(inline)
      }
    }
    return result
  }

  /// Behind `.`, `),` or the like at the beginning; nil when the text begins otherwise.
  private static func endOfPunctuation(_ text: String) -> String.Index? {
    let end = text.firstIndex { !".,;:!?)]’”\"'-–%".contains($0) } ?? text.endIndex
    return end > text.startIndex ? end : nil
  }
}

extension Inline {
  fileprivate var holdsItsPunctuation: Bool {
    switch kind {
    // A long formula must be able to break, or it is wider than a phone.
    case .math(let tex, let isDisplay): !isDisplay && tex.utf8.count <= 60
    case .code(let code): code.hasPrefix("{claim}")
    default: false
    }
  }
}
