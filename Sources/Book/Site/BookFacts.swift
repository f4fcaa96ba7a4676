/// What `chapters/book.json` says of the book as a whole.
public struct BookFacts: Sendable, Equatable {
  public var title = "Untitled"
  public var subtitle = ""
  /// One or two sentences for search engines and previews of links.
  public var description = ""
  public var authors: [String] = []
  /// A BCP 47 tag: `en`.
  public var language = "en"
  /// `https://example.org/you/book`; with it every page has an edit link.
  public var repository = ""
  /// Where the site will stand: `https://example.org/book/`; needed for the sitemap and OpenGraph.
  public var baseURL = ""
  public var license = ""
  /// Seconds that a cell may take unless it says otherwise.
  public var timeout: Double = 60
  /// Compile chapters with `-O`: slower to build, faster where a cell loops by itself.
  public var optimize = false
  /// TeX macros for every formula, in the order of the file: `("\\E", "\\mathbb{E}")`.
  public var macros: [Macro] = []

  public struct Macro: Sendable, Equatable {
    public var name: String
    public var expansion: String

    public init(name: String, expansion: String) {
      self.name = name
      self.expansion = expansion
    }
  }

  public init() {}
}
