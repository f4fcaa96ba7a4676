import Transcript

/// Statements of a chapter made false, judged against what its last run measured.
///
/// An alteration is a lie only where the measured values show it to be one, by more than their own
/// precision; a step doubled that is 0 says the same as before, and what a lie is does not depend on
/// the judge that is put to the test.
package struct StatementLies {
  package struct Lie: Sendable, Equatable, Codable {
    package var line: Int
    package var column: Int
    /// In words: `≥` → `<`.
    package var change: String
    package var isNoticed: Bool
  }

  package typealias ClaimJudge = (InlineClaim, Event.Measurement) -> Bool
  package typealias StepJudge = (
    _ relation: Relation, _ value: Double, _ previous: Double, _ derivation: Derivation
  ) -> Bool

  let holds: ClaimJudge
  let follows: StepJudge

  package init(
    claim holds: @escaping ClaimJudge = { claim, measured in
      Judgement.holds(
        claim.relation, measured.number, claim.stated, tolerance: claim.tolerance)
    },
    step follows: @escaping StepJudge = { relation, value, previous, derivation in
      Judgement.follows(
        relation, value, after: previous, within: derivation.allowed(value, previous))
    }
  ) {
    self.holds = holds
    self.follows = follows
  }

  /// - Parameter measurements: of the whole chapter, in the order of its run.
  package func lies(about chapter: Chapter, _ measurements: [Event.Measurement]) -> [Lie] {
    let measured = Dictionary(grouping: measurements) { $0.item }
    return chapter.items.enumerated().flatMap { index, item -> [Lie] in
      let measured = measured[index] ?? []
      switch item {
      case .claim(let claim): return measured.first.map { lies(about: claim, $0) } ?? []
      case .derivation(let derivation): return lies(about: derivation, measured)
      case .cell, .value: return []
      }
    }
  }

  // MARK: Claims

  package func lies(about claim: InlineClaim, _ measured: Event.Measurement) -> [Lie] {
    guard measured.number.value.isFinite else { return [] }
    return alterations(of: claim, measured).filter { Self.isFalse($0.claim, measured) }.map {
      Lie(
        line: claim.writtenPosition.line, column: claim.writtenPosition.column, change: $0.change,
        isNoticed: !holds($0.claim, measured))
    }
  }

  private func alterations(
    of claim: InlineClaim, _ measured: Event.Measurement
  ) -> [(claim: InlineClaim, change: String)] {
    var alterations: [(InlineClaim, String)] = []
    func add(_ change: String, _ alter: (inout InlineClaim) -> Void) {
      var altered = claim
      alter(&altered)
      if altered != claim { alterations.append((altered, change)) }
    }
    let (value, step) = (measured.number.value, Self.step(claim, measured))
    let (isAbove, isBelow) =
      switch claim.relation {
      case .equal, .approximately: (true, true)
      case .less, .lessOrEqual: (false, true)
      case .greater, .greaterOrEqual: (true, false)
      }
    if isAbove {
      add("`\(claim.written)` → `\(value + step)`, just too much") {
        $0.stated = Self.number(value + step)
      }
    }
    if isBelow {
      add("`\(claim.written)` → `\(value - step)`, just too little") {
        $0.stated = Self.number(value - step)
      }
    }
    for relation in Self.turned(claim.relation) {
      add("`\(claim.relation.rawValue)` → `\(relation.rawValue)`") {
        $0.relation = relation
        $0.tolerance = 0
      }
    }
    add("`\(claim.written)` with the other sign") {
      $0.stated = Self.number(-$0.stated.value)
    }
    return alterations
  }

  private static func number(_ value: Double) -> Event.Number {
    Event.Number(value, spacing: 0, integer: Int128(exactly: value))
  }

  /// How far from the measured value the nearest lie is: a whole number is wrong by one.
  private static func step(_ claim: InlineClaim, _ measured: Event.Measurement) -> Double {
    let stated = claim.stated.value
    let isWhole = measured.number.spacing == 0 && stated == stated.rounded()
    if isWhole { return claim.tolerance.rounded(.down) + 1 }
    let allowed = claim.relation.isEquality ? claim.tolerance : 0
    return (allowed + precision(claim, measured)) * (1 + 1e-6) + measured.number.value.ulp
  }

  private static func turned(_ relation: Relation) -> [Relation] {
    switch relation {
    case .equal, .approximately: [.less, .greater]
    case .less: [.greaterOrEqual, .greater]
    case .lessOrEqual: [.greater]
    case .greater: [.lessOrEqual, .less]
    case .greaterOrEqual: [.less]
    }
  }

  /// What the measured value does not say: the last bit of its own type.
  private static func precision(_ claim: InlineClaim, _ measured: Event.Measurement) -> Double {
    max(measured.number.spacing, measured.number.value.ulp, claim.stated.value.ulp)
  }

  private static func isFalse(_ claim: InlineClaim, _ measured: Event.Measurement) -> Bool {
    let difference = measured.number.value - claim.stated.value
    let excess =
      switch claim.relation {
      case .equal, .approximately: abs(difference) - claim.tolerance
      case .less, .lessOrEqual: difference
      case .greater, .greaterOrEqual: -difference
      }
    let isStrict = claim.relation == .less || claim.relation == .greater
    return excess > precision(claim, measured)
      || isStrict && measured.number.spacing == 0 && excess == 0
  }
}
