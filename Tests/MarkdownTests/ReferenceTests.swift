import Markdown
import Testing

@Suite("References")
struct ReferenceTests {
  /// Text in; the tree out, each thing with line and column, then the faults.
  @Test(
    "text in, tree out",
    arguments: [
      Case(
        "labels and keys end where a sentence does",
        """
        See @sec-a, @fig-b. (@eq-c) @thm-d's @tbl-e: @lst-f; @def-g @oord2018. "@a:b/c-d"
        """,
        #"""
        1:1 p 1:1"See " 1:5 @sec-a 1:11", " 1:13 @fig-b 1:19". (" 1:22 @eq-c 1:27") " 1:29 @thm-d 1:35"\'s " 1:38 @tbl-e 1:44": " 1:46 @lst-f 1:52"; " 1:54 @def-g 1:60" " 1:61 cite(oord2018) 1:70". \"" 1:73 cite(a:b/c-d) 1:81"\""
        """#),
      Case(
        "addresses are none",
        #"""
        user@example.com <a@b.c> a@fig-b \@x `@y` <b c="@d"> @5 @-x
        """#,
        """
        1:1 p 1:1"user@example.com " 1:18 link<mailto:a@b.c>(1:19"a@b.c") 1:25" a@fig-b @x " 1:38 code(@y) 1:42" " 1:43 html(<b c="@d">) 1:53" @5 @-x"
        """),
      Case(
        "citations with locators",
        """
        [@a], [@a; @b, p. 3 and 4]
        [ @a ] [see @c; -@b] -@a [@a; b] [@d,
        eq. 4]
        """,
        """
        1:1 p 1:1 cite[a] 1:5", " 1:7 cite[a; b, p. 3 and 4] soft 2:1 cite[a] 2:7" " 2:8 cite[see c; -b] 2:21" " 2:22 cite(-a) 2:25" [" 2:27 cite(a) 2:29"; b] " 2:34 cite[d, eq. 4]
        """),
      Case(
        "not in a link's text",
        """
        [@john](https://x.org/@y) [l @k](u) ![@m](s) [@d] [@e][d]

        [@d]: /u
        [d]: /v
        """,
        """
        1:1 p 1:1 link<https://x.org/@y>(1:2"@john") 1:26" " 1:27 link<u>(1:28"l @k") 1:36" " 1:37 image<s>(1:39"@m") 1:45" " 1:46 link</u>(1:47"@d") 1:50" " 1:51 link</v>(1:52"@e")
        """),
      Case(
        "in headings, cells and notes",
        """
        # A @fig-c [^1]

        | @tbl-a |
        |---|--|

        | @tbl-a | [@k] |
        |---|---|

        [^1]: See [@k].
        """,
        """
        1:1 h1 1:3"A " 1:5 @fig-c 1:11" " 1:12 ^1
        3:1 p 3:1"| " 3:3 @tbl-a 3:9" |" soft 4:1"|---|--|"
        6:1 table none,none
          6:3 @tbl-a | 6:12 cite[k]
        9:1 footnote 1
          9:7 p 9:7"See " 9:11 cite[k] 9:15"."
        """),
    ])
  func references(example: Case) {
    #expect(dumpWithFaults(example.markdown) == example.tree)
  }
}
