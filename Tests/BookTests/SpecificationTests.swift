import Foundation
import Testing

/// The examples that the specifications of CommonMark and of GitHub's Markdown print, as the
/// renderer of pages prints them.
@Suite("The examples of the specifications") struct SpecificationTests {
  private struct Example {
    let number: Int
    let extensions: String
    let markdown: String
    let html: String
  }

  /// `scripts/specifications`, which `make deps` runs, has fetched the texts.
  private static func examples(of parser: String) throws -> [Example] {
    let path = ModuleImportsTests.root.appending(path: "../.build/specifications/\(parser).txt")
    let text = try #require(
      try? String(contentsOf: path, encoding: .utf8), "no \(path.path); run 'make deps'")
    let fence = String(repeating: "`", count: 32)
    var examples: [Example] = []
    for part in text.components(separatedBy: "\n\(fence) example").dropFirst() {
      let lines = part.components(separatedBy: "\n\(fence)\n")[0].components(separatedBy: "\n")
      let dot = try #require(lines.firstIndex(of: "."))
      func text(_ lines: ArraySlice<String>) -> String {
        lines.map { $0.replacing("→", with: "\t") + "\n" }.joined()
      }
      examples.append(
        Example(
          number: examples.count + 1, extensions: lines[0].trimmingCharacters(in: .whitespaces),
          markdown: text(lines[1..<dot]), html: text(lines[(dot + 1)...])))
    }
    return examples
  }

  /// Where a chapter means something else than CommonMark.
  private static let otherwise = [
    12: "`\\[\\\\\\]` is a formula",
    483: "an address that ends in `.md` is a chapter's, and leads to its page",
  ]

  @Test("all 652 of CommonMark 0.30") func commonMark() throws {
    let examples = try Self.examples(of: "cmark")
    #expect(examples.count == 652)
    for example in examples where Self.otherwise[example.number] == nil {
      #expect(
        Self.page(example) == DocumentRendererTests.normalized(example.html),
        "example \(example.number): \(example.markdown)")
    }
  }

  /// A page puts a table in a box that scrolls, on one line, and says what its headings head.
  private static let tableAdditions = [
    (#"<div class="table-scroll">|</div>|\n| scope="col""#, ""),
    (#" class="align-(\w+)""#, #" align="$1""#),
  ]

  @Test("the tables of GitHub's") func tables() throws {
    let examples = try Self.examples(of: "cmark-gfm").filter { $0.extensions == "table" }
    #expect(examples.count == 8)
    for example in examples {
      func normalized(_ html: String) -> String {
        Self.tableAdditions.reduce(html) {
          $0.replacingOccurrences(of: $1.0, with: $1.1, options: .regularExpression)
        }
      }
      #expect(
        normalized(Self.page(example)) == normalized(example.html),
        "example \(example.number): \(example.markdown)")
    }
  }

  private static func page(_ example: Example) -> String {
    DocumentRendererTests.normalized(DocumentRendererTests.page(Array(example.markdown.utf8)))
  }
}
