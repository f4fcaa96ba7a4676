/// Seeded Markdown of every CommonMark construct, well-formed, nested and broken.
public struct MarkdownGenerator {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
    state = next()
  }

  /// splitmix64
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  public mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  public mutating func document() -> String {
    switch below(4) {
    case 0: return noise()
    case 1: return (0..<below(12)).map { _ in line() + "\n" }.joined()
    default: return blocks(depth: 0)
    }
  }

  /// A document with the book's additions among CommonMark's constructs.
  public mutating func documentWithAdditions() -> String {
    var text = ""
    for _ in 0...below(6) {
      switch below(14) {
      case 0: text += "$$\n\(word())\n- \(word())\n$$ {#eq-\(word())}\n"
      case 1: text += "::: {.note title=\"\(word()) `x`\"}\n\(blocks(depth: 2)):::\n"
      case 2:
        text +=
          "| a | $b$ |\n|---|:-:|\n| `\(word())` | \(addition()) |\n: \(word()) `c` {#tbl-a}\n"
      case 3: text += "[^\(pick(["a", "b"]))]: \(addition())\n    \(addition())\n"
      case 4: text += "# \(addition()) {#sec-\(word())}\n"
      case 5:
        text += indent(
          "\(addition())\n$$ \(word()) $$\n", first: "- ", rest: pick(["  ", " ", ""]))
      case 6:
        text += indent(
          "\(addition())\n\(addition())\n", first: "> ", rest: pick(["> ", "   ", ""]))
      case 7:
        text += pick([
          "$$\n", ":::\n", "::: a b\n", "\\[\n", "|--|\n", "[^a]:\n", "\u{FEFF}", "\r\n", "\r",
          "\0",
        ])
      case 8: text += document()
      default:
        text +=
          (0...below(4)).map { _ in below(2) == 0 ? addition() : piece() }
          .joined(separator: pick(["", " ", "\n"])) + pick(["\n", "\n\n"])
      }
    }
    return text
  }

  private mutating func addition() -> String {
    pick([
      "$x_1 * y$", "$$z$$", "\\(q\\)", "\\[r\\]", "$", "$5", "\\$", "@fig-a", "@key",
      "[@a; @b, p. 3]",
      "[^a]", "[^b]", "[^c]", "`$x$`", "`{claim} f(x) ≈ 1.5`", "`{swift} y`", "[a](b$c$d)",
      "[@x](y)",
      "u@v.org", "<u@v.org>", "$a\nb$", "*$x$*", "[$x$][foo]", "![@a $y$](z)", "\u{E000}",
      "\u{E000}0\u{E000}",
    ])
  }

  // MARK: Structure

  private mutating func blocks(depth: Int) -> String {
    (0...below(4)).map { _ in block(depth: depth) }.joined(
      separator: pick(["\n", "\n", "", "\n\n"]))
  }

  private mutating func block(depth: Int) -> String {
    switch below(depth > 3 ? 8 : 12) {
    case 0, 1: return paragraph()
    case 2:
      return pick(["# ", "## ", "###### ", "#", "   # ", "####### "]) + inline()
        + pick(["", " #", " ##  ", "#"]) + "\n"
    case 3: return paragraph() + pick(["===\n", "---\n", " = \n", "-\n", "   ---   \n"])
    case 4: return fence()
    case 5: return "    " + word() + "\n" + pick(["", "\n"]) + "      \(word())\n"
    case 6: return html()
    case 7:
      return pick([
        "---\n", "* * *\n", "_____\n", "[\(word())]: /\(word()) \"\(word())\"\n",
        "[\(word())]: <\(word())>\n", "[foo]:\n/url\n'title'\n",
      ])
    case 8:
      return indent(blocks(depth: depth + 1), first: "> ", rest: pick(["> ", ">", "", " > "]))
    case 9: return list(depth: depth, markers: ["- ", "* ", "+ ", "-   ", "-\t"], width: 2)
    case 10: return list(depth: depth, markers: ["1. ", "2) ", "7. ", "123456789. "], width: 3)
    default:
      return indent(
        blocks(depth: depth + 1), first: pick(["- ", "> - ", "1. > "]),
        rest: pick(["  ", "> ", "   > "]))
    }
  }

  private mutating func list(depth: Int, markers: [String], width: Int) -> String {
    let marker = pick(markers)
    let separator = pick(["", "", "\n"])
    return (0...below(3)).map { _ in
      indent(
        blocks(depth: depth + 1), first: marker,
        rest: String(repeating: " ", count: pick([width, width, marker.count, 1, 4])))
    }.joined(separator: separator)
  }

  private func indent(_ text: String, first: String, rest: String) -> String {
    var isFirst = true
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      defer { isFirst = false }
      return (isFirst ? first : line.isEmpty ? "" : rest) + line + "\n"
    }.joined()
  }

  private mutating func paragraph() -> String {
    (0...below(3)).map { _ in
      pick(["", "", "", " ", "   ", "     "]) + inline() + pick(["", "", "  ", "\\"]) + "\n"
    }.joined()
  }

  private mutating func fence() -> String {
    let fence = pick(["```", "~~~", "````", "  ```"])
    let info = pick(["", "swift", " rust norun", "a&amp;b", "x\\*y"])
    return fence + info + "\n" + word() + "\n" + pick(["", "\n", "  "]) + word() + "\n"
      + pick([fence, fence, fence + "`", "", "   " + fence]) + "\n"
  }

  private mutating func html() -> String {
    pick([
      "<div>\n\(inline())\n</div>\n", "<script>\n\nx\n</script>\n", "<!-- a\n\nb -->\n",
      "<?php\n\n?>\n",
      "<!X y>\n", "<![CDATA[\n\n]]>\n", "<span class=\"a\">\n", "</p>\n",
      "<a b='c' d>\n\(inline())\n", "<pre>x</pre> y\n",
      "<textarea>\n\nz\n", "<search>\n", "<!doctype html>\n",
    ])
  }

  // MARK: Text

  private mutating func inline() -> String {
    (0...below(6)).map { _ in piece() }.joined(separator: pick(["", " ", " "]))
  }

  private mutating func piece() -> String {
    switch below(22) {
    case 0: return "*\(word())*"
    case 1: return "**\(word()) \(word())**"
    case 2: return "_\(word())_"
    case 3: return "`\(word())`"
    case 4: return "`` \(word())` ``"
    case 5: return "[\(word())](/\(word()))"
    case 6: return "[\(word())](</a b> \"\(word())\")"
    case 7: return "![\(word())](x.png '\(word())')"
    case 8: return "[\(word())]"
    case 9: return "[\(word())][\(word())]"
    case 10: return "<https://\(word()).org>"
    case 11: return "<\(word()) a=\"b\">"
    case 12: return pick(["&amp;", "&copy;", "&#35;", "&#x1F600;", "&nope;", "&"])
    case 13: return pick(["\\*", "\\_", "\\\\", "\\a", "\\`", "\\#"])
    case 14: return pick(["***a***", "**a*b**c*", "*a **b* c**", "__a_b__", "*(**a**)*"])
    case 15: return "[\(word())\n](/u\n\"t\nu\")"
    case 16: return pick(["`a\nb`", "<b\nc>", "[a\nb]", "*a\nb*"])
    case 17: return pick(["äöü", "日本語", "😀", "“q”", "\u{A0}", "é"])
    case 18:
      return pick([
        "[", "]", "![", "](", "*", "**", "_", "`", "``", "<", ">", "!", "(", ")", "#", "-", "+",
        "1.", "\"",
      ])
    default: return word()
    }
  }

  private mutating func word() -> String {
    pick(["foo", "bar", "baz", "a", "b", "qux", "foo bar", "x"])
  }

  private mutating func line() -> String {
    (0..<below(5)).map { _ in
      pick([
        "> ", "- ", "* ", "1. ", "    ", "  ", "\t", "# ", "```", "~~~", "===", "---", "***", "foo",
        "[foo]: /u", "<div>",
        "<!--", "-->", "bar", "`a`", "*", "", " ", "+ ", "2) ", "[foo]", "'t'", "\\", "\t\t", "<a>",
        "</div>",
      ])
    }.joined()
  }

  private mutating func noise() -> String {
    let alphabet = Array(" \t\n\n>-*+_`~#=[]()!<>&;\\\"'ab1.)/:!?")
    return String((0..<below(60)).map { _ in pick(alphabet) })
  }
}
