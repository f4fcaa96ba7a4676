import Book
import Foundation

/// The program: picks the command, and turns what happens into words and an exit code.
public enum CommandLineTool {
  /// In the order of the help: what one does every day first.
  static let commands: [any Command.Type] = [
    BuildCommand.self, ServeCommand.self, CheckCommand.self, RunCommand.self, ListCommand.self,
    WhyCommand.self, FalsifyCommand.self, NewCommand.self, CleanCommand.self,
    DoctorCommand.self, CompletionsCommand.self,
  ]

  static var descriptions: [CommandDescription] { commands.map { $0.description } }

  public static func main() -> Never {
    exit(run(Array(CommandLine.arguments.dropFirst()), on: .standard()).rawValue)
  }

  package static func run(_ words: [String], on terminal: Terminal) -> ExitCode {
    do {
      return try run(words[...], on: terminal)
    } catch let fault as any Fault {
      terminal.errors.write(text(of: fault, style: terminal.errors.style))
      return fault.exitCode
    } catch {
      fatalError("a command threw \(error)")
    }
  }

  private static func run(
    _ words: ArraySlice<String>, on terminal: Terminal
  ) throws -> ExitCode {
    var words = words
    let help = HelpText(style: terminal.output.style, width: terminal.output.width)
    guard let name = words.popFirst() else {
      terminal.output.write(help.overview(of: descriptions, version: toolVersion))
      return .success
    }
    switch name {
    case "--version":
      terminal.output.writeLine("sslbook \(toolVersion)")
      return .success
    case "help", "--help", "-h":
      terminal.output.write(try topic(words.first, help))
      return .success
    default: break
    }
    guard let command = commands.first(where: { $0.description.name == name }) else {
      throw unknown(name)
    }
    let arguments = try ArgumentParser(command.description).parse(words)
    if arguments.has("--help") {
      terminal.output.write(help.text(of: command.description))
      return .success
    }
    return try command.init(arguments).run(on: terminal)
  }

  private static func topic(_ word: String?, _ help: HelpText) throws(UsageFault) -> String {
    guard let word else { return help.overview(of: descriptions, version: toolVersion) }
    if word == "json" { return JSONReport.help }
    if let command = descriptions.first(where: { $0.name == word }) {
      return help.text(of: command)
    }
    let topics = descriptions.map(\.name) + ["json"]
    throw .unknownTopic(word, nearest: Spelling.nearest(to: word, among: topics))
  }

  private static func unknown(_ word: String) -> UsageFault {
    if word.hasPrefix("-") {
      return .unknownOption(
        word, command: "sslbook",
        nearest: Spelling.nearest(to: word, among: ["--help", "--version"]))
    }
    return .unknownCommand(
      word, nearest: Spelling.nearest(to: word, among: descriptions.map(\.name) + ["help"]))
  }

  static func text(of fault: any Fault, style: Style) -> String {
    var text = "sslbook: \(style(.error, "error:")) "
    text += VisibleText.of(fault.message, keepingLines: true) + "\n"
    if let hint = fault.hint {
      text += "  \(style(.note, "hint:")) \(VisibleText.of(hint, keepingLines: true))\n"
    }
    return text
  }
}
