import Transcript

/// What one run of a chapter's program showed, claimed and cost.
public struct ExecutionRecord: Sendable, Equatable {
  public enum Output: Sendable, Equatable {
    /// What the cell printed itself.
    case standardOutput(String)
    case standardError(String)
    case text(String)
    case table(Event.Table)
    case figure(Event.Figure)
    /// The message of a cell that was expected to fail, from the compiler or at run time.
    case expectedError(String)
  }

  /// Outputs of each item, in the order they came; indexed by item.
  public var outputs: [[Output]]
  /// The formatted text of each inline value; nil elsewhere.
  public var values: [String?]
  /// Every claim tested, in cells and in prose.
  public var claims: [ClaimResult]
  public var steps: [StepResult]
  /// Seconds each item took; 0 where it did not run.
  public var seconds: [Double]
  public var compileSeconds: Double
  public var runSeconds: Double
  /// Files of the book that were read, by their paths in the book.
  public var filesRead: [String]
  /// Functions of the library or of Swift that the chapter declares anew.
  public var redeclared: [Redeclaration]
  /// Errors of compiling and running, and what the ledger misses; without an error among them the
  /// chapter may have its page.
  public var diagnostics: [Diagnostic]

  public init(itemCount: Int) {
    outputs = Array(repeating: [], count: itemCount)
    values = Array(repeating: nil, count: itemCount)
    claims = []
    steps = []
    seconds = Array(repeating: 0, count: itemCount)
    compileSeconds = 0
    runSeconds = 0
    filesRead = []
    redeclared = []
    diagnostics = []
  }
}

/// A claim that was judged: `{claim}` in prose, or a call of `claim(…)` in a cell.
public struct ClaimResult: Sendable, Equatable {
  /// The numbers of a comparison.
  public struct Numbers: Sendable, Equatable {
    public var relation: Relation
    public var measured: Event.Number
    public var stated: Event.Number
    public var tolerance: Double

    package init(
      relation: Relation, measured: Event.Number, stated: Event.Number, tolerance: Double
    ) {
      self.relation = relation
      self.measured = measured
      self.stated = stated
      self.tolerance = tolerance
    }

    /// |measured − stated| / tolerance, where that is what was tested.
    var toleranceUsed: Double? {
      guard relation.isEquality, tolerance > 0 else { return nil }
      let share = abs(measured.value - stated.value) / tolerance
      return share.isFinite ? share : nil
    }
  }

  /// The span's item, or the cell that holds the call.
  public var item: Int
  public var line: Int
  /// The expression of a span, or the sentence of a call.
  public var sentence: String
  /// nil for a plain condition.
  public var numbers: Numbers?
  public var held: Bool

  package init(item: Int, line: Int, sentence: String, numbers: Numbers?, held: Bool) {
    self.item = item
    self.line = line
    self.sentence = sentence
    self.numbers = numbers
    self.held = held
  }
}

/// One line of a derivation on one sample.
public struct StepResult: Sendable, Equatable {
  public var item: Int
  /// 0 is the line that the derivation starts from.
  public var index: Int
  /// The sample in words, such as `K = 4`; empty when the block declares none.
  public var sample: String
  public var value: Double
  public var held: Bool

  package init(item: Int, index: Int, sample: String, value: Double, held: Bool) {
    self.item = item
    self.index = index
    self.sample = sample
    self.value = value
    self.held = held
  }
}

/// A name that means something else in this chapter than in the library or in Swift.
public struct Redeclaration: Sendable, Equatable {
  public var name: String
  public var line: Int
}
