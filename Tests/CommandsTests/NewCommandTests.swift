import Commands
import Foundation
import Testing

@Suite("sslbook new") struct NewCommandTests {
  @Test("starts a book that says how to go on")
  func book() throws {
    let folder = try ScratchFolder()
    let run = try ToolRun(["new", "my-book"], in: folder.path)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("cd my-book"))
    for file in ["SUMMARY.md", "book.json", "references.bib", "halves.md"] {
      #expect(folder.exists("my-book/chapters/\(file)"))
    }
    #expect(try folder.read("my-book/chapters/book.json").contains(#""title": "My book""#))
    let list = try ToolRun(["list", "--names"], in: folder.path + "/my-book/chapters")
    #expect(list.output == "halves\nnotations\n")
    // The README says that the new book shows every notation.
    let text = try ["halves", "notations"].map { try folder.read("my-book/chapters/\($0).md") }
      .joined()
    for notation in [
      "```swift\n", "```swift norun", "```swift text", "//| label: fig-", "//| caption:",
      "//| alt:",
      "//| echo:", "//| timeout:", "//| expect: error", "show(Table(", "Figure(", "claim(\"",
      "format(", "progress(", "report(loss:", "readData(", "`{swift} ", "`{claim} ", " ≈ ", " ± ",
      "```derivation", "//| sample:", " ;; ", "$a^2$", "\\(", "\\[ ", "$$ {#eq-", "|--",
      ": Written",
      "{#tbl-", "[^1]:", ".theorem #thm-", "::: proof", ".exercise #", ".solution}", "::: note",
      "::: {.tabs}", "{#sec-", ".unnumbered}", "@sec-", "@eq-", "@fig-", "@tbl-", "@thm-", "@lst-",
      "[see @", "-@", "[@",
    ] { #expect(text.contains(notation), "\(notation)") }
  }

  @Test("starts a book in the folder where the user stands, which stays that folder")
  func here() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/mine/.git", withIntermediateDirectories: true)
    func number() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: folder.path + "/mine")[.systemFileNumber]
        as? Int
    }
    let before = try number()
    let run = try ToolRun(["new", "."], in: folder.path + "/mine")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("A book here") && !run.output.contains("cd "))
    #expect(try number() == before)
    #expect(try folder.read("mine/chapters/book.json").contains(#""title": "Mine""#))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/mine")
    #expect(names.sorted() == [".git", ".gitignore", "chapters"])
  }

  @Test("never overwrites")
  func overwriting() throws {
    let folder = try ScratchFolder()
    try folder.write("taken/file", "mine")
    let run = try ToolRun(["new", "taken"], in: folder.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("is there already"))
    #expect(try folder.read("taken/file") == "mine")
    #expect(!folder.exists("taken/chapters"))
    try folder.writeBook(["a": "# A\n"])
    let chapter = try ToolRun(["new", "a"], in: folder.path)
    #expect(chapter.status == 2)
    #expect(try folder.read("chapters/a.md") == "# A\n")
    #expect(try folder.read("chapters/SUMMARY.md") == "- [a](a.md)\n")
  }

  @Test("adds a chapter where it is run from, in each way of naming one")
  func chapter() throws {
    let folder = try ScratchFolder()
    try folder.writeBook(["a": "# A\n"])
    for (name, folderOfRun) in [
      ("noise", ""), ("noise-contrast.md", "/chapters"), ("chapters/x.md", ""), ("part/deep", ""),
    ] {
      let run = try ToolRun(["new", name], in: folder.path + folderOfRun)
      #expect(run.status == 0, "\(run.errors)")
    }
    let titled = try ToolRun(["new", "q", "--title", "What [is] *it*?"], in: folder.path)
    #expect(titled.status == 0)
    #expect(
      try folder.read("chapters/SUMMARY.md") == """
        - [a](a.md)
        - [Noise](noise.md)
        - [Noise contrast](noise-contrast.md)
        - [X](x.md)
        - [Deep](part/deep.md)
        - [What \\[is\\] \\*it\\*?](q.md)

        """)
    #expect(try folder.read("chapters/noise.md").hasPrefix("# Noise\n"))
    #expect(folder.exists("chapters/part/deep.md"))
  }

  @Test("a chapter that the summary lists already is not listed again")
  func listed() throws {
    let folder = try ScratchFolder()
    try folder.writeBook(["a": "# A\n"])
    let summary = "- [a](a.md)\n- [Soon](soon.md)\n"
    try folder.write("chapters/SUMMARY.md", summary)
    let run = try ToolRun(["new", "soon"], in: folder.path)
    #expect(run.output.contains("chapters/soon.md, listed in chapters/SUMMARY.md:2"))
    #expect(try folder.read("chapters/SUMMARY.md") == summary)
    #expect(folder.exists("chapters/soon.md"))
  }

  @Test(
    "refuses names that cannot be pages or lead elsewhere",
    arguments: [
      "..", "../x.md", "a b", "a/../../x", ".hidden", "chapters/", "SUMMARY.md", "a\u{1B}b", "-x",
      "/etc/x.md", "a/b/.c", "x?y", "x#y", "x\\y", "<x>",
    ])
  func badNames(name: String) throws {
    let folder = try ScratchFolder()
    try folder.writeBook(["a": "# A\n"])
    let run = try ToolRun(["new", "--book", folder.path, "--", name], in: folder.path)
    #expect(run.status == 2)
    #expect(!run.errors.contains("\u{1B}"))
    #expect(try folder.read("chapters/SUMMARY.md") == "- [a](a.md)\n")
  }

  @Test(
    "a summary keeps its own ways",
    arguments: [
      ("- [a](a.md)\n", "- [a](a.md)\n- [N](n.md)\n"), ("- [a](a.md)", "- [a](a.md)\n- [N](n.md)"),
      (
        "* [a](a.md)\r\n\r\n[End](end.md)\r\n",
        "* [a](a.md)\r\n* [N](n.md)\r\n\r\n[End](end.md)\r\n"
      ),
      ("- Part\n  - [a](a.md)\n", "- Part\n  - [a](a.md)\n  - [N](n.md)\n"), ("", "- [N](n.md)\n"),
      ("# Summary", "# Summary\n\n- [N](n.md)\n"),
      ("# Summary\r\n", "# Summary\r\n\r\n- [N](n.md)\r\n"),
    ])
  func summaries(before: String, after: String) {
    let entry = SummaryEntry(title: "N", destination: "n.md")
    let (bytes, line) = entry.added(to: Array(before.utf8))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text == after)
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    #expect(lines[line - 1].hasSuffix("[N](n.md)"))
  }
}
