import Book
import Foundation
import Markdown
import Markup
import TestSupport
import Testing

@Suite("A document without additions is on its page as cmark renders it")
struct DocumentRendererTests {
  /// All that a page adds to cmark's HTML, or says otherwise.
  private static let additions: [(mark: String, pattern: String, replacement: String)] = [
    ("chapter-title", #"<header class="chapter-title">([\s\S]*?)</header>"#, "$1"),
    ("permalink", #"<a class="permalink"[^>]*>#</a>"#, ""),
    ("<h", #"<(h[1-6]) id="[^"]*">"#, "<$1>"),
    ("listing", #"<div class="listing">(<pre>[\s\S]*?</pre>)</div>"#, "$1"),
    ("loading", #" loading="lazy""#, ""),
    // An alternative text has no tags, and an address no escaped apostrophes.
    ("alt=", #"(?<=alt=")[^"]*"#, ""),
    ("&#x27;", "&#x27;", "'"),
  ]

  static func normalized(_ html: String) -> String {
    additions.reduce(html) { html, addition in
      guard html.contains(addition.mark) else { return html }
      return html.replacingOccurrences(
        of: addition.pattern, with: addition.replacement, options: .regularExpression)
    }
  }

  /// The document as the renderer of pages prints it.
  static func page(_ markdown: [UInt8]) -> String {
    guard let document = MarkdownParser.parse(markdown).document else { return "not UTF-8" }
    let chapter = Chapter(
      path: "chapters/one.md", slug: "one", title: "One", document: document, items: [])
    let entry = Summary.Entry(
      path: chapter.path, title: "One", number: "", part: nil, depth: 0,
      position: SourcePosition(line: 1, column: 1))
    let context = PageContext(
      facts: BookFacts(), entry: entry, outline: OutlineBuilder.outline(of: chapter),
      previous: nil, next: nil, references: ReferenceTable(), bibliography: Bibliography(),
      assets: PageAssets(stylesheet: "", script: "", contents: ""))
    let article = ArticleRenderer(
      chapter: chapter, record: ExecutionRecord(itemCount: 0), context: context)
    return article.render(document.blocks).rendered
  }

  @Test("generated documents of every construct", arguments: 0..<8)
  func generated(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    var count = 0
    var shortest: String?
    for _ in 0..<2000 {
      let text = generator.document()
      if text.contains("\\(") || text.contains("\\[") || text.contains(":::") { continue }
      guard Self.differ(text) else { continue }
      count += 1
      if shortest.map({ text.count < $0.count }) ?? true { shortest = text }
    }
    if let shortest {
      let markdown = Array(shortest.utf8)
      Issue.record(
        """
        \(count) differ, the shortest: \(shortest.debugDescription)
        cmark: \(Self.normalized(CommonMarkReference.html(markdown)).debugDescription)
        ours:  \(Self.normalized(Self.page(markdown)).debugDescription)
        """)
    }
  }

  private static func differ(_ text: String) -> Bool {
    let markdown = Array(text.utf8)
    return normalized(page(markdown)) != normalized(CommonMarkReference.html(markdown))
  }

  @Test(
    "constructs of CommonMark",
    arguments: [
      "[a](b(1).pdf) [c](/d 'e \"f\"') <https://g.h/(i)> ![j](k(2).png)",
      "\ta\n\n- b\n\n\tc\n- d\n  > e\n\n  1) f\n",
      "a  \nb\\\nc\n\n***\n\n<p>d</p>\n\n<!-- e -->\n",
      "[a]\n\n[a]: /b(c) \"d\"\n\n[e][a] ![f][a] [g][]\n",
      "~~~ a&amp;b c\nd\n~~~\n\n``e ` f`` &copy; &#35; \\* <b c='d'>",
      "**a *b* c** __d__ *e**f**g* ***h***",
      "1. a\n\n   b\n2. c\n\n- d\n- e\n\n> f\ng\n\nh\n=\n\ni\n-\n",
    ])
  func constructs(text: String) {
    #expect(!Self.differ(text))
  }

  @Test("a formula and the punctuation behind it stay together, in every list of inlines")
  func punctuation() {
    #expect(
      Self.page(Array("$a$, *`b`.* [$c$.](d) x".utf8)) == """
        <p><span class="unbroken"><code class="tex">a</code>,</span> \
        <em><code>b</code>.</em> <a href="d"><span class="unbroken"><code class="tex">c</code>.\
        </span></a> x</p>

        """)
  }

  @Test(
    "an address on the page is the one that the chapter writes",
    arguments: [
      ("[a](b(1).pdf?x=(1)#(y))", "b(1).pdf?x=(1)#(y)"), ("[a](/b(c))", "/b(c)"),
      ("[a](two.md#b)", "two.html#b"), ("[a](b%23c.pdf)", "b%23c.pdf"),
      ("[a](<b c.pdf>)", "b%20c.pdf"), ("[a](../images/b.svg)", "images/b.svg"),
    ])
  func addresses(link: String, address: String) {
    #expect(Self.page(Array(link.utf8)).contains("href=\"\(address)\""))
  }
}
