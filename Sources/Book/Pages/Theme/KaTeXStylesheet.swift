/// KaTeX's own style sheet, without what the pages do not need.
enum KaTeXStylesheet {
  /// - Parameters:
  ///   - css: the library's `katex.min.css`.
  ///   - fontPath: where the site keeps a font; nil when it is not installed.
  static func trimmed(_ css: String, fontPath: (String) -> String?) -> String {
    var result = ""
    var rest = Substring(css)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let selector = rest[..<open].drop { $0.isWhitespace }
      let rule = rest[..<close]
      rest = rest[rest.index(after: close)...]
      if selector.hasPrefix("@font-face") {
        result += fontFace(String(rule), fontPath) ?? ""
      } else if selector.hasPrefix("@") {
        // A block with rules inside; KaTeX has none but `@media`, which the pages do not need.
        continue
      } else if !isDropped(selector) {
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

  /// Only the woff2 file is named: every browser that shows these pages reads it.
  private static func fontFace(_ rule: String, _ fontPath: (String) -> String?) -> String? {
    guard let start = rule.range(of: "KaTeX_", afterFirst: "url("),
      let end = rule[start...].range(of: ".woff2")
    else { return nil }
    let name = rule[start..<end.upperBound]
    guard let path = fontPath(String(name)) else { return nil }
    let family = property("font-family", of: rule)
    let weight = property("font-weight", of: rule)
    let style = property("font-style", of: rule)
    return """
      @font-face{font-family:\(family);font-weight:\(weight);font-style:\(style);\
      src:url(\(path)) format("woff2")}

      """
  }

  private static func property(_ name: String, of rule: String) -> Substring {
    guard let start = rule.range(of: name + ":") else { return "normal" }
    return rule[start.upperBound...].prefix { $0 != ";" && $0 != "}" }
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

extension String {
  /// Where `name` begins after the first `prefix`.
  fileprivate func range(of name: String, afterFirst prefix: String) -> String.Index? {
    guard let start = range(of: prefix) else { return nil }
    return self[start.upperBound...].range(of: name)?.lowerBound
  }
}
