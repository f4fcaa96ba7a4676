import Transcript

extension StatementLies {
  /// Steps altered on every sample: in sign, in factor, by the value of the next sample, and with
  /// another relation. What is measured wrong in one step is noticed there or in the next.
  package func lies(about derivation: Derivation, _ measured: [Event.Measurement]) -> [Lie] {
    let chains = Self.chains(derivation, measured)
    guard !chains.isEmpty else { return [] }
    return derivation.steps.indices.flatMap { index -> [Lie] in
      var lies: [Lie] = []
      func add(_ change: String, _ derivation: Derivation, _ chains: [[Double]]) {
        let pairs = Self.pairs(of: derivation, at: index, in: chains)
        guard pairs.contains(where: { $0.isFalse(derivation) }) else { return }
        let isNoticed = pairs.contains {
          !follows($0.relation, $0.value, $0.previous, derivation)
        }
        let position = derivation.steps[index].expressionPosition
        lies.append(
          Lie(line: position.line, column: position.column, change: change, isNoticed: isNoticed))
      }
      for (factor, name) in [(-1, "−1"), (2, "2"), (1.001, "1.001")] {
        let altered = chains.map { chain in
          var chain = chain
          chain[index] *= factor
          return chain
        }
        add("the step × \(name)", derivation, altered)
      }
      add("the step of the next sample", derivation, Self.shifted(chains, step: index))
      let relation = derivation.steps[index].relation
      for turned in Self.turned(relation) {
        var altered = derivation
        altered.steps[index].relation = turned
        add("`\(relation?.rawValue ?? "")` → `\(turned.rawValue)`", altered, chains)
      }
      return lies
    }
  }

  /// The values of all steps, for each sample that was measured whole and finite.
  private static func chains(
    _ derivation: Derivation, _ measured: [Event.Measurement]
  ) -> [[Double]] {
    var chains: [[Double]] = []
    for measurement in measured {
      if measurement.index == 0 { chains.append([]) }
      guard !chains.isEmpty else { continue }
      chains[chains.count - 1].append(measurement.number.value)
    }
    return chains.filter { $0.count == derivation.steps.count && $0.allSatisfy(\.isFinite) }
  }

  private static func shifted(_ chains: [[Double]], step: Int) -> [[Double]] {
    guard chains.count > 1 else { return chains }
    return chains.indices.map { sample in
      var chain = chains[sample]
      chain[step] = chains[sample + 1 < chains.count ? sample + 1 : sample - 1][step]
      return chain
    }
  }

  private static func turned(_ relation: Relation?) -> [Relation] {
    switch relation {
    case .lessOrEqual: [.greaterOrEqual, .equal]
    case .greaterOrEqual: [.lessOrEqual, .equal]
    // Equal sides are also ≤ and ≥.
    default: []
    }
  }

  /// Two neighbouring steps on one sample.
  private struct Pair {
    var relation: Relation
    var previous: Double
    var value: Double
    /// The largest number of the derivation on this sample.
    var largest: Double

    /// By more than twice what the block allows, so that the judge's way of measuring a tolerance is
    /// not in question, and by more than rounding numbers of this size costs.
    func isFalse(_ derivation: Derivation) -> Bool {
      let excess =
        switch relation {
        case .lessOrEqual: previous - value
        case .greaterOrEqual: value - previous
        default: abs(value - previous)
        }
      return excess > 2 * derivation.allowed(previous, value) + 1e-12 * largest
    }
  }

  private static func pairs(
    of derivation: Derivation, at index: Int, in chains: [[Double]]
  ) -> [Pair] {
    chains.flatMap { chain -> [Pair] in
      let largest = chain.map { abs($0) }.max() ?? 0
      return [index, index + 1].compactMap { place in
        guard derivation.steps.indices.contains(place), place > 0,
          let relation = derivation.steps[place].relation
        else { return nil }
        return Pair(
          relation: relation, previous: chain[place - 1], value: chain[place], largest: largest)
      }
    }
  }
}
