import Book

/// One command: described as data, made from a command line, run once.
protocol Command: Sendable {
  static var description: CommandDescription { get }
  init(_ arguments: ParsedArguments) throws(UsageFault)
  /// Throws a fault when it cannot do its work at all. What is wrong with the book is a `Diagnostic`.
  func run(on terminal: Terminal) throws -> ExitCode
}

extension Fault {
  /// What a command ends with that could not do its work because of this.
  var exitCode: ExitCode {
    switch self {
    case is UsageFault: .usage
    case let fault as ServeFault: fault.isUsage ? .usage : .machineLacks
    case is ToolchainFault, is WebLibraryFault: .machineLacks
    default: .bookIsWrong
    }
  }
}
