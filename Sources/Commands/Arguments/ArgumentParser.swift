import Book

/// A command line, taken apart by its command's description.
package struct ParsedArguments: Equatable, Sendable {
  package var flags: Set<String> = []
  package var values: [String: String] = [:]
  package var positionals: [String] = []

  func has(_ flag: String) -> Bool { flags.contains(flag) }

  func value(_ option: String) -> String? { values[option] }

  /// A whole number in a range.
  func number(_ option: String, in range: ClosedRange<Int>) throws(UsageFault) -> Int? {
    guard let text = values[option] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .notANumber(option: option, text: text, range: range)
    }
    return number
  }
}

/// Options may stand anywhere, as `--jobs 2` or `--jobs=2`; after `--` nothing is an option.
package struct ArgumentParser {
  private let command: CommandDescription

  package init(_ command: CommandDescription) { self.command = command }

  package func parse(_ words: some Sequence<String>) throws(UsageFault) -> ParsedArguments {
    var result = ParsedArguments()
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      if word == "--" {
        result.positionals += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        result.positionals.append(word)
        continue
      }
      try parse(option: word, &rest, into: &result)
    }
    // Who asks for help is not told what else is missing.
    if !result.has("--help") { try check(result.positionals) }
    return result
  }

  private func parse(
    option word: String, _ rest: inout ArraySlice<String>, into result: inout ParsedArguments
  ) throws(UsageFault) {
    var name = word
    var attached: String?
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      name = String(word[..<equals])
      attached = String(word[word.index(after: equals)...])
    } else if !word.hasPrefix("--"), word.count > 2 {
      // `-j4`
      name = String(word.prefix(2))
      attached = String(word.dropFirst(2))
    }
    guard let option = command.allOptions.first(where: { $0.name == name || $0.short == name })
    else {
      throw .unknownOption(
        name, command: command.name,
        nearest: Spelling.nearest(to: name, among: command.allOptions.map { $0.name }))
    }
    guard let placeholder = option.value else {
      guard attached == nil else { throw .unexpectedValue(option: option.name) }
      result.flags.insert(option.name)
      return
    }
    guard let value = attached ?? rest.popFirst(), !value.isEmpty else {
      throw .missingValue(option: option.name, placeholder: placeholder)
    }
    // `--book --jobs` forgot the folder; a value that begins with a dash can be attached by `=`.
    if attached == nil, value.hasPrefix("-"), value.count > 1 {
      throw .missingValue(option: option.name, placeholder: placeholder)
    }
    guard result.values.updateValue(value, forKey: option.name) == nil else {
      throw .repeatedOption(option.name)
    }
  }

  private func check(_ words: [String]) throws(UsageFault) {
    let most = command.positionals.contains { $0.repeats } ? Int.max : command.positionals.count
    if words.count > most {
      throw .unexpectedArgument(words[most], command: command.name)
    }
    if words.count < command.positionals.count, command.positionals[words.count].isRequired {
      throw .missingArgument(command.positionals[words.count].name, command: command.name)
    }
    if words.contains("") { throw .emptyArgument(command: command.name) }
  }
}
