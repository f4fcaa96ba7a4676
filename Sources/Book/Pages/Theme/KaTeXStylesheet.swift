/// KaTeX's own style sheet, without what the pages do not need.
enum KaTeXStylesheet {
  /// - Parameter css: the library's `katex.min.css`.
  static func trimmed(_ css: String) -> String {
    var result = ""
    var rest = Substring(css)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let selector = rest[..<open].drop { $0.isWhitespace }
      let rule = rest[..<close]
      rest = rest[rest.index(after: close)...]
      // `@font-face` is written by `FormulaFonts`.
      if selector.hasPrefix("@") { continue }
      if !isDropped(selector) {
        result += rule.drop { $0.isWhitespace } + "}\n"
      }
    }
    return result + sizes
  }

  /// The 121 rules for a size inside a size become one with two variables, below.
  private static func isDropped(_ selector: Substring) -> Bool {
    selector.hasPrefix(".katex .fontsize-ensurer.reset")
      || selector.hasPrefix(".katex .sizing.reset")
      || selector.hasPrefix(".katex .katex-version")
  }

  /// Font sizes of TeX's size commands, in ems of the normal size.
  private static let ems = [
    "0.5", "0.6", "0.7", "0.8", "0.9", "1", "1.2", "1.44", "1.728", "2.074", "2.488",
  ]

  private static let sizes =
    ems.enumerated().map {
      ".katex .reset-size\($0 + 1){--from:\($1)}.katex .size\($0 + 1){--to:\($1)}\n"
    }
    .joined()
    + ".katex .sizing,.katex .fontsize-ensurer{font-size:calc(1em*var(--to)/var(--from))}\n"
}
