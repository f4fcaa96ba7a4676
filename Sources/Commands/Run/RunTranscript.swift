import Book
import Foundation
import Notation
import Synchronization

/// Shows what a chapter does, item by item.
final class RunTranscript: Sendable {
  private let chapter: Chapter
  /// The only item to be shown; nil means all.
  private let only: Int?
  private let output: TerminalStream
  private let display: ProgressDisplay
  private let figures: String
  private let state = Mutex(State())

  private struct State {
    var headed: Int?
    var figureCount = 0
    var wasReused = false
    var steps: [Int: StepCount] = [:]
    /// What was printed last did not end its line.
    var isInLine = false
  }

  init(chapter: Chapter, only: Int?, terminal: Terminal, figures: String) {
    self.chapter = chapter
    self.only = only
    output = terminal.output
    display = ProgressDisplay(on: terminal.errors)
    self.figures = figures
  }

  func take(_ event: ExecutionEvent) {
    switch event {
    case .reused: state.withLock { $0.wasReused = true }
    case .compiling: display.take(.compiling(chapter: chapter.path))
    case .running(let item, let index, let count, let label):
      showSteps(before: item)
      display.take(.running(chapter: chapter.path, index: index, count: count, label: label))
    case .output(let item, let output): show(item, output)
    case .value(let item, let text): value(item, text)
    case .claim(let claim): self.claim(claim)
    case .step(let step):
      state.withLock { $0.steps[step.item, default: StepCount()].add(step) }
    case .progress(_, let progress):
      display.take(.progress(chapter: chapter.path, progress))
    case .finished: break
    }
  }

  /// A record that was kept is shown as if it had just been made.
  func finish(_ record: ExecutionRecord) {
    if state.withLock({ $0.wasReused }) { replay(record) }
    showSteps(before: .max)
    display.close()
    if state.withLock({ $0.isInLine }) { output.write("\n") }
  }

  private func replay(_ record: ExecutionRecord) {
    for index in chapter.items.indices {
      showSteps(before: index)
      for step in record.steps where step.item == index { take(.step(step)) }
      for output in record.outputs[index] { show(index, output) }
      if let text = record.values[index] { value(index, text) }
      for claim in record.claims where claim.item == index { self.claim(claim) }
    }
  }

  // MARK: One thing each

  private func show(_ item: Int, _ shown: ExecutionRecord.Output) {
    guard only == nil || only == item else { return }
    switch shown {
    case .standardOutput(let text), .standardError(let text):
      print(item, VisibleText.of(text, keepingLines: true))
    case .text(let text): line(item, VisibleText.of(text, keepingLines: true))
    case .expectedError(let text):
      line(item, VisibleText.of("stopped, as it should: " + text, keepingLines: true))
    case .table(let table): line(item, Self.text(of: table, width: output.width))
    case .figure(let figure): line(item, drawn(figure, item))
    }
  }

  /// A derivation is counted when it is over: there may be thousands of samples.
  private func showSteps(before item: Int) {
    let counts = state.withLock { state in
      let over = state.steps.filter { $0.key < item }
      for key in over.keys { state.steps[key] = nil }
      return over.sorted { $0.key < $1.key }
    }
    for (item, count) in counts where count.all > 0 && (only == nil || only == item) {
      let style = output.style
      let steps = Measure.count(count.all, "step")
      line(
        item,
        count.held == count.all
          ? "\(style(.success, "✓")) \(steps) \(count.all == 1 ? "holds" : "hold")"
          : "\(style(.error, "✗")) \(count.held) of \(steps) hold")
    }
  }

  private func value(_ item: Int, _ text: String) {
    guard only == nil, case .value(let value) = chapter.items[item] else { return }
    line(item, "\(place(item))\(VisibleText.of(value.expression)) = \(VisibleText.of(text))")
  }

  private func claim(_ claim: ClaimResult) {
    guard only == nil || claim.item == only else { return }
    let style = output.style
    let mark = claim.held ? style(.success, "✓") : style(.error, "✗")
    let measured = claim.numbers.map {
      style(.quiet, "  (it is \($0.measured.text))")
    }
    line(
      claim.item,
      "\(place(claim.item))\(mark) \(VisibleText.of(sentence(claim)))\(measured ?? "")")
  }

  private func isInProse(_ item: Int) -> Bool {
    switch chapter.items[item] {
    case .claim, .value: true
    case .cell, .derivation: false
    }
  }

