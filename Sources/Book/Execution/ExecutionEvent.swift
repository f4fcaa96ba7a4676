import Transcript

/// What happens while a chapter is executed, as it happens; items are numbered as in the chapter.
public enum ExecutionEvent: Sendable, Equatable {
  /// The record of an earlier run holds: nothing is compiled or run.
  case reused
  case compiling
  /// An item began; it is the `index`-th (from 0) of `count` that run.
  case running(item: Int, index: Int, count: Int, label: String?)
  /// Printed text may come in several pieces.
  case output(item: Int, ExecutionRecord.Output)
  case value(item: Int, text: String)
  case claim(ClaimResult)
  case step(StepResult)
  case progress(item: Int, Event.Progress)
  case finished
}
