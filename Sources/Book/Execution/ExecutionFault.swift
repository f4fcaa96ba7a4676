import Foundation

/// What can go wrong while a chapter runs.
package enum ExecutionFault: Fault, Equatable {
  case stopped(sentence: String)
  case crashed(signal: Int32)
  case killedFromOutside
  case outOfMemory(limit: Int)
  case exited(status: Int32)
  case exitedAfterwards(status: Int32)
  case timedOut(seconds: Double)
  case chapterTimedOut(seconds: Double)
  case printedTooMuch(bytes: Int)
  case wroteTooMuch(bytes: Int)
  case startedTooManyProcesses(count: Int)
  case closedChannel
  case notStarted(reason: String)
  case cancelled
  case leftProcess
  case didNotFail
  case otherError(said: String, expected: String)
  case compiledUnexpectedly
  case usedTooEarly(name: String, line: Int)
  case redeclared(name: String)

  package var message: String {
    switch self {
    case .stopped(let sentence): "the cell stopped: \(sentence)"
    case .crashed(let signal): "the cell crashed (\(Signal.described(signal)))"
    case .killedFromOutside: "the cell was killed from outside (SIGKILL)"
    case .outOfMemory(let limit): "the cell needed more than \(Bytes.described(limit)) of memory"
    case .exited(let status): "the cell ended the program with exit status \(status)"
    case .exitedAfterwards(let status):
      "the program failed with exit status \(status) after its last cell"
    case .timedOut(let seconds):
      "the cell was still running after \(Seconds.described(seconds)) and was stopped"
    case .chapterTimedOut(let seconds):
      "the chapter was still running after \(Seconds.described(seconds)) and was stopped"
    case .printedTooMuch(let bytes): "the cell printed more than \(Bytes.described(bytes))"
    case .wroteTooMuch(let bytes): "a file of the cell grew beyond \(Bytes.described(bytes))"
    case .startedTooManyProcesses(let count):
      "the cell started more than \(count) processes and was stopped"
    case .closedChannel: "the cell closed the descriptor that its results go through"
    case .notStarted(let reason): "the chapter's program could not be started: \(reason)"
    case .cancelled: "interrupted before the cell was done"
    case .leftProcess:
      "a process that the cell started was still running at its end; it ends with the program"
    case .didNotFail: "the cell is marked 'expect: error', but it ran to its end"
    case .otherError(let said, let expected):
      "the cell stops, but says '\(said)', not '\(expected)'"
    case .compiledUnexpectedly: "the cell is marked 'expect: error', but it compiles"
    case .usedTooEarly(let name, let line):
      "'\(name)' is used before the statement that gives it a value, at line \(line)"
    case .redeclared(let name):
      "'\(name)' means something else in this chapter than in the library or in Swift"
    }
  }

  package var hint: String? {
    switch self {
    case .crashed(SIGILL), .crashed(SIGTRAP):
      "Swift gave no reason; most often it is an integer overflow or a nil that was unwrapped"
    case .crashed(SIGSEGV), .crashed(SIGBUS):
      "most often a recursion without end, or an unsafe pointer"
    case .killedFromOutside: "perhaps the machine ran out of memory"
    case .outOfMemory: "use smaller arrays, or free what is no longer needed"
    case .exited: "a cell must run to its end: leave out the call of exit"
    case .timedOut: "make it faster, or give it more time with '//| timeout: SECONDS'"
    case .wroteTooMuch: "write less, or remove what is no longer needed"
    case .printedTooMuch: "print less, or show a table or a figure of it"
    case .otherError: "write a part of what it says, or '//| expect: error' for any"
    case .didNotFail, .compiledUnexpectedly: "remove the option, or show the mistake again"
    case .usedTooEarly: "move this below that line, or the declaration above this one"
    case .redeclared: "choose another name; the claims page tells the reader of this one"
    case .leftProcess: "wait for it in the cell"
    case .closedChannel: "close only descriptors that the cell opened"
    default: nil
    }
  }
}

enum Signal {
  static func described(_ signal: Int32) -> String {
    switch signal {
    case SIGILL: "SIGILL, a trap"
    case SIGTRAP: "SIGTRAP, a trap"
    case SIGSEGV: "SIGSEGV, memory that is not there"
    case SIGBUS: "SIGBUS, memory that is not there"
    case SIGABRT: "SIGABRT"
    case SIGFPE: "SIGFPE, an impossible division"
    case SIGKILL: "SIGKILL"
    case SIGTERM: "SIGTERM"
    default: "signal \(signal)"
    }
  }
}

enum Seconds {
  static func described(_ seconds: Double) -> String {
    seconds == seconds.rounded() && seconds < 1e9 ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}

enum Bytes {
  /// In the largest unit that leaves a whole number.
  static func described(_ bytes: Int) -> String {
    for (power, unit) in [(30, "GB"), (20, "MB"), (10, "kB")] where bytes >= 1 << power {
      if bytes % (1 << power) == 0 { return "\(bytes >> power) \(unit)" }
    }
    return "\(bytes) bytes"
  }
}
