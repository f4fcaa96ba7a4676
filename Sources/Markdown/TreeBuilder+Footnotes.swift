/// Footnotes in the order in which they are read.
extension TreeBuilder {
  /// In order of first reference; those referred to only in footnotes follow, then the unused.
  mutating func orderedFootnotes() -> [Footnote] {
    var blocksOf: [String: [Block]] = [:]
    var labels: [String] = []
    for index in tree.nodes.indices {
      guard case .footnote(let label) = tree[index].payload, blocksOf[label] == nil else {
        continue
      }
      blocksOf[label] = blocks(in: index)
      labels.append(label)
    }
    var order: [String] = []
    var seen: Set<String> = []
    var waiting = batch.footnoteReferences[""] ?? []
    var next = 0
    while next < waiting.count {
      let label = waiting[next]
      next += 1
      guard seen.insert(label).inserted else { continue }
      order.append(label)
      waiting += batch.footnoteReferences[label] ?? []
    }
    for label in labels where !seen.contains(label) {
      order.append(label)
      if let position = footnotePositions[label] {
        faults.append(MarkdownFault(.unusedFootnote(label: label), at: position))
      }
    }
    return order.compactMap { label in
      guard let blocks = blocksOf[label], let position = footnotePositions[label] else {
        return nil
      }
      return Footnote(label: label, position: position, blocks: blocks)
    }
  }
}
