import Foundation
import Testing

/// What people hand to the tool without meaning harm, and what someone might who does.
@Suite("Real input") struct RealInputTests {
  private func build(
    _ chapters: [String: String], _ prepare: (ScratchFolder) throws -> Void = { _ in }
  ) throws -> (run: ToolRun, book: ScratchFolder) {
    let book = try ScratchFolder()
    try book.writeBook(chapters)
    try prepare(book)
    return (try ToolRun(["build"], in: book.path), book)
  }

  private func write(_ bytes: [UInt8], to file: String, in book: ScratchFolder) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(book.path)/\(file)"))
  }

  @Test("a README builds: raw HTML, emoji, people, task lists, foreign code")
  func readme() throws {
    let (run, book) = try build([
      "a": """
      <h1 align="center"><img src="x.svg" width="200" alt="Logo"><br>Tool 🚀</h1>

      Thanks to @octocat, @torvalds! and (@a-b/c); @types/node, mail a@b.example. Not @oord2019.

      ## Usage 🎉

      <details><summary>More</summary>

      - [x] `npm i @types/node` costs $5 and $10 :tada: [^1]
      - [ ] see [usage](#usage-)

      </details>

      [^1]: © &amp; &nbsp;
      """
    ]) {
      try $0.write("chapters/x.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
      try $0.write(
        "chapters/references.bib", "@misc{oord2018, title={T}, author={Oord, A.}, year=2018}")
    }
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("3:81: warning: references.bib has no entry 'oord2019'"))
    #expect(!run.errors.contains("octocat"))
    let page = try book.read("site/a.html")
    #expect(page.contains("Thanks to @octocat, @torvalds! and (@a-b/c); @types/node"))
    // The work appears, and with it the citation.
    try book.write(
      "chapters/references.bib", "@misc{octocat, title={T}, author={Cat, O.}, year=2018}")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    #expect(try book.read("site/a.html").contains("Thanks to Cat [<a"))
  }

  @Test("links and images whose names have one character, and their folders' too")
  func shortNames() throws {
    let (run, book) = try build(["a": "# A\n\n[x](b) [y](c/d) ![z](../e)\n"]) {
      for file in ["chapters/b", "chapters/c/d", "e"] { try $0.write(file, file) }
    }
    #expect(run.status == 0, "\(run.errors)")
    #expect(try book.read("site/b") == "chapters/b")
    #expect(try book.read("site/c/d") == "chapters/c/d")
    #expect(try book.read("site/e") == "e")
  }

  @Test("a linked file does not replace a page, and what the user put into the site stays")
  func safeOutput() throws {
    let (run, book) = try build(["e": "# E\n\n[e](e.html)\n"]) {
      try $0.write("chapters/e.html", "not checked")
    }
    #expect(run.status == 1)
    #expect(
      run.errors.contains("chapters/e.md:3:1: error: 'chapters/e.html' would stand at e.html"))
    try book.write("chapters/e.md", "# E\n")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    try book.write("site/CNAME", "example.org")
    try book.write("chapters/e.md", "# E\n\nMore.\n")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    #expect(try book.read("site/CNAME") == "example.org")
    try book.write("chapters/CNAME", "example.net")
    try book.write("chapters/e.md", "# E\n\n[c](CNAME)\n")
    let refused = try ToolRun(["build"], in: book.path)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("site/CNAME' is there already, and is not replaced"))
    #expect(try book.read("site/e.html").contains("More."))
    let inside = try ToolRun(["build", "--output", "chapters/site"], in: book.path)
    #expect(inside.status == 1)
    #expect(inside.errors.contains("lies in the book's folder 'chapters'"))
    let clean = try ToolRun(["clean"], in: book.path)
    #expect(clean.output.contains("Kept") && clean.status == 0)
    #expect(book.exists("site/CNAME") && !book.exists("site/e.html"))
  }

  @Test("an unknown work in brackets is an error, with the nearest key")
  func unknownWork() throws {
    let (run, _) = try build(["a": "# A\n\nAs known [@oord2019].\n"]) {
      try $0.write("chapters/references.bib", "@misc{oord2018, title={T}}")
    }
    #expect(run.status == 1)
    #expect(run.errors.contains("chapters/a.md:3:10: error: references.bib has no entry"))
    #expect(run.errors.contains("did you mean 'oord2018'?"))
  }

  @Test("links that run code become their text, with a warning; pictures as data stay")
  func scripts() throws {
    let (run, book) = try build([
      "a": """
      # A

      [one](javascript:alert(1)) [two](JaVaScRiPt&colon;alert(1)) [three](data:text/html,x)
      <vbscript:x> [four](java&#9;script:alert(1)) ![five](data:image/png;base64,AAAA)
      """
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.components(separatedBy: "would run code").count == 5)
    let page = try book.read("site/a.html").lowercased()
    #expect(!page.contains("href=\"javascript") && !page.contains("href=\"data:text"))
    #expect(!page.contains("href=\"vbscript") && !page.contains("href=\"java\tscript"))
    #expect(page.contains("src=\"data:image/png;base64,aaaa\""))
  }

  @Test("byte-order marks and every kind of line end are read; other bytes are named")
  func bytes() throws {
    let (run, book) = try build(["a": "\u{FEFF}# Marked\r\n\r\nText\r\n", "b": "# Old\r\rText\r"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try book.read("site/a.html").contains("<title>Marked"))
    #expect(try book.read("site/b.html").contains("<title>Old"))
    try write(
      Array("# A\n\nok \u{FF}".utf8.dropLast(2)) + [0xFF, 0x0A], to: "chapters/a.md", in: book)
    let bad = try ToolRun(["build"], in: book.path)
    #expect(bad.status == 1)
    #expect(bad.errors.contains("chapters/a.md:3:4: error:"))
    #expect(bad.errors.contains("8"))
    #expect(try book.read("site/a.html").contains("<title>Marked"))
  }

  @Test("HTML in titles and facts is text, on every page")
  func titles() throws {
    let evil = "</title></script><script>alert(1)</script>"
    let (run, book) = try build(["a": "# `\(evil)` \"q\"\n\nText\n\n## `\(evil)`\n"]) {
      try $0.write(
        "chapters/book.json",
        #"{"title":"\#(evil)","authors":["\#(evil)"],"license":"\" onload=x","#
          + #""description":"\"><script>alert(1)</script>"}"#)
      try $0.write("chapters/SUMMARY.md", "- [`\(evil)`](a.md)\n")
    }
    #expect(run.status == 0, "\(run.errors)")
    let site = try FileManager.default.subpathsOfDirectory(atPath: book.path + "/site")
    for file in site where file.hasSuffix(".html") {
      let text = try book.read("site/\(file)")
      #expect(!text.contains("<script>alert(1)"), "\(file)")
      #expect(!text.contains("\" onload=x"), "\(file)")
    }
  }

  @Test("a formula can neither link nor set attributes")
  func formulas() throws {
    for tex in [#"\href{javascript:alert(1)}{x}"#, #"\htmlData{a=b}{x}"#, #"\own"#] {
      let (run, book) = try build(["a": "# A\n\n$\(tex)$\n"]) {
        try $0.write(
          "chapters/book.json", #"{"macros":{"\\own":"\\href{javascript:alert(1)}{x}"}}"#)
      }
      if run.status == 0 {
        let page = try book.read("site/a.html")
        #expect(!page.contains("href=\"javascript") && !page.contains("data-a=\"b\""), "\(tex)")
      } else {
        #expect(run.errors.contains("chapters/a.md:3:1: error:"), "\(run.errors)")
      }
    }
  }

  @Test("chapters that are folders, pipes, loops or outside the book are named, not read")
  func noFiles() throws {
    let book = try ScratchFolder()
    let outside = try ScratchFolder()
    try outside.write("x.md", "# X\n")
    try book.write("chapters/folder.md/x", "")
    mkfifo("\(book.path)/chapters/pipe.md", 0o600)
    symlink("/dev/zero", "\(book.path)/chapters/zero.md")
    symlink("loop.md", "\(book.path)/chapters/loop.md")
    symlink("\(outside.path)/x.md", "\(book.path)/chapters/out.md")
    let names = ["folder", "pipe", "zero", "loop", "out"]
    try book.write("chapters/SUMMARY.md", names.map { "- [\($0)](\($0).md)\n" }.joined())
    let run = try ToolRun(["build"], in: book.path)
    #expect(run.status == 1)
    for name in names { #expect(run.errors.contains("chapters/\(name).md"), "\(name)") }
    #expect(run.errors.components(separatedBy: "error: ").count == names.count + 1)
  }

  @Test("deep and long nonsense ends soon, in a page or a diagnostic")
  func nesting() throws {
    func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    let (run, _) = try build([
      "quotes": "# Q\n\n" + times(">", 10_000) + " x\n", "links": "# L\n\n" + times("[", 10_000),
      "lists": "# L\n\n" + times("- ", 5000) + "x\n", "stars": "# S\n\n" + times("**a_", 10_000),
      "blocks": "# B\n\n" + times("::: note\n", 3000), "works": "# W\n\n" + times("[@a; ", 5000),
      "prices": "# P\n\n" + times("$a ", 5000), "open": "# O\n\n```swift norun\nlet a = 1\n",
    ])
    #expect(run.status == 0 || run.status == 1, "\(run.status)")
    for line in run.errors.split(separator: "\n") where line.contains(" error: ") {
      #expect(line.contains(".md:"), "\(line)")
    }
  }

  @Test("a site that cannot be written leaves the old one whole")
  func readOnly() throws {
    let (run, book) = try build(["a": "# First\n"])
    #expect(run.status == 0)
    try book.write("chapters/a.md", "# Second\n")
    // A file where a folder must be is refused also to root.
    try book.write("blocked", "")
    let build = try ToolRun(["build", "--output", "blocked/site"], in: book.path)
    #expect(build.status == 1)
    #expect(build.errors.contains("blocked"))
    #expect(try book.read("site/a.html").contains("First"))
    try FileManager.default.removeItem(atPath: book.path + "/.sslbook")
    try book.write(".sslbook", "")
    let cacheless = try ToolRun(["build"], in: book.path)
    #expect(cacheless.status == 1)
    #expect(cacheless.errors.contains(".sslbook"))
    #expect(try book.read("site/a.html").contains("First"))
  }

  @Test("file names of every kind become pages and images")
  func names() throws {
    let name = "d d'&%é😀"
    let (run, book) = try build([
      "a": "# A\n\n![i](<i \"j.png>) ![p](100%25.png) [d](<\(name).md>)\n"
    ]) {
      try $0.write("chapters/SUMMARY.md", "- [A](a.md)\n- [D](<\(name).md>)\n")
      try $0.write("chapters/\(name).md", "# D\n\nText\n")
      try $0.write("chapters/i \"j.png", "x")
      try $0.write("chapters/100%.png", "x")
    }
    #expect(run.status == 0, "\(run.errors)")
    #expect(book.exists("site/\(name).html"))
  }
}
