import Transcript

extension ExecutionRecord {
  /// Of everything that a page shows of a run. Times are left out: two runs that show the same have
  /// the same page.
  var contentKey: ContentKey {
    var hasher = ContentHasher()
    for (index, outputs) in outputs.enumerated() {
      hasher.add(index)
      for output in outputs { output.add(to: &hasher) }
    }
    for value in values { hasher.add(value ?? "\0") }
    for claim in claims {
      hasher.add(claim.item ?? -1)
      hasher.add(claim.line)
      hasher.add(claim.sentence)
      hasher.add(claim.relation.rawValue)
      hasher.add(claim.held ? 1 : 0)
      for number in [claim.measured, claim.stated, claim.tolerance] { hasher.add(number) }
    }
    for step in steps {
      hasher.add(step.item)
      hasher.add(step.index)
      hasher.add(step.sample)
      hasher.add(step.value)
      hasher.add(step.held ? 1 : 0)
    }
    return hasher.key
  }
}

extension ExecutionRecord.Output {
  fileprivate func add(to hasher: inout ContentHasher) {
    switch self {
    case .standardOutput(let text): hasher.add(0, text)
    case .standardError(let text): hasher.add(1, text)
    case .text(let text): hasher.add(2, text)
    case .table(let table):
      hasher.add(3, "")
      for column in table.columns { hasher.add(column) }
      for row in table.rows { for cell in row { hasher.add(cell) } }
      for isNumeric in table.numeric { hasher.add(isNumeric ? 1 : 0) }
    case .figure(let figure):
      hasher.add(4, figure.svg)
      hasher.add(figure.description)
    case .expectedError(let text): hasher.add(5, text)
    }
  }
}

extension ContentHasher {
  fileprivate mutating func add(_ kind: Int, _ text: String) {
    add(kind)
    add(text)
  }

  fileprivate mutating func add(_ number: Double) { add(Int(bitPattern: UInt(number.bitPattern))) }
}
