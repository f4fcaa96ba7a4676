import Markdown

/// One thing that a chapter's source owes: it must be evaluated by the very run whose result is on
/// the page, or there is no page.
public struct Obligation: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// `{swift} …`, once.
    case value
    /// `{claim} …`, once.
    case claim
    /// A derivation: every step on every sample, in order, and one sample at least.
    case derivation(steps: Int)
    /// A call of `claim(…)`, at least once; named by its place in the cell's code.
    case call(line: Int, column: Int)
    /// A label and a caption number something that the cell shows.
    case figure, table, listing
  }

  public var kind: Kind
  public var item: Int
  public var position: SourcePosition
}

extension Chapter {
  /// Everything that the chapter owes, in document order.
  ///
  /// - Parameter running: the items that run.
  package func obligations(running: Set<Int>) -> [Obligation] {
    items.indices.flatMap { index -> [Obligation] in
      func owed(_ kind: Obligation.Kind, _ position: SourcePosition? = nil) -> Obligation {
        Obligation(kind: kind, item: index, position: position ?? items[index].position)
      }
      switch items[index] {
      case .value: return [owed(.value)]
      case .claim: return [owed(.claim)]
      case .derivation(let derivation): return [owed(.derivation(steps: derivation.steps.count))]
      case .cell(let cell):
        guard running.contains(index) else { return [] }
        let calls =
          cell.runs
          ? CellCode(cell.source).claimCalls.map {
            owed(.call(line: $0.line, column: $0.column), cell.position(of: $0))
          } : []
        return calls + (cell.numberedKind.map { [owed($0)] } ?? [])
      }
    }
  }
}

extension Cell {
  /// What the label or the caption numbers; a caption alone numbers a figure.
  fileprivate var numberedKind: Obligation.Kind? {
    guard let label else { return caption == nil ? nil : .figure }
    return label.hasPrefix("tbl-") ? .table : label.hasPrefix("lst-") ? .listing : .figure
  }
}
