import Foundation

/// The text of Sources/Tensors, so that tables can be held to it.
enum TensorSources {
  static func files() throws -> [(name: String, text: String)] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Tensors")
    let urls = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try urls.filter { $0.pathExtension == "swift" }.map {
      ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
    }
  }

  /// The names of the public functions that extensions of `Tensor` declare, operators but for those
  /// that assign.
  static func publicOperations() throws -> Set<String> {
    var result: Set<String> = []
    for (name, text) in try files()
    where name.hasPrefix("Tensor") || ["LinearAlgebra.swift", "Einsum.swift"].contains(name) {
      for match in text.matches(of: /public (?:static |prefix |mutating )*func `?(\w+|[^\w\s`(]+)/)
      {
        let operation = String(match.1)
        if !["+=", "-=", "*=", "/=", "=="].contains(operation) { result.insert(operation) }
      }
    }
    return result
  }

  /// What `fail` is called with, each value replaced by one character.
  static func sentences() throws -> [(file: String, sentence: String)] {
    var result: [(String, String)] = []
    for (name, text) in try files() {
      for match in text.matches(of: /fail\(\s*"([^"\n][^\n]*)/) {
        result.append((name, withoutValues(match.1)))
      }
    }
    return result
  }

  /// What stands for a value in a sentence.
  static let value: Character = "…"

  /// A literal up to its end, each `\(…)` as one character.
  private static func withoutValues(_ literal: Substring) -> String {
    var result = ""
    var depth = 0
    for character in literal {
      if depth == 0, character == "\"" { break }
      if character == "(", depth > 0 || result.last == "\\" {
        if depth == 0 {
          result.removeLast()
          result.append(value)
        }
        depth += 1
      } else if character == ")", depth > 0 {
        depth -= 1
      } else if depth == 0 {
        result.append(character)
      }
    }
    return result
  }
}
