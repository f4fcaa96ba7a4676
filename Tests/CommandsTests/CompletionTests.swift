import Foundation
import Testing

@Suite("Shell completions") struct CompletionTests {
  private func shell(_ name: String, _ arguments: [String]) throws -> (
    output: String, status: Int32
  )? {
    let path = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let path else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  @Test(
    "each script is valid in its shell, where that is installed",
    arguments: ["bash", "zsh", "fish"])
  func syntax(name: String) throws {
    let folder = try ScratchFolder()
    let script = try ToolRun(["completions", name])
    #expect(script.status == 0)
    try folder.write("script", script.output)
    guard let result = try shell(name, ["-n", "\(folder.path)/script"]) else { return }
    #expect(result.output == "" && result.status == 0)
  }

  @Test(
    "bash completes commands, options, chapters and shells",
    arguments: [
      (["bu"], "build"), (["build", "--js"], "--json"), (["completions", "z"], "zsh"),
      (["run", "en"], "entropy"), (["help", "js"], "json"), (["--ver"], "--version"),
      (["build", "--output", "chap"], "chapters"),
    ])
  func bash(words: [String], answer: String) throws {
    let book = try ScratchFolder()
    try book.writeBook(["entropy": "# Entropy\n", "masking": "# Masking\n"])
    try book.write("script", ToolRun(["completions", "bash"]).output)
    let bin = (ToolRun.executable as NSString).deletingLastPathComponent
    let list = (["sslbook"] + words).map { "'\($0)'" }.joined(separator: " ")
    let result = try #require(
      try shell(
        "bash",
        [
          "-c",
          "cd '\(book.path)'; PATH='\(bin)':$PATH; source ./script; COMP_WORDS=(\(list)); "
            + "COMP_CWORD=\(words.count); _sslbook; echo \"${COMPREPLY[*]}\"",
        ]))
    #expect(result.output == answer + "\n")
  }

  @Test("an unknown shell is refused")
  func unknown() throws {
    let run = try ToolRun(["completions", "zhs"])
    #expect(run.status == 2)
    #expect(run.errors.contains("did you mean 'zsh'?"))
  }
}
