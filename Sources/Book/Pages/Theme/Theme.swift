/// The files that all pages share: style sheet, script, search, fonts. Their names carry a hash of
/// their content, so that a server may let browsers keep them for ever.
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
  private let fontFolder: String

  /// Reads the libraries' files and puts the theme together.
  public static func load() throws(WebLibraryFault) -> Theme {
    try Theme()
  }

  private init() throws(WebLibraryFault) {
    let katex = try WebLibrary.katex.located()
    fontFolder = katex + "/fonts/"
    let css = try Self.read(katex + "/katex.min.css", of: .katex)
    let formulas = KaTeXStylesheet.trimmed(String(decoding: css, as: UTF8.self))
    let style = Array((formulas + Self.unindented(Stylesheet.source)).utf8)
    let code = Array(Self.unindented(PageScript.source).utf8)
    let search = try Self.read(WebLibrary.lunr.located() + "/lunr.min.js", of: .lunr)
    stylesheet = File(path: "assets/" + Self.named("book", "css", style), bytes: style)
    script = File(path: "assets/" + Self.named("book", "js", code), bytes: code)
    lunr = File(path: "assets/" + Self.named("lunr", "js", search), bytes: search)
    key = ContentKey("theme", stylesheet.path, script.path, lunr.path)
  }

  /// The fonts of the whole book, cut down to the characters that its formulas draw, and the style
  /// sheet that names them. Its own name carries no hash, so that a new character on one page
  /// changes no other page.
  ///
  /// - Parameter lines: what `RenderedPage.fonts` says, of all pages.
  public func fonts(_ lines: some Sequence<String>) throws(WebLibraryFault) -> [File] {
    let use = FontUse(lines: lines)
    var css = ""
    var files: [File] = []
    for font in KaTeXFont.allCases {
      guard let characters = use.characters[font] else { continue }
      let (type, bytes) = try file(of: font, characters: characters)
      let name = Self.named("KaTeX_" + font.rawValue, type, bytes)
      files.append(File(path: "assets/fonts/" + name, bytes: bytes))
      css += """
        @font-face{font-family:\(font.family);font-weight:\(font.isBold ? 700 : 400);\
        font-style:\(font.isItalic ? "italic" : "normal");\
        src:url(fonts/\(name)) format("\(type == "ttf" ? "truetype" : type)")}

        """
    }
    return files + [File(path: Self.fontStylesheet, bytes: Array(css.utf8))]
  }

  static let fontStylesheet = "assets/fonts.css"

  /// The cut font, unless the whole one is smaller for being compressed.
  private func file(
    of font: KaTeXFont, characters: Set<Unicode.Scalar>
  ) throws(WebLibraryFault) -> (type: String, bytes: [UInt8]) {
    let path = "\(fontFolder)KaTeX_\(font.rawValue)"
    let whole = try Self.read(path + ".woff2", of: .katex)
    guard let outlines = try? FileSystem.read(path + ".ttf"),
      let cut = TrueTypeSubset.of(outlines, characters: characters), cut.count < whole.count
    else { return ("woff2", whole) }
    return ("ttf", cut)
  }

  private static func read(
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

  /// Indentation and whole-line comments are for those who work on the theme.
  private static func unindented(_ source: String) -> String {
    source.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { !$0.isEmpty && !$0.hasPrefix("// ") }.joined(separator: "\n") + "\n"
  }
}
