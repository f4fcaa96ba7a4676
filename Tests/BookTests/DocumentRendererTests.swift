import Book
import Foundation
import Markdown
import Markup
import TestSupport
import Testing

@Suite("A document without additions renders as cmark renders it")
struct DocumentRendererTests {
  static func ours(_ markdown: [UInt8]) -> String {
    guard let document = MarkdownParser.parse(markdown).document else { return "not UTF-8" }
    var renderer = DocumentRenderer(CommonMarkRendering())
    return renderer.render(document.blocks).rendered
  }

  @Test("generated documents of every construct", arguments: 0..<8)
  func generated(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    var count = 0
    var shortest: String?
    for _ in 0..<2000 {
      let text = generator.document()
      if text.contains("\\(") || text.contains("\\[") || text.contains(":::") { continue }
      let markdown = Array(text.utf8)
      guard Self.ours(markdown) != CommonMarkReference.html(markdown) else { continue }
      count += 1
      if shortest.map({ text.count < $0.count }) ?? true { shortest = text }
    }
    if let shortest {
      let markdown = Array(shortest.utf8)
      Issue.record(
        """
        \(count) differ, the shortest: \(shortest.debugDescription)
        cmark: \(CommonMarkReference.html(markdown).debugDescription)
        ours:  \(Self.ours(markdown).debugDescription)
        """)
    }
  }
}
