import Markdown

/// A line may break on either side of a formula or a claim, but not before the comma that follows
/// it: the two are put into one unbroken `span`.
struct UnbrokenPunctuation {
  /// Formulas open that span themselves, around their last part, since a long one has to break.
  private(set) var formulas: Set<SourcePosition> = []

  mutating func applied(to blocks: [Block]) -> [Block] {
    var result: [Block] = []
    result.reserveCapacity(blocks.count)
    for block in blocks { result.append(Block(applied(to: block.kind), at: block.position)) }
    return result
  }

  private mutating func applied(to kind: Block.Kind) -> Block.Kind {
    switch kind {
    case .paragraph(let content): return .paragraph(applied(to: content))
    case .heading(var heading):
      heading.content = applied(to: heading.content)
      return .heading(heading)
    case .code, .html, .thematicBreak, .math: return kind
    case .blockQuote(let blocks): return .blockQuote(applied(to: blocks))
    case .list(var list):
      for index in list.items.indices { list.items[index] = applied(to: list.items[index]) }
      return .list(list)
    case .table(var table):
      for row in table.rows.indices {
        for cell in table.rows[row].indices {
          table.rows[row][cell] = applied(to: table.rows[row][cell])
        }
      }
      return .table(table)
    case .container(var container):
      container.blocks = applied(to: container.blocks)
      return .container(container)
    }
  }

  mutating func applied(to content: [Inline]) -> [Inline] {
    var result: [Inline] = []
    result.reserveCapacity(content.count)
    for inline in content {
      switch inline.kind {
      case .text(let text):
        guard let last = result.last, last.holdsItsPunctuation,
          let end = Self.endOfPunctuation(text)
        else {
          result.append(inline)
          continue
        }
        if case .math = last.kind {
          formulas.insert(last.position)
        } else {
          let opening = Inline(.html(#"<span class="unbroken">"#), at: last.position)
          result.insert(opening, at: result.count - 1)
        }
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
    case .math(_, let isDisplay): !isDisplay
    case .code(let code): code.hasPrefix("{claim}")
    default: false
    }
  }
}
