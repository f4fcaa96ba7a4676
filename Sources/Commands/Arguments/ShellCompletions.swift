/// Completion scripts, made from the descriptions of the commands.
package enum ShellCompletions: String, CaseIterable, Sendable {
  case bash, zsh, fish

  package func script(for commands: [CommandDescription]) -> String {
    switch self {
    case .bash: Self.bash(commands)
    case .zsh: Self.zsh(commands)
    case .fish: Self.fish(commands)
    }
  }

  /// Prints the names of the chapters of the book at hand, one a line, and nothing else.
  static let chapters = "sslbook list --names 2>/dev/null"

  private static func bash(_ commands: [CommandDescription]) -> String {
    var cases = ""
    for command in commands {
      let values = command.options.filter { $0.value != nil }
      for option in values {
        let names = [option.name, option.short].compactMap(\.self).joined(
          separator: "|\(command.name):")
        cases += "    \(command.name):\(names)) \(bashReply(option.completion)); return ;;\n"
      }
    }
    var words = ""
    for command in commands {
      let options = command.allOptions.map(\.name).joined(separator: " ")
      let positional = command.positionals.first?.completion ?? .nothing
      words += """
            \(command.name))
              if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "\(options)" -- "$word"))
              else \(bashReply(positional)); fi ;;

        """
    }
    let names = commands.map(\.name).joined(separator: " ")
    return """
      # bash completion for sslbook:  source <(sslbook completions bash)
      _sslbook() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          COMPREPLY=($(compgen -W "\(names) help --help --version" -- "$word"))
          return
        fi
        case $command:$before in
      \(cases)  esac
        case $command in
          help) COMPREPLY=($(compgen -W "\(names) json" -- "$word")) ;;
      \(words)  esac
      }
      complete -F _sslbook sslbook

      """
  }

  private static func bashReply(_ completion: CommandDescription.Completion) -> String {
    switch completion {
    case .nothing: ":"
    case .folder: #"COMPREPLY=($(compgen -d -- "$word"))"#
    case .chapter: #"COMPREPLY=($(compgen -W "$(\#(chapters))" -- "$word"))"#
    case .words(let words):
      #"COMPREPLY=($(compgen -W "\#(words.joined(separator: " "))" -- "$word"))"#
    }
  }

  private static func zsh(_ commands: [CommandDescription]) -> String {
    var cases = ""
    for command in commands {
      var specs: [String] = []
      for option in command.allOptions {
        let action = option.value.map { ":\($0):\(zshAction(option.completion))" } ?? ""
        let meaning = zshQuoted(option.abstract)
        for name in [option.name, option.short].compactMap(\.self) {
          specs.append("'\(name)[\(meaning)]\(action)'")
        }
      }
      for positional in command.positionals {
        let star = positional.repeats ? "*" : ""
        specs.append("'\(star):\(positional.name):\(zshAction(positional.completion))'")
      }
      cases += "    \(command.name)) _arguments \(specs.joined(separator: " \\\n      ")) ;;\n"
    }
    let names = commands.map { "    '\($0.name):\(zshQuoted($0.abstract))'" }
    return """
      #compdef sslbook
      # zsh completion for sslbook:  source <(sslbook completions zsh)
      _sslbook_chapters() { compadd -- ${(f)"$(\(chapters))"} }
      _sslbook() {
        local -a commands=(
      \(names.joined(separator: "\n"))
          'help:Explain a command.'
        )
        if ((CURRENT == 2)); then
          _describe command commands
          compadd -- --help --version
          return
        fi
        local command=${words[2]}
        shift words
        ((CURRENT--))
        case $command in
          help) _describe command commands; compadd -- json ;;
      \(cases)  esac
      }
      if [[ $funcstack[1] == _sslbook ]]; then _sslbook "$@"; else compdef _sslbook sslbook; fi

      """
  }

  private static func zshAction(_ completion: CommandDescription.Completion) -> String {
    switch completion {
    case .nothing: " "
    case .folder: "_files -/"
    case .chapter: "_sslbook_chapters"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  /// Inside single quotes, where brackets and colons separate.
  private static func zshQuoted(_ text: String) -> String {
    text.replacing("'", with: #"'\''"#).replacing("[", with: #"\["#)
      .replacing("]", with: #"\]"#).replacing(":", with: #"\:"#)
  }

  private static func fish(_ commands: [CommandDescription]) -> String {
    var lines = [
      "# fish completion for sslbook:  sslbook completions fish | source",
      "complete -c sslbook -f",
      "complete -c sslbook -n __fish_use_subcommand -l help -d 'Explain sslbook.'",
      "complete -c sslbook -n __fish_use_subcommand -l version -d 'Print the version.'",
    ]
    for command in commands {
      lines.append(
        "complete -c sslbook -n __fish_use_subcommand -a \(command.name) "
          + "-d '\(fishQuoted(command.abstract))'")
    }
    for command in commands {
      let when = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.allOptions {
        let short = option.short.map { " -s \($0.dropFirst())" } ?? ""
        let value = option.value == nil ? "" : " -r\(fishOffer(option.completion))"
        lines.append(
          "complete -c sslbook \(when) -l \(option.name.dropFirst(2))\(short)\(value) "
            + "-d '\(fishQuoted(option.abstract))'")
      }
      if let completion = command.positionals.first?.completion, completion != .nothing {
        lines.append("complete -c sslbook \(when)\(fishOffer(completion))")
      }
    }
    let names = commands.map(\.name).joined(separator: " ")
    lines.append("complete -c sslbook -n '__fish_seen_subcommand_from help' -a '\(names) json'")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishOffer(_ completion: CommandDescription.Completion) -> String {
    switch completion {
    case .nothing: ""
    case .folder: " -a '(__fish_complete_directories)'"
    case .chapter: " -a '(\(chapters))'"
    case .words(let words): " -a '\(words.joined(separator: " "))'"
    }
  }

  private static func fishQuoted(_ text: String) -> String {
    text.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#)
  }
}
