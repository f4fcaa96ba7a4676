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
  private let fontPaths: [String: String]

  /// Reads the libraries' files and puts the theme together.
  public static func load() throws(WebLibraryFault) -> Theme {
    try Theme()
  }

  private init() throws(WebLibraryFault) {
    let katex = try WebLibrary.katex.located()
    fontFolder = katex + "/fonts/"
    var paths: [String: String] = [:]
    for font in KaTeXFont.allCases {
      guard let bytes = try? FileSystem.read(fontFolder + font.fileName) else { continue }
      paths[font.fileName] = Self.named("fonts/KaTeX_\(font.rawValue)", "woff2", bytes)
    }
    fontPaths = paths
    let css = try Self.read(katex + "/katex.min.css", of: .katex)
    let formulas = KaTeXStylesheet.trimmed(String(decoding: css, as: UTF8.self)) { paths[$0] }
    let style = Array((formulas + Self.unindented(Stylesheet.source)).utf8)
    let code = Array(Self.unindented(PageScript.source).utf8)
    let search = try Self.read(WebLibrary.lunr.located() + "/lunr.min.js", of: .lunr)
    stylesheet = File(path: "assets/" + Self.named("book", "css", style), bytes: style)
    script = File(path: "assets/" + Self.named("book", "js", code), bytes: code)
    lunr = File(path: "assets/" + Self.named("lunr", "js", search), bytes: search)
    key = ContentKey("theme", stylesheet.path, script.path, lunr.path)
  }

  /// The font files that pages need, by the keys that `RenderedPage.fonts` carries.
  public func fonts(_ keys: some Sequence<String>) throws(WebLibraryFault) -> [File] {
    var files: [File] = []
    for key in Set(keys).sorted() {
      guard let font = KaTeXFont(rawValue: key), let path = fontPaths[font.fileName] else {
        continue
      }
      let bytes = try Self.read(fontFolder + font.fileName, of: .katex)
      files.append(File(path: "assets/" + path, bytes: bytes))
    }
    return files
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
