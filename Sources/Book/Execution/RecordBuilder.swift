import Foundation
import Markdown
import Transcript

/// Makes the record of a chapter from what its program said, line by line: while it runs, or again
/// later from the log, when the chapter's prose, numbers and tolerances may have changed.
struct RecordBuilder {
  private let chapter: Chapter
  private let compilation: Compilation
  private let map: ChapterMap
  /// The items that run, in order.
  private let running: [Int]
  private var record: ExecutionRecord
  private var ended: Set<Int> = []
  private var stopped: Set<Int> = []
  /// The item that printed text belongs to, and whether it is still running.
  private var item: Int?
  private var isRunning = false
  private var printed = 0
  private var printedErrors = 0
  private var previousStep: Event.Step?
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
    running = Self.runningItems(of: chapter, compilation)
    record = ExecutionRecord(itemCount: chapter.items.count)
    record.compileSeconds = compilation.seconds
    for (item, message) in compilation.expectedErrors where record.outputs.indices.contains(item) {
      record.outputs[item] = [.expectedError(message)]
    }
  }

  static func runningItems(of chapter: Chapter, _ compilation: Compilation) -> [Int] {
    chapter.items.indices.filter { index in
      guard case .cell(let cell) = chapter.items[index] else { return true }
      return cell.isRun && (!cell.expectsError || compilation.stopping.contains(index))
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
      self.item = item
      isRunning = true
      previousStep = nil
      var label: String?
      if case .cell(let cell) = chapter.items[item] { label = cell.label }
      let index = running.firstIndex(of: item) ?? 0
      return [.running(item: item, index: index, count: running.count, label: label)]
    case .ended(let item, let seconds):
      guard chapter.items.indices.contains(item) else { return [] }
      ended.insert(item)
      isRunning = false
      record.seconds[item] = seconds
      return []
    case .text(let text): return add(.text(text))
    case .table(let table): return add(.table(table))
    case .unknown(let text):
      warn(.wroteToTranscript)
      return add(.text(text))
    case .leftProcess:
      warn(.leftProcess)
      return []
    case .figure(let figure): return add(.figure(figure))
    case .value(let item, let text):
      guard record.values.indices.contains(item) else { return [] }
      record.values[item] = text
      return [.value(item: item, text: text)]
    case .measured(let measurement): return judge(measurement)
    case .claim(let claim): return judge(claim)
    // The program leaves the judgement of steps to us.
    case .step: return []
    case .progress(let progress): return item.map { [.progress(item: $0, progress)] } ?? []
    case .read(let path):
      if !record.filesRead.contains(path) { record.filesRead.append(path) }
      return []
    case .stopped(let item, let message):
      guard record.outputs.indices.contains(item) else { return [] }
      stopped.insert(item)
      return add(.expectedError(message))
    }
  }

  /// Once for an item; a process that stays is the fault of the first.
  private mutating func warn(_ fault: ExecutionFault) {
    guard let item else { return }
    let position = chapter.items[item].position
    let diagnostic = fault.diagnostic(
      .warning, file: chapter.path, line: position.line, column: position.column)
    let isKnown = record.diagnostics.contains {
      $0.message == diagnostic.message && (fault == .leftProcess || $0 == diagnostic)
    }
    if !isKnown { record.diagnostics.append(diagnostic) }
  }

  private mutating func add(_ output: ExecutionRecord.Output) -> [ExecutionEvent] {
    guard let item = item ?? running.first else { return [] }
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

  private mutating func judge(_ claim: Event.Claim) -> [ExecutionEvent] {
    var claim = claim
    guard claim.item == nil else { return [] }
    let place = compilation.map.place(line: claim.line)
    if let place { claim.line = map.position(of: place).line }
    record.claims.append(claim)
    if !claim.held {
      record.diagnostics.append(
        FalseStatement.cellClaim(claim).diagnostic(file: chapter.path, line: claim.line))
    }
    return [.claim(claim)]
  }

  private mutating func judge(_ measurement: Event.Measurement) -> [ExecutionEvent] {
    guard chapter.items.indices.contains(measurement.item) else { return [] }
    switch chapter.items[measurement.item] {
    case .claim(let claim): return [.claim(judge(measurement, claim))]
    case .derivation(let derivation):
      return judge(measurement, derivation).map { [.step($0)] } ?? []
    case .cell, .value: return []
    }
  }

  private mutating func judge(
    _ measurement: Event.Measurement, _ claim: InlineClaim
  ) -> Event.Claim {
    let held = Judgement.holds(
      claim.relation, measurement.value, spacing: measurement.spacing, stated: claim.stated,
      tolerance: claim.tolerance)
    let judged = Event.Claim(
      item: measurement.item, line: claim.position.line, sentence: claim.expression,
      relation: claim.transcriptRelation, held: held, measured: measurement.value,
      stated: claim.stated, tolerance: claim.tolerance)
    record.claims.append(judged)
    if !held {
      let fault = FalseStatement.proseClaim(
        expression: claim.expression, relation: claim.relation.rawValue, written: claim.written,
        tolerance: claim.tolerance, measured: measurement.value,
        corrected: claim.corrected(measured: measurement.value))
      record.diagnostics.append(
        fault.diagnostic(
          file: chapter.path, line: claim.writtenPosition.line,
          column: claim.writtenPosition.column))
    }
    return judged
  }

  private mutating func judge(
    _ measurement: Event.Measurement, _ derivation: Derivation
  ) -> Event.Step? {
    guard derivation.steps.indices.contains(measurement.index) else { return nil }
    let relation = derivation.steps[measurement.index].relation
    var step = Event.Step(
      item: measurement.item, index: measurement.index, sample: measurement.sample,
      value: measurement.value, held: !measurement.value.isNaN)
    if measurement.index > 0, let relation, let previousStep {
      step.held = Judgement.follows(
        relation, step.value, after: previousStep.value, tolerance: derivation.tolerance)
    }
    if !step.held {
      note(
        step, previous: measurement.index == 0 ? .nan : previousStep?.value ?? .nan)
    }
    previousStep = step
    if step.index == 0 { keptSamples[step.item, default: 0] += 1 }
    if keptSamples[step.item, default: 0] <= Self.samplesKept || !step.held {
      record.steps.append(step)
    }
    return step
  }

  private mutating func note(_ step: Event.Step, previous: Double) {
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
  func isComplete(_ log: RunLog) -> Bool {
    log.ending == .finished && running.allSatisfy(ended.contains)
  }

  mutating func finish(_ log: RunLog, limits: Limits) -> ExecutionRecord {
    let rest = finishPrinting(log)
    record.runSeconds = log.seconds
    for message in compilation.messages {
      let position = message.place.map { map.position(of: $0) }
      record.diagnostics.append(
        Diagnostic(
          message.severity, file: chapter.path, line: position?.line ?? 0,
          column: position?.column ?? 0, message: message.text, hint: message.hint))
    }
    addStepDiagnostics()
    for index in compilation.stopping where ended.contains(index) && !stopped.contains(index) {
      report(.didNotFail, at: chapter.items[index])
    }
    if !isComplete(log), !compilation.hasErrors { report(log, fatal: rest, limits: limits) }
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
    guard let culprit = isRunning ? item : running.first(where: { !ended.contains($0) }) else {
      // Everything ran; the program failed while it was ending.
      if case .exited(let status) = log.ending, let last = running.last {
        report(.exitedAfterwards(status: status), at: chapter.items[last])
      } else if let last = running.last {
        report(fault(log.ending, fatal: fatal, limits: limits), at: chapter.items[last])
      }
      return
    }
    let fault = fault(log.ending, fatal: fatal, limits: limits)
    // Swift says where a program stopped itself, when that is in the chapter's own code.
    if let fatal, let line = fatal.line,
      fatal.file == chapter.path.split(separator: "/").last.map(String.init),
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
    case .startedTooManyProcesses(let count): .startedTooManyProcesses(count: count)
    case .notStarted(let reason): .notStarted(reason: reason)
    case .cancelled: .cancelled
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
