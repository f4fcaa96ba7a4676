import Book

/// What can be wrong with a command line.
package enum UsageFault: Error, Fault, Equatable {
  case unknownCommand(String, nearest: String?)
  case unknownTopic(String, nearest: String?)
  case unknownOption(String, command: String, nearest: String?)
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(option: String)
  case repeatedOption(String)
  case notANumber(option: String, text: String, range: ClosedRange<Int>)
  case missingArgument(String, command: String)
  case unexpectedArgument(String, command: String)
  case emptyArgument(command: String)
  case unknownShell(String, nearest: String?)
  case contradiction(String, String)
  case noBook(folder: String)
  case noSuchChapter(String, nearest: String?)
  case noSuchCell(String, chapter: String, nearest: String?)
  case nothingToRun(chapter: String)
  // new
  case folderNotEmpty(String)
  case fileExists(String)
  case notAName(String)
  case pageTaken(String, by: String)

  package var message: String {
    switch self {
    case .unknownCommand(let word, _): "there is no command '\(word)'"
    case .unknownTopic(let word, _): "there is no help on '\(word)'"
    case .unknownOption(let option, let command, _):
      command == "sslbook"
        ? "there is no option '\(option)'" : "'\(command)' has no option '\(option)'"
    case .missingValue(let option, let placeholder): "'\(option)' needs its <\(placeholder)>"
    case .unexpectedValue(let option): "'\(option)' takes no value"
    case .repeatedOption(let option): "'\(option)' is given twice"
    case .notANumber(let option, let text, let range):
      "'\(option)' takes a whole number from \(range.lowerBound) to \(range.upperBound), "
        + "not '\(text)'"
    case .missingArgument(let name, let command): "'\(command)' needs a <\(name)>"
    case .unexpectedArgument(let word, let command): "'\(command)' does not expect '\(word)'"
    case .emptyArgument(let command): "'\(command)' was given an empty argument"
    case .unknownShell(let name, _): "there are no completions for '\(name)'"
    case .contradiction(let a, let b): "'\(a)' and '\(b)' exclude each other"
    case .noBook(let folder): "there is no book in '\(folder)': chapters/SUMMARY.md is missing"
    case .noSuchChapter(let name, _): "the book has no chapter '\(name)'"
    case .noSuchCell(let label, let chapter, _): "\(chapter) has no cell labelled '\(label)'"
    case .nothingToRun(let chapter): "\(chapter) has no cell to run"
    case .folderNotEmpty(let path): "'\(path)' is there already and is not empty"
    case .fileExists(let path): "'\(path)' is there already"
    case .pageTaken(let page, let owner): "the page \(page) is that of \(owner)"
    case .notAName(let name): "'\(name)' cannot name a chapter or a book"
    }
  }

  package var hint: String? {
    switch self {
    case .unknownCommand(_, let nearest?), .unknownTopic(_, let nearest?),
      .unknownOption(_, _, let nearest?), .unknownShell(_, let nearest?),
      .noSuchChapter(_, let nearest?), .noSuchCell(_, _, let nearest?):
      "did you mean '\(nearest)'?"
    case .unknownCommand, .unknownTopic: "'sslbook --help' lists the commands"
    case .unknownOption(_, let command, nil): Self.help(on: command)
    case .unknownShell: "bash, zsh and fish are known"
    case .missingArgument(_, let command), .unexpectedArgument(_, let command),
      .emptyArgument(let command):
      Self.help(on: command)
    case .noBook:
      "run this in a book's folder, pass --book <dir>, or start one with 'sslbook new <dir>'"
    case .noSuchChapter: "'sslbook list' shows the chapters"
    case .noSuchCell: "a cell is labelled by a first line such as '//| label: fig-bound'"
    case .folderNotEmpty, .fileExists, .pageTaken: "nothing was changed; choose another name"
    case .notAName: "use letters, digits, '-' and '_', as in 'noise-contrast'"
    case .missingValue, .unexpectedValue, .repeatedOption, .notANumber, .contradiction,
      .nothingToRun:
      nil
    }
  }

  private static func help(on command: String) -> String {
    command == "sslbook" ? "see 'sslbook --help'" : "see 'sslbook \(command) --help'"
  }
}
