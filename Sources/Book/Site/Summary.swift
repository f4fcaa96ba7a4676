import Markdown

/// The order of the book: `chapters/SUMMARY.md`, a list of links, nested for parts.
///
///     # Summary
///     [Preface](preface.md)
///     - Foundations
///       - [Entropy](entropy.md)
///     - [The bound](infonce-bound.md)
///       - [Its proof](proof.md)
///
/// A list item without a link names a part; a link below a link is a section chapter (`2.1`); a
/// link outside the list is a chapter without a number.
public struct Summary: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    /// Relative to the book's folder: `chapters/entropy.md`.
    public var path: String
    /// The link's text; the sidebar shows it.
    public var title: String
    /// `2`, `2.1`, or empty.
    public var number: String
    /// The part's title when this entry is the first of its part.
    public var part: String?
    /// 0 for a chapter, 1 for one below it, …
    public var depth: Int
    public var position: SourcePosition
    /// Chapters stand below it: they have the numbers that its sections would have.
    public internal(set) var hasChapters = false

    package init(
      path: String, title: String, number: String, part: String?, depth: Int,
      position: SourcePosition
    ) {
      self.path = path
      self.title = title
      self.number = number
      self.part = part
      self.depth = depth
      self.position = position
    }

    /// Whether the sections have numbers. In a chapter without one "2" would read as that of another
    /// chapter.
    var numbersSections: Bool { !number.isEmpty && !hasChapters }

    /// The name of its page and of its file.
    public var slug: String {
      let name = path.split(separator: "/").last ?? ""
      return String(name.dropLast(name.hasSuffix(".md") ? 3 : 0))
    }
  }

  public var title: String?
  public var entries: [Entry]
  /// Every Markdown file that it names, also those that cannot be chapters, and the line.
  public var lines: [String: Int] = [:]
}
