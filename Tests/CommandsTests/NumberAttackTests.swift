import Testing

/// Numbers that are not what is said of them, at the edges of their types and of tolerances.
@Suite("Numbers that are nearly right") struct NumberAttackTests {
  private static func derivation(_ name: String, _ lines: String..., said: String...) -> Attack {
    var attack = Attack(name, "```derivation\n\(lines.joined(separator: "\n"))\n```")
    attack.said = said
    return attack
  }

  /// A claim in prose: all of the message behind the expression.
  private static func claim(_ name: String, _ text: String, _ said: String? = nil) -> Attack {
    var attack = Attack(name, "`{claim} \(text)`")
    let column = text.unicodeScalars.isEmpty ? 0 : Self.column(ofNumberIn: text)
    attack.said = said.map { ["3:\(column) error \($0)"] } ?? []
    return attack
  }

  /// Behind the relation, in bytes of the line.
  private static func column(ofNumberIn text: String) -> Int {
    let relations = [" = ", " ≈ ", " < ", " > ", " ≤ ", " ≥ "]
    let ends = relations.compactMap { text.ranges(of: $0).last?.upperBound }
    return 10 + text.utf8.distance(from: text.startIndex, to: ends.max() ?? text.startIndex)
  }

  private static let attacks = [
    derivation(
      "no-sample", "//| sample: n in 2..<2", "1 ;; Double(n) * 0 + 1", "= 2 ;; 2.0",
      said: "3:1 error the derivation was checked on no sample"),
    derivation(
      "no-step", "//| sample: n in stride(from: 1, to: 1, by: 1)", "1 ;; Double(n)", "= 2 ;; 2.0",
      said: "3:1 error the derivation was checked on no sample"),
    derivation(
      "no-inner-sample", "//| sample: n in 1...3", "//| sample: k in [Int]()", "1 ;; Double(n + k)",
      "= 2 ;; 2.0", said: "3:1 error the derivation was checked on no sample"),
    derivation(
      "infinite", "a ;; Double.infinity", "= b ;; 1 / 0.0",
      said: "4:1 error the step does not follow", "5:1 error the step does not follow: ∞ = ∞"),
    derivation(
      "below-all", "a ;; -Double.infinity", "≤ b ;; 1.0",
      said: "4:1 error the step does not follow", "5:1 error the step does not follow: −∞ ≤ 1"),
    derivation(
      "no-number", "a ;; 1.0", "≤ b ;; Double.nan",
      said: "5:1 error the step does not follow: 1 ≤ NaN"),
    derivation(
      "small", "a ;; 1e-9", "= b ;; 5e-7",
      said: "5:1 error the step does not follow: 1 × 10⁻⁹ = 5 × 10⁻⁷"),
    derivation(
      "smaller", "a ;; 1e-30", "= b ;; 1.00001e-30", said: "5:1 error the step does not follow"),
    derivation(
      "nearly-zero", "a ;; 0.0", "= b ;; 1e-30", said: "5:1 error the step does not follow"),
    // A part in a million of the larger is what the page promises.
    derivation("within-a-millionth", "a ;; 10_000_000", "= b ;; 10_000_009"),
    derivation(
      "beyond-a-millionth", "a ;; 10_000_000", "= b ;; 10_000_011",
      said: "5:1 error the step does not follow"),
    derivation(
      "no-tolerance", "//| tolerance: inf", "a ;; 1.0", "= b ;; 2.0",
      said: "4:16 error 'tolerance' must be a number between 0 and 1"),
    derivation(
      "less-than-no-tolerance", "//| tolerance: -1", "a ;; 1.0", "= b ;; 1.0",
      said: "4:16 error 'tolerance' must be a number between 0 and 1"),

    claim(
      "int", "9007199254740993 = 9007199254740992",
      "'9007199254740993' is 9007199254740993, not 9007199254740992"),
    claim(
      "int-nearly", "9007199254740993 ≈ 9007199254740992",
      "'9007199254740993' is 9007199254740993, not 9007199254740992 ± 0.5"),
    claim(
      "int-decimal", "9007199254740993 = 9007199254740992.0",
      "'9007199254740993' is 9007199254740993, not 9007199254740992.0 ± 0.05"),
    claim("unsigned", "UInt64.max = 18446744073709551614", "'UInt64.max' is 18446744073709551615"),
    claim("int-less", "9007199254740993 < 9007199254740993", "'9007199254740993' is"),
    claim("double", "1e22 = 10000000000000000000001", "'1e22' is 1 × 10²², not"),
    claim("double-right", "1e22 = 10000000000000000000000"),
    claim("float", "Float(16777220) = 16777219", "'Float(16777220)' is 1.677722 × 10⁷, not"),
    claim("float-right", "Float(16777220) = 16777220"),
    claim("nearly-whole", "2.9999999 = 3", "'2.9999999' is 2.9999999, not 3"),
    claim("last-bit", "3.0 + 1e-15 = 3", "'3.0 + 1e-15' is 3.000000000000001, not 3"),
    claim("float-bit", "Float(0.30000004) ≤ 0.3", "'Float(0.30000004)' is 0.30000004, not ≤ 0.3"),
    claim("above-all", "Double.infinity > 3", "'Double.infinity' is ∞, not > 3"),
    claim("below", "-Double.infinity < 3", "'-Double.infinity' is −∞, not < 3"),
    claim("nan", "Double.nan < 1", "'Double.nan' is NaN, not < 1"),
    claim("nan-nearly", "Double.nan ≈ 0 ± 1000", "'Double.nan' is NaN, not 0 ± 1000"),
    claim("more-than-a-double", "1.0 < 1e999", "a claim ends in a number, and '1e999' is none"),
    Attack(
      "thousand-percent", "`{claim} 1.0 ≈ 5.0 ± 1000 %`",
      "3:18 warning the page prints what was measured, 1.0, where the source says 5.0"),
    Attack(
      "within",
      """
      ```swift
      claim("a", 2.0, equals: 3.0, within: Double.infinity)
      claim("b", 2.0, equals: 3.0, within: Double.nan)
      claim("c", 2.0, equals: 2.0, within: -1.0)
      claim("d", Double.infinity, equals: Double.infinity, within: 1.0)
      claim("e", Double.nan, equals: Double.nan, within: 1.0)
      claim("f", 9007199254740993, equals: 9007199254740992, within: 0)
      ```
      """,
      "4:0 error false: a: the tolerance is ∞", "5:0 error false: b: the tolerance is NaN",
      "6:0 error false: c: the tolerance is −1", "7:0 error false: d: it is ∞, not ∞ ± 1",
      "8:0 error false: e: it is NaN, not NaN ± 1",
      "9:0 error false: f: it is 9007199254740993, not 9007199254740992"),
    Attack(
      "own-number",
      """
      ```swift
      struct Loose: RealValue {
        var realValue = 2.0
        var realSpacing = Double.infinity
        var realInteger: Int128? = nil
      }
      ```

      `{claim} Loose() = 3`

      `{claim} Loose(realSpacing: 1e300) ≈ 3.5 ± 0.1`

      `{claim} Loose(realSpacing: 0, realInteger: 3) = 3`
      """, "11:20 error 'Loose()' is 2, not 3",
      "13:40 error 'Loose(realSpacing: 1e300)' is 2, not 3.5",
      "15:50 error 'Loose(realSpacing: 0, realInteger: 3)' is 2, not 3"),
  ]

  @Test("each is refused, with digits that tell the two apart") func numbers() throws {
    let book = try AttackBook(Self.attacks)
    #expect(book.run.status == 1)
    book.expectAnswers(to: Self.attacks)
  }
}
