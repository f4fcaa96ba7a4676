/// A command as data. It is parsed, explained and completed from this one description.
package struct CommandDescription: Sendable {
  package struct Option: Sendable {
    /// With its dashes: `--jobs`.
    package var name: String
    /// One letter with its dash: `-j`.
    package var short: String?
    /// What the value is called in the usage line; nil for a flag.
    package var value: String?
    package var abstract: String
    package var completion: Completion

    package init(
      _ name: String, short: String? = nil, value: String? = nil, _ abstract: String,
      completion: Completion = .nothing
    ) {
      self.name = name
      self.short = short
      self.value = value
      self.abstract = abstract
      self.completion = completion
    }
  }

  package struct Positional: Sendable {
    /// As in the usage line: `chapter`.
    package var name: String
    package var isRequired: Bool
    package var repeats: Bool
    package var abstract: String
    package var completion: Completion

    package init(
      _ name: String, isRequired: Bool = false, repeats: Bool = false, _ abstract: String,
      completion: Completion = .nothing
    ) {
      self.name = name
      self.isRequired = isRequired
      self.repeats = repeats
      self.abstract = abstract
      self.completion = completion
    }
  }

  /// What a shell offers in a place.
  package enum Completion: Sendable, Equatable {
    case nothing, folder, chapter
    case words([String])
  }

  package struct Example: Sendable {
    package var line: String
    package var meaning: String

    package init(_ line: String, _ meaning: String) {
      self.line = line
      self.meaning = meaning
    }
  }

  package var name: String
  /// One line, in the list of commands.
  package var abstract: String
  /// Paragraphs; wrapped to the terminal.
  package var discussion: String
  package var positionals: [Positional]
  package var options: [Option]
  package var examples: [Example]

  package init(
    _ name: String, _ abstract: String, discussion: String = "", positionals: [Positional] = [],
    options: [Option] = [], examples: [Example] = []
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.positionals = positionals
    self.options = options
    self.examples = examples
  }

  /// Its own options and `--help`, which every command has.
  package var allOptions: [Option] {
    options + [Option("--help", short: "-h", "Explain this command.")]
  }
}

extension CommandDescription.Option {
  // What several commands share reads the same everywhere.
  static let book = Self(
    "--book", value: "dir", "The book's folder (this one, or the nearest above it).",
    completion: .folder)
  static let output = Self(
    "--output", short: "-o", value: "dir", "The site's folder (site).", completion: .folder)
  static let jobs = Self(
    "--jobs", short: "-j", value: "n", "Chapters at a time (one per processor core).")
  static let force = Self(
    "--force", "Compile, run and render again, whatever earlier builds left.")
  static let strict = Self("--strict", "Refuse the book for a warning as for an error.")
  static let json = Self(
    "--json", "Print the report as JSON on standard output ('sslbook help json').")
}

extension [CommandDescription.Option] {
  /// Of the commands that make the whole book and report on it.
  static let making: Self = [.book, .jobs, .force, .strict, .json]
}

extension CommandDescription.Positional {
  static let chapters = Self(
    "chapter", repeats: true, "A chapter's number, name or path (all of them).",
    completion: .chapter)
}
