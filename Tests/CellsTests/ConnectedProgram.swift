import Foundation
import Testing
import Transcript

/// Connects this process, an exit test's own, as the runner connects a chapter's program. What it
/// says goes to the standard output.
func connect() {
  let descriptor: Int32 = 150
  dup2(STDOUT_FILENO, descriptor)
  setenv(ProgramContract.descriptor, "\(descriptor)", 1)
}

/// What a connected program said.
func events(_ result: ExitTest.Result?) -> [Event] {
  lines(result).compactMap { TranscriptLine(bytes: Array($0.utf8))?.event }
}

/// What a program printed, line by line.
func lines(_ result: ExitTest.Result?) -> [Substring] {
  String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    .split(separator: "\n").map { $0 }
}

func errors(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
