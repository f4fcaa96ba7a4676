import Markdown

/// What the rest of the book needs to know of a chapter: its headings, its labels with their
/// counts, and what it refers to. Small enough to be kept for thousands of chapters.
public struct Outline: Sendable, Equatable {
  /// Plain text of the first heading, or the file's name.
  public var title: String
  public var headings: [Heading]
  public var labels: [Label]
  public var references: [Mention]
  /// Keys of `references.bib`, at every place they are cited.
  public var citations: [Mention]
  /// Keys in running text, after a bare `@`: a work of `references.bib`, or somebody's name.
  public var names: [Mention]
  /// The same inside the text of a link, where they are only text.
  public var namesInLinks: [Mention] = []
  /// Destinations of links that are not on the web, or run code, and sources of images.
  public var links: [Mention]
  public var images: [Mention]
  /// Those of the images that have no alternative text.
  public var unnamedImages: [Mention]
  /// Places to link to besides headings and labels.
  public var otherAnchors: [String]
  public var itemCount: Int

  public struct Heading: Sendable, Equatable {
    public var level: Int
    public var text: String
    /// Unique in the page: the identifier given, or made from the text.
    public var anchor: String
    /// `2` or `2.1` inside the chapter; empty for the title and below level 3.
    public var number: String
    public var position: SourcePosition
  }

  /// Something that is numbered, whether or not it can be referred to.
  public struct Label: Sendable, Equatable {
    public var kind: Kind
    /// As written in `{#…}` or `label:`; empty when it is numbered but nameless.
    public var identifier: String
    /// Unique in the page: the identifier, or `figure-3`.
    public var anchor: String
    /// `2` in "Figure 5.2"; for a section its number inside the chapter.
    public var number: String
    /// Title or caption, as plain text.
    public var title: String
    public var position: SourcePosition
  }

  public struct Mention: Sendable, Equatable {
    public var name: String
    public var position: SourcePosition
  }

  /// Kinds with the same counter are numbered together: theorems, definitions and the like.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    case section, equation, figure, table, listing
    case theorem, definition, lemma, corollary, proposition, example
    case exercise

    /// `fig` of `@fig-bound`. Every theorem-like block may also be labelled `thm-`.
    public static func named(byPrefixOf identifier: String) -> Kind? {
      allCases.first { identifier.hasPrefix($0.prefix) }
    }

    /// `fig-`, as labels of this kind begin.
    var prefix: String {
      switch self {
      case .section: "sec-"
      case .equation: "eq-"
      case .figure: "fig-"
      case .table: "tbl-"
      case .listing: "lst-"
      case .theorem: "thm-"
      case .definition: "def-"
      case .lemma: "lem-"
      case .corollary: "cor-"
      case .proposition: "prp-"
      case .example: "exm-"
      case .exercise: "exr-"
      }
    }

    /// The word before the number: "Figure 5.2".
    public var word: String {
      switch self {
      case .section: "Section"
      default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
      }
    }

    var counter: String {
      switch self {
      case .section, .equation, .figure, .table, .listing, .exercise: rawValue
      case .theorem, .definition, .lemma, .corollary, .proposition, .example: "theorem"
      }
    }
  }

  /// Every place of the page that a link may lead to.
  var anchors: Set<String> {
    Set(headings.map(\.anchor) + labels.map(\.anchor) + otherAnchors)
  }
}
