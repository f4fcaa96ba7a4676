import Transcript

/// Makes the record of a chapter from what its program said, line by line: while it runs, or again
/// later from the log, when the chapter's prose, numbers and tolerances may have changed.
struct RecordBuilder {
  let chapter: Chapter
  let compilation: Compilation
  let map: ChapterMap
  var ledger: Ledger
  var record: ExecutionRecord
  var stopped: Set<Int> = []
  /// The item that printed text belongs to: the last that began.
  var item: Int?
  var printed = 0
  var printedErrors = 0
  var previousStep: StepResult?
  var keptSamples: [Int: Int] = [:]
  var failures: [Int: [StepFailure]] = [:]

  struct StepFailure {
    var index: Int
    var fault: (sample: String, value: Double, previous: Double)
    var more = 0
  }

  /// Samples of a derivation that the record keeps; all are judged, and what fails is always kept.
  static let samplesKept = 100

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

  mutating func print(output: [UInt8], upTo end: Int) -> [ExecutionEvent] {
    let end = min(end, output.count)
    guard end > printed else { return [] }
    defer { printed = end }
    return add(.standardOutput(String(decoding: output[printed..<end], as: UTF8.self)))
  }

  mutating func print(errors: [UInt8], upTo end: Int) -> [ExecutionEvent] {
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
  mutating func warnOfProcess() {
    guard let item else { return }
    let position = chapter.items[item].position
    let diagnostic = ExecutionFault.leftProcess.diagnostic(
      .warning, file: chapter.path, line: position.line, column: position.column)
    if !record.diagnostics.contains(where: { $0.message == diagnostic.message }) {
      record.diagnostics.append(diagnostic)
    }
  }

  mutating func add(_ output: ExecutionRecord.Output) -> [ExecutionEvent] {
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
}
