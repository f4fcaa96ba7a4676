import Book
import Foundation
import Notation

/// One chapter at work, as a line.
struct ChapterProgress {
  enum Phase: Equatable {
    case compiling
    case running(item: Int, count: Int, label: String?)
    case rendered
  }

  let chapter: String
  var phase = Phase.compiling
  var progress: BuildEvent.Progress?
  private let began = ContinuousClock.now
  private var lastPlainLine: ContinuousClock.Instant?

  init(chapter: String) { self.chapter = chapter }

  private static let spinner = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
  private static let barWidth = 20

  /// `⠹ infonce-bound  cell 4 of 12 · fig-bound   ━━━━━━━━━╸          46 %  loss 0.412  8 s left`
  func line(style: Style, width: Int, frame: Int) -> String {
    let spinner = Self.spinner[frame % Self.spinner.count]
    let name = DisplayWidth.padded(DisplayWidth.cut(self.name, to: 24), to: 16)
    let words = "\(name)  \(phaseWords)"
    let elapsed = Measure.seconds(Double((ContinuousClock.now - began).components.seconds))
    var tail = progress.map { progressWords($0) } ?? (elapsed == "0 ms" ? "" : elapsed)
    let bar = progress.map { Self.bar(fraction($0), style: style) } ?? ""
    let room = width - 3
    let barWidth = bar.isEmpty ? 0 : Self.barWidth + 2
    let left = DisplayWidth.cut(words, to: max(16, room))
    let free = room - DisplayWidth.of(left)
    if free < DisplayWidth.of(tail) + 2 { tail = "" }
    let showsBar = free >= barWidth + DisplayWidth.of(tail) + 2 && barWidth > 0
    return style(.note, String(spinner)) + " " + left
      + (showsBar ? "  " + bar : "") + (tail.isEmpty ? "" : "  " + style(.quiet, tail))
  }

  /// A line of its own every ten seconds, where the bar cannot be redrawn.
  mutating func plainProgress() -> String? {
    guard let progress else { return nil }
    let now = ContinuousClock.now
    let last = lastPlainLine ?? began
    guard now - last > .seconds(10) else { return nil }
    lastPlainLine = now
    return "\(VisibleText.of(chapter)): \(phaseWords): \(progressWords(progress))"
  }

  private var name: String {
    let file = chapter.split(separator: "/").last.map(String.init) ?? chapter
    return VisibleText.of(file.hasSuffix(".md") ? String(file.dropLast(3)) : file)
  }

  private var phaseWords: String {
    switch phase {
    case .compiling: "compiling"
    case .running(let item, let count, let label):
      "\(item) of \(count)" + (label.map { " · \(VisibleText.of($0))" } ?? "")
    case .rendered: "rendering"
    }
  }

  private func fraction(_ progress: BuildEvent.Progress) -> Double {
    progress.total > 0 ? min(1, max(0, Double(progress.done) / Double(progress.total))) : 0
  }

  private func progressWords(_ progress: BuildEvent.Progress) -> String {
    var words =
      progress.label.isEmpty ? [] : [DisplayWidth.cut(VisibleText.of(progress.label), to: 24)]
    let percent = Int((fraction(progress) * 100).rounded(.down))
    words.append(DisplayWidth.padded("\(percent) %", to: 5, right: true))
    if let loss = progress.loss { words.append("loss \(NumberText.of(loss, digits: 4))") }
    if let left = progress.secondsLeft { words.append("\(Measure.seconds(left)) left") }
    return words.joined(separator: "  ")
  }

  /// Half a column is the finest step that lines of this kind can be drawn with.
  private static func bar(_ fraction: Double, style: Style) -> String {
    let halves = Int((fraction * Double(barWidth * 2)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2) + (halves % 2 == 1 ? "╸" : "")
    let rest = String(repeating: "─", count: barWidth - (halves + 1) / 2)
    return style(.success, full) + style(.quiet, rest)
  }
}
