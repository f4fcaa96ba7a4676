import Foundation
import TestSupport
import Testing

@Suite("Help") struct HelpTests {
  private static let commands = [
    "build", "serve", "check", "run", "list", "why", "falsify", "new", "clean", "doctor",
    "completions",
  ]

  @Test("the front page and each command's help are as recorded", arguments: [""] + commands)
  func help(command: String) throws {
    let run = try ToolRun(command.isEmpty ? ["--help"] : [command, "--help"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let name = command.isEmpty ? "sslbook" : command
    try expectSnapshot(run.output, "help-\(name).txt")
  }

  @Test("every command has examples, and no line is wider than the terminal", arguments: commands)
  func shape(command: String) throws {
    let output = try ToolRun([command, "-h"], environment: ["COLUMNS": "60"]).output
    #expect(output.contains("\nExamples\n  sslbook ") || command == "completions")
    for line in output.split(separator: "\n") {
      // An example is one word that cannot be broken.
      #expect(line.count <= 60 || line.hasPrefix("  sslbook"), "\(line)")
    }
  }

  @Test("help can be asked for in every way")
  func waysToAsk() throws {
    let front = try ToolRun(["--help"]).output
    for words in [[], ["-h"], ["help"]] { #expect(try ToolRun(words).output == front) }
    let build = try ToolRun(["build", "--help"]).output
    for words in [["build", "-h"], ["help", "build"], ["build", "2", "--jobs", "3", "-h"]] {
      #expect(try ToolRun(words).output == build)
    }
    #expect(try ToolRun(["help", "json"]).output.contains("diagnostics"))
    #expect(try ToolRun(["--version"]).output.hasPrefix("sslbook "))
  }

  @Test("nothing is coloured when it is piped, everything when that is forced")
  func colours() throws {
    #expect(try !ToolRun(["--help"]).output.contains("\u{1B}"))
    #expect(
      try ToolRun(["--help"], environment: ["CLICOLOR_FORCE": "1"]).output.contains("\u{1B}[1m"))
    let both = ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]
    #expect(try !ToolRun(["--help"], environment: both).output.contains("\u{1B}"))
  }
}
