import Book

/// `sslbook completions`: a script for the shell.
struct CompletionsCommand: Command {
  static let description = CommandDescription(
    "completions", "Print completions for bash, zsh or fish.",
    discussion: "Chapters are completed, too: by the names that 'sslbook list' shows.",
    positionals: [
      .init(
        "shell", isRequired: true, "bash, zsh or fish.",
        completion: .words(ShellCompletions.allCases.map(\.rawValue)))
    ],
    examples: [
      .init("source <(sslbook completions bash)", "in ~/.bashrc"),
      .init("source <(sslbook completions zsh)", "in ~/.zshrc, after compinit"),
      .init("sslbook completions fish | source", "in ~/.config/fish/config.fish"),
    ])

  private let shell: ShellCompletions

  init(_ arguments: ParsedArguments) throws(UsageFault) {
    let name = arguments.positionals[0]
    guard let shell = ShellCompletions(rawValue: name) else {
      let names = ShellCompletions.allCases.map(\.rawValue)
      throw .unknownShell(name, nearest: Spelling.nearest(to: name, among: names))
    }
    self.shell = shell
  }

  func run(on terminal: Terminal) -> ExitCode {
    terminal.output.write(shell.script(for: CommandLineTool.descriptions))
    return .success
  }
}
