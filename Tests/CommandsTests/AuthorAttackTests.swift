import Foundation
import Testing

/// What authors bring along from other tools and habits, through the real executable.
@Suite("A new author's chapters") struct AuthorAttackTests {
  private static let attacks = [
    // The page's policy.
    Attack("remote", "![a](https://example.org/x.png)", "3:1 error the image 'https://example.org"),
    Attack(
      "network-path", "![a](//example.org/x.png)", "3:1 error the image '//example.org/x.png'"),
    Attack("raw-remote", "<p><img src='http://a.b/x.png' alt=a></p>", "3:1 error the image 'http:"),
    Attack(
      "raw-missing", "A <img alt=\"b\" src=\"no.png\"> c",
      "3:3 error the image 'no.png' does not exist"),
    Attack("raw-unnamed", "<img src=\"p.svg\">", "3:1 error the image 'p.svg' has no alternative"),
    Attack("raw-link", "<a href=\"no.md\">a</a>", "3:1 error the link leads to 'no.md', which is"),
    Attack("frame", "<iframe src=\"https://a.b\"></iframe>", "3:1 warning '<iframe>' does nothing"),
    Attack("script", "<script>alert(1)</script>", "3:1 warning '<script>' does nothing"),
    Attack("handler", "A <b onclick=\"f()\">b</b>", "3:3 warning 'onclick=' does nothing"),
    Attack("data-image", "![a](data:image/png;base64,AAAA)"),
    Attack(
      "raw",
      "<img src=\"./p.svg\" alt=\"a\"> <a href=\"../chapters/other.md#t\">b</a> <a id=\"here\"></a>\n\n"
        + "[c](#here)"),
    Attack("other", "text"),
    // Figures that a label asks for, and messages that a cell must give.
    Attack(
      "other-error",
      "```swift\n//| expect: error: inner sizes\nlet none: Int? = getpid() < 0 ? 1 : nil\n"
        + "print(none!)\n```",
      "3:1 error the cell stops, but says 'Unexpectedly found nil while unwrapping an Optional"),
    Attack(
      "this-error",
      "```swift\n//| expect: error: inner sizes 3 and 2\n"
        + "_ = Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3]))\n```"),
    Attack(
      "this-compile-error",
      "```swift\n//| expect: error: cannot convert value\nlet x: Int = \"a\"\n```"),
    Attack(
      "trap",
      "Text.\n\n```swift\nlet a = [1]\n\nfunc f(_ i: Int) -> Int {\n  a[i]\n}\nprint(f(3))\n```",
      "9:0 error the cell stopped: Index out of range"),
    Attack(
      "thrown", "```swift\nstruct E: Error {}\nfunc f() throws {\n  throw E()\n}\ntry f()\n```",
      "6:0 error the cell stopped: Error raised at top level"),
    Attack(
      "step-trap", "`{claim} [1][getpid() > 0 ? 3 : 0] = 1`", "3:0 error the cell stopped: Index"),
    Attack(
      "statement", "`{swift} let z = 3`", "3:10 error this is not one Swift expression: 'let'"),
  ]

