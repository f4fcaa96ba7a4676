import Synchronization
import Transcript

/// The steps of a loop, with a bar in the terminal while they run:
///
/// ```swift
/// for step in progress(0..<500, "training") {
///   …
///   report(loss: loss)
/// }
/// ```
public func progress<Base: Collection>(_ base: Base, _ label: String = "") -> ProgressSequence<Base>
{
  ProgressSequence(base: base, label: label)
}

/// Puts the loss of this step beside the bar of the innermost `progress` loop.
public func report(loss: some RealValue) {
  let meter = ProgressMeter.running.withLock { $0.last }
  meter?.report(loss: loss.realValue)
}

/// The elements of a collection, each counted on a bar as the loop comes to it. `progress` makes it.
public struct ProgressSequence<Base: Collection>: Sequence {
  let base: Base
  let label: String

  /// Starts a bar.
  public func makeIterator() -> Iterator {
    Iterator(base: base.makeIterator(), meter: ProgressMeter(label: label, total: base.count))
  }

  /// Counts as it goes.
  public struct Iterator: IteratorProtocol {
    var base: Base.Iterator
    let meter: ProgressMeter

    /// The next element; the bar ends behind the last.
    public mutating func next() -> Base.Element? {
      let element = base.next()
      meter.advance(isAtEnd: element == nil)
      return element
    }
  }
}

/// Counts the steps of one loop and reports them, ten times a second at most.
final class ProgressMeter: Sendable {
  /// Nested loops, the innermost last.
  static let running = Mutex<[ProgressMeter]>([])

  private struct State {
    var done = -1
    var loss: Double?
    var lastEmitted = ContinuousClock.now
  }

  private let label: String
  private let total: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())
  private let interval: Duration

  init(label: String, total: Int) {
    self.label = label
    self.total = total
    interval = Channel.shared.isConnected ? .milliseconds(100) : .seconds(1)
    Self.running.withLock { $0.append(self) }
  }

  func advance(isAtEnd: Bool) {
    let progress = state.withLock { state -> Event.Progress? in
      state.done += 1
      let now = ContinuousClock.now
      guard isAtEnd || state.done == 0 || now - state.lastEmitted >= interval else { return nil }
      state.lastEmitted = now
      return report(state, now: now)
    }
    if let progress { Channel.shared.emit(.progress(progress)) }
    if isAtEnd { Self.running.withLock { $0.removeAll { $0 === self } } }
  }

  func report(loss: Double) {
    state.withLock { $0.loss = loss }
  }

  /// A loop that was left by `break` is over when its cell is.
  static func finishAll() {
    running.withLock { $0.removeAll() }
  }

  private func report(_ state: State, now: ContinuousClock.Instant) -> Event.Progress {
    let seconds = (now - start) / .seconds(1)
    let left =
      state.done > 0 ? seconds * Double(total - state.done) / Double(state.done) : nil
    return Event.Progress(
      label: label, done: min(state.done, total), total: total, loss: state.loss,
      seconds: seconds, secondsLeft: left)
  }
}
