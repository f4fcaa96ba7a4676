/// Addresses inside a chapter's program → the line of the chapter, by the toolchain's
/// `llvm-symbolizer`.
struct Symbolizer {
  var compiler: String

  /// Where a program was when it stopped.
  struct Place: Sendable, Equatable {
    /// A line of the chapter as it was compiled; the innermost that is its own.
    var line: Int?
    /// Why Swift trapped, where it gives a reason: `arithmetic overflow`.
    var reason: String?
  }

  func place(of frames: [UInt], in program: String, chapter path: String) -> Place? {
    let beside = FileSystem.folder(of: FileSystem.resolved(compiler))
    guard !frames.isEmpty,
      let tool = Toolchain.find("llvm-symbolizer", in: beside) ?? Toolchain.find("llvm-symbolizer")
    else { return nil }
    let answer = CommandLineRun.output(
      of: tool, ["--obj=\(program)"] + frames.map { "0x" + String($0, radix: 16) }, seconds: 20)
    return Self.place(in: answer.output, chapter: path)
  }

  /// A function, then `file:line:column`, in turns; an empty line between two frames.
  static func place(in answer: String, chapter path: String) -> Place {
    var place = Place()
    for line in answer.split(separator: "\n") {
      if let range = line.firstRange(of: "Swift runtime failure: "), place.reason == nil {
        place.reason = String(line[range.upperBound...])
      }
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count >= 3, let number = Int(parts[parts.count - 2]), number > 0 else { continue }
      let file = parts.dropLast(2).joined(separator: ":")
      if file == path || file.hasSuffix("/" + path) {
        place.line = number
        break
      }
    }
    return place
  }
}
