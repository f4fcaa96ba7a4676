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
    case wroteTooMuch(bytes: Int)
    case neededTooMuchMemory
    case startedTooManyProcesses(count: Int)
    case notStarted(reason: String)
    case cancelled
  }

  /// What the program was told when it started; empty in a log from the store.
  var token = ""
  var lines: [TranscriptLine] = []
  /// A file that changed while the program ran stands here with both contents.
  var files: [InputFile] = []
  var output: [UInt8] = []
  var errors: [UInt8] = []
  var seconds = 0.0
  var ending = Ending.finished
  /// Where the program was when a signal ended it.
  var frames = StackFrames()
  var stop: Symbolizer.Place?

  /// Of everything that a page may show of the run. Times are left out: two runs that show the same
  /// give the same page.
  var contentKey: ContentKey {
    var hasher = ContentHasher()
    for line in lines {
      switch line.event {
      case .ended, .progress: continue
      default: hasher.add(TranscriptLine(line.event, printed: line.printed).bytes)
      }
    }
    hasher.add(output)
    hasher.add(errors)
    return hasher.key
  }
}