  @Test("are answered at the line, or made to work") func answers() throws {
    let book = try AttackBook(Self.attacks) {
      try $0.write("chapters/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
    }
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
  }

  @Test("files and chapters that raw HTML names are found by the page") func rawHTML() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": "# A\n\n<p><a href=\"b.md#b\">b</a> <img alt=\"c\" src=\"../images/x y.svg\"></p>\n",
      "b": "# B\n",
    ])
    try book.write("images/x y.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
    let run = try ToolRun(["build"], in: book.path)
    #expect(run.status == 0, "\(run.errors)")
    let page = try book.read("site/a.html")
    #expect(
      page.contains("<p><a href=\"b.html#b\">b</a> <img alt=\"c\" src=\"images/x%20y.svg\"></p>"))
    #expect(book.exists("site/images/x y.svg"))
  }

  @Test("what a cell prints is what a terminal would leave, and is HTML") func printed() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": #"""
      # A

      ```swift
      for step in 1...3 { print("step \(step)\r", terminator: "") }
      print("done")
      print("\u{1B}[31mred\u{1B}[0m ab\u{8}c\u{7}\u{1}")
      ```

      `{swift} "x\u{1B}[1my"`
      """#
    ])
    let run = try ToolRun(["build"], in: book.path)
    #expect(run.status == 0, "\(run.errors)")
    let page = try book.read("site/a.html")
    #expect(page.contains("<pre class=\"output\">done 3\nred ac␇␁\n</pre>"))
    #expect(page.contains("<span class=\"value\">xy</span>"))
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test("images keep their place, and several figures of a cell share a row") func pictures() throws
  {
    let book = try ScratchFolder()
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"HEIGHT\"/>"
    try book.write("images/p.svg", svg.replacing("HEIGHT", with: "200"))
    try book.writeBook([
      "a": """
      # A

      ![p](../images/p.svg)

      ```swift
      for width in [320.0, 440] {
        show(Figure(LineMark(x: [1, 2], y: [1, 2]), width: width))
      }
      ```
      """
    ])
    let run = try ToolRun(["build"], in: book.path)
    #expect(run.status == 0, "\(run.errors)")
    var page = try book.read("site/a.html")
    #expect(page.contains("width=\"300\" height=\"200\" />"))
    #expect(page.contains("<div class=\"drawings\" style=\"--units: 440\"><div class=\"drawing\">"))
    // The page follows the file.
    try book.write("images/p.svg", svg.replacing("HEIGHT", with: "150"))
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    page = try book.read("site/a.html")
    #expect(page.contains("width=\"300\" height=\"150\" />"))
  }

  @Test("a second declaration is told the line of the first") func redeclaration() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": "# A\n\n```swift\nlet loss = 1\n```\n\nText.\n\n```swift\nlet loss = 2\n```\n"
    ])
    let run = try ToolRun(["check"], in: book.path)
    #expect(run.errors.contains("a.md:10:5: error: invalid redeclaration of 'loss'"))
    #expect(run.errors.contains("declared already, at line 4"))
  }

  @Test("no two sections have the same number, and no two places the same name") func numbers()
    throws
  {
    let book = try ScratchFolder()
    let sections = "\n## One {#sec-one-SLUG}\n\n### Two {#sec-two-SLUG}\n\n## Three {.unnumbered}\n"
    try book.write("chapters/SUMMARY.md", "- [A](a.md)\n  - [B](b.md)\n- [C](c.md)\n")
    for name in ["a", "b", "c"] {
      try book.write(
        "chapters/\(name).md",
        "# \(name)\n" + sections.replacing("SLUG", with: name)
          + "\n@sec-one-a @sec-one-b @sec-two-b\n")
    }
    try book.write(
      "chapters/c.md",
      """
      # C

      ::: {.note #usage}
      A
      :::

      ::: {.tabs}
      ### First
      a
      #### Inside
      ### Second {#sec-second}
      b
      :::

      ## Usage

      @sec-second <a id="usage-1"></a>

      ## Text

      ## Contents

      ## Claim 0 `{claim} 1 = 1`

      ## Fn 1 [^1]

      ## Ref k [@k]

      ## Figure 1

      ```swift
      //| caption: A
      show(Figure(LineMark(x: [1, 2], y: [1, 2])))
      ```

      [^1]: b
      """)
    try book.write("chapters/references.bib", "@misc{k, title={T}, author={Oord, A.}, year=2018}")
    let run = try ToolRun(["build"], in: book.path)
    #expect(run.status == 0, "\(run.errors)")
    let (a, b, c) = (
      try book.read("site/a.html"), try book.read("site/b.html"), try book.read("site/c.html")
    )
    #expect(!a.contains("<span class=\"number\">"))
    #expect(a.contains(">One</a>") && a.contains(">Section 1.1.1</a>"))
    #expect(b.contains("<span class=\"number\">1.1.1.1</span>"))
    #expect(
      c.contains("<section class=\"tab\" id=\"sec-second\"><p class=\"tab-title\">Second</p>"))
    #expect(c.contains("<h4 id=\"inside\">") && c.contains("<h2 id=\"usage-2\">"))
    for page in [a, b, c] {
      let names = page.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
      #expect(Set(names).count == names.count, "\(names.sorted())")
    }
  }

  @Test("'new' refuses what the next build would, and chapters are found from their folder")
  func commands() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n```swift\nlet a = 1.25\n```\n\n`{claim} a = 1.26` of 17\n"])
    try book.write("chapters/sub/deep.md", "# Deep\n\n```swift\nprint(1)\n```\n")
    try book.write("chapters/SUMMARY.md", "- [A](a.md)\n- [D](sub/deep.md)\n")
    for name in ["index", "claims.md", "chapters/print", "404", "bibliography", "deep"] {
      let run = try ToolRun(["new", name], in: book.path)
      #expect(run.status == 2 && run.errors.contains("the page"), "\(name): \(run.errors)")
    }
    #expect(try book.read("chapters/SUMMARY.md") == "- [A](a.md)\n- [D](sub/deep.md)\n")
    let run = try ToolRun(["run", "deep.md"], in: book.path + "/chapters/sub")
    #expect(run.status == 0 && run.output.contains("1\n"), "\(run.errors)")
    let list = try ToolRun(["list", "--json"], in: book.path)
    #expect(list.output.contains("\"cells\": 1") || list.output.contains("\"cells\":1"))
    #expect(try ToolRun(["-h", "build"]).output == ToolRun(["build", "--help"]).output)
    #expect(try ToolRun(["--help", "biuld"]).status == 2)
    let coverage = try ToolRun(["check", "--coverage"], in: book.path)
    #expect(coverage.output.contains("^^"), "\(coverage.output)")
    let alone = try ToolRun(["check"], in: book.path, environment: ["PATH": "/usr/bin:/bin"])
    #expect(alone.status == 3 && alone.errors.contains("\nerror: there is no Swift compiler"))
    let long = String(repeating: "words ", count: 40)
    try book.write(
      "chapters/a.md",
      "# A\n\n```swift\nlet a = 1.25\n```\n\n\(long)`{claim} a = 1.26` \(long)end\n")
    let fixed = try ToolRun(["check", "--fix"], in: book.path, environment: ["COLUMNS": "80"])
    #expect(fixed.output.contains("+ \(long)`{claim} a = 1.25` \(long)end\n"), "\(fixed.output)")
  }
}
