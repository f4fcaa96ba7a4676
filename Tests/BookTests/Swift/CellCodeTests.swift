import Book
import Testing

@Suite("What a cell's code says before it is compiled") struct CellCodeTests {
  /// What parsing says of a chapter with this one cell.
  static func faults(_ code: String, info: String = "swift") -> [String] {
    ChapterParser.parse(
      path: "chapters/x.md", bytes: Array("# X\n\n```\(info)\n\(code)\n```\n".utf8)
    ).diagnostics.map { "\($0.line):\($0.column) \($0.severity.rawValue) \($0.message)" }
  }

  static func obligations(_ code: String) -> [String] {
    let chapter = ChapterParser.parse(
      path: "chapters/x.md", bytes: Array("# X\n\n```swift\n\(code)\n```\n".utf8)
    ).chapter
    return chapter.obligations(running: [0]).map {
      "\($0.position.line):\($0.position.column)"
    }
  }

  @Test(
    "every call of claim is owed, by its opening parenthesis",
    arguments: [
      ("claim(\"a\", true)", ["4:6"]), ("if x { claim (\"a\", true) }", ["4:14"]),
      ("let s = \"claim(1)\" // claim(2)\n/* claim(3) */ claim(\"b\", true)", ["5:21"]),
      ("Cells.claim(\"a\", true); x.claim(1); claim", ["4:12"]),
      ("func claim2() {}\nlet f = { claim(\"\\(claim(\"n\", true))\", true) }", ["5:16", "5:25"]),
    ])
  func calls(code: String, places: [String]) {
    #expect(Self.obligations(code) == places)
  }

  @Test("a label owes a figure, a table or a listing") func labels() {
    #expect(Self.obligations("//| label: fig-a\nshow(1)") == ["3:1"])
    #expect(Self.obligations("//| caption: words\nshow(1)") == ["3:1"])
    #expect(Self.obligations("show(1)") == [])
  }

  @Test(
    "names of the runtime cannot be declared",
    arguments: [
      "func claim(_ s: String) {}", "struct Table {}", "let show = 1", "var (a, format) = (1, 2)",
      "enum RealValue {}", "typealias ProseValue = Int",
    ])
  func runtime(code: String) {
    let faults = Self.faults(code)
    #expect(
      faults.contains { $0.contains("is what a chapter shows and claims with") }, "\(faults)")
  }

  @Test("a method, an argument or a local of such a name is the chapter's own") func own() {
    #expect(Self.faults("struct S { func show() {} }\nfunc f(format: Int) { let claim = 1 }") == [])
    #expect(Self.faults("print(\"func claim()\") // let show = 1") == [])
  }

  @Test("what belongs to the tool may not be named") func reserved() {
    #expect(
      Self.faults("for i in 0..<3 { Cells.ChapterProgram.end(i) }") == [
        "4:24 error 'ChapterProgram' belongs to the tool, and a chapter may not use it"
      ])
  }

  @Test(
    "chance without a seed is noticed",
    arguments: [
      ("let x = Double.random(in: 0..<1)", true), ("[1, 2].shuffled()", true),
      ("let x = Double.random(in: 0..<1, using: &source)", false),
      ("var g = SystemRandomNumberGenerator()", true), ("random(3); a.random", false),
      ("a.randomElement(using: &g)", false),
    ])
  func unseeded(code: String, isNoticed: Bool) {
    #expect(Self.faults(code).isEmpty == !isNoticed)
  }

  @Test("a claim that is only shown is noticed", arguments: ["norun", "expect"])
  func notRun(kind: String) {
    let code = kind == "expect" ? "//| expect: error\nclaim(\"a\", false)" : "claim(\"a\", false)"
    let faults = Self.faults(code, info: kind == "norun" ? "swift norun" : "swift")
    #expect(faults.count == 1 && faults[0].contains("never checked"), "\(faults)")
  }

  @Test(
    "a span is one expression",
    arguments: [
      ("2 ; _ = x } ; do { let y = 3", "';' ends it"), ("2) + (3", "')' closes nothing"),
      ("f(", "')' is missing"), ("\"a", "a string or a comment is never closed"),
      ("1 /* + 2", "a string or a comment is never closed"), ("[1, 2)", "')' closes nothing"),
      ("#if true", "'#if' is a directive"),
    ])
  func spans(code: String, reason: String) {
    let text = "# X\n\nA `{swift} \(code)` b.\n"
    let faults = ChapterParser.parse(path: "chapters/x.md", bytes: Array(text.utf8)).diagnostics
    #expect(faults.map(\.message) == ["this is not one Swift expression: \(reason)"])
  }

  @Test(
    "brackets in texts and closures are no matter",
    arguments: ["\")\"", "{ let a = 1; return a }()", "f(\"\\(g(\")\"))\")", "x /* ) */", "a[0]"])
  func expressions(code: String) {
    let text = "# X\n\nA `{swift} \(code)` b.\n"
    #expect(ChapterParser.parse(path: "chapters/x.md", bytes: Array(text.utf8)).diagnostics == [])
  }
}
