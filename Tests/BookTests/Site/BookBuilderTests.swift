import Book
import Foundation
import TestSupport
import Testing

@Suite("Building a book") struct BookBuilderTests {
  let folder = TemporaryFolder()

  private func write(_ chapters: [(name: String, text: String)]) throws {
    let list = chapters.map { "- [\($0.name)](\($0.name).md)\n" }.joined()
    try folder.write("# A book\n\n" + list, to: "chapters/SUMMARY.md")
    for chapter in chapters { try folder.write(chapter.text, to: "chapters/\(chapter.name).md") }
  }

  private func build(_ change: (inout BuildOptions) -> Void = { _ in }) -> BuildReport {
    var options = BuildOptions()
    change(&options)
    return BookBuilder(book: BookFolder(path: folder.path), options: options).build()
  }

  private static let two = [
    (name: "one", text: "# One {#sec-one}\n\nSee @sec-two.\n"),
    (name: "two", text: "# Two {#sec-two}\n\n$$ a = b $$ {#eq-a}\n\nBack to @sec-one, by @eq-a.\n"),
  ]

  @Test("makes a page of every chapter, with numbers that hold book-wide") func pages() throws {
    try write(Self.two)
    let report = build()
    #expect(report.diagnostics == [])
    #expect(report.site == folder.path + "/site")
    let one = try folder.read("site/one.html")
    #expect(one.contains("Chapter 2"))
    #expect(one.contains("href=\"two.html#sec-two\""))
    #expect(try folder.read("site/two.html").contains("(2.1)"))
    #expect(folder.exists("site/index.html"))
    #expect(folder.exists("site/404.html"))
  }

  @Test("does nothing when nothing changed, and one page when one changed") func incremental()
    throws
  {
    try write(Self.two)
    #expect(!build().wasUpToDate)
    let again = build()
    #expect(again.wasUpToDate)
    #expect(again.chapters.count == 2)

    try folder.write(Self.two[1].text + "\nOne more sentence.\n", to: "chapters/two.md")
    let edited = build()
    #expect(!edited.wasUpToDate)
    #expect(edited.chapters.map(\.isPageCached) == [true, false])
    #expect(try folder.read("site/two.html").contains("One more sentence."))
    #expect(build().wasUpToDate)
  }

  @Test("what a process keeps between builds is dropped when the macros change") func memory()
    throws
  {
    try write([(name: "one", text: "# One\n\n$\\E$\n")])
    let memory = BuildMemory()
    func page(_ expansion: String) throws -> String {
      try folder.write(#"{"macros": {"\\E": "\#(expansion)"}}"#, to: "chapters/book.json")
      let builder = BookBuilder(book: BookFolder(path: folder.path), memory: memory)
      #expect(builder.build().diagnostics == [])
      return try folder.read("site/one.html")
    }
    let first = try page("a_1")
    #expect(try page("b_2") != first)
    #expect(try page("a_1") == first)
  }

  @Test("a new title reaches the pages that refer to it") func titles() throws {
    try write(Self.two)
    _ = build()
    let renamed = Self.two[1].text.replacingOccurrences(of: "# Two", with: "# Second")
    try folder.write(renamed, to: "chapters/two.md")
    #expect(build().diagnostics == [])
    #expect(try folder.read("site/one.html").contains("Second"))
  }

  @Test("an unknown reference keeps the old site and names its place") func broken() throws {
    try write(Self.two)
    _ = build()
    let before = try folder.read("site/one.html")
    try folder.write("# One {#sec-one}\n\nText.\n\nSee @sec-tow.\n", to: "chapters/one.md")
    let report = build()
    #expect(report.site == nil)
    #expect(
      report.diagnostics == [
        Diagnostic(
          file: "chapters/one.md", line: 5, column: 5,
          message: "nothing in the book is labelled 'sec-tow'", hint: "did you mean 'sec-two'?")
      ])
    #expect(try folder.read("site/one.html") == before)
    // The mistake mended, the book is as it was.
    try folder.write(Self.two[0].text, to: "chapters/one.md")
    #expect(build().diagnostics == [])
    #expect(try folder.read("site/one.html") == before)
  }

