import Foundation
import Testing

@Suite("Exit codes") struct ExitCodeTests {
  @Test(
    "a wrong command line is 2, and says so on standard error only",
    arguments: [
      ["biuld"], ["--vers"], ["build", "--jobs"], ["build", "--jobs", "0"],
      ["build", "--jobs", "x"],
      ["run"], ["run", "a", "b"], ["list", "x"], ["list", "--names", "--json"],
      ["build", "--book", "/nowhere"], ["build"], ["completions"], ["completions", "tcsh"],
      ["serve", "--port", "0"], ["serve", "--port", "70000"], ["help", "nothing"], ["new"],
      ["new", "x.md"], ["build", ""], [""], ["-"], ["--"],
    ])
  func usage(words: [String]) throws {
    let folder = try ScratchFolder()
    let run = try ToolRun(words, in: folder.path)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("sslbook: error: "))
  }

  @Test(
    "a chapter that does not exist is 2, with the nearest name",
    arguments: ["build", "check", "run", "why"])
  func noChapter(command: String) throws {
    let book = try ScratchFolder()
    try book.writeBook(["entropy": "# Entropy\n"])
    let run = try ToolRun([command, "entorpy"], in: book.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("did you mean 'entropy'?"))
  }

  @Test("hostile words on the command line come back harmless")
  func hostileWords() throws {
    for word in ["\u{1B}[31mred", "a\u{7}b", "--\u{9B}31m", "\u{202E}evil"] {
      let run = try ToolRun([word])
      #expect(run.status == 2)
      #expect(!run.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }
}
