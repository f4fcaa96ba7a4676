import Markdown
import Testing

@Suite("CommonMark")
struct MarkdownParserTests {
  /// Text in; the tree out, each thing with line and column, then the faults.
  @Test(
    "text in, tree out",
    arguments: [
      Case(
        "blocks and inlines",
        """
        # A `x` *y*

        > - one
        >   two **b**
        > - [l](/u "t")

        ```swift
        let a = 1
        ```

        """,
        #"""
        1:1 h1 1:3"A " 1:5 code(x) 1:8" " 1:9 em(1:10"y")
        3:1 quote
          3:3 ul tight
            -
              3:5 p 3:5"one" soft 4:5"two " 4:9 strong(4:11"b")
            -
              5:5 p 5:5 link</u 't'>(5:6"l")
        7:1 code "swift" 8:1 "let a = 1\n"
        """#),
      Case(
        "positions behind tabs, lazy lines and a title over lines",
        "-\ta `b`\n\n> c `d`\n   e `f`\n\n[a](b\n\"t\nu\") `c`\nd `e`",
        """
        1:1 ul tight
          -
            1:3 p 1:3"a " 1:5 code(b)
        3:1 quote
          3:3 p 3:3"c " 3:5 code(d) soft 4:4"e " 4:6 code(f)
        6:1 p 6:1 link<b 't
        u'>(6:2"a") 8:4" " 8:5 code(c) soft 9:1"d " 9:3 code(e)
        """),
      Case(
        "code spans of any length",
        """
        `` a ` b `` and `x
        y` and *`e`* **`f`** [`g`](h) <https://i.j> ```k``` ` `l`
        """,
        """
        1:1 p 1:1 code(a ` b) 1:12" and " 1:17 code(x y) 2:3" and " 2:8 em(2:9 code(e)) 2:13" " 2:14 strong(2:16 code(f)) 2:21" " 2:22 link<h>(2:23 code(g)) 2:30" " 2:31 link<https://i.j>(2:32"https://i.j") 2:44" " 2:45 code(k) 2:52" " 2:53 code( ) 2:56"l`"
        """),
      Case(
        "any line ending, and a byte-order mark",
        "\u{FEFF}a `b`\r\n`c`\r`d`\r\n\r\n```\r\ne\r\n```\r\n",
        #"""
        1:1 p 1:1"a " 1:3 code(b) soft 2:1 code(c) soft 3:1 code(d)
        5:1 code "" 6:1 "e\n"
        """#),
      Case(
        "NUL is replaced",
        "a\0`b\0` `c`\n\n    \0",
        #"""
        1:1 p 1:1"a�" 1:3 code(b�) 1:7" " 1:8 code(c)
        3:5 code 3:5 "�\n"
        """#),
      Case(
        "fences that never close",
        """
        > ```a
        > b

        ``` swift
        let x = 1
        """,
        #"""
        1:1 quote
          1:3 code "a" unclosed 2:3 "b\n"
        4:1 code "swift" unclosed 5:1 "let x = 1\n"
        ! 1:3 unclosedFence
        ! 4:1 unclosedFence
        """#),
      Case(
        "nothing",
        "",
        ""),
    ])
  func commonMark(example: Case) {
    #expect(dumpWithFaults(example.markdown) == example.tree)
  }
}
