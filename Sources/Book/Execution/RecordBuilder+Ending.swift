import Foundation
import Transcript

/// What the end of a run says about the chapter.
extension RecordBuilder {
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
