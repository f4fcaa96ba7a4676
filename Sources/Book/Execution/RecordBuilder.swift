import Foundation
import Markdown
import Transcript

/// Makes the record of a chapter from what its program said, line by line: while it runs, or again
/// later from the log, when the chapter's prose, numbers and tolerances may have changed.
struct RecordBuilder {
  private let chapter: Chapter
  private let compilation: Compilation
  private let map: ChapterMap
  private var ledger: Ledger
  private var record: ExecutionRecord
  private var stopped: Set<Int> = []
  /// The item that printed text belongs to: the last that began.
  private var item: Int?
  private var printed = 0
  private var printedErrors = 0
  private var previousStep: StepResult?
  private var keptSamples: [Int: Int] = [:]
  private var failures: [Int: [StepFailure]] = [:]

  private struct StepFailure {
    var index: Int
    var fault: (sample: String, value: Double, previous: Double)
    var more = 0
  }

  /// Samples of a derivation that the record keeps; all are judged, and what fails is always kept.
  private static let samplesKept = 100

  init(_ chapter: Chapter, _ compilation: Compilation) {
    self.chapter = chapter
    self.compilation = compilation
    map = ChapterMap(chapter)
    ledger = Ledger(chapter, running: Self.runningItems(of: chapter, compilation))
    record = ExecutionRecord(itemCount: chapter.items.count)
    record.compileSeconds = compilation.seconds
    for (item, message) in compilation.expectedErrors where record.outputs.indices.contains(item) {
      record.outputs[item] = [.expectedError(message)]
    }
  }

  private static func runningItems(of chapter: Chapter, _ compilation: Compilation) -> [Int] {
    chapter.items.indices.filter { index in
      guard case .cell(let cell) = chapter.items[index] else { return true }
      return cell.runs || cell.isRun && compilation.stopping.contains(index)
    }
  }

  /// Takes a line, or, without one, what has been printed meanwhile.
  mutating func take(
    _ line: TranscriptLine?, output: [UInt8], errors: [UInt8]
  ) -> [ExecutionEvent] {
    guard let line else {
      // Whole lines only: the program may be in the middle of one.
      guard let end = output[printed...].lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      return print(output: output, upTo: end + 1)
    }
    let events =
      print(output: output, upTo: line.printed) + print(errors: errors, upTo: line.printedErrors)
    return events + take(line.event)
  }

  private mutating func print(output: [UInt8], upTo end: Int) -> [ExecutionEvent] {
    let end = min(end, output.count)
    guard end > printed else { return [] }
    defer { printed = end }
    return add(.standardOutput(String(decoding: output[printed..<end], as: UTF8.self)))
  }

  private mutating func print(errors: [UInt8], upTo end: Int) -> [ExecutionEvent] {
    let end = min(end, errors.count)
    guard end > printedErrors else { return [] }
    defer { printedErrors = end }
    return add(.standardError(String(decoding: errors[printedErrors..<end], as: UTF8.self)))
  }

  private mutating func take(_ event: Event) -> [ExecutionEvent] {
    switch event {
    case .began(let item):
      guard chapter.items.indices.contains(item) else { return [] }
      ledger.begin(item)
      self.item = item
      previousStep = nil
      var label: String?
      if case .cell(let cell) = chapter.items[item] { label = cell.label }
      let index = ledger.running.firstIndex(of: item) ?? 0
      return [
        .running(item: item, index: index, count: ledger.running.count, label: label)
      ]
    case .ended(let item, let seconds):
      guard chapter.items.indices.contains(item) else { return [] }
      ledger.end(item)
      record.seconds[item] = seconds
      return []
    case .text(let text): return add(.text(text))
    case .table(let table):
      ledger.show(.table)
      return add(.table(table))
    case .figure(let figure):
      ledger.show(.figure)
      return add(.figure(figure))
    case .unknown(let text):
      if let item = item ?? ledger.running.first { ledger.note(.wroteToTranscript, item) }
      return add(.text(text))
    case .leftProcess:
      warnOfProcess()
      return []
    case .value(let item, let text):
      guard chapter.items.indices.contains(item), case .value = chapter.items[item] else {
        return []
      }
      ledger.pay(.value, of: item)
      record.values[item] = text
      return [.value(item: item, text: text)]
    case .measured(let measurement): return judge(measurement)
    case .claim(let claim): return judge(claim)
    case .progress(let progress): return item.map { [.progress(item: $0, progress)] } ?? []
    case .stopped(let item, let message):
      guard record.outputs.indices.contains(item) else { return [] }
      stopped.insert(item)
      return add(.expectedError(message))
    }
  }

