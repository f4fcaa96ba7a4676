import Markdown
import Testing

@Suite("Markdown to a tree with positions")
struct MarkdownParserTests {
  @Test("CommonMark's blocks and inlines")
  func commonMark() {
    #expect(
      dump("# A `x` *y*\n\n> - one\n>   two **b**\n> - [l](/u \"t\")\n\n```swift\nlet a = 1\n```\n") == """
        1:1 h1 1:3"A " 1:5 code(x) 1:8" " 1:9 em(1:10"y")
        3:1 quote
          3:3 ul tight
            -
              3:5 p 3:5"one" soft 4:5"two " 4:9 strong(4:11"b")
            -
              5:5 p 5:5 link</u 't'>(5:6"l")
        7:1 code "swift" 8:1 "let a = 1\\n"
        """)
  }
}
