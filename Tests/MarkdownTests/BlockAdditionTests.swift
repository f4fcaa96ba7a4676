import Markdown
import Testing

@Suite("Tables, footnotes and blocks")
struct BlockAdditionTests {
  /// Text in; the tree out, each thing with line and column, then the faults.
  @Test(
    "text in, tree out",
    arguments: [
      Case(
        "a table in a quote; a pipe splits unless escaped or in a formula",
        #"""
        > | a | b |
        > |---|--:|
        > | `c\|d` | $|e|$ |
        > | \| | x | too many |
        > | one |
        """#,
        """
        1:1 quote
          1:3 table none,right
            1:5"a" | 1:9"b"
            3:5 code(c|d) | 3:14 math(|e|)
            4:6"|" | 4:10"x"
            5:5"one" | 
        ! 4:14 cellsBeyondHeader(count: 3, width: 2)
        """),
      Case(
        "a heading's label, and one that is not counted",
        """
        # a {#sec-a .unnumbered} #
        ## b {-}
        c {.unnumbered}
        ---
        # d {.e}
        # f {#g h=1}
        """,
        """
        1:1 h1 #sec-a unnumbered 1:3"a"
        2:1 h2 unnumbered 2:4"b"
        3:1 h2 unnumbered 3:1"c"
        5:1 h1 5:3"d {.e}"
        6:1 h1 6:3"f {#g h=1}"
        """),
      Case(
        "a table ends at a block, and below a paragraph's last line it begins",
        """
        x
        | a | b
        |:-:|:--
        c | d
        e
        > q
        """,
        """
        1:1 p 1:1"x"
        2:1 table center,left
          2:3"a" | 2:7"b"
          4:1"c" | 4:5"d"
          5:1"e" | 
        6:1 quote
          6:3 p 6:3"q"
        """),
      Case(
        "a header below a paragraph's line may be indented like any further line of it",
        """
        a
            | x | y |
        |---|---|
        | 1 | 2 |

        - b
        \t\t| z |
        \t|---|
        """,
        """
        1:1 p 1:1"a"
        2:5 table none,none
          2:7"x" | 2:11"y"
          4:3"1" | 4:7"2"
        6:1 ul tight
          -
            6:3 p 6:3"b"
            7:3 table none
              7:5"z"
        """),
      Case(
        "a formula that makes a link definition of its line is text, and said to be",
        """
        [a]: $1 y$
        """,
        """
        1:1 p 1:1"[a]: $1 y$"
        ! 1:6 unsettled
        """),
      Case(
        "no table without as many cells, a pipe, or its container",
        """
        a | b
        ---|---|---

        a
        ---

        > a | b
        -|-
        """,
        """
        1:1 p 1:1"a | b" soft 2:1"---|---|---"
        4:1 h2 4:1"a"
        7:1 quote
          7:3 p 7:3"a | b" soft 8:1"-|-"
        """),
      Case(
        "a row in code splits unless its pipe is escaped; a table needs columns",
        #"""
        | a | b |
        | - | - |
        | `c | d` | e |
        | `f \| g` | **\|** |

        |
        |
        """#,
        """
        1:1 table none,none
          1:3"a" | 1:7"b"
          3:3"`c" | 3:8"d`"
          4:3 code(f | g) | 4:14 strong(4:17"|")
        6:1 p 6:1"|" soft 7:1"|"
        ! 3:13 cellsBeyondHeader(count: 3, width: 2)
        """),
      Case(
        "a table ends where a block begins, even one that cannot interrupt a paragraph",
        """
        | a |
        |---|
        | b |
        2. c

        | d |
        |---|
            e

        | f |
        |---|
        g
        ===
        <h>
        """,
        #"""
        1:1 table none
          1:3"a"
          3:3"b"
        4:1 ol 2 tight
          -
            4:4 p 4:4"c"
        6:1 table none
          6:3"d"
        8:5 code 8:5 "e\n"
        10:1 table none
          10:3"f"
          12:1"g"
          13:1"==="
        14:1 html "<h>\n"
        """#),
      Case(
        "a table without body, in an item, and one of a quote that a lazy line ends",
        """
        - | a | b |
          |:-:|--:|
        > | c |
        > |---|
        | d |
        """,
        """
        1:1 ul tight
          -
            1:3 table center,right
              1:5"a" | 1:9"b"
        3:1 quote
          3:3 table none
            3:5"c"
        5:1 p 5:1"| d |"
        """),
      Case(
        "prices and variables in cells",
        """
        | $5 | $6 |
        |----|----|
        | $HOME|$PATH |
        """,
        """
        1:1 table none,none
          1:3"$5" | 1:8"$6"
          3:3"$HOME" | 3:9"$PATH"
        """),
      Case(
        "a caption of several lines, right below or after a blank line",
        """
        | a |
        |---|
        | b |
        : caption $x$
        `c` {#tbl-x}

        |d|
        |-|

        : *e*

        x

        : none
        """,
        """
        1:1 table #tbl-x none
          1:3"a"
          3:3"b"
          caption 4:3"caption " 4:11 math(x) 4:14" " 5:1 code(c)
        7:1 table none
          7:2"d"
          caption 10:3 em(10:4"e")
        12:1 p 12:1"x"
        14:1 p 14:1": none"
        """),
      Case(
        "footnotes in order of reference, with blocks of their own",
        """
        [^two] [^1] [^1]

        [^1]: First.[^3]

            Second `c`.
        [^two]: - item
        [^3]: deep
        [^no]: unused
        """,
        """
        1:1 p 1:1 ^two 1:7" " 1:8 ^1 1:12" " 1:13 ^1
        6:1 footnote two
          6:9 ul tight
            -
              6:11 p 6:11"item"
        3:1 footnote 1
          3:7 p 3:7"First." 3:13 ^3
          5:5 p 5:5"Second " 5:12 code(c) 5:15"."
        7:1 footnote 3
          7:7 p 7:7"deep"
        8:1 footnote no
          8:8 p 8:8"unused"
        ! 8:1 unusedFootnote(label: "no")
        """),
      Case(
        "an unknown footnote is text, a second definition a fault",
        """
        a [^x] [^a-z](u)

        [^y]: 1
        [^y]: 2 [^y]
        """,
        """
        1:1 p 1:1"a [^x] " 1:8 link<u>(1:9"^a-z")
        3:1 footnote y
          3:7 p 3:7"1"
        ! 1:3 undefinedFootnote(label: "x")
        ! 3:1 unusedFootnote(label: "y")
        ! 4:1 duplicateFootnote(label: "y", first: Markdown.SourcePosition(line: 3, column: 1))
        """),
      Case(
        "blocks nest, with titles and attributes",
        """
        ::: {.theorem #thm-x title="On $x$ and `y`" k=v .wide}
        Body **b**

        ::: note
        inner
        :::

        - list
        :::

        after
        """,
        """
        1:1 ::: theorem #thm-x class=wide k=v title 1:29"On " 1:32 math(x) 1:35" and " 1:40 code(y)
          2:1 p 2:1"Body " 2:6 strong(2:8"b")
          4:1 ::: note
            5:1 p 5:1"inner"
          8:1 ul tight
            -
              8:3 p 8:3"list"
        11:1 p 11:1"after"
        """),
      Case(
        "a block in a quote and in an item",
        """
        > ::: note
        > a
        > :::
        > b

        - ::: tip :::
          c
          :::
          d
        """,
        """
        1:1 quote
          1:3 ::: note
            2:3 p 2:3"a"
          4:3 p 4:3"b"
        6:1 ul tight
          -
            6:3 ::: tip
              7:3 p 7:3"c"
            9:3 p 9:3"d"
        """),
      Case(
        "a block's end closes lists and paragraphs, but no fence",
        """
        ::: {.proof}
        - a
          b
        ::::
        ::: note
        ```
        :::
        ```
        :::
        """,
        #"""
        1:1 ::: proof
          2:1 ul tight
            -
              2:3 p 2:3"a" soft 3:3"b"
        5:1 ::: note
          6:1 code "" 7:1 ":::\n"
        """#),
      Case(
        "an open block ends with its container",
        """
        ::: tabs
        ## A
        a

        > ::: note
        > b

        c
        """,
        """
        1:1 ::: tabs unclosed
          2:1 h2 2:4"A"
          3:1 p 3:1"a"
          5:1 quote
            5:3 ::: note unclosed
              6:3 p 6:3"b"
          8:1 p 8:1"c"
        ! 1:1 unclosedContainer(name: "tabs")
        ! 5:3 unclosedContainer(name: "note")
        """),
      Case(
        "what opens no block is text",
        """
        :::

        ::: foo bar

        ::: {#x}

        ::: {.a
        """,
        """
        1:1 p 1:1":::"
        3:1 p 3:1"::: foo bar"
        5:1 p 5:1"::: {#x}"
        7:1 p 7:1"::: {.a"
        ! 1:1 strayContainerEnd
        ! 3:1 malformedContainer
        ! 5:1 malformedContainer
        ! 7:1 malformedContainer
        """),
      Case(
        "identifiers of headings",
        #"""
        # T {#sec-t}
        ## U ## {#sec-u}
        V {#sec-v}
        ---
        ### W \{#no}
        #### {#sec-x}
        """#,
        """
        1:1 h1 #sec-t 1:3"T"
        2:1 h2 #sec-u 2:4"U"
        3:1 h2 #sec-v 3:1"V"
        5:1 h3 5:5"W {#no}"
        6:1 h4 #sec-x 
        """),
    ])
  func blocks(example: Case) {
    #expect(dumpWithFaults(example.markdown) == example.tree)
  }
}