  /// Once; a process that stays is the fault of the first item.
  private mutating func warnOfProcess() {
    guard let item else { return }
    let position = chapter.items[item].position
    let diagnostic = ExecutionFault.leftProcess.diagnostic(
      .warning, file: chapter.path, line: position.line, column: position.column)
    if !record.diagnostics.contains(where: { $0.message == diagnostic.message }) {
      record.diagnostics.append(diagnostic)
    }
  }

  private mutating func add(_ output: ExecutionRecord.Output) -> [ExecutionEvent] {
    guard let item = item ?? ledger.running.first else { return [] }
    switch (record.outputs[item].last, output) {
    case (.standardOutput(let before), .standardOutput(let text)):
      record.outputs[item].removeLast()
      record.outputs[item].append(.standardOutput(before + text))
    case (.standardError(let before), .standardError(let text)):
      record.outputs[item].removeLast()
      record.outputs[item].append(.standardError(before + text))
    default: record.outputs[item].append(output)
    }
    return [.output(item: item, output)]
  }

  // MARK: Judging

  /// A call of `claim(…)`. Its place counts from its cell, wherever the cell stands by now.
  private mutating func judge(_ claim: Event.Claim) -> [ExecutionEvent] {
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

  private mutating func judge(_ measurement: Event.Measurement) -> [ExecutionEvent] {
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

  private mutating func judge(
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

  private mutating func judge(
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

  private mutating func note(_ step: StepResult, previous: Double) {
    var list = failures[step.item] ?? []
    if let known = list.firstIndex(where: { $0.index == step.index }) {
      list[known].more += 1
    } else {
      list.append(
        StepFailure(index: step.index, fault: (step.sample, step.value, previous)))
    }
    failures[step.item] = list
  }

  // MARK: The end

  /// Whether the program did all that the chapter asks.
  func isComplete(_ log: RunLog) -> Bool { log.ending == .finished && ledger.isComplete }

  mutating func finish(_ log: RunLog, limits: Limits) -> ExecutionRecord {
    let rest = finishPrinting(log)
    record.runSeconds = log.seconds
    for file in log.files where file.key != nil && !record.filesRead.contains(file.path) {
      record.filesRead.append(file.path)
    }
    for message in compilation.messages {
      let position = message.place.map { map.position(of: $0) }
      record.diagnostics.append(
        Diagnostic(
          message.severity, file: chapter.path, line: position?.line ?? 0,
          column: position?.column ?? 0, message: message.text, hint: message.hint))
    }
    record.redeclared = compilation.redeclared.map {
      Redeclaration(name: $0.name, line: map.position(of: $0.place).line)
    }
    addStepDiagnostics()
    for index in compilation.stopping where isComplete(log) && !stopped.contains(index) {
      report(.didNotFail, at: chapter.items[index])
    }
    checkExpectedMessages()
    if !compilation.hasErrors {
      if !isComplete(log) { report(log, fatal: rest, limits: limits) }
      record.diagnostics += ledger.settled(ranToItsEnd: isComplete(log))
    }
    record.diagnostics.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    return record
  }

  /// Shows what was printed after the last event; what Swift's runtime says about a fatal error is
  /// taken out of it and returned.
  private mutating func finishPrinting(_ log: RunLog) -> FatalMessage? {
    _ = print(output: log.output, upTo: .max)
    guard printedErrors < log.errors.count else { return nil }
    let text = String(decoding: log.errors[printedErrors...], as: UTF8.self)
    printedErrors = log.errors.count
    let fatal = log.ending == .finished ? nil : FatalMessage(standardError: text)
    let shown = fatal?.precedingText ?? text
    if !shown.isEmpty { _ = add(.standardError(shown)) }
    return fatal
  }

  private mutating func addStepDiagnostics() {
    for (item, list) in failures {
      guard case .derivation(let derivation) = chapter.items[item] else { continue }
      for failure in list {
        let step = derivation.steps[failure.index]
        let fault = FalseStatement.step(
          relation: step.relation?.rawValue ?? "=", sample: failure.fault.sample,
          value: failure.fault.value, previous: failure.fault.previous, more: failure.more)
        record.diagnostics.append(
          fault.diagnostic(
            file: chapter.path, line: step.position.line, column: step.position.column))
      }
    }
  }

  private mutating func report(_ log: RunLog, fatal: FatalMessage?, limits: Limits) {
    guard let culprit = ledger.current ?? ledger.unfinished else {
      // Everything ran; the program failed while it was ending.
      if case .exited(let status) = log.ending, let last = ledger.running.last {
        report(.exitedAfterwards(status: status), at: chapter.items[last])
      } else if let last = ledger.running.last {
        report(fault(log.ending, fatal: fatal, limits: limits), at: chapter.items[last])
      }
      return
    }
    var fault = fault(log.ending, fatal: fatal, limits: limits)
    if case .crashed = fault, let reason = log.stop?.reason {
      fault = .stopped(sentence: reason)
    }
    // Swift says where a program stopped itself, when that is in the chapter's own code.
    let isOwn = fatal?.file == chapter.path.split(separator: "/").last.map(String.init)
    if let line = log.stop?.line ?? (isOwn ? fatal?.line : nil),
      let place = compilation.map.place(line: line)
    {
      record.diagnostics.append(
        fault.diagnostic(file: chapter.path, line: map.position(of: place).line))
    } else {
      report(fault, at: chapter.items[culprit])
    }
  }

  private func fault(
    _ ending: RunLog.Ending, fatal: FatalMessage?, limits: Limits
  ) -> ExecutionFault {
    switch ending {
    case .finished: .exited(status: 0)
    case .exited(ProgramContract.closedChannelStatus): .closedChannel
    case .exited(let status): .exited(status: status)
    case .signaled(SIGKILL): .killedFromOutside
    case .signaled(let signal):
      if let fatal, fatal.isOutOfMemory {
        .outOfMemory(limit: limits.memoryBytes)
      } else {
        fatal.map { .stopped(sentence: $0.sentence) } ?? .crashed(signal: signal)
      }
    case .cellTimedOut(let seconds): .timedOut(seconds: seconds)
    case .chapterTimedOut(let seconds): .chapterTimedOut(seconds: seconds)
    case .printedTooMuch(let bytes): .printedTooMuch(bytes: bytes)
    case .wroteTooMuch(let bytes): .wroteTooMuch(bytes: bytes)
    case .neededTooMuchMemory: .outOfMemory(limit: limits.memoryBytes)
    case .startedTooManyProcesses(let count): .startedTooManyProcesses(count: count)
    case .notStarted(let reason): .notStarted(reason: reason)
    case .cancelled: .cancelled
    }
  }

  /// A cell that fails must fail for the reason that it names.
  private mutating func checkExpectedMessages() {
    for (index, outputs) in record.outputs.enumerated() {
      guard case .cell(let cell) = chapter.items[index], !cell.expectedMessage.isEmpty else {
        continue
      }
      for case .expectedError(let said) in outputs where !said.contains(cell.expectedMessage) {
        report(.otherError(said: said, expected: cell.expectedMessage), at: chapter.items[index])
      }
    }
  }

  private mutating func report(_ fault: ExecutionFault, at item: Chapter.Item) {
    record.diagnostics.append(
      fault.diagnostic(
        file: chapter.path, line: item.position.line, column: item.position.column))
  }
}

extension FatalMessage {
  fileprivate var isOutOfMemory: Bool {
    sentence.contains("failed to allocate") || sentence.contains("ould not allocate")
  }
}
