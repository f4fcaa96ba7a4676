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
    let line = 18
    func early(_ name: String) -> String {
      "'\(name)' is used before the cell that declares it, at line \(line)"
    }
    #expect(
      found == [
        "3:15: \(early("total"))", "3:63: \(early("other"))", "3:71: \(early("more"))",
        "6:30: \(early("total"))", "7:32: \(early("other"))", "12:22: \(early("count"))",
        "14:20: \(early("total"))", "14:28: \(early("total"))",
      ])
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
