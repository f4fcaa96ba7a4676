import Testing

/// Empty memory reads as 0, so what is read too early could prove anything about 0.
@Suite("Reads before a value is there") struct EarlyReadAttackTests {
  /// A function that reads `y`, a claim that it is 0, and then the declaration of `y`.
  private static func attack(
    _ name: String, _ declaration: String, reading code: String = "func f() -> Int { y }",
    of variable: String = "y", in line: Int = 10, at place: String = "4:19"
  ) -> Attack {
    Attack(
      name,
      "```swift\n\(code)\n```\n\n`{claim} f() = 0`\n\n```swift\n\(declaration)\n```",
      "\(place) error '\(variable)' is used before the statement that gives it a value, at line \(line)"
    )
  }

  private static let attacks = [
    attack("next-line", "let\n  y = 5"),
    attack("after-list", "let xs = [\n1, 2,\n], y = 5"),
    attack("after-string", "let s = \"a ( b\"\nlet y = 5", in: 11),
    attack("after-comment", "/* { */\nlet y = 5", in: 11),
    attack("after-regex", "let r = /[(]/, y = 5"),
    attack("after-generics", "let d: Dictionary<String, Int> = [:], y = 5"),
    attack("after-if", "let a = if true { 1 } else { 2 }, y = 5"),
    attack("after-semicolon", "let a = 1; let y = 5"),
    attack("tuple", "let (x, (y, z)) = (1, (5, 2))"),
    attack("modifier", "private\nlet y = 5", in: 11),
    attack("observed", "var y = 5 { didSet { print(y) } }"),
    attack("condition", "#if true\nlet y = 5\n#endif", in: 11),
    attack("quoted", "let `y` = 5", reading: "func f() -> Int { `y` }"),
    attack("accent", "let é = 5", reading: "func f() -> Int { é }", of: "é"),
    attack(
      "interpolated", "let y = 5", reading: "func f() -> Int { Int(\"\\(y)\")! }", at: "4:26"),
    attack("closure", "let y = 5", reading: "let f = { y }", at: "4:11"),
    attack("default", "let y = 5", reading: "func f(_ x: Int = y) -> Int { x }"),
    attack(
      "member", "let y = 5",
      reading: "extension Int { static var own: Int { y } }; func f() -> Int { .own }", at: "4:39"),
    attack(
      "module", "let y = 5", reading: "func f() -> Int { Chapter.y }", at: "4:27"),
    // C has variables of these names, so the code is complete without the declaration.
    attack(
      "c-name", "let optind = 5", reading: "func f() -> Int { Int(optind) }", of: "optind",
      at: "4:23"),
    attack(
      "c-zone", "let timezone = 5.0", reading: "func f() -> Double { Double(timezone) }",
      of: "timezone", at: "4:29"),
    Attack(
      "same-cell", "```swift\nfunc f() -> Int { y }\nshow(f())\nlet y = 5\n```",
      "4:19 error 'y' is used before the statement that gives it a value, at line 6"),
    Attack(
      "silenced",
      "```swift\n@available(*, deprecated) func f() -> Int { y }\n```\n\n`{claim} f() = 0`\n\n"
        + "```swift\nlet y = 5\n```",
      "4:15 error 'deprecated' belongs to the tool, and a chapter may not use it"),
    // What the compiler itself refuses.
    Attack(
      "lazy",
      "```swift\nfunc f() -> Int { y }\n```\n\n`{claim} f() = 0`\n\n```swift\nlazy var y = 5\n```",
      "4:19 error 'y' is used before", "10:1 error 'lazy' cannot be used on an already-lazy global"),
    Attack(
      "wrapped",
      "```swift\n@propertyWrapper struct Own { var wrappedValue: Int }\nfunc f() -> Int { y }\n```\n\n"
        + "`{claim} f() = 0`\n\n```swift\n@Own\nvar y = 5\n```",
      "5:19 error 'y' is used before",
      "11:1 error property wrappers are not yet supported in top-level code"),
    Attack(
      "guarded",
      "```swift\nfunc f() -> Int { y }\n```\n\n`{claim} f() = 0`\n\n"
        + "```swift\nguard case .some(let y) = Int(\"5\") else { fatalError() }\n```",
      "4:19 error cannot find 'y' in scope"),
    Attack(
      "assigned-later",
      "```swift\nvar y: Int\n```\n\n```swift\nfunc f() -> Int { y }\n```\n\n`{claim} f() = 0`\n\n"
        + "```swift\ny = 5\n```",
      "8:6 error variable 'y' used by function definition before being initialized"),
    // Other things of the same name.
    Attack(
      "innocent",
      """
      ```swift
      func square(time: Int) -> Int { let x = time; return x * x }
      var time = 3; private let x = square(time: time)
      nonisolated(unsafe) var b = [x].map { x in x }
      let (c, d) = (b, time), e = { (b: Int) in b }
      if let b = b.first { print(b, c, d, e(1)) }
      for time in 0..<1 { print(time) }
      guard
        let z = Int("3")
      else { fatalError() }
      ```

      `{claim} z + x = 12`
      """),
  ]

  @Test("each is refused where the variable is read") func reads() throws {
    let book = try AttackBook(Self.attacks)
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
  }
}
