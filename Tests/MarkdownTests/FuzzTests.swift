import Foundation
import Markdown
import TestSupport
import Testing

@Suite("Any input ends in a tree or a fault")
struct FuzzTests {
  /// Every fault has a place in the file, and a tree is refused only for its encoding.
  private func check(_ bytes: [UInt8]) {
    let result = MarkdownParser.parse(bytes)
    let lines = bytes.reduce(1) { $0 + ($1 == 0x0A || $1 == 0x0D ? 1 : 0) }
    for fault in result.faults {
      #expect((1...lines).contains(fault.position.line) && fault.position.column >= 1, "\(bytes)")
    }
    let isText = String(validating: bytes, as: UTF8.self) != nil
    #expect((result.document != nil) == isText, "\(bytes)")
  }

  @Test("random bytes", arguments: 300..<304)
  func bytes(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    for _ in 0..<2000 {
      check((0..<generator.below(60)).map { _ in UInt8(generator.below(256)) })
    }
  }

  @Test("documents with bytes changed, cut and doubled", arguments: 400..<404)
  func mutations(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    for _ in 0..<1000 {
      var bytes = Array(generator.documentWithAdditions().utf8)
      for _ in 0...generator.below(6) where !bytes.isEmpty {
        let at = generator.below(bytes.count)
        switch generator.below(4) {
        case 0: bytes[at] = UInt8(generator.below(128))
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(generator.pick(Array("\n \t`$:|[]\\>\r\0".utf8)), at: at)
        default: bytes.removeSubrange(at...)
        }
      }
      check(bytes)
    }
  }

  /// Ten thousand of everything that nests or waits for its end, in time that grows linearly.
  @Test(
    "ten thousand of a kind",
    arguments: [
      "> ", "- ", "1. ", "[", "![", "*", "*a ", "_a ", "**a *b ", "`", "`a", "<", "<a x='", "<!-- ",
      "$", "$a ", "$$a ", "\\( ", "\\[ ", "[@a ", "[^a", "[^a]: ", "[](", "](", "::: a\n", ":::\n",
      "$$ a\n", "$$\n\n", "|a\n|-\n", "[a]: b\n", "[a]: b\n===\n", "> ```\n", "\t", "&", "\\",
      "{#a}",
      "a\n: ", "\r", "@a", "`` ", "[a\n", "**a ", "**a `", "a\n===\n", "# a\n", "- a\n", "1. ",
      "> a\n\n", "$a$ ", "[a](b) ", "|a|\n", "::: a\n:::\n", "[^a]: b\n\n",
    ])
  func repeated(unit: String) {
    let duration = ContinuousClock().measure {
      check(Array(String(repeating: unit, count: 10_000).utf8))
    }
    #expect(duration < .seconds(10))
  }

  /// All but what no page shows.
  @Test("every word of the source is in the tree", arguments: 500..<504)
  func words(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    for _ in 0..<300 {
      var words: [String] = []
      var text = ""
      for line in generator.documentWithAdditions().split(
        separator: "\n", omittingEmptySubsequences: false)
      {
        var line = String(line)
        for name in ["foo", "bar", "baz", "qux"] {
          while let range = line.range(of: name) {
            let word = name.uppercased() + "\(words.count)Z"
            line.replaceSubrange(range, with: word)
            words.append(word)
          }
        }
        text += line + "\n"
      }
      if !text.isEmpty, generator.below(3) == 0 {
        // Something of the structure is broken.
        var scalars = Array(text.unicodeScalars)
        let at = generator.below(scalars.count)
        if !scalars[at].properties.isAlphabetic, !("0"..."9").contains(scalars[at]) {
          scalars.remove(at: at)
        }
        text = scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
      }
      let tree = dump(text)
      let hidden = hiddenLines(of: text)
      for (number, line) in text.split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).enumerated() where !hidden(number) {
        for word in words where line.contains(word) {
          #expect(tree.contains(word), "\(text.debugDescription)")
        }
      }
    }
  }

  /// Lines, from 0, that may belong to a link definition (which can begin a line before its `]:` and
  /// end two lines behind), or to a footnote's second definition.
  private func hiddenLines(of text: String) -> (Int) -> Bool {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let duplicate = MarkdownParser.parse(Array(text.utf8)).faults.first {
      if case .duplicateFootnote = $0.kind { true } else { false }
    }
    let end = duplicate.map { $0.position.line - 1 } ?? lines.count
    return { number in
      let around = max(number - 2, 0)..<min(number + 2, lines.count)
      return number >= end || lines[around].contains { $0.contains("]:") }
    }
  }

  @Test("lists nested two thousand deep are text beyond the limit")
  func nesting() {
    let text = (0..<2000).map { String(repeating: " ", count: 2 * $0) + "- x\n" }.joined()
    #expect(faults(text).contains { $0.hasSuffix("nestedTooDeep") })
    let quotes = String(repeating: "> ", count: 10_000) + "*deep* `end`"
    #expect(dump(quotes).contains("deep* `end`") || dump(quotes).contains("code(end)"))
  }

  @Test("a text nested beyond the limit keeps its words")
  func deepInlines() {
    let stars =
      String(repeating: "*a ", count: 5000) + "core" + String(repeating: " b*", count: 5000)
    #expect(dump(stars).contains("core"))
    let brackets =
      String(repeating: "![", count: 5000) + "x" + String(repeating: "](u)", count: 5000)
    #expect(dump(brackets).contains("x"))
  }
}
