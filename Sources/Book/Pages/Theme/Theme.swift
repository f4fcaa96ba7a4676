/// The files that all pages share: style sheet, script, search, fonts. Their names carry a hash of
/// their content, so that a server may let browsers keep them for ever.
///
/// The book's own style sheet and script are files, one for each part, in the folder `theme`.
public struct Theme: Sendable {
  public struct File: Sendable, Equatable {
    /// Relative to the site's top folder.
    public var path: String
    public var bytes: [UInt8]

    public init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// `assets/book-….css`
  public let stylesheet: File
  /// `assets/book-….js`
  public let script: File
  /// `assets/lunr-….js`, loaded by the first search.
  public let lunr: File
  /// What every page depends on beside its own content.
  public let key: ContentKey
  private let formulaFonts: FormulaFonts

  /// Reads the libraries' files and puts the theme together.
  public static func load() throws(WebLibraryFault) -> Theme {
    try Theme()
  }

  private init() throws(WebLibraryFault) {
    let katex = try WebLibrary.katex.located()
    let css = String(
      decoding: try Self.read(katex + "/katex.min.css", of: .katex), as: UTF8.self)
    formulaFonts = FormulaFonts(folder: katex + "/fonts", css: css)
    let formulas = KaTeXStylesheet.trimmed(css)
    let style = Array((formulas + (try Self.style())).utf8)
    let code = Array(try Self.script().utf8)
    let search = try Self.read(WebLibrary.lunr.located() + "/lunr.min.js", of: .lunr)
    stylesheet = File(path: "assets/" + Self.named("book", "css", style), bytes: style)
    script = File(path: "assets/" + Self.named("book", "js", code), bytes: code)
    lunr = File(path: "assets/" + Self.named("lunr", "js", search), bytes: search)
    key = ContentKey("theme", stylesheet.path, script.path, lunr.path)
  }

  /// The fonts of the whole book, cut down to what its formulas draw, and the style sheet that names
  /// them.
  public func fonts(for use: FontUse) throws(WebLibraryFault) -> [File] {
    try formulaFonts.files(for: use)
  }

  static func read(
    _ path: String, of library: WebLibrary
  ) throws(WebLibraryFault) -> [UInt8] {
    do {
      return try FileSystem.read(path)
    } catch {
      throw .broken(library, reason: error.message)
    }
  }

  /// `book-1f4a9c03.css`
  static func named(_ name: String, _ type: String, _ bytes: [UInt8]) -> String {
    var hasher = ContentHasher()
    hasher.add(bytes)
    return "\(name)-\(hasher.key.description.prefix(10)).\(type)"
  }

  /// The part of a preview that lives in the page.
  public static func previewScript() throws(WebLibraryFault) -> [UInt8] {
    Array(try part("preview.js").utf8)
  }

  private static func style() throws(WebLibraryFault) -> String {
    var css = try part("palette.css")
    let dark = try part("dark.css").dropLast()
    let unasked = dark.replacing(
      "[data-theme=dark]", with: ":not([data-theme=light])", maxReplacements: 1)
    css += "@media screen and (prefers-color-scheme: dark) {\n\(unasked)\n}\n"
    css += "@media screen { \(dark) }\n"
    for name in [
      "text", "frame", "mathematics", "code", "figures", "blocks", "evidence", "panels", "print",
    ] { css += try part(name + ".css") }
    return css
  }

  private static func script() throws(WebLibraryFault) -> String {
    var code = "(function () {\n\"use strict\";\n"
    for name in [
      "base", "tools", "contents", "keys", "listings", "previews", "tabs", "reading", "search",
      "start",
    ] { code += try part(name + ".js") }
    return code + "})();\n"
  }

  /// Indentation, the comment at the head and whole-line comments are for those who work on the
  /// theme.
  private static func part(_ name: String) throws(WebLibraryFault) -> String {
    let bytes = try read("\(try WebLibrary.theme.located())/\(name)", of: .theme)
    var text = Substring(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("/*"), let end = text.firstRange(of: "*/") { text = text[end.upperBound...] }
    return text.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { !$0.isEmpty && !$0.hasPrefix("// ") }.joined(separator: "\n") + "\n"
  }
}
