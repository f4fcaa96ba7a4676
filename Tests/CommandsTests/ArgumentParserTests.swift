import Commands
import Testing

@Suite("Command line") struct ArgumentParserTests {
  private let command = CommandDescription(
    "build", "Build.",
    positionals: [.init("chapter", repeats: true, "Chapters.")],
    options: [
      .init("--jobs", short: "-j", value: "n", "Jobs."), .init("--book", value: "dir", "Book."),
      .init("--force", "Force."),
    ])

  @Test(
    "options stand anywhere, in each of their forms",
    arguments: [
      "2 --jobs 4 --force entropy", "--jobs=4 2 entropy --force", "-j 4 --force -- 2 entropy",
      "-j4 2 --force --force entropy",
    ])
  func forms(line: String) throws {
    let result = try ArgumentParser(command).parse(line.split(separator: " ").map(String.init))
    #expect(result.positionals == ["2", "entropy"])
    #expect(result.values == ["--jobs": "4"])
    #expect(result.flags == ["--force"])
  }

  @Test("after -- nothing is an option")
  func separator() throws {
    let result = try ArgumentParser(command).parse(["--", "--force", "--"])
    #expect(result.positionals == ["--force", "--"])
    #expect(result.flags.isEmpty)
  }

  @Test("a value may begin with a dash when it is attached")
  func attachedDash() throws {
    #expect(try ArgumentParser(command).parse(["--book=-odd"]).values["--book"] == "-odd")
    #expect(throws: UsageFault.missingValue(option: "--book", placeholder: "dir")) {
      try ArgumentParser(command).parse(["--book", "--force"])
    }
  }

  @Test(
    "what is wrong is said exactly",
    arguments: [
      (["--forse"], UsageFault.unknownOption("--forse", command: "build", nearest: "--force")),
      (["--xyzzy"], .unknownOption("--xyzzy", command: "build", nearest: nil)),
      (["-x"], .unknownOption("-x", command: "build", nearest: nil)),
      (["--jobs"], .missingValue(option: "--jobs", placeholder: "n")),
      (["--jobs="], .missingValue(option: "--jobs", placeholder: "n")),
      (["--force=yes"], .unexpectedValue(option: "--force")),
      (["-j1", "--jobs", "2"], .repeatedOption("--jobs")),
      ([""], .emptyArgument(command: "build")),
    ])
  func faults(words: [String], fault: UsageFault) {
    #expect(throws: fault) { try ArgumentParser(command).parse(words) }
  }

  @Test("positional arguments are counted, but not when help was asked for")
  func counting() throws {
    let one = CommandDescription(
      "run", "Run.", positionals: [.init("chapter", isRequired: true, "C.")])
    #expect(throws: UsageFault.missingArgument("chapter", command: "run")) {
      try ArgumentParser(one).parse([])
    }
    #expect(throws: UsageFault.unexpectedArgument("b", command: "run")) {
      try ArgumentParser(one).parse(["a", "b"])
    }
    #expect(try ArgumentParser(one).parse(["-h"]).flags == ["--help"])
  }
}
