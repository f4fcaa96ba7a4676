import Book
import Markdown
import Testing

@Suite("Mutants of a cell") struct CodeMutantTests {
  static func cell(_ source: String) -> Cell {
    Cell(
      position: SourcePosition(line: 9, column: 1), source: source,
      sourcePosition: SourcePosition(line: 10, column: 1))
  }

  static func chapter(_ cells: [Cell]) -> Chapter {
    Chapter(
      path: "chapters/a.md", slug: "a", title: "A", document: Document(blocks: []),
      items: cells.map { .cell($0) })
  }

  private func mutants(_ source: String) -> [CodeMutant] {
    CodeMutant.candidates(in: Self.chapter([Self.cell(source)]))
  }

  @Test(
    "what is made wrong, and how",
    arguments: [
      ("x = a + b * c", ["x = a - b * c", "x = a + b / c", ""]),
      ("let x = a % b", ["let x = a / b"]),
      ("let s = xs.reduce(s, +)", ["let s = xs.reduce(s, -)"]),
      ("let s = xs.sorted(by: >)", ["let s = xs.sorted(by: >=)", "let s = xs.sorted(by: <)"]),
      ("if a < b { f() }", ["if a <= b { f() }", "if a > b { f() }"]),
      ("if a == b && c { f() }", ["if a != b && c { f() }", "if a == b || c { f() }"]),
      ("let r = a..<b", ["let r = a...b"]),
      ("let r = x[...b]", ["let r = x[..<b]"]),
      ("let n = 4_0", ["let n = 41", "let n = 39"]),
      ("let n = 0", ["let n = 1"]),
      ("let n = -3", ["let n = 3", "let n = -4", "let n = -2"]),
      ("let t = 0.5", ["let t = 1.0", "let t = -0.5"]),
      ("let t = 0.0", ["let t = 1.0"]),
      ("let t = 1e-3", ["let t = 0.002", "let t = -1e-3"]),
      ("let t = -log(x)", ["let t = log(x)", "let t = -exp(x)"]),
      ("if !isOn { f() }", ["if isOn { f() }"]),
      ("let b = true", ["let b = false"]),
      (
        "let m = xs[n - 1]",
        ["let m = xs[n + 1]", "let m = xs[n]", "let m = xs[n - 2]", "let m = xs[n - 0]"]
      ),
      ("let m = xs.max() ?? 0", ["let m = xs.min() ?? 0"]),
      ("let m = t.sum(axes: k)", ["let m = t.mean(axes: k)"]),
      ("let k = kl(p, q)", ["let k = kl(q, p)"]),
      ("let k = m[i, j]", ["let k = m[j, i]"]),
      ("let k = f(a: p, b: q.r)", ["let k = f(a: q.r, b: p)"]),
      ("let k = f(p,\n  q)", ["let k = f(q,\n  p)"]),
      ("if a { \n  xs.append(x)\n}", ["if a { \n  \n}"]),
      ("a.b = c\nd += e", ["\nd += e", "a.b = c\n", "a.b = c\nd -= e"]),
      ("f(\n  a, b\n)", ["\n\n", "f(\n  b, a\n)"]),
    ])
  func table(source: String, expected: [String]) {
    #expect(Set(mutants(source).map { $0.applied(to: source) }) == Set(expected))
  }

  @Test(
    "what is left alone",
    arguments: [
      "import Tensors", "let text = \"1 + 2 \\(a + 1) \\(b - 2)\"", "// 1 + 2\n/* a < b */",
      "claim(\"half\", abs(x - 0.5) < 1e-6)", "show(Figure(LineMark(y: f(a, b)), x: \"n\"))",
      "let f = Figure(\n  RuleMark(y: 2 * a), title: t)", "print(a + 1)", "report(loss: x / 2)",
      "let r = RandomSource(seed: 7)", "let r = train(seed: base + 1, using: &r)",
      "let t = format(x, digits: 6)", "func f(_ n: Int = 3, _ m: Int = 4) -> Double",
      "init(\n  a: Int = 2, b: [Float] = []\n)", "let m: Matrix<Int, Double>? = nil",
      "let m = Model<A, B>(a, using: &r)", "let p = pair.0", "let w = xs.map { $0 }",
      "let s = \"a\" + name", "let s = [a] + more + [b]", "let e = xs[a...]",
      "let s = spread ?? 1", "let m = max(a, b, key: .all)\n  .sum", "progress(steps)",
      "let f = add(_:_:)", "struct S {\n  var a: Int\n  init(x: Int) {\n    a = x\n  }\n}",
      "let f = { x in\n  g(x)\n}", "func f() -> Int {\n  g(x)\n}", "f(x) { y in\n  g(y)\n}",
      "let x =\n  f(y)", "let x = f(y)\n  .g(z)",
    ])
  func nothing(source: String) {
    let found = mutants(source).filter { $0.change != "`max` → `min`" }
    #expect(found.map { $0.change } == [])
  }

  @Test("what a mutant says of its place") func places() {
    let found = mutants("let a = b\nlet c = a - 2 // d")
    #expect(
      found.map { "\($0.position.line):\($0.position.column) \($0.change)" } == [
        "11:11 `-` → `+`", "11:13 `2` → `3`", "11:13 `2` → `1`",
      ])
    #expect(Set(found.map(\.identity)).count == 3)
  }

  @Test("only visible cells that run are mutated, each in its place") func visible() {
    var cells = (0..<5).map { _ in Self.cell("let a = 0") }
    cells[0].echo = .hide
    cells[1].isRun = false
    cells[2].expectsError = true
    cells[3].echo = .fold
    let chapter = Self.chapter(cells)
    let found = CodeMutant.candidates(in: chapter)
    #expect(found.map(\.item) == [3, 4])
    guard case .cell(let changed) = found[1].applied(to: chapter).items[4] else { return }
    #expect(changed.source == "let a = 1")
  }

  @Test("every mutant of a chapter's code is another text, and its brackets match")
  func wellFormed() {
    let source = """
      func f(_ xs: [Double], by a: Double) -> Double {
        var sum = 0.0
        for (i, x) in xs.enumerated() where i > 0 && !x.isNaN {
          sum += g(x, by: a) / Double(i + 1) - [1.0, -2][i % 2]
          sum -= xs[0..<i].reduce(0, +) * (a < 0 ? -1 : 1)
        }
        return min(sum, -Double.infinity)
      }
      """
    let found = mutants(source)
    #expect(found.count > 30)
    for mutant in found {
      let changed = mutant.applied(to: source)
      let tokens = SwiftLexer.tokens(of: changed)
      #expect(changed != source)
      #expect(tokens.reduce(0) { $0 + $1.nesting } == 0)
      #expect(tokens.count { $0.nesting != 0 } % 2 == 0)
      #expect(changed.count { $0 == "\n" } == source.count { $0 == "\n" })
    }
  }

  @Test("any code gives mutants that can be applied", arguments: 0..<32) func any(seed: Int) {
    let pieces = [
      "f", "(", ")", "[", "]", "{", "}", ",", " ", "\n", "1", "0.5", "+ ", " < ", "!", "seed:", "a",
      ".", "..<", "func ", "init", "\"x\"", "=", " = ", "in ", "let ",
    ]
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    let source = (0..<120).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return pieces[Int(state >> 33) % pieces.count]
    }.joined()
    for mutant in mutants(source) { #expect(mutant.applied(to: source) != source) }
  }
}
