/// The words of the book for `/`: `search.js`, a classic script that loads from disk as well.
///
/// Its name carries no hash, so that a new word on one page changes no other page.
public enum SearchScript {
  public static let path = "search.js"

  /// One page's part of the script; small enough to be kept for each chapter.
  public static func entry(path: String, title: String, sections: [SearchSection]) -> [UInt8] {
    var script = ScriptText()
    script.append("[")
    script.append(literal: SitePaths.encoded(path))
    script.append(",")
    script.append(literal: title)
    script.append(",[")
    for (index, section) in sections.enumerated() {
      script.append(index == 0 ? "[" : ",\n[")
      script.append(literal: section.anchor)
      script.append(",")
      script.append(literal: section.title)
      script.append(",")
      script.append(literal: section.text)
      script.append("]")
    }
    script.append("]]")
    return script.bytes
  }

  /// What stands before the first entry; entries are separated by `separator`.
  public static func start(theme: Theme) -> [UInt8] {
    var script = ScriptText()
    script.append("sslbook.search(")
    script.append(literal: theme.lunr.path)
    script.append(",[\n")
    return script.bytes
  }

  public static let separator = Array(",\n".utf8)
  public static let end = Array("]);\n".utf8)
}

/// What other pages show of a page's labelled things: `previews/SLUG.js`.
public enum PreviewScript {
  /// nil when nothing in the chapter can be referred to.
  public static func file(slug: String, previews: [Preview]) -> Theme.File? {
    guard !previews.isEmpty else { return nil }
    var script = ScriptText()
    script.append("sslbook.previews(")
    script.append(literal: SitePaths.encoded(slug))
    script.append(",{\n")
    for (index, preview) in previews.enumerated() {
      if index > 0 { script.append(",\n") }
      script.append(literal: preview.anchor)
      script.append(":")
      script.append(literal: preview.html)
    }
    script.append("});\n")
    return Theme.File(path: path(slug: slug), bytes: script.bytes)
  }

  static func path(slug: String) -> String { "previews/\(slug).js" }
}
