import Book
import Foundation
import Testing

@Suite("Pages of the whole book") struct BookPagesTests {
  private var facts: BookFacts {
    var facts = BookFacts()
    facts.title = "A <book>"
    facts.baseURL = "https://example.org/a"
    return facts
  }

  private let assets = PageAssets(
    stylesheet: "assets/s.css", script: "assets/s.js", contents: "assets/c.js")

  @Test("the claims page lists what was stated, measured and allowed") func claims() {
    let row = ClaimRow(
      anchor: "claim-0", line: 7, statement: "f(\"<\")", isStep: false, stated: "≈ 1",
      measured: "1.01", tolerance: "± 0.1", used: 0.1, held: true)
    let page = ClaimsPage.page(
      [
        .init(
          path: "chapters/one.md", link: PageLink(number: "1", title: "One & two", url: "one.html"),
          rows: [row],
          uncheckedNumbers: 3)
      ], facts: facts, assets: assets)
    let html = String(decoding: page, as: UTF8.self)
    #expect(html.contains(##"<a href="one.html#claim-0">line\##u{A0}7</a>"##))
    #expect(html.contains("f(&quot;&lt;&quot;)"))
    #expect(html.contains("1 claim and 0 steps"))
    #expect(html.contains("One &amp; two"))
    #expect(html.contains("25 %"))
  }

  @Test("the page for unknown addresses works from any folder") func notFound() {
    let html = String(
      decoding: NotFoundPage.page(facts: facts, assets: assets), as: UTF8.self)
    #expect(html.contains(#"href="/a/assets/s.css""#))
    #expect(html.contains(#"src="/a/assets/s.js""#))
    #expect(html.contains(#"href="/a/index.html""#))
    #expect(html.contains(#"content="noindex""#))
  }

  @Test("the printed book has every name once, and its links stay inside") func print() {
    let page = ##"""
      <body><article><h2 id="x">t</h2><a href="#x">a</a><a href="two.html#x">b</a>\##
      <a href="https://e.org/#x">c</a><svg><g clip-path="url(#d1)"/></svg>\##
      <p aria-label="url(#x) id=">write url(#x), id="x" or <code>href="#x"</code></p>\##
      <!-- id="x" --><ul aria-labelledby="x y" data-id="x"></ul></article></body>
      """##
    let one = Summary.Entry(
      path: "chapters/two.md", title: "", number: "", part: nil, depth: 0,
      position: .init(line: 1, column: 1))
    let print = PrintPage(
      [
        ChapterEntry(
          entry: one,
          outline: OutlineBuilder.outline(
            of: Chapter(
              path: "chapters/two.md", slug: "two", title: "", document: .init(blocks: []),
              items: [])))
      ], facts: facts, assets: assets)
    let html = String(decoding: print.chapter(Array(page.utf8), slug: "one"), as: UTF8.self)
    #expect(html.contains(##"<h2 id="one--x">t</h2><a href="#one--x">a</a>"##))
    #expect(html.contains(##"<a href="#two--x">b</a>"##))
    #expect(html.contains(##"<a href="https://e.org/#x">c</a>"##))
    #expect(html.contains("url(#one--d1)"))
    let text = ##"<p aria-label="url(#x) id=">write url(#x), id="x" or <code>href="#x"</code></p>"##
    #expect(html.contains(text))
    #expect(
      html.contains(##"<!-- id="x" --><ul aria-labelledby="one--x one--y" data-id="x"></ul>"##))
    let frame = print.frame()
    let start = String(decoding: frame.start, as: UTF8.self)
    let end = String(decoding: frame.end, as: UTF8.self)
    #expect(start.hasPrefix("<!DOCTYPE html>") && start.hasSuffix("</header>"))
    #expect(end.hasPrefix("</article>") && end.hasSuffix("</html>\n"))
  }

  @Test("the sitemap names every page, and needs an address") func sitemap() {
    let xml = Sitemap.xml(paths: ["index.html", "one.html"], facts: facts)
    #expect(
      String(decoding: xml ?? [], as: UTF8.self) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>https://example.org/a/</loc></url>
        <url><loc>https://example.org/a/one.html</loc></url>
        </urlset>

        """)
    #expect(Sitemap.xml(paths: ["index.html"], facts: BookFacts()) == nil)
  }

  @Test("scripts that carry text cannot be broken out of") func scripts() throws {
    let hostile = "\"</script>\\\u{2028}\n\u{1}é"
    let entry = SearchScript.entry(
      path: "a b.html", title: hostile,
      sections: [SearchSection(anchor: "x", title: hostile, text: hostile)])
    let text = String(decoding: entry, as: UTF8.self)
    #expect(!text.contains("</script"))
    // It is also JSON, so any JSON reader can check it.
    let value = try JSONSerialization.jsonObject(with: Data(entry)) as? [Any]
    #expect(value?[0] as? String == "a%20b.html")
    #expect(value?[1] as? String == hostile)
  }

  @Test("the theme: hashed names, no address outside the site") func theme() throws {
    let theme = try Theme.load()
    let css = String(decoding: theme.stylesheet.bytes, as: UTF8.self)
    #expect(!css.contains("url("))
    #expect(!css.contains("://"))
    #expect(theme.stylesheet.path.hasPrefix("assets/book-"))
  }
}
