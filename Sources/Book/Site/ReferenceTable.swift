import Markdown

/// Where every `@label` of the book leads, and how it is called there.
public struct ReferenceTable: Sendable {
  public struct Target: Sendable, Equatable {
    public var kind: Outline.Kind
    /// `5.2`; book-wide.
    public var number: String
    /// Title or caption, as plain text.
    public var title: String
    public var chapterPath: String
    public var slug: String
    public var anchor: String
    /// The label stands on the chapter's own title.
    public var isChapter: Bool
    public var position: SourcePosition

    package init(
      kind: Outline.Kind, number: String, title: String, chapterPath: String, slug: String,
      anchor: String, isChapter: Bool, position: SourcePosition
    ) {
      self.kind = kind
      self.number = number
      self.title = title
      self.chapterPath = chapterPath
      self.slug = slug
      self.anchor = anchor
      self.isChapter = isChapter
      self.position = position
    }

    /// "Figure 5.2"; an unnumbered section is called by its title.
    public var text: String {
      if number.isEmpty { return title }
      if kind == .equation { return "(\(number))" }
      return "\(isChapter ? "Chapter" : kind.word) \(number)"
    }

    /// As seen from a page of the book; all pages stand in one folder.
    public var url: String { "\(slug).html#\(anchor)" }
  }

  package private(set) var targets: [String: Target] = [:]

  package init() {}

  public subscript(identifier: String) -> Target? { targets[identifier] }

  public var identifiers: some Collection<String> { targets.keys }

  /// Adds a target; returns the one that already has the name, if any.
  package mutating func add(_ target: Target, named identifier: String) -> Target? {
    if let taken = targets[identifier] { return taken }
    targets[identifier] = target
    return nil
  }
}
