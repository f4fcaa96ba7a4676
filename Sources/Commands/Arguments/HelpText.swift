/// What `--help` prints, from a command's description.
package struct HelpText {
  let style: Style
  let width: Int

  package init(style: Style, width: Int) {
    self.style = style
    // Lines longer than this are tiring to read.
    self.width = min(width, 96)
  }

  package static func usage(of command: CommandDescription) -> String {
    var words = [command.name == "sslbook" ? "sslbook" : "sslbook \(command.name)"]
    for positional in command.positionals {
      let name = "<\(positional.name)>" + (positional.repeats ? "…" : "")
      words.append(positional.isRequired ? name : "[\(name)]")
    }
    for option in command.options {
      words.append("[\(option.name)\(option.value.map { " <\($0)>" } ?? "")]")
    }
    return words.joined(separator: " ")
  }

  package func text(of command: CommandDescription) -> String {
    var text = DisplayWidth.wrapped(command.abstract, to: width).joined(separator: "\n") + "\n"
    text += section("Usage", wrapped(Self.usage(of: command), hanging: 2))
    if !command.discussion.isEmpty {
      text += "\n" + DisplayWidth.wrapped(command.discussion, to: width).joined(separator: "\n")
      text += "\n"
    }
    let arguments = command.positionals.map { ("<\($0.name)>", $0.abstract) }
    if !arguments.isEmpty { text += section("Arguments", table(arguments)) }
    let options = command.allOptions.map { option in
      let short = option.short.map { "\($0), " } ?? "    "
      return (short + option.name + (option.value.map { " <\($0)>" } ?? ""), option.abstract)
    }
    text += section("Options", table(options))
    if !command.examples.isEmpty {
      text += section("Examples", table(command.examples.map { ($0.line, $0.meaning) }))
    }
    return text
  }

  /// The front page: all commands, each in a line.
  package func overview(of commands: [CommandDescription], version: String) -> String {
    var text = "sslbook \(version): a book that cannot lie. Markdown chapters with Swift cells\n"
    text += "become a static website, and do not as long as anything in them is false.\n"
    text += section("Usage", ["sslbook <command> [arguments]"])
    text += section("Commands", table(commands.map { ($0.name, $0.abstract) }))
    text += section(
      "Options",
      table([
        ("-h, --help", "Explain sslbook, or a command."), ("    --version", "Print the version."),
      ]))
    text += section(
      "A first book",
      table([
        ("sslbook new my-book", "a chapter with a cell, a claim and a figure"),
        ("cd my-book && sslbook serve", "write it, and see it in the browser"),
        ("sslbook build", "the website, in site/"),
      ]))
    text += section(
      "Exit codes",
      table([
        ("0", "everything in the book is true"), ("1", "something is false or broken"),
        ("2", "the command line is wrong"),
        ("3", "the machine lacks something ('sslbook doctor' says what)"),
      ]))
    return text
      + "\n'sslbook help <command>' explains a command, 'sslbook help json' the reports.\n"
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    "\n\(style(.strong, title))\n" + lines.map { "  \($0)\n" }.joined()
  }

  private func wrapped(_ line: String, hanging: Int) -> [String] {
    DisplayWidth.wrapped(line, to: width - 2 - hanging).enumerated().map {
      $0.offset == 0 ? $0.element : String(repeating: " ", count: hanging) + $0.element
    }
  }

  /// Two columns; a wide left side gets a line of its own.
  private func table(_ rows: [(String, String)]) -> [String] {
    let widest = rows.map { DisplayWidth.of($0.0) }.max() ?? 0
    let left = min(widest, width * 2 / 5) + 2
    let right = max(20, width - 2 - left)
    var lines: [String] = []
    for (name, meaning) in rows {
      var meaningLines = DisplayWidth.wrapped(meaning, to: right)[...]
      if DisplayWidth.of(name) + 2 > left {
        lines.append(name)
      } else {
        lines.append(DisplayWidth.padded(name, to: left) + (meaningLines.popFirst() ?? ""))
      }
      lines += meaningLines.map { String(repeating: " ", count: left) + $0 }
    }
    return lines
  }
}
