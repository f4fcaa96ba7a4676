import Book
import Commands
import Testing

@Suite("Messages of the command line") struct MessageTests {
  /// Every sentence that a wrong command line can lead to: the whole list is meant to be read.
  private static let table: [(UsageFault, String, String?)] = [
    (
      .unknownCommand("biuld", nearest: "build"), "there is no command 'biuld'",
      "did you mean 'build'?"
    ),
    (
      .unknownCommand("xyzzy", nearest: nil), "there is no command 'xyzzy'",
      "'sslbook --help' lists the commands"
    ),
    (
      .unknownTopic("jsn", nearest: "json"), "there is no help on 'jsn'", "did you mean 'json'?"
    ),
    (
      .unknownOption("--forse", command: "build", nearest: "--force"),
      "'build' has no option '--forse'", "did you mean '--force'?"
    ),
    (
      .unknownOption("--x", command: "build", nearest: nil), "'build' has no option '--x'",
      "see 'sslbook build --help'"
    ),
    (
      .unknownOption("--vers", command: "sslbook", nearest: nil), "there is no option '--vers'",
      "see 'sslbook --help'"
    ),
    (.missingValue(option: "--jobs", placeholder: "n"), "'--jobs' needs its <n>", nil),
    (.unexpectedValue(option: "--force"), "'--force' takes no value", nil),
    (.repeatedOption("--jobs"), "'--jobs' is given twice", nil),
    (
      .notANumber(option: "--jobs", text: "many", range: 1...1024),
      "'--jobs' takes a whole number from 1 to 1024, not 'many'", nil
    ),
    (
      .missingArgument("chapter", command: "run"), "'run' needs a <chapter>",
      "see 'sslbook run --help'"
    ),
    (
      .unexpectedArgument("x", command: "list"), "'list' does not expect 'x'",
      "see 'sslbook list --help'"
    ),
    (
      .emptyArgument(command: "run"), "'run' was given an empty argument",
      "see 'sslbook run --help'"
    ),
    (
      .unknownShell("tcsh", nearest: nil), "there are no completions for 'tcsh'",
      "bash, zsh and fish are known"
    ),
    (.contradiction("--names", "--json"), "'--names' and '--json' exclude each other", nil),
    (
      .noBook(folder: "/tmp"), "there is no book in '/tmp': chapters/SUMMARY.md is missing",
      "run this in a book's folder, pass --book <dir>, or start one with 'sslbook new <dir>'"
    ),
    (
      .noSuchChapter("entorpy", nearest: "entropy"), "the book has no chapter 'entorpy'",
      "did you mean 'entropy'?"
    ),
    (
      .noSuchChapter("9", nearest: nil), "the book has no chapter '9'",
      "'sslbook list' shows the chapters"
    ),
    (
      .noSuchCell("fig-x", chapter: "chapters/a.md", nearest: nil),
      "chapters/a.md has no cell labelled 'fig-x'",
      "a cell is labelled by a first line such as '//| label: fig-bound'"
    ),
    (.nothingToRun(chapter: "chapters/a.md"), "chapters/a.md has no cell to run", nil),
    (
      .folderNotEmpty("x"), "'x' is there already and is not empty",
      "nothing was changed; choose another name"
    ),
    (
      .fileExists("chapters/a.md"), "'chapters/a.md' is there already",
      "nothing was changed; choose another name"
    ),
    (
      .pageTaken("index.html", by: "the site itself"),
      "the page index.html is that of the site itself",
      "nothing was changed; choose another name"
    ),
    (
      .notAName("a b"), "'a b' cannot name a chapter or a book",
      "use letters, digits, '-' and '_', as in 'noise-contrast'"
    ),
  ]

  @Test("each says what is wrong and what to do", arguments: table)
  func message(fault: UsageFault, message: String, hint: String?) {
    #expect(fault.message == message)
    #expect(fault.hint == hint)
  }
}
