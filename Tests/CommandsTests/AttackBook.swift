import Foundation
import Notation
import Testing

/// One chapter that tries to get something false into a book, and all that the tool says about it.
struct Attack: Sendable {
  var name: String
  /// Below a title and an empty line, so from line 3 on.
  var text: String
  /// Beginnings of `line:column severity message`, in the order of the lines.
  var said: [String]

  init(_ name: String, _ text: String, _ said: String...) {
    (self.name, self.text, self.said) = (name, text, said)
  }
}

/// Many attacks as the chapters of one book, built once.
final class AttackBook {
  let folder: ScratchFolder
  let run: ToolRun
  private var said: [String: [String]] = [:]
  /// Of the book's own files.
  private(set) var saidOfBook: [String] = []

  init(_ attacks: [Attack], _ prepare: (ScratchFolder) throws -> Void = { _ in }) throws {
    folder = try ScratchFolder()
    try folder.writeBook(
      Dictionary(uniqueKeysWithValues: attacks.map { ($0.name, "# T\n\n\($0.text)\n") }))
    try prepare(folder)
    run = try ToolRun(["build", "--json"], in: folder.path)
    let report = try JSON(reading: Array(run.output.utf8))
    for diagnostic in report["diagnostics"]?.array ?? [] {
      let place = ["line", "column"].map { "\(diagnostic[$0]?.int ?? -1)" }.joined(separator: ":")
      let words = ["severity", "message"].map { diagnostic[$0]?.string ?? "" }
      let file = diagnostic["file"]?.string ?? ""
      let text = "\(place) \(words.joined(separator: " "))"
      let name = file.hasPrefix("chapters/") ? file.dropFirst(9) : Substring(file)
      if name.hasSuffix(".md"), name != "SUMMARY.md" {
        said[String(name.dropLast(3)), default: []].append(text)
      } else {
        saidOfBook.append("\(name) \(text)")
      }
    }
  }

  /// Each attack is answered with exactly what it expects.
  func expectAnswers(to attacks: [Attack]) {
    for attack in attacks {
      let said = said[attack.name] ?? []
      let isAnswered =
        said.count == attack.said.count && zip(said, attack.said).allSatisfy { $0.hasPrefix($1) }
      #expect(isAnswered, "\(attack.name): \(said)")
    }
  }
}
