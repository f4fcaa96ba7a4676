/// What Swift's runtime wrote to the standard error of a program that stopped itself:
/// `Tensors/Shape.swift:40: Fatal error: matmul: [2, 3] × [4, 5]…`, and a stack trace.
public struct FatalMessage: Equatable, Sendable {
  /// The sentence alone; empty when the program gave none.
  public var sentence: String
  /// The name of the source file without folders, and the line, where the runtime knew them.
  public var file: String?
  public var line: Int?
  /// What the program had written before.
  public var precedingText: String

  /// nil when the text ends with no such message. The last one counts.
  public init?(standardError text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard
      let (index, word) = lines.indices.reversed().lazy.compactMap({ index in
        Self.words.first { lines[index].contains($0) }.map { (index, $0) }
      }).first, let range = lines[index].firstRange(of: word)
    else { return nil }
    precedingText = lines[..<index].map { $0 + "\n" }.joined()
    // The place stands before the word, at the start of the line or after what was left unfinished.
    let before = lines[index][..<range.lowerBound]
    let place = before.split(separator: " ").last ?? ""
    let parts = place.split(separator: ":")
    if before.hasSuffix(": "), parts.count == 2, let number = Int(parts[1]) {
      file = parts[0].split(separator: "/").last.map(String.init)
      line = number
      precedingText += before.dropLast(place.count + 1)
    } else {
      precedingText += before
    }
    var sentences = [lines[index][range.upperBound...].drop { $0 == ":" || $0 == " " }]
    for next in lines[(index + 1)...] {
      if next.hasPrefix("Current stack trace:") || next.hasPrefix("*** ") { break }
      sentences.append(next)
    }
    while sentences.count > 1, sentences.last?.isEmpty == true { sentences.removeLast() }
    sentence = sentences.joined(separator: "\n")
  }

  /// What the runtime says of an error that the program let through.
  package static let uncaughtError = "Error raised at top level"

  private static let words = ["Fatal error", "Precondition failed", "Assertion failed"]
}
