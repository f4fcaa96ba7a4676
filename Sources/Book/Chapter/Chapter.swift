import Markdown

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

  public init(path: String, slug: String, title: String, document: Document, items: [Item]) {
    self.path = path
    self.slug = slug
    self.title = title
    self.document = document
    self.items = items
  }

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
  public var alt: String?
  public var echo: Echo
  public var showsOutput: Bool
  /// Seconds; nil means the book's default.
  public var timeout: Double?
  /// The cell must fail, to compile or when run.
  public var expectsError: Bool

  public init(
    position: SourcePosition, source: String, sourcePosition: SourcePosition, isRun: Bool = true,
    label: String? = nil, caption: String? = nil, captionPosition: SourcePosition? = nil,
    captionContent: [Inline] = [], alt: String? = nil, echo: Echo = .show, showsOutput: Bool = true,
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

  /// From its first line to the last of its source.
  var lines: ClosedRange<Int> {
    position.line...sourcePosition.line + source.utf8.count { $0 == UInt8(ascii: "\n") }
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
  public enum Relation: String, Sendable, CaseIterable {
    case equal = "=", approximately = "≈", less = "<", lessOrEqual = "≤", greater = ">"
    case greaterOrEqual = "≥"
  }
  public var position: SourcePosition
  public var expression: String
  public var expressionPosition: SourcePosition
  public var relation: Relation
  /// The number exactly as written, which is what the page shows: `10.217`, `1e-6`, `−0.25`.
  public var written: String
  public var writtenPosition: SourcePosition
  public var stated: Double
  /// Absolute; from `± 0.001`, `± 2 %`, or half a unit of the last written digit.
  public var tolerance: Double

  public init(
    position: SourcePosition, expression: String, expressionPosition: SourcePosition,
    relation: Relation, written: String, writtenPosition: SourcePosition, stated: Double,
    tolerance: Double
  ) {
    self.position = position
    self.expression = expression
    self.expressionPosition = expressionPosition
    self.relation = relation
    self.written = written
    self.writtenPosition = writtenPosition
    self.stated = stated
    self.tolerance = tolerance
  }
}

/// A fence ` ```derivation `: each step is evaluated against the one before, on every sample.
public struct Derivation: Sendable, Equatable {
  public enum Relation: String, Sendable {
    case equal = "=", lessOrEqual = "≤", greaterOrEqual = "≥"
  }

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
  /// Relative to max(1, |value|).
  public var tolerance: Double
  public var steps: [Step]

  public init(
    position: SourcePosition, label: String? = nil, caption: String? = nil,
    captionContent: [Inline] = [], samples: [Sample] = [], tolerance: Double = 1e-6, steps: [Step]
  ) {
    self.position = position
    self.label = label
    self.caption = caption
    self.captionContent = captionContent
    self.samples = samples
    self.tolerance = tolerance
    self.steps = steps
  }
}
