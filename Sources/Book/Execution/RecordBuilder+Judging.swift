import Transcript

/// Whether what was measured is what the chapter says.
extension RecordBuilder {
  /// A call of `claim(…)`. Its place counts from its cell, wherever the cell stands by now.
  mutating func judge(_ claim: Event.Claim) -> [ExecutionEvent] {
    let place = compilation.map.place(line: claim.line, column: claim.column)
    guard let item = place?.item ?? item else { return [] }
    if let place {
      ledger.payCall(at: .init(line: place.line, column: place.column + 1), of: item)
    }
    var result = ClaimResult(
      item: item, line: place.map { map.position(of: $0).line } ?? 0, sentence: claim.sentence,
      numbers: nil, held: false)
    switch claim.test {
    case .condition(let held): result.held = held
    case .comparison(let measured, let stated, let tolerance):
      result.held = Judgement.holds(.approximately, measured, stated, tolerance: tolerance)
      result.numbers = .init(
        relation: tolerance == 0 ? .equal : .approximately, measured: measured, stated: stated,
        tolerance: tolerance)
    }
    record.claims.append(result)
    if !result.held {
      record.diagnostics.append(
        FalseStatement.call(result).diagnostic(file: chapter.path, line: result.line))
    }
    return [.claim(result)]
  }

  mutating func judge(_ measurement: Event.Measurement) -> [ExecutionEvent] {
    guard chapter.items.indices.contains(measurement.item) else { return [] }
    switch chapter.items[measurement.item] {
    case .claim(let claim):
      ledger.pay(.claim, of: measurement.item)
      return [.claim(judge(measurement, claim))]
    case .derivation(let derivation):
      return judge(measurement, derivation).map { [.step($0)] } ?? []
    case .cell, .value: return []
    }
  }

  mutating func judge(
    _ measurement: Event.Measurement, _ claim: InlineClaim
  ) -> ClaimResult {
    let held = Judgement.holds(
      claim.relation, measurement.number, claim.stated, tolerance: claim.tolerance)
    let result = ClaimResult(
      item: measurement.item, line: claim.position.line, sentence: claim.expression,
      numbers: .init(
        relation: claim.relation, measured: measurement.number, stated: claim.stated,
        tolerance: claim.tolerance),
      held: held)
    record.claims.append(result)
    let fault: FalseStatement? =
      held
      ? claim.otherDigits(measured: measurement.number).map {
        .otherDigits(written: claim.written, measured: $0)
      } : .prose(claim, measured: measurement.number)
    if let fault {
      record.diagnostics.append(
        fault.diagnostic(
          held ? .warning : .error, file: chapter.path, line: claim.writtenPosition.line,
          column: claim.writtenPosition.column))
    }
    return result
  }

  mutating func judge(
    _ measurement: Event.Measurement, _ derivation: Derivation
  ) -> StepResult? {
    guard ledger.payStep(measurement.index, of: derivation, item: measurement.item) else {
      return nil
    }
    let value = measurement.number.value
    var step = StepResult(
      item: measurement.item, index: measurement.index, sample: measurement.sample, value: value,
      held: value.isFinite)
    if let relation = derivation.steps[measurement.index].relation, let previousStep {
      step.held = Judgement.follows(
        relation, value, after: previousStep.value,
        within: derivation.allowed(value, previousStep.value))
    }
    if !step.held {
      note(step, previous: measurement.index == 0 ? .nan : previousStep?.value ?? .nan)
    }
    previousStep = step
    if step.index == 0 { keptSamples[step.item, default: 0] += 1 }
    if keptSamples[step.item, default: 0] <= Self.samplesKept || !step.held {
      record.steps.append(step)
    }
    return step
  }

  mutating func note(_ step: StepResult, previous: Double) {
    var list = failures[step.item] ?? []
    if let known = list.firstIndex(where: { $0.index == step.index }) {
      list[known].more += 1
    } else {
      list.append(
        StepFailure(index: step.index, fault: (step.sample, step.value, previous)))
    }
    failures[step.item] = list
  }
}
