import Book

/// One command: described as data, made from a command line, run once.
protocol Command: Sendable {
  static var description: CommandDescription { get }
  init(_ arguments: ParsedArguments) throws(UsageFault)
  func run(on terminal: Terminal) throws(CommandFailure) -> ExitCode
}

/// Why a command could not do its work at all. What is wrong with the book is a `Diagnostic`.
struct CommandFailure: Error {
  var fault: any Fault
  var exitCode: ExitCode

  init(_ fault: any Fault, _ exitCode: ExitCode) {
    self.fault = fault
    self.exitCode = exitCode
  }

  static func usage(_ fault: UsageFault) -> CommandFailure { CommandFailure(fault, .usage) }

  static func file(_ fault: FileFault) -> CommandFailure { CommandFailure(fault, .bookIsWrong) }
}
