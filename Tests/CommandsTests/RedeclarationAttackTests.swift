import Testing

/// A name that means something else than the reader thinks, in a cell that the page does not show.
@Suite("Names that mean something else") struct RedeclarationAttackTests {
  private static func attack(
    _ name: String, _ code: String, _ said: String..., claim: String = "1 = 1"
  ) -> Attack {
    var attack = Attack(name, "```swift\n//| echo: false\n\(code)\n```\n\n`{claim} \(claim)`")
    attack.said = said
    return attack
  }

  private static func other(_ name: String, at place: String) -> String {
    "\(place) warning '\(name)' means something else in this chapter than in the library or in Swift"
  }

  private static func runtime(_ name: String, at place: String) -> String {
    "\(place) error '\(name)' is what a chapter shows and claims with, so a chapter may not declare it"
  }

  private static let attacks = [
    attack(
      "function",
      "func softplus(_ x: Double) -> Double { 3 }\nfunc exp(_ x: String) -> Double { 3 }",
      other("exp", at: "6:6"), claim: "exp(\"1\") = 3"),
    attack(
      "operator", "func == (a: Double, b: Double) -> Bool { true }",
      other("==", at: "5:6"), claim: "(2.0 == 3.0 ? 1 : 0) = 1"),
    attack(
      "operator-of-type",
      "extension Double { static func == (a: Double, b: Double) -> Bool { true } }",
      other("==", at: "5:32"), claim: "(2.0 == 3.0 ? 1 : 0) = 1"),
    attack(
      "next-line",
      "extension Double\n{\n  static func < (a: Double, b: Double) -> Bool { true }\n}",
      other("<", at: "7:15"), claim: "(3.0 < 2.0 ? 1 : 0) = 1"),
    attack(
      "closure", "let exp: (Double) -> Double = { _ in 3 }",
      other("exp", at: "5:5"), claim: "exp(1) = 3"),
    attack(
      "closure-in-tuple", "let (exp, b): ((Double) -> Double, Int) = ({ _ in 3 }, 2)",
      other("exp", at: "5:6"), claim: "exp(1) = 3"),
    attack(
      "callable",
      "struct Fake { func callAsFunction(_ x: Double) -> Double { 3 } }\nlet sin = Fake()",
      other("sin", at: "6:5"), claim: "sin(1) = 3"),
    attack(
      "type",
      "struct Double: RealValue {\n  var realValue: Swift.Double { 3 }\n"
        + "  var realSpacing: Swift.Double { 0 }\n  init(_ x: Int) {}\n}",
      other("Double", at: "5:8"), claim: "Double(2) = 3"),
    attack(
      "count", "extension Array where Element: Equatable { var count: Int { 5 } }",
      other("Array.count", at: "5:48"), claim: "[1].count = 5"),
    attack(
      "method", "extension Double { func squareRoot() -> Double { 3 } }",
      other("Double.squareRoot", at: "5:25"), claim: "4.0.squareRoot() = 3"),
    attack(
      "constant", "extension Double { static let pi = 3.0 }",
      other("Double.pi", at: "5:31"), claim: "Double.pi = 3"),
    attack(
      "scalar", "extension Tensor { var scalar: Float { 3 }; var own: Int { 1 } }",
      other("Tensor.scalar", at: "5:24"), claim: "Tensor([2]).scalar = 3"),
    attack(
      "own-type", "struct Own {}\nextension Own { var count: Int { 2 } }", claim: "Own().count = 2"),
    attack(
      "claim", "func claim(_ text: String, _ condition: Bool) {}\nclaim(\"two\", 2 == 3)",
      runtime("claim", at: "5:6")),
    attack("table", "struct Table {}", runtime("Table", at: "5:8")),
    attack("alias", "typealias RealValue = Int", runtime("RealValue", at: "5:11")),
    attack("show", "let (show, x) = ({ (a: Int) in }, 1)", runtime("show", at: "5:6")),
    attack(
      "program", "enum ChapterProgram { static func claim(_ a: Int, _ b: Int) {} }",
      "5:6 error 'ChapterProgram' belongs to the tool, and a chapter may not use it", claim: "2 = 3"
    ),
    // The program measures values as the library does.
    attack(
      "measure", "extension Double { public var realValue: Double { 3 } }",
      other("Double.realValue", at: "5:31"), "8:16 error '2.5' is 2.5, not 3", claim: "2.5 = 3"),
    attack(
      "chance",
      "let a = [1, 2].shuffled(), b = Int.random(in: 0..<[1].count)\n_ = SystemRandomNumberGenerator()",
      "5:16 warning '.shuffled' draws another number in every run",
      "5:36 warning '.random' draws another number in every run",
      "6:5 warning 'SystemRandomNumberGenerator' draws another number in every run",
      "9:10 warning '.random' draws another number in every run",
      claim: "Double.random(in: 0..<1) < 2"),
    attack(
      "chance-inside", "func f(using x: Int) -> Int { x }\nlet a = Int.random(in: 0..<f(using: 3))",
      "6:13 warning '.random' draws another number in every run", claim: "a < 3"),
  ]

  @Test("each is refused, or warned of and listed on the claims page") func names() throws {
    let book = try AttackBook(Self.attacks)
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
    let allowed = Self.attacks.filter { attack in !attack.said.contains { $0.contains(" error ") } }
    let built = try AttackBook(allowed)
    #expect(built.run.status == 0)
    built.expectAnswers(to: allowed)
    let page = try built.folder.read("site/claims.html")
    for name in ["exp", "sin", "Array.count", "Double.pi", "Tensor.scalar"] {
      #expect(page.contains(name), "\(name)")
    }
  }
}
