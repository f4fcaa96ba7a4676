import Foundation
import TestSupport
import Testing

/// Articles of the documentation: the Swift samples of each are one program, and the fence after each
/// shows what it prints. A sample that ends the program shows the sentence it ends with.
@Suite("Articles") struct TourTests {
  /// `ChapterRuntime` and the modules beside it, as `make build` leaves them.
  static let runtime =
    ProcessInfo.processInfo.environment["SSLBOOK_RUNTIME"] ?? "\(root)/.build/release"

  static let hasRuntime =
    FileManager.default.fileExists(atPath: "\(runtime)/Modules/Networks.swiftmodule")
    && ["so", "dylib"].contains {
      FileManager.default.fileExists(atPath: "\(runtime)/libChapterRuntime.\($0)")
    }

  @Test(
    "every sample prints what the article shows",
    .enabled(if: hasRuntime, "make build"),
    arguments: [
      "Tensors/Tensors.docc/ATourOfTensors",
      "SelfSupervised/SelfSupervised.docc/LossesAndTheirFloors",
    ])
  func samples(name: String) throws {
    let article = URL(fileURLWithPath: Self.root).appendingPathComponent("Sources/\(name).md")
    let written = try String(contentsOf: article, encoding: .utf8)
    let tour = Tour(written)
    try #require(tour.samples.count > 5)
    let printed = try run(tour)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(tour.article(printing: printed).utf8).write(to: article, options: .atomic)
      return
    }
    for (sample, output) in zip(tour.samples, printed) {
      #expect(sample.output == output, "after:\n\(sample.code)")
    }
  }

  @Test("an article is its samples and the text between them") func reading() {
    let text = """
      One.

      ```swift
      print(1)
      ```

      ```text
      1
      ```

      ```swift
      stop()
      ```

      ```text
      Fatal error: stop
      ```
      End.

      """
    let tour = Tour(text)
    #expect(tour.samples.map(\.code) == ["print(1)\n", "stop()\n"])
    #expect(tour.samples.map(\.output) == ["1\n", "Fatal error: stop\n"])
    #expect(tour.samples.map(\.stops) == [false, true])
    #expect(tour.article(printing: tour.samples.map(\.output)) == text)
  }

  /// What each sample prints.
  private func run(_ tour: Tour) throws -> [String] {
    let folder = TemporaryFolder()
    try folder.write(tour.program, to: "main.swift")
    let compiler = try launch(
      "/usr/bin/env",
      [
        "swiftc", "-Onone", "-swift-version", "6", "main.swift", "-I", "\(Self.runtime)/Modules",
        "-L", Self.runtime, "-lChapterRuntime", "-Xlinker", "-rpath", "-Xlinker", Self.runtime,
        "-o", "tour",
      ], in: folder)
    try #require(compiler.status == 0, "\(compiler.output)\(compiler.errors)")
    let whole = try launch("\(folder.path)/tour", [], in: folder)
    try #require(whole.status == 0, "\(whole.errors)")
    var printed = whole.output.components(separatedBy: Tour.separator).dropLast().map { $0 }
    try #require(printed.count == tour.samples.count)
    for (index, sample) in tour.samples.enumerated() where sample.stops {
      let errors = try launch("\(folder.path)/tour", ["\(index)"], in: folder).errors
      let sentence = errors.range(of: "Fatal error: ").map { errors[$0.lowerBound...] }
      printed[index] = "\(sentence?.prefix { $0 != "\n" } ?? "did not stop")\n"
    }
    return printed
  }

  private func launch(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder
  ) throws -> (output: String, errors: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no", "TMPDIR": folder.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    try folder.write("", to: "output")
    try folder.write("", to: "errors")
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder.path)/output")
    process.standardError = FileHandle(forWritingAtPath: "\(folder.path)/errors")
    try process.run()
    process.waitUntilExit()
    return (try folder.read("output"), try folder.read("errors"), process.terminationStatus)
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}

/// An article whose samples are followed by what they print.
struct Tour {
  struct Sample {
    var code: String
    var output: String
    /// Whether it ends the program, and so runs in a run of its own.
    var stops: Bool { output.hasPrefix("Fatal error: ") }
  }

  /// Printed between two samples.
  static let separator = "\u{1}"

  private(set) var samples: [Sample] = []
  /// The text before each sample's output, and the end.
  private var texts: [String] = []

  init(_ article: String) {
    var rest = article[...]
    while let start = rest.range(of: "```swift\n"),
      let codeEnd = rest.range(of: "```\n\n```text\n", range: start.upperBound..<rest.endIndex),
      let end = rest.range(of: "```", range: codeEnd.upperBound..<rest.endIndex)
    {
      texts.append(String(rest[..<codeEnd.upperBound]))
      samples.append(
        Sample(
          code: String(rest[start.upperBound..<codeEnd.lowerBound]),
          output: String(rest[codeEnd.upperBound..<end.lowerBound])))
      rest = rest[end.lowerBound...]
    }
    texts.append(String(rest))
  }

  /// All samples; one that stops runs only if the program is called with its number.
  var program: String {
    var program = ""
    for (index, sample) in samples.enumerated() {
      program +=
        sample.stops
        ? "if CommandLine.arguments.last == \"\(index)\" {\n\(sample.code)}\n" : sample.code
      program += "print(\"\\u{1}\", terminator: \"\")\n"
    }
    return program
  }

  /// The article with other outputs.
  func article(printing outputs: [String]) -> String {
    zip(texts, outputs).map { $0 + $1 }.joined() + texts[texts.count - 1]
  }
}
