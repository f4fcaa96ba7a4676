/// A place in a source file: 1-based line and 1-based column in UTF-8 bytes, as compilers count.
public struct SourcePosition: Hashable, Comparable, Sendable, Codable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// A parsed chapter: CommonMark's tree plus the book's additions.
public struct Document: Equatable, Sendable {
  public var blocks: [Block]
  /// Footnote definitions in order of their first reference; unreferenced ones come last.
  public var footnotes: [Footnote]
  /// How many nodes have been numbered so far.
  public internal(set) var nodeCount = 0

  public init(blocks: [Block], footnotes: [Footnote] = []) {
    self.blocks = blocks
    self.footnotes = footnotes
  }
}

/// `[^label]: content`
public struct Footnote: Equatable, Sendable {
  public var label: String
  public var position: SourcePosition
  public var blocks: [Block]

  public init(label: String, position: SourcePosition, blocks: [Block]) {
    self.label = label
    self.position = position
    self.blocks = blocks
  }
}

public struct Block: Equatable, Sendable {
  /// Names the node in its document; see `Document.numbered`.
  public internal(set) var id = 0
  public var position: SourcePosition
  public var kind: Kind

  public init(_ kind: Kind, at position: SourcePosition) {
    self.kind = kind
    self.position = position
  }

  public indirect enum Kind: Equatable, Sendable {
    // CommonMark
    case paragraph([Inline])
    case heading(Heading)
    case blockQuote([Block])
    case list(List)
    case code(CodeBlock)
    case html(String)
    case thematicBreak
    // Additions
    case math(MathBlock)
    case table(Table)
    case container(Container)
  }
}

public struct Heading: Equatable, Sendable {
  public var level: Int
  public var content: [Inline]
  /// From a trailing `{#sec-x}`, without the `#`.
  public var identifier: String?
  /// `{.unnumbered}`: the heading of a section that is not counted.
  public var isUnnumbered: Bool

  public init(
    level: Int, content: [Inline], identifier: String? = nil, isUnnumbered: Bool = false
  ) {
    self.level = level
    self.content = content
    self.identifier = identifier
    self.isUnnumbered = isUnnumbered
  }
}

public struct List: Equatable, Sendable {
  /// The first number of an ordered list; nil for a bullet list.
  public var start: Int?
  public var isTight: Bool
  public var items: [[Block]]

  public init(start: Int?, isTight: Bool, items: [[Block]]) {
    self.start = start
    self.isTight = isTight
    self.items = items
  }
}

public struct CodeBlock: Equatable, Sendable {
  /// The info string of a fence (may be empty); nil for an indented block.
  public var info: String?
  /// The text, ending in a newline unless empty.
  public var literal: String
  /// Where the first line of `literal` begins.
  public var contentPosition: SourcePosition
  /// A fence that the end of its container or of the file closed.
  public var isUnclosed: Bool

  public init(
    info: String?, literal: String, contentPosition: SourcePosition, isUnclosed: Bool = false
  ) {
    self.info = info
    self.literal = literal
    self.contentPosition = contentPosition
    self.isUnclosed = isUnclosed
  }
}

/// `$$ … $$ {#eq-x}` or `\[ … \]`
public struct MathBlock: Equatable, Sendable {
  public var tex: String
  public var identifier: String?

  public init(tex: String, identifier: String? = nil) {
    self.tex = tex
    self.identifier = identifier
  }
}

/// A pipe table. Rows are padded or cut to the header's width.
public struct Table: Equatable, Sendable {
  public enum Alignment: String, Equatable, Sendable { case none, left, center, right }
  public var alignments: [Alignment]
  public var header: [[Inline]]
  public var rows: [[[Inline]]]
  /// From a line `: caption {#tbl-x}` right after the table (Pandoc's form).
  public var caption: [Inline]
  public var identifier: String?

  public init(
    alignments: [Alignment], header: [[Inline]], rows: [[[Inline]]], caption: [Inline] = [],
    identifier: String? = nil
  ) {
    self.alignments = alignments
    self.header = header
    self.rows = rows
    self.caption = caption
    self.identifier = identifier
  }
}

/// `::: {.theorem #thm-bound title="…"}` … `:::`, or `::: theorem` … `:::`
public struct Container: Equatable, Sendable {
  /// The first class: `theorem`, `note`, `tabs`, …
  public var name: String
  public var identifier: String?
  public var title: String?
  /// `title` read as Markdown: formulas, code, emphasis.
  public var titleContent: [Inline]
  /// Further `key=value` pairs, in order; a second class is a pair with the key `class`.
  public var attributes: [Attribute]
  public var blocks: [Block]
  public var isUnclosed: Bool

  public struct Attribute: Equatable, Sendable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  public init(
    name: String, identifier: String? = nil, title: String? = nil, titleContent: [Inline] = [],
    attributes: [Attribute] = [], blocks: [Block], isUnclosed: Bool = false
  ) {
    self.name = name
    self.identifier = identifier
    self.title = title
    self.titleContent = titleContent
    self.attributes = attributes
    self.blocks = blocks
    self.isUnclosed = isUnclosed
  }
}

public struct Inline: Equatable, Sendable {
  /// Names the node in its document; see `Document.numbered`.
  public internal(set) var id = 0
  public var position: SourcePosition
  public var kind: Kind

  public init(_ kind: Kind, at position: SourcePosition) {
    self.kind = kind
    self.position = position
  }

  public indirect enum Kind: Equatable, Sendable {
    // CommonMark
    case text(String)
    case softBreak
    case lineBreak
    /// A code span; `{swift} …` and `{claim} …` are code spans that `Book` reads.
    case code(String)
    case html(String)
    case emphasis([Inline])
    case strong([Inline])
    case link(destination: String, title: String, content: [Inline])
    case image(source: String, title: String, alt: [Inline])
    // Additions
    case math(String, isDisplay: Bool)
    case footnoteReference(label: String)
    /// `@sec-x`, `@eq-x`, `@fig-x`, `@tbl-x`, `@lst-x`, and `@thm-x`, `@def-x`, `@lem-x`, `@cor-x`,
    /// `@prp-x`, `@exm-x`, `@exr-x`
    case crossReference(String)
    case citation(Citation)
  }
}

/// `[see @oord2018, eq. 4; -@poole2019]`, or `@oord2018` in running text.
public struct Citation: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public var key: String
    /// What follows the key after a comma: `eq. 4`.
    public var locator: String
    /// What precedes it in brackets: `see`.
    public var prefix: String
    /// `-@poole2019`: the year alone, because the sentence names the author.
    public var isYearOnly: Bool

    public init(key: String, locator: String = "", prefix: String = "", isYearOnly: Bool = false) {
      self.key = key
      self.locator = locator
      self.prefix = prefix
      self.isYearOnly = isYearOnly
    }
  }
  public var entries: [Entry]
  public var isBracketed: Bool

  public init(entries: [Entry], isBracketed: Bool) {
    self.entries = entries
    self.isBracketed = isBracketed
  }
}
