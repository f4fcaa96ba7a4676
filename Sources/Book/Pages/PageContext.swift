/// What a chapter's page needs to know of the rest of the book.
public struct PageContext: Sendable {
  public var facts: BookFacts
  public var entry: Summary.Entry
  public var outline: Outline
  public var previous: PageLink?
  public var next: PageLink?
  public var references: ReferenceTable
  public var bibliography: Bibliography
  public var assets: PageAssets
  /// Of the book's images, by their paths in the book.
  public var imageSizes: [String: ImageSize] = [:]

  public init(
    facts: BookFacts, entry: Summary.Entry, outline: Outline, previous: PageLink? = nil,
    next: PageLink? = nil, references: ReferenceTable, bibliography: Bibliography,
    assets: PageAssets
  ) {
    self.facts = facts
    self.entry = entry
    self.outline = outline
    self.previous = previous
    self.next = next
    self.references = references
    self.bibliography = bibliography
    self.assets = assets
  }
}

/// A page as another page names it.
public struct PageLink: Sendable, Equatable {
  /// `5`, `5.1`, or empty.
  public var number: String
  public var title: String
  /// Relative to the site's top folder, where all pages stand.
  public var url: String

  public init(number: String, title: String, url: String) {
    self.number = number
    self.title = title
    self.url = url
  }

  public init(_ chapter: ChapterEntry) {
    number = chapter.entry.number
    title = chapter.outline.title
    url = SitePaths.encoded(chapter.entry.slug) + ".html"
  }
}

/// The names of the files that every page loads; each carries a hash of its content.
public struct PageAssets: Sendable, Equatable {
  public var stylesheet: String
  public var script: String
  /// Fills the sidebar.
  public var contents: String

  public init(stylesheet: String, script: String, contents: String) {
    self.stylesheet = stylesheet
    self.script = script
    self.contents = contents
  }
}
