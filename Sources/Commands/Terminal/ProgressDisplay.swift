import Book
import Foundation
import Synchronization

/// What is going on, as it goes on: on a terminal one line for each chapter at work, redrawn in
/// place; elsewhere a plain line for each step.
final class ProgressDisplay: Sendable {
  private let stream: TerminalStream
  private let state = Mutex(State())
  private nonisolated(unsafe) let timer: (any DispatchSourceTimer)?

  fileprivate struct State {
    /// Chapters at work, in the order they began.
    var chapters: [ChapterProgress] = []
    var planned = 0
    var finished = 0
    var linesShown = 0
    var isDirty = false
    var isClosed = false
    var frame = 0
  }

  static let waiting = "another build of this book is running; waiting for it"

  init(on stream: TerminalStream) {
    self.stream = stream
    guard stream.isLive else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    self.timer = timer
    // Quick builds are over before anything is drawn.
    timer.schedule(deadline: .now() + .milliseconds(150), repeating: .milliseconds(100))
    timer.setEventHandler { [weak self] in self?.redraw() }
    timer.resume()
  }

  func take(_ event: BuildEvent) {
    let lines = state.withLock { $0.take(event) }
    if event.isWaiting {
      stream.writeLine(Self.waiting)
    } else if !stream.isLive {
      for line in lines { stream.writeLine(line) }
    }
  }

  /// Prints something for good, above the lines that are redrawn.
  func print(_ text: String) {
    state.withLock { state in
      stream.write(erasing(&state) + text)
      state.isDirty = true
    }
  }

  /// Takes the redrawn lines away; nothing is drawn from now on.
  func close() {
    timer?.cancel()
    state.withLock { state in
      guard !state.isClosed else { return }
      state.isClosed = true
      stream.write(erasing(&state))
    }
  }

  private func redraw() {
    state.withLock { state in
      guard !state.isClosed else { return }
      state.frame += 1
      let width = stream.width
      var lines = state.chapters.prefix(8).map {
        $0.line(style: stream.style, width: width, frame: state.frame)
      }
      if state.chapters.count > 8 {
        lines.append(stream.style(.quiet, "  and \(state.chapters.count - 8) more"))
      }
      if state.planned > 1, !lines.isEmpty {
        lines.append(stream.style(.quiet, "  \(state.finished) of \(state.planned) chapters done"))
      }
      let text = erasing(&state) + lines.map { $0 + "\n" }.joined()
      state.linesShown = lines.count
      stream.write(text)
    }
  }

  private func erasing(_ state: inout State) -> String {
    defer { state.linesShown = 0 }
    return state.linesShown == 0 ? "" : "\u{1B}[\(state.linesShown)A\r\u{1B}[J"
  }
}

extension ProgressDisplay.State {
  /// - Returns: lines worth printing where nothing can be redrawn.
  mutating func take(_ event: BuildEvent) -> [String] {
    switch event {
    case .planned(_, let toBuild):
      planned = toBuild
      return []
    case .compiling(let chapter):
      update(chapter) { $0.phase = .compiling }
      return ["\(VisibleText.of(chapter)): compiling"]
    case .running(let chapter, let index, let count, let label):
      var isFirst = false
      update(chapter) {
        if case .running = $0.phase {} else { isFirst = true }
        $0.phase = .running(item: index + 1, count: count, label: label)
        $0.progress = nil
      }
      return isFirst ? ["\(VisibleText.of(chapter)): running"] : []
    case .progress(let chapter, let progress):
      var line: String?
      update(chapter) {
        $0.progress = progress
        line = $0.plainProgress()
      }
      return line.map { [$0] } ?? []
    case .rendered(let chapter):
      update(chapter) { $0.phase = .rendered }
      return []
    case .finished(let report):
      finished += 1
      chapters.removeAll { $0.chapter == report.path }
      guard !report.isRecordCached else { return [] }
      let seconds = Measure.seconds(report.compileSeconds + report.runSeconds)
      return ["\(VisibleText.of(report.path)): done in \(seconds)"]
    case .waiting:
      return []
    }
  }

  private mutating func update(_ chapter: String, _ change: (inout ChapterProgress) -> Void) {
    if let index = chapters.firstIndex(where: { $0.chapter == chapter }) {
      change(&chapters[index])
    } else {
      var new = ChapterProgress(chapter: chapter)
      change(&new)
      chapters.append(new)
    }
  }
}
