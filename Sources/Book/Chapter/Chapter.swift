import Markdown
import Transcript

/// One chapter as its file says it: the tree, and everything in it that runs, in document order.
public struct Chapter: Sendable {
  /// Relative to the book's folder: `chapters/infonce-bound.md`.
  public var path: String
  /// The file name without its extension: `infonce-bound`; names the page.
  public var slug: String
  /// Plain text of the first heading, or the slug.
  public var title: String
  public var document: Document
  /// Everything that runs, in document order; an item's index is its number in the `Transcript`.
  public var items: [Item]
  /// The item that was read from a node of the tree, by the node's number.
  public var itemOfNode: [Int: Int]

  public init(
    path: String, slug: String, title: String, document: Document, items: [Item],
    itemOfNode: [Int: Int] = [:]
  ) {
    self.path = path
    self.slug = slug
    self.title = title
    self.document = document
    self.items = items
    self.itemOfNode = itemOfNode
  }

  public var cellCount: Int { items.count { if case .cell = $0 { true } else { false } } }

  public enum Item: Sendable, Equatable {
    case cell(Cell)
    case value(InlineValue)
    case claim(InlineClaim)
    case derivation(Derivation)

    /// The position of the block or inline that the item was read from; unique in a chapter.
    public var position: SourcePosition {
      switch self {
      case .cell(let cell): cell.position
      case .value(let value): value.position
      case .claim(let claim): claim.position
      case .derivation(let derivation): derivation.position
      }
    }
  }
}

/// A fence ` ```swift ` or ` ```swift norun `.
public struct Cell: Sendable, Equatable {
  public enum Echo: String, Sendable { case show = "true", hide = "false", fold }
  /// Where the block stands in the tree.
  public var position: SourcePosition
  /// The code below its option lines.
  public var source: String
  /// Line of the first line of `source`, and the column its text begins at.
  public var sourcePosition: SourcePosition
  public var isRun: Bool
  public var label: String?
  public var caption: String?
  public var captionPosition: SourcePosition?
  /// `caption` read as Markdown; values and claims in it are items of the chapter.
  public var captionContent: [Inline]
  /// What stands for the figure where it cannot be seen; values and claims in it are items of the
  /// chapter. Empty means the figure's own description.
  public var alt: [Inline]
  public var echo: Echo
  public var showsOutput: Bool
  /// Seconds; nil means the book's default.
  public var timeout: Double?
  /// The cell must fail, to compile or when run.
  public var expectsError: Bool
  /// What its message must contain.
  public var expectedMessage = ""

  public init(
    position: SourcePosition, source: String, sourcePosition: SourcePosition, isRun: Bool = true,
    label: String? = nil, caption: String? = nil, captionPosition: SourcePosition? = nil,
    captionContent: [Inline] = [], alt: [Inline] = [], echo: Echo = .show, showsOutput: Bool = true,
    timeout: Double? = nil,
    expectsError: Bool = false
  ) {
    self.position = position
    self.source = source
    self.sourcePosition = sourcePosition
    self.isRun = isRun
    self.label = label
    self.caption = caption
    self.captionPosition = captionPosition
    self.captionContent = captionContent
    self.alt = alt
    self.echo = echo
    self.showsOutput = showsOutput
    self.timeout = timeout
    self.expectsError = expectsError
  }

  /// Whether it is part of the program from the start: a cell that is expected to fail is only when
  /// it turns out to compile.
  var runs: Bool { isRun && !expectsError }

  /// From its first line to the last of its source.
  var lines: ClosedRange<Int> {
    position.line...sourcePosition.line + lineBreaks(before: source.utf8.count)
  }

  func lineBreaks(before offset: Int) -> Int {
    source.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
  }

  /// From 0, in bytes of its line.
  func column(of offset: Int) -> Int {
    source.utf8.prefix(offset).reversed().prefix { $0 != UInt8(ascii: "\n") }.count
  }
}

/// `` `{swift} format(loss)` ``
public struct InlineValue: Sendable, Equatable {
  public var position: SourcePosition
  public var expression: String
  public var expressionPosition: SourcePosition

  public init(
    position: SourcePosition, expression: String, expressionPosition: SourcePosition
  ) {
    self.position = position
    self.expression = expression
    self.expressionPosition = expressionPosition
  }
}

/// `` `{claim} gaussianMI(d: 20, rho: 0.8) ≈ 10.217 ± 0.001` ``
public struct InlineClaim: Sendable, Equatable {
  public var position: SourcePosition
  public var expression: String
  public var expressionPosition: SourcePosition
  public var relation: Relation
  /// The number exactly as written, which is what the page shows: `10.217`, `1e-6`, `−0.25`.
  public var written: String
  public var writtenPosition: SourcePosition
  public var stated: Event.Number
  /// Absolute; from `± 0.001`, `± 2 %`, or half a unit of the last written digit.
  public var tolerance: Double
  /// `± 0.001` as the author wrote it; empty where the last digit sets the tolerance.
  public var writtenTolerance: String

  public init(
    position: SourcePosition, expression: String, expressionPosition: SourcePosition,
    relation: Relation, written: String, writtenPosition: SourcePosition, stated: Event.Number,
    tolerance: Double, writtenTolerance: String = ""
  ) {
    self.position = position
    self.expression = expression
    self.expressionPosition = expressionPosition
    self.relation = relation
    self.written = written
    self.writtenPosition = writtenPosition
    self.stated = stated
    self.tolerance = tolerance
    self.writtenTolerance = writtenTolerance
  }
}

/// A fence ` ```derivation `: each step is evaluated against the one before, on every sample.
public struct Derivation: Sendable, Equatable {
  public struct Step: Sendable, Equatable {
    /// nil for the first line.
    public var relation: Relation?
    public var tex: String
    public var expression: String
    public var position: SourcePosition
    public var expressionPosition: SourcePosition

    public init(
      relation: Relation?, tex: String, expression: String, position: SourcePosition,
      expressionPosition: SourcePosition
    ) {
      self.relation = relation
      self.tex = tex
      self.expression = expression
      self.position = position
      self.expressionPosition = expressionPosition
    }
  }

  /// `//| sample: K in 2...6` runs all steps for each K; several samples nest.
  public struct Sample: Sendable, Equatable {
    public var variable: String
    public var sequence: String
    public var position: SourcePosition

    public init(variable: String, sequence: String, position: SourcePosition) {
      self.variable = variable
      self.sequence = sequence
      self.position = position
    }
  }

  public var position: SourcePosition
  public var label: String?
  public var caption: String?
  /// `caption` read as Markdown; values and claims in it are items of the chapter.
  public var captionContent: [Inline]
  public var samples: [Sample]
  /// Set by the author, and then relative to max(1, |value|).
  public var tolerance: Double?
  public var steps: [Step]

  public init(
    position: SourcePosition, label: String? = nil, caption: String? = nil,
    captionContent: [Inline] = [], samples: [Sample] = [], tolerance: Double? = nil, steps: [Step]
  ) {
    self.position = position
    self.label = label
    self.caption = caption
    self.captionContent = captionContent
    self.samples = samples
    self.tolerance = tolerance
    self.steps = steps
  }

  /// What two sides that are said to be equal may differ by. Without a tolerance of the author's it
  /// is relative to the larger side, so that small numbers are told apart as large ones are.
  public func allowed(_ a: Double, _ b: Double) -> Double {
    tolerance.map { $0 * max(1, abs(a), abs(b)) } ?? Self.defaultTolerance * max(abs(a), abs(b))
  }

  public static let defaultTolerance = 1e-6
}
