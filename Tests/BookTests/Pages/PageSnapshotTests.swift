import Book
import Foundation
import TestSupport
import Testing
import Transcript

/// One chapter with everything that a chapter may hold, and its page.
@Suite("The page of everything") struct PageSnapshotTests {
  static let text = #"""
    # Everything {#sec-all}

    A *first* paragraph with **strong** words, `code`, $a_1 * b_2$ and a [link](https://example.org).[^note]

    [^note]: A footnote with $x$.

    ## Blocks

    $$ \frac{a}{b} = c $$ {#eq-a}

    By @eq-a, @thm-b and @fig-f, as [@known2000, eq. 4] says.

    ::: {.theorem #thm-b title="A bound"}
    It holds that $a \le b$.
    :::

    ::: proof
    Obvious.
    :::

    ::: exercise
    Show it.
    :::

    ::: solution
    As above.
    :::

    ::: note
    Mind the gap.
    :::

    | left | right |
    | :--- | ----: |
    | a    | 1     |

    : A caption. {#tbl-t}

    > Quoted.

    1. one
    2. two

    ## Cells

    ```swift
    //| label: fig-f
    //| caption: A figure.
    //| alt: Nothing much.
    show(1)
    ```

    ```swift
    //| echo: fold
    print("<hidden>")
    ```

    ```swift text
    let shown = true
    ```

    The value is `{swift} shown`, and `{claim} x ≈ 0.50 ± 0.01` holds.

    ```derivation
    //| label: eq-d
    a + a ;; 2
    = 2a ;; 2
    ```
    """#

  private func page() throws -> String {
    let parsed = ChapterParser.parse(path: "chapters/all.md", bytes: Array(Self.text.utf8))
    #expect(parsed.diagnostics == [])
    let chapter = parsed.chapter
    var record = ExecutionRecord(itemCount: chapter.items.count)
    for (index, item) in chapter.items.enumerated() {
      switch item {
      case .cell(let cell) where cell.label == "fig-f":
        let svg = #"<svg viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>"#
        record.outputs[index] = [.figure(.init(svg: svg, unicode: "o", description: "A disc."))]
      case .cell:
        let table = Event.Table(
          columns: ["n", "v"], rows: [["<a>", "1"]], numeric: [false, true])
        record.outputs[index] = [
          .standardOutput("<hidden>\n"), .standardError("warned\n"), .table(table), .text("[1, 2]"),
        ]
      case .value: record.values[index] = "true"
      case .claim(let claim):
        record.claims.append(
          .init(
            item: index, line: claim.position.line, sentence: "",
            numbers: .init(
              relation: .approximately, measured: .init(0.5, spacing: 0),
              stated: .init(0.5, spacing: 0), tolerance: 0.01), held: true))
      case .derivation:
        for step in 0..<2 {
          record.steps.append(.init(item: index, index: step, sample: "", value: 2, held: true))
        }
      }
    }
    let (bibliography, faults) = Bibliography.read(
      Array("@article{known2000, author={Known, A.}, title={Facts}, year={2000}}".utf8),
      path: "chapters/references.bib")
    #expect(faults == [])
    let outline = OutlineBuilder.outline(of: chapter)
    var table = ReferenceTable()
    for label in outline.labels where !label.identifier.isEmpty {
      _ = table.add(
        .init(
          kind: label.kind, number: label.number, title: label.title, chapterPath: chapter.path,
          slug: "all", anchor: label.anchor, isChapter: false, position: label.position),
        named: label.identifier)
    }
    var facts = BookFacts()
    facts.title = "Snapshots"
    let context = PageContext(
      facts: facts,
      entry: .init(
        path: chapter.path, title: "Everything", number: "1", part: nil, depth: 0,
        position: .init(line: 1, column: 1)), outline: outline,
      next: PageLink(number: "2", title: "Next", url: "next.html"), references: table,
      bibliography: bibliography,
      assets: PageAssets(stylesheet: "book.css", script: "book.js", contents: "contents.js"))
    let page = PageRenderer(facts: facts, cacheFolder: nil).render(
      chapter, record: record, context: context)
    #expect(page.diagnostics == [])
    return String(decoding: page.html, as: UTF8.self)
  }

  @Test("is the recorded one") func recorded() throws {
    try expectSnapshot(Self.withoutKaTeX(try page()), "everything.html")
  }

  /// KaTeX's own markup is KaTeX's; what matters here is where it stands.
  private static func withoutKaTeX(_ html: String) -> String {
    var result = ""
    var rest = html[...]
    while let start = rest.range(of: "<span class=\"katex") {
      result += rest[..<start.lowerBound] + "⟨formula⟩"
      rest = rest[start.lowerBound...]
      var depth = 0
      repeat {
        guard let tag = rest.firstMatch(of: #/<(/?)span/#) else { return result }
        depth += tag.1.isEmpty ? 1 : -1
        rest = rest[tag.range.upperBound...]
      } while depth > 0
      rest = rest.dropFirst()  // the closing tag's >
    }
    return result + rest
  }
}
