import Markdown
import Testing

@Suite("Formulas")
struct FormulaTests {
  /// Text in; the tree out, each thing with line and column, then the faults.
  @Test(
    "text in, tree out",
    arguments: [
      Case(
        "prices are no formulas",
        #"""
        costs $5 and $6, or \$a$5
        """#,
        "1:1 p 1:1\"costs $5 and $6, or $a$5\""),
      Case(
        "nothing in a formula is markup",
        #"""
        $a_1 * b_2 * c$ and $x \text{`}_y$ and $$y *z*$$ in text
        """#,
        #"""
        1:1 p 1:1 math(a_1 * b_2 * c) 1:16" and " 1:21 math(x \text{`}_y) 1:35" and " 1:40 display(y *z*) 1:49" in text"
        """#),
      Case(
        "code wins over a formula",
        "`$x$` and a $x `y` z$ b",
        "1:1 p 1:1 code($x$) 1:6\" and a $x \" 1:16 code(y) 1:19\" z$ b\""),
      Case(
        "Pandoc's rule about spaces and digits",
        "$x$-axis, ($y$), $z$.  $ a $ $b $ $c$d $e$5",
        """
        1:1 p 1:1 math(x) 1:4"-axis, (" 1:12 math(y) 1:15"), " 1:18 math(z) 1:21".  $ a $ $b $ " 1:35 math(c) 1:38"d $e$5"
        """),
      Case(
        "LaTeX's own brackets; `\\[` is a bracket beside text",
        #"""
        \(a\) and \[b\] and \\(no) \(open
        """#,
        #"""
        1:1 p 1:1 math(a) 1:6" and [b] and \\(no) (open"
        """#),
      Case(
        "a formula inside a text inside a formula",
        #"""
        $\text{as $b$ holds}$ $\text{$b$}$ \(\text{as \(y\)}\) ${A} and ${B}, {$x$} $\{a$
        """#,
        #"""
        1:1 p 1:1 math(\text{as $b$ holds}) 1:22" " 1:23 math(\text{$b$}) 1:35" " 1:36 math(\text{as \(y\)}) 1:55" ${A} and ${B}, {" 1:72 math(x) 1:75"} " 1:77 math(\{a)
        """#),
      Case(
        "a formula over two lines in a quote",
        """
        > a $b
        > c$ d
        """,
        """
        1:1 quote
          1:3 p 1:3"a " 1:5 math(b
        c) 2:5" d"
        """),
      Case(
        "display lines that look like blocks",
        #"""
        $$
        \begin{aligned}
        a &= b \\
        - c
        | x
        = d
        > e
        # f
        \end{aligned}
        $$ {#eq-a}
        """#,
        #"""
        1:1 math #eq-a "\\begin{aligned}\na &= b \\\\\n- c\n| x\n= d\n> e\n# f\n\\end{aligned}"
        """#),
      Case(
        "a display formula interrupts a paragraph",
        """
        text
        $$ x = 1 $$ {#eq-b}
        more
        """,
        """
        1:1 p 1:1"text"
        2:1 math #eq-b "x = 1"
        3:1 p 3:1"more"
        """),
      Case(
        "display formulas in a list",
        #"""
        - item
          $$
          x
          $$

          \[ y \]
        1. $$d$$
        """#,
        """
        1:1 ul loose
          -
            1:3 p 1:3"item"
            2:3 math "x"
            6:3 math "y"
        7:1 ol 1 tight
          -
            7:4 math "d"
        """),
      Case(
        "unclosed display formulas are text",
        #"""
        $$ unclosed

        $$
        also

        \[ x
        """#,
        """
        1:1 p 1:1"$$ unclosed"
        3:1 p 3:1"$$" soft 4:1"also"
        6:1 p 6:1"[ x"
        ! 3:1 unclosedMath(opener: "$$")
        """),
      Case(
        "never in tags, addresses and titles",
        "[a]($x$ \"y $z$\") <b c=\"$d$\"> <http://x/$e$f> [$n$](v) ![alt $m$](s.png)",
        """
        1:1 p 1:1 link<$x$ 'y $z$'>(1:2"a") 1:17" " 1:18 html(<b c="$d$">) 1:29" " 1:30 link<http://x/$e$f>(1:31"http://x/$e$f") 1:45" " 1:46 link<v>(1:47 math(n)) 1:54" " 1:55 image<s.png>(1:57"alt " 1:61 math(m))
        """),
      Case(
        "a closing dollar inside a tag or address is none",
        "a $p <i q=\"$r$\"> s$ and $5 [l](a$b) c",
        """
        1:1 p 1:1"a " 1:3 math(p <i q="$r$"> s) 1:20" and $5 " 1:28 link<a$b>(1:29"l") 1:36" c"
        """),
      Case(
        "never in code and HTML blocks",
        """
            $a$

        ```
        $$
        b
        $$
        ```

        <div>
        $c$
        </div>
        """,
        #"""
        1:5 code 1:5 "$a$\n"
        3:1 code "" 4:1 "$$\nb\n$$\n"
        9:1 html "<div>\n$c$\n</div>\n"
        """#),
      Case(
        "the file's own private-use characters survive",
        "\u{E000} \u{E000}0\u{E000} $x$ [\u{E000}0\u{E000}](\u{E000})",
        "1:1 p 1:1\"\u{E000} \u{E000}0\u{E000} \" 1:13 math(x) 1:16\" \" 1:17 link<\u{E000}>(1:18\"\u{E000}0\u{E000}\")"
      ),
    ])
  func formulas(example: Case) {
    #expect(dumpWithFaults(example.markdown) == example.tree)
  }
}