  /// What stands in prose is shown line under line, with its number in front: `571  `.
  private func place(_ item: Int) -> String {
    guard isInProse(item), let last = chapter.items.last else { return "" }
    let width = String(last.position.line).count
    let number = DisplayWidth.padded(
      String(chapter.items[item].position.line), to: width, right: true)
    return output.style(.quiet, number + "  ")
  }

  /// As it stands in the prose: `H(p) ≈ 1.585`
  private func sentence(_ claim: ClaimResult) -> String {
    guard case .claim(let written) = chapter.items[claim.item] else { return claim.sentence }
    return "\(written.expression) \(written.relation.rawValue) \(written.written)"
  }

  private static func text(of table: BuildEvent.Table, width: Int) -> String {
    let numeric = Set(table.numeric.indices.filter { table.numeric[$0] })
    let rows = ([table.columns] + table.rows).map { row in row.map { VisibleText.of($0) } }
    var lines = TextTable(rows, right: numeric).lines(width: width)
    lines.insert(String(repeating: "─", count: lines.map(DisplayWidth.of).max() ?? 0), at: 1)
    return lines.joined(separator: "\n")
  }

  private func drawn(_ figure: BuildEvent.Figure, _ item: Int) -> String {
    let number = state.withLock { state in
      state.figureCount += 1
      return state.figureCount
    }
    var name = "figure-\(number)"
    if case .cell(let cell) = chapter.items[item], let label = cell.label,
      label.utf8.allSatisfy({
        $0 == 45 || $0 == 95 || $0 >= 48 && $0 <= 122 && $0 != 92 && $0 != 96
      })
    {
      name = label
    }
    let path = "\(figures)/\(name).svg"
    var text = VisibleText.of(figure.unicode, keepingLines: true)
    do throws(FileFault) {
      try FileSystem.makeFolder(figures)
      try FileSystem.write(Array(figure.svg.utf8), to: path)
      text += "\n" + output.style(.quiet, VisibleText.of(WorkingFolder.shortened(path)))
    } catch {
      text += "\n" + VisibleText.of(error.message)
    }
    return text
  }

  // MARK: Printing

  private func line(_ item: Int?, _ text: String) {
    print(item, text.hasSuffix("\n") ? text : text + "\n", startsLine: true)
  }

  /// Below a heading for the item; the lines that are redrawn are out of the way meanwhile.
  private func print(_ item: Int?, _ text: String, startsLine: Bool = false) {
    state.withLock { state in
      var text = text
      if state.isInLine, startsLine || (item != nil && item != state.headed) { text = "\n" + text }
      if let item, item != state.headed {
        let goesOn = isInProse(item) && state.headed.map(isInProse) == true
        state.headed = item
        if goesOn {
          state.isInLine = false
          display.print("")
          output.write(text)
          return
        }
        let heading = heading(item)
        text = state.isInLine ? "\n\(heading)\n\(text.drop { $0 == "\n" })" : "\(heading)\n\(text)"
      }
      state.isInLine = !text.hasSuffix("\n")
      display.print("")
      output.write(text)
    }
  }

  /// `── chapters/entropy.md:41  fig-bound ──────`
  private func heading(_ item: Int) -> String {
    let position = chapter.items[item].position
    var words = "── \(chapter.path):\(position.line) "
    switch chapter.items[item] {
    case .cell(let cell): words += cell.label.map { " \($0) " } ?? ""
    case .derivation(let derivation): words += derivation.label.map { " \($0) " } ?? ""
    case .claim, .value: break
    }
    let plain = VisibleText.of(words)
    let rest = max(0, min(output.width, 78) - DisplayWidth.of(plain))
    return output.style(.quiet, plain + String(repeating: "─", count: rest))
  }

  func summary(_ record: ExecutionRecord, style: Style, isWrong: Bool) -> String {
    let held = record.claims.count { $0.held }
    var parts: [String] = []
    if !record.claims.isEmpty {
      parts.append("\(held) of \(Measure.count(record.claims.count, "claim")) held")
    }
    let steps = StepCount(record.steps)
    if steps.all > 0 {
      parts.append("\(steps.held) of \(Measure.count(steps.all, "derivation step")) held")
    }
    if state.withLock({ $0.wasReused }) {
      parts.append("nothing changed since it ran")
    } else {
      parts.append("compiled in \(Measure.seconds(record.compileSeconds))")
      if record.runSeconds > 0 { parts.append("ran \(Measure.seconds(record.runSeconds))") }
    }
    let mark = isWrong ? style(.error, "✗") : style(.success, "✓")
    return "\(mark) \(VisibleText.of(chapter.path)): \(parts.joined(separator: " · "))"
  }
}
