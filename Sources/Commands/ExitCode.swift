/// What the process returns; scripts may rely on these.
package enum ExitCode: Int32, Sendable {
  /// Everything in the book is true.
  case success = 0
  /// Something in the book is false or broken.
  case bookIsWrong = 1
  /// The command line is wrong.
  case usage = 2
  /// The machine lacks something; `sslbook doctor` says what.
  case machineLacks = 3
  /// Stopped by Ctrl-C.
  case interrupted = 130
}
