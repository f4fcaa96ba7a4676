import Book
import Foundation

/// `sslbook doctor`: what the tool needs, whether it is here, and how to get it.
struct DoctorCommand: Command {
  static let description = CommandDescription(
    "doctor", "Say what this machine has and lacks for building books.",
    discussion: "Exits with 3 when something is missing that a book cannot be built without.",
    examples: [.init("sslbook doctor", "after installing, or when a build ends with 3")])

  init(_ arguments: ParsedArguments) {}

  func run(on terminal: Terminal) -> ExitCode {
    let findings = Examination().findings()
    let style = terminal.output.style
    let rows = findings.map { [$0.name, $0.purpose, VisibleText.of($0.words)] }
    let lines = TextTable(rows).lines(width: .max)
    for (finding, line) in zip(findings, lines) {
      let mark =
        switch finding.state {
        case .present: style(.success, "✓")
        case .lessWithout: style(.warning, "!")
        case .missing: style(.error, "✗")
        }
      terminal.output.writeLine("\(mark) \(line)")
    }
    let wrong = findings.filter { $0.state != .present }
    for finding in wrong {
      terminal.output.writeLine("\n\(style(.strong, finding.name)): \(finding.remedy)")
    }
    let missing = findings.count { $0.state == .missing }
    if wrong.isEmpty { terminal.output.writeLine("\nEverything is here.") }
    return missing == 0 ? .success : .machineLacks
  }
}
