import Book
import Testing

@Suite("The order of declarations") struct DeclarationOrderTests {
  private func messages(_ text: String) throws -> [String] {
    let executor = try ExecutionFixture.shared().executor()
    return executor.record(of: ChapterSketch.chapter(text)).diagnostics.map {
      "\($0.line):\($0.column): \($0.message)"
    }
  }

  @Test("a variable is unknown before the cell that declares it, wherever it is read")
  func early() throws {
    let found = try messages(
      """
      # Early

      Here `{claim} total = 0 ± 0`, though it is two, and `{swift} other + more`.

      ```swift
      func twice() -> Double { 2 * total }
      struct Sum { var now: Double { other } }
      print(twice())
      ```

      ```derivation
      //| sample: k in 1...count
      a ;; Double(k)
      = b ;; Double(k) + total - total
      ```

      ```swift
      let total = 2.0,
        more = 1.0
      let (other, `count`): (Double, Int) = (3, 4)
      ```
      """)
    func early(_ name: String, _ line: Int = 18) -> String {
      "'\(name)' is used before the statement that gives it a value, at line \(line)"
    }
    #expect(
      found == [
        "3:15: \(early("total"))", "3:63: \(early("other", 20))", "3:71: \(early("more"))",
        "6:30: \(early("total"))", "7:32: \(early("other", 20))", "12:22: \(early("count", 20))",
        "14:20: \(early("total"))", "14:28: \(early("total"))",
      ])
  }

  @Test(
    "declarations that are easily missed",
    arguments: [
      "let\n  y = 5", "let xs = [\n1, 2,\n], y = 5", "let s = \"(\"; let y = 5",
      "/* { */\n  let y = 5", "let (x, y) = (1, 5)", "private var y = 5", "let `y` = 5",
      "let s = \"\"\"\n {\n \"\"\"\nlet y = 5", "print(f()); let y = 5",
    ])
  func missed(declaration: String) throws {
    let found = try messages(
      "```swift\nfunc f() -> Int { y }\n```\n\n`{claim} f() = 0`\n\n```swift\n\(declaration)\n```\n"
    )
    #expect(found.count == 1 && found[0].hasPrefix("2:19: 'y' is used before"), "\(found)")
  }

  @Test("a variable may not be read before its statement in its own cell either") func sameCell()
    throws
  {
    let found = try messages("```swift\nfunc f() -> Int { y }\nlet z = f()\nlet y = 5\n```\n")
    #expect(found.count == 1 && found[0].hasPrefix("2:19: 'y' is used before"), "\(found)")
  }

  @Test("functions of later cells, and names that are used twice, are as Swift has them")
  func fine() throws {
    #expect(
      try messages(
        """
        `{claim} square(2) = 4 ± 0` and `{claim} [3.0].map { x in x }[0] = 3 ± 0`

        ```swift
        func f(x: Double) -> Double { let y = x * x; return y }
        let a = f(x: 2) // y
        ```

        ```swift
        func square(_ x: Double) -> Double { x * x }
        let x = 3.0, y = x
        if let z = Optional(y) { print(z, a) }
        ```

        `{swift} x + y`
        """) == [])
  }
}
