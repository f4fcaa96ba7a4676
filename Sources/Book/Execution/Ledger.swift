import Markdown
import Transcript

/// What a chapter owes, against what one run of its program has paid.
///
/// Spans and steps are paid once, in their place: while their own item runs, in the order of the
/// document. A call of `claim(…)` is paid when it was evaluated at least once. What a program says
/// beside that is noted as well, since it shows that somebody else wrote to the transcript.
struct Ledger {
  /// Something that the transcript says and the program that we wrote does not.
  struct Irregularity: Hashable {
    var fault: LedgerFault
    var item: Int
  }

  private let chapter: Chapter
  /// The items that run, in order.
  let running: [Int]
  private let obligations: [Obligation]
  private var paid: [Obligation: Int] = [:]
  /// The place in `running` of the item that runs or comes next.
  private var next = 0
  private(set) var current: Int?
  /// The step that is due in the derivation that runs.
  private var dueStep = 0
  private var irregularities: [Irregularity] = []

  init(_ chapter: Chapter, running: [Int]) {
    self.chapter = chapter
    self.running = running
    obligations = chapter.obligations(running: Set(running))
  }

  /// The item that has not ended yet.
  var unfinished: Int? { next < running.count ? running[next] : nil }

  /// Whether every item began and ended, in order.
  var isComplete: Bool { next == running.count && current == nil }

  // MARK: Paying

  mutating func begin(_ item: Int) {
    guard current == nil, unfinished == item else { return note(.outOfPlace, item) }
    current = item
    dueStep = 0
  }

  mutating func end(_ item: Int) {
    guard current == item else { return note(.outOfPlace, item) }
    current = nil
    next += 1
  }

  mutating func pay(_ kind: Obligation.Kind, of item: Int) {
    guard current == item else { return note(.outOfPlace, item) }
    let debt = Obligation(kind: kind, item: item, position: chapter.items[item].position)
    paid[debt, default: 0] += 1
    if paid[debt] == 2 { note(.ranTwice, item) }
  }

  /// Returns whether the step is the one that is due.
  mutating func payStep(_ index: Int, of derivation: Derivation, item: Int) -> Bool {
    guard current == item, index == dueStep else {
      note(.outOfPlace, item)
      return false
    }
    dueStep += 1
    if dueStep == derivation.steps.count {
      dueStep = 0
      let kind = Obligation.Kind.derivation(steps: derivation.steps.count)
      paid[Obligation(kind: kind, item: item, position: derivation.position), default: 0] += 1
    }
    return true
  }

  /// - Parameter place: in the code of the cell `item`, which need not be the one that runs: a
  ///   function of an earlier cell may claim something.
  mutating func payCall(at place: CellCode.Place, of item: Int) {
    guard case .cell(let cell) = chapter.items[item] else { return }
    let kind = Obligation.Kind.call(line: place.line, column: place.column)
    paid[Obligation(kind: kind, item: item, position: cell.position(of: place)), default: 0] += 1
  }

  /// The running cell showed something.
  mutating func show(_ kind: Obligation.Kind) {
    guard let current else { return }
    let position = chapter.items[current].position
    paid[Obligation(kind: kind, item: current, position: position), default: 0] += 1
  }

  mutating func note(_ fault: LedgerFault, _ item: Int) {
    let one = Irregularity(fault: fault, item: item)
    if !irregularities.contains(one) { irregularities.append(one) }
  }

  // MARK: Settling

  /// What is wrong with the account.
  ///
  /// - Parameter ranToItsEnd: otherwise it is known already why something is missing.
  func settled(ranToItsEnd: Bool) -> [Diagnostic] {
    var diagnostics = irregularities.map { one in
      let position = chapter.items[one.item].position
      return one.fault.diagnostic(
        file: chapter.path, line: position.line, column: position.column)
    }
    guard ranToItsEnd else { return diagnostics }
    for debt in obligations {
      guard let fault = fault(of: debt) else { continue }
      diagnostics.append(
        fault.diagnostic(
          file: chapter.path, line: debt.position.line, column: debt.position.column))
    }
    return diagnostics
  }

  private func fault(of debt: Obligation) -> LedgerFault? {
    let isPaid = paid[debt, default: 0] > 0
    switch debt.kind {
    case .value, .claim: return isPaid ? nil : .neverRan
    case .call: return isPaid ? nil : .callNeverRan
    case .derivation: return isPaid ? nil : .noSample
    case .figure, .table, .listing:
      guard case .cell(let cell) = chapter.items[debt.item] else { return nil }
      let isShown =
        debt.kind == .listing ? cell.echo != .hide : cell.showsOutput && isPaid
      // A caption may stand below a text that is no figure.
      let isNamed = cell.label != nil
      return isShown || !isNamed && cell.showsOutput ? nil : .nothingToNumber(debt.kind)
    }
  }
}

/// Why the account of a run does not balance.
package enum LedgerFault: Fault, Hashable {
  case neverRan
  case callNeverRan
  case ranTwice
  case outOfPlace
  case noSample
  case nothingToNumber(Obligation.Kind)
  case wroteToTranscript

  package var message: String {
    switch self {
    case .neverRan: "this was never evaluated"
    case .callNeverRan: "this claim was never tested"
    case .ranTwice: "this was evaluated more than once"
    case .outOfPlace:
      "the transcript has this in another place than the chapter, so it cannot be believed"
    case .noSample: "the derivation was checked on no sample"
    case .nothingToNumber(let kind):
      switch kind {
      case .table: "the label asks for a table, and the cell shows none"
      case .listing: "the label asks for a listing, and the cell hides its code"
      default: "the label asks for a figure, and the cell shows none"
      }
    case .wroteToTranscript: "the cell wrote to the descriptor that its results go through"
    }
  }

  package var hint: String? {
    switch self {
    case .neverRan, .ranTwice: "a cell must not leave the program or write to its transcript"
    case .callNeverRan:
      "call it where the cell itself runs: in no branch that is not taken, no function that is not "
        + "called, no task that nobody waits for"
    case .outOfPlace: "leave beginning and ending to the tool, and close no descriptor"
    case .noSample: "give '//| sample: …' a sequence that holds something"
    case .nothingToNumber(.listing): "remove 'echo: false', or the label"
    case .nothingToNumber: "show it in this cell, remove 'output: false', or remove the label"
    case .wroteToTranscript: "use print or show"
    }
  }
}
