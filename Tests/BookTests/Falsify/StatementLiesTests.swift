import Book
import Markdown
import Testing
import Transcript

@Suite("Lies about statements") struct StatementLiesTests {
  /// The claim as the chapter's parser reads it.
  private func claim(_ text: String) throws -> InlineClaim {
    let chapter = ChapterParser.parse(
      path: "chapters/a.md", bytes: Array("# A\n\nIt is `{claim} x \(text)`.\n".utf8)
    ).chapter
    guard case .claim(let claim)? = chapter.items.first else { throw Missing() }
    return claim
  }

  private struct Missing: Error {}

  @Test(
    "a claim that holds becomes these lies, all noticed",
    arguments: [
      // Turned to >, or with the sign of 0, it says nothing false.
      ("≈ 10.217", 10.2172, 1e-15, ["just too much", "just too little", "`≈` → `<`", "sign"]),
      ("≈ 10.217", 10.2168, 1e-15, ["just too much", "just too little", "`≈` → `>`", "sign"]),
      ("≈ 0.0 ± 0.1", 0.01, 1e-17, ["just too much", "just too little", "`≈` → `<`"]),
      ("= 8", 8.0, 0.0, ["`8` → `9.0`", "`8` → `7.0`", "`=` → `<`", "`=` → `>`", "sign"]),
      ("= 8 ± 2", 9.0, 0.0, ["`8` → `12.0`", "`8` → `6.0`", "`=` → `<`", "sign"]),
      // Equal up to the last bit: neither < nor > is known to be false.
      ("≈ 0.5", 0.5, 1e-7, ["just too much", "just too little", "sign"]),
      ("≥ 0.9", 0.95, 1e-16, ["just too much", "`≥` → `<`"]),
      ("> 3", 4, 0, ["`3` → `5.0`", "`>` → `≤`", "`>` → `<`"]),
      ("≤ 4", 4, 0, ["`4` → `3.0`", "`≤` → `>`", "sign"]),
      ("< 1e-6", 2e-8, 1e-24, ["just too little", "`<` → `≥`", "`<` → `>`", "sign"]),
    ] as [(String, Double, Double, [String])])
  func claims(text: String, value: Double, spacing: Double, expected: [String]) throws {
    let lies = StatementLies().lies(
      about: try claim(text), Event.Measurement(item: 0, number: .init(value, spacing: spacing)))
    #expect(lies.count == expected.count, "\(lies)")
    for (lie, part) in zip(lies, expected) {
      #expect(lie.change.contains(part))
      #expect(lie.isNoticed, "\(lie)")
    }
  }

  @Test("a judge that is too kind is caught") func kindJudge() throws {
    let kind = StatementLies(claim: { claim, measured in
      abs(measured.number.value - claim.stated.value) <= 1.1 * claim.tolerance
        || claim.relation == .less
    })
    let lies = kind.lies(
      about: try claim("≈ 10.217"), Event.Measurement(item: 0, number: .init(10.2172, spacing: 0)))
    #expect(lies.filter { !$0.isNoticed }.map(\.change).count == 3)
  }

  private static let derivation = """
    # A

    ```derivation
    //| sample: K in 2...4
    a ;; a(K)
    = b ;; b(K)
    ≥ c ;; c(K)
    ```
    """

  private func lies(
    _ values: [[Double]], tolerance: Double? = nil, _ lies: StatementLies = StatementLies()
  ) throws -> [String] {
    let chapter = ChapterParser.parse(path: "chapters/a.md", bytes: Array(Self.derivation.utf8))
      .chapter
    guard case .derivation(var derivation)? = chapter.items.first else { throw Missing() }
    derivation.tolerance = tolerance
    let measured = values.enumerated().flatMap { sample, steps in
      steps.enumerated().map { index, value in
        Event.Measurement(
          item: 0, index: index, sample: "K = \(sample + 2)",
          number: .init(value, spacing: value.ulp))
      }
    }
    return lies.lies(about: derivation, measured).map {
      "\($0.line) \($0.change)" + ($0.isNoticed ? "" : " unnoticed")
    }
  }

  @Test("steps altered in sign, factor, sample and relation") func steps() throws {
    #expect(
      try lies([[2, 2, 1], [3, 3, 1], [4, 4, 1]]) == [
        "5 the step × −1", "5 the step × 2", "5 the step × 1.001", "5 the step of the next sample",
        "6 the step × −1", "6 the step × 2", "6 the step × 1.001", "6 the step of the next sample",
        // 2 ≥ 2 still holds, and -1 and 1.001 are as small as 1.
        "7 `≥` → `≤`", "7 `≥` → `=`",
      ])
  }

  @Test("what changes nothing is no lie: 0, one sample, rounding, a tolerance that was declared")
  func noLies() throws {
    #expect(try lies([[0, 0, 0]]) == [])
    #expect(try lies([[1, 1, 1]]).contains { $0.contains("sample") } == false)
    // 1e-17 is 0 beside 1.
    #expect(try lies([[1e-17, 1e-17, -1]]).allSatisfy { $0.hasPrefix("7") })
    #expect(try lies([[2, 2, 1]], tolerance: 1e-2).contains { $0.contains("1.001") } == false)
    #expect(try lies([[.nan, 1, 1], [2, .infinity, 1]]) == [])
  }

  @Test("a tolerance that swallows small numbers goes unnoticed, and is reported") func small()
    throws
  {
    let absolute = StatementLies(step: { relation, value, previous, _ in
      relation != .equal || abs(value - previous) <= 1e-6
    })
    let found = try lies([[1e-8, 1e-8, 0]], absolute)
    #expect(found.contains("6 the step × 2 unnoticed"))
  }
}
