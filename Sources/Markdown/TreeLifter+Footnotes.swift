/// Footnotes in the order in which they are read.
extension TreeLifter {
  /// In order of first reference; those referred to only in footnotes follow, then the unused.
  mutating func orderedFootnotes(_ positions: [String: SourcePosition]) -> [Footnote] {
    var order: [String] = []
    var seen: Set<String> = []
    var waiting = references[""] ?? []
    var next = 0
    while next < waiting.count {
      let label = waiting[next]
      next += 1
      guard seen.insert(label).inserted else { continue }
      order.append(label)
      waiting += references[label] ?? []
    }
    for label in labels where !seen.contains(label) {
      order.append(label)
      if let position = positions[label] {
        faults.append(MarkdownFault(.unusedFootnote(label: label), at: position))
      }
    }
    return order.compactMap { label in
      guard let blocks = footnotes[label], let position = positions[label] else { return nil }
      return Footnote(label: label, position: position, blocks: blocks)
    }
  }
}
