/// Which code of a chapter may read a variable before the statement that gives it its value.
///
/// Swift accepts this at top level and reads whatever stands in the empty memory, most often 0, so a
/// false claim could hold. Whether a word is such a variable is for the compiler to say: it warns of
/// every use of a declaration that is marked. That costs a compilation, so it is done only where a
/// word of the declaration occurs earlier at all.
struct DeclarationOrder {
  /// One statement, to be compiled with a mark.
  struct Check: Equatable {
    var cell: Int
    /// Where the statement begins in the cell, in bytes.
    var statement: Int
    /// Variables that the statement seems to declare and that occur before it.
    var names: Set<String>
  }

  static func checks(of chapter: Chapter) -> [Check] {
    var checks: [Check] = []
    var earlier: Set<String> = []
    for (index, item) in chapter.items.enumerated() {
      if case .cell(let cell) = item {
        guard cell.runs else { continue }
        let code = CellCode(cell.source)
        let statements = Dictionary(grouping: code.variables, by: \.statement)
        for (statement, variables) in statements.sorted(by: { $0.key < $1.key }) {
          let known = statement == 0 ? earlier : earlier.union(code.words(before: statement))
          let names = known.intersection(variables.map(\.name))
          if !names.isEmpty {
            checks.append(Check(cell: index, statement: statement, names: names))
          }
        }
      }
      for code in item.code { earlier.formUnion(CellCode(code).words()) }
    }
    return checks
  }
}

extension Chapter.Item {
  /// Every piece of Swift that it holds.
  var code: [String] {
    switch self {
    case .cell(let cell): [cell.source]
    case .value(let value): [value.expression]
    case .claim(let claim): [claim.expression]
    case .derivation(let derivation):
      derivation.samples.map(\.sequence) + derivation.steps.map(\.expression)
    }
  }
}
