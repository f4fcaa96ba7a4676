import Transcript

/// All that a program said while it ran, and how it ended: enough to make the record from it again
/// at any time.
struct RunLog: Sendable, Equatable {
  enum Ending: Sendable, Equatable {
    /// It came to its end.
    case finished
    case exited(Int32)
    case signaled(Int32)
    case cellTimedOut(seconds: Double)
    case chapterTimedOut(seconds: Double)
    case printedTooMuch(bytes: Int)
    case startedTooManyProcesses(count: Int)
    case notStarted(reason: String)
    case cancelled
  }

  var lines: [TranscriptLine] = []
  var output: [UInt8] = []
  var errors: [UInt8] = []
  var seconds = 0.0
  var ending = Ending.finished
}