  @Test("is the same to the byte, cold or warm, with one job or many") func deterministic() throws {
    let many = (1...12).map { number in
      (
        name: "c\(number)",
        text: "# C\(number) {#sec-c\(number)}\n\nTo @sec-c\(number % 12 + 1): $x_\(number)$.\n"
      )
    }
    try write(many)
    #expect(build { $0.jobs = 1 }.diagnostics == [])
    let first = try snapshot()
    #expect(first.count > 12)
    FileSystem.remove(folder.path + "/site")
    #expect(build { $0.jobs = 4 }.diagnostics == [])
    #expect(try changes(since: first) == [])
    FileSystem.remove(folder.path + "/site")
    FileSystem.remove(folder.path + "/.sslbook")
    #expect(build { $0.jobs = 4 }.diagnostics == [])
    #expect(try changes(since: first) == [])
  }

  /// The names of the files that are no longer what they were.
  private func changes(since first: [String: [UInt8]]) throws -> [String] {
    let now = try snapshot()
    return Set(first.keys).union(now.keys).filter { first[$0] != now[$0] }.sorted()
  }

  private func snapshot() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in folder.files() where name.hasPrefix("site/") {
      files[name] = try FileSystem.read(folder.path + "/" + name)
    }
    return files
  }

  @Test("a damaged cache costs time, never the book") func damaged() throws {
    try write(Self.two)
    _ = build()
    let first = try snapshot()
    for name in folder.files() where name.hasPrefix(".sslbook/") {
      var bytes = try FileSystem.read(folder.path + "/" + name)
      if bytes.count > 20 { bytes.removeSubrange(bytes.count / 2..<bytes.count / 2 + 5) }
      try FileSystem.write(bytes, to: folder.path + "/" + name)
    }
    FileSystem.remove(folder.path + "/site")
    #expect(build().diagnostics == [])
    #expect(try snapshot() == first)
  }

  @Test("images are copied, and a missing one is an error at its place") func images() throws {
    try write([(name: "one", text: "# One\n\n![A dot](../images/dot.svg)\n")])
    #expect(build().diagnostics.map(\.message) == ["the image '../images/dot.svg' does not exist"])
    try folder.write("<svg xmlns='http://www.w3.org/2000/svg'/>", to: "images/dot.svg")
    #expect(build().diagnostics == [])
    #expect(folder.exists("site/images/dot.svg"))
    #expect(try folder.read("site/one.html").contains("images/dot.svg"))
    try write([(name: "one", text: "# One\n\nSo: ![ ](../images/dot.svg)\n")])
    let found = build().diagnostics
    #expect(found.map(\.message) == ["the image '../images/dot.svg' has no alternative text"])
    #expect(found.first?.column == 5)
  }

  @Test("no linked file or image takes the place of a page or of another file; both are named")
  func onePlaceEach() throws {
    for name in ["one.html", "print.html", "x.png", "a"] {
      try folder.write("file", to: "chapters/\(name)")
    }
    for name in ["x.png", "a/b", "previews/one.js"] { try folder.write("file", to: name) }
    let text = """
      # One {#sec-one}


      [e](one.html)
      [p](print.html)
      ![X](x.png)
      ![X](../x.png)
      [a](a)
      [b](../a/b)
      [again](one.html)
      [previews](../previews/one.js)
      """
    try write([(name: "one", text: text)])
    let found = build().diagnostics.map { "\($0.line) \($0.severity) \($0.message)" }
    #expect(
      found == [
        "4 error 'chapters/one.html' would stand at one.html in the site, and the page of 'chapters/one.md' stands there",
        "5 error 'chapters/print.html' would stand at print.html in the site, and the tool's own file stands there",
        "7 error 'x.png' would stand at x.png in the site, and 'chapters/x.png' stands there",
        "9 error 'a/b' would stand at a/b in the site, and 'chapters/a' stands there",
        "11 error 'previews/one.js' would stand at previews/one.js in the site, and the page of 'chapters/one.md' stands there",
      ])
    #expect(!folder.exists("site"))
  }

  @Test("a link to a page by its own name is a link to the page") func linkToPage() throws {
    try write([(name: "one", text: "# One\n\n[Two](two.html)\n"), Self.two[1]])
    try folder.write("# Two {#sec-two}\n", to: "chapters/two.md")
    #expect(build().diagnostics == [])
  }

  @Test("a damaged site is noticed and mended, and what is not the tool's stays") func mended()
    throws
  {
    try write(Self.two)
    _ = build()
    let first = try snapshot()
    try folder.write("example.org", to: "site/CNAME")
    #expect(build().wasUpToDate)
    for name in ["site/one.html", "site/search.js"] {
      try FileSystem.write(
        Array(try FileSystem.read("\(folder.path)/\(name)").dropLast()),
        to: "\(folder.path)/\(name)")
      #expect(!build().wasUpToDate)
      #expect(build().wasUpToDate)
    }
    #expect(try changes(since: first) == ["site/CNAME"])
  }

  @Test("a heading is not called like a place that the page has already") func reservedAnchors()
    throws
  {
    let headings = [
      "Text", "Contents", "Tools", "References", "Claim 0", "Claim", "Claim", "Fn 1", "Fnref 1",
      "Evidence 0", "Step 0 1", "D1 axis", "Text", "Step by step",
    ]
    let text = """
      # One

      `{claim} 1 = 1`[^1] and @one.

      ```derivation
      1 ;; 1.0
      = 1 ;; 1.0
      ```

      [^1]: A note.

      """
    try folder.write("@book{one, title={T}, author={A}, year=2000}", to: "chapters/references.bib")
    try write([(name: "one", text: text + headings.map { "## \($0)\n\n" }.joined())])
    #expect(build().diagnostics == [])
    let page = try folder.read("site/one.html")
    let identifiers = page.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
    let twice = Dictionary(grouping: identifiers) { $0 }.filter { $1.count > 1 }.keys
    #expect(twice.isEmpty, "\(twice)")
    for wanted in [
      "text", "claim-0", "fn-1", "section-text", "text-1", "section-claim-1", "step-by-step",
    ] {
      #expect(identifiers.contains(wanted), "\(wanted)")
    }
  }

  @Test("the same heading twenty thousand times", .timeLimit(.minutes(1)))
  func sameHeading() {
    let text = "# One\n\n" + String(repeating: "## Again\n\n", count: 20_000)
    let (chapter, _) = ChapterParser.parse(path: "chapters/one.md", bytes: Array(text.utf8))
    let headings = OutlineBuilder.outline(of: chapter).headings
    #expect(headings.last?.anchor == "again-19999")
    #expect(Set(headings.map(\.anchor)).count == 20_001)
  }

  @Test("of very many misspelt references, the first hundred get a suggestion") func manyMisspelt()
    throws
  {
    let labels = (0..<150).map { "## S \($0) {#sec-label-\($0)}\n\n" }.joined()
    let uses = (0..<150).map { "@sec-labl-\($0)\n\n" }.joined()
    try write([(name: "one", text: "# One\n\n" + labels + uses)])
    let found = build().diagnostics
    #expect(found.count == 150)
    #expect(found.prefix(100).allSatisfy { $0.hint?.contains("sec-label-") == true })
    #expect(found.dropFirst(100).allSatisfy { $0.hint == nil })
  }

  @Test("a file outside the book is not called missing, also behind a symbolic link")
  func outside() throws {
    let elsewhere = TemporaryFolder()
    try elsewhere.write("<svg xmlns='http://www.w3.org/2000/svg'/>", to: "a.svg")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/linked", withDestinationPath: elsewhere.path)
    let text = """
      # One

      ![A](../../a.svg)
      ![B](../linked/a.svg)
      [C](../../a.pdf)
      [D](../linked/a.svg)
      """
    try write([(name: "one", text: text)])
    let found = build().diagnostics
    #expect(
      found.map { "\($0.line) \($0.severity) \($0.message)" } == [
        "3 error the image '../../a.svg' lies outside the book's folder",
        "4 error the image '../linked/a.svg' lies outside the book's folder",
        "5 error the link leads to '../../a.pdf', outside the book's folder",
        "6 error the link leads to '../linked/a.svg', outside the book's folder",
      ])
  }

  @Test("all that is wrong is said in one go, in the order of the book", arguments: [true, false])
  func allFaults(isCheck: Bool) throws {
    let formula = "$\\nope$ and @fig-nowhere.\n\n"
    try write([
      (name: "parse", text: "# One\n\n\(formula)```swift\n//| lable: fig-x\n```\n"),
      (name: "claim", text: "# Claim\n\n\(formula)`{claim} 2`\n\n```swift\nnowhere()\n```\n"),
      (name: "compile", text: "# Two\n\n\(formula)```swift\nlet a: Int = nowhere\n```\n"),
      (name: "run", text: "# Three\n\n\(formula)`{claim} 2 = 3`\n"),
      (name: "prose", text: "# Four\n\n\(formula)"),
    ])
    let builder = BookBuilder(book: BookFolder(path: folder.path))
    let report = isCheck ? builder.check() : builder.build()
    let faults = report.diagnostics.map { diagnostic in
      let name = diagnostic.file.dropFirst("chapters/".count).dropLast(".md".count)
      return "\(name) \(diagnostic.line): \(diagnostic.message.prefix(20))"
    }
    let formulaFaults = ["3: this formula cannot ", "3: nothing in the book "]
    let own = [
      ["parse 6: a cell has no option"],
      ["claim 5: this claim has no re", "claim 8: cannot find 'nowhere"],
      ["compile 6: cannot find 'nowhere"],
      ["run 5: '2' is 2, not 3"], [],
    ]
    let expected = zip(["parse", "claim", "compile", "run", "prose"], own).flatMap { name, own in
      formulaFaults.map { "\(name) \($0)" } + own
    }
    #expect(faults == expected)
    #expect(!folder.exists("site"))
  }

  @Test("a label says of what it is") func labelKinds() throws {
    let text = """
      # One

      $$ a = b $$ {#tbl-a}

      | a |
      |---|
      | 1 |
      : A caption {#fig-t}

      ::: {.definition #thm-fine}
      A definition may be called a theorem.
      :::

      ::: {.lemma #def-l}
      Not so.
      :::

      ## A heading as it likes {#eq-uations}
      """
    try write([(name: "one", text: text)])
    #expect(
      build().diagnostics.map { "\($0.line) \($0.message)" } == [
        "3 the label 'tbl-a' says table, and this is of kind equation",
        "5 the label 'fig-t' says figure, and this is of kind table",
        "14 the label 'def-l' says definition, and this is of kind lemma",
      ])
  }

  @Test("what a check has made, a build does not make again") func checkThenBuild() throws {
    try write(Self.two)
    let book = BookFolder(path: folder.path)
    #expect(BookBuilder(book: book).check().diagnostics == [])
    let report = build()
    #expect(report.chapters.map(\.isPageCached) == [true, true])
    #expect(folder.exists("site/one.html"))
  }

  @Test("a selection by number, slug or path; anything else is named") func selection() throws {
    try write(Self.two)
    #expect(build { $0.chapters = ["2"] }.chapters.map(\.slug) == ["two"])
    #expect(
      build { $0.chapters = ["one", "chapters/two.md"] }.chapters.map(\.slug) == ["one", "two"])
    let report = build { $0.chapters = ["tow"] }
    #expect(report.diagnostics.map(\.message) == ["the book has no chapter 'tow'"])
    #expect(report.diagnostics.map(\.hint) == ["did you mean 'two'?"])
  }
}
