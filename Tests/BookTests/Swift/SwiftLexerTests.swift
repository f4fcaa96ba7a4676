import Book
import Testing

@Suite("The tokens of Swift source") struct SwiftLexerTests {
  /// The tokens, strings in guillemets.
  static func words(_ source: String) -> String {
    SwiftLexer.tokens(of: source).map { $0.kind == .string ? "«\($0.text)»" : $0.text }
      .joined(separator: " ")
  }

  @Test(
    "what is code and what is text",
    arguments: [
      ("let y = 5 /* { /* ( */ */ + z // [", "let y = 5 + z"),
      (#"f("a { \(g(y) + "}\(z)") b") "#, #"f ( «"a { » ( g ( y ) + «"}» ( z ) ) )"#),
      (##"#"raw \( "quote" \#(k) "# ; t"##, ##"«#"raw \( "quote" » ( k ) ; t"##),
      (##"#"""# + a"##, ##"«#"""#» + a"##),
      ("\"\"\"\n a \" \"\" \\(m)\n\"\"\" ; t", "«\"\"\"\n a \" \"\" » ( m ) ; t"),
      (#"let r = /a"b/ ; a / b / c"#, #"let r = «/a"b/» ; a / b / c"#),
      ("x ≈ 3.5e-3 ± 1; 0x1p-3 + p.0.1", "x ≈ 3.5e-3 ± 1 ; 0x1p-3 + p . 0 . 1"),
      ("1...3, 0..<n, a.<b, $0.x, `class`", "1 ... 3 , 0 ..< n , a .< b , $0 . x , class"),
      ("#if os(Linux)\né = π + x", "#if os ( Linux ) é = π + x"),
      (#"f("\\") // c ""#, #"f ( «"\\"» )"#),
      ("!a//b\n&&c", "! a && c"),
    ])
  func tokens(source: String, expected: String) {
    #expect(Self.words(source) == expected)
  }

  @Test("places count from the source, behind strings over several lines as well") func places() {
    let tokens = SwiftLexer.tokens(of: "let a = \"\"\"\n x\n \"\"\"; b\n  c")
    let places = tokens.map { "\($0.line):\($0.column)\($0.startsLine ? "^" : "")" }
    #expect(places == ["0:1^", "0:5", "0:7", "0:9", "2:5", "2:7", "3:3^"])
  }

  @Test(
    "what is never closed", arguments: ["\"a", "/* /* */", "\"\\(a", "\"\"\"\n\"\"", "#/a\nb"])
  func unterminated(source: String) {
    #expect(SwiftLexer(source).isUnterminated)
  }

  @Test("any bytes end in tokens", arguments: 0..<64) func any(seed: Int) {
    let pieces = [
      "\"", "\"\"\"", "#", "\\(", ")", "/", "*", "\n", "a", "`", "é", ".", "0", "e-", "\\",
    ]
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    let text = (0..<200).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return pieces[Int(state >> 33) % pieces.count]
    }.joined()
    let lexer = SwiftLexer(text)
    #expect(lexer.tokens.allSatisfy { $0.range.upperBound <= text.utf8.count && $0.line >= 0 })
  }
}
