/// What a running chapter tells the runner: one JSON line per event, on a descriptor of its own.
///
/// `item` is the number of a cell, value, claim or derivation in document order; events between
/// `began` and `ended` belong to that item.
public enum Event: Equatable, Sendable {
  case began(item: Int)
  case ended(item: Int, seconds: Double)
  /// `show` of anything that is printed as text.
  case text(String)
  case table(Table)
  case figure(Figure)
  /// An inline value, already formatted.
  case value(item: Int, text: String)
  /// What the expression of a prose claim or of a derivation's step is; the tool judges it, so that
  /// correcting a number in the prose runs nothing again.
  case measured(Measurement)
  case claim(Claim)
  case step(Step)
  case progress(Progress)
  /// A data file was read; its content belongs to the execution key.
  case read(path: String)
  /// A cell marked `expect: error` stopped, as it should, with this message.
  case stopped(item: Int, message: String)
  /// When this item ended, a process that it had started was still running.
  case leftProcess(item: Int)
  /// A line that is no event: a cell wrote to the transcript's descriptor itself.
  case unknown(String)

  public struct Table: Equatable, Sendable {
    public var columns: [String]
    public var rows: [[String]]
    /// Columns set flush right, because they hold numbers.
    public var numeric: [Bool]

    public init(columns: [String], rows: [[String]], numeric: [Bool]) {
      self.columns = columns
      self.rows = rows
      self.numeric = numeric
    }
  }

  public struct Figure: Equatable, Sendable {
    public var svg: String
    /// The same figure for a terminal, in Unicode.
    public var unicode: String
    /// What the figure shows, in words: the text alternative.
    public var description: String

    public init(svg: String, unicode: String, description: String) {
      self.svg = svg
      self.unicode = unicode
      self.description = description
    }
  }

  public struct Measurement: Equatable, Sendable {
    public var item: Int
    /// The step of a derivation; 0 for a claim.
    public var index: Int
    /// The sample in words, such as `K = 4`; empty when there is none.
    public var sample: String
    public var value: Double
    /// The distance to the next number of the value's own type: 0 for an integer.
    public var spacing: Double

    public init(item: Int, index: Int = 0, sample: String = "", value: Double, spacing: Double) {
      self.item = item
      self.index = index
      self.sample = sample
      self.value = value
      self.spacing = spacing
    }
  }

  /// A statement that was tested: `claim(…)` in a cell, or `{claim}` in prose.
  public struct Claim: Equatable, Sendable {
    public enum Relation: String, Equatable, Sendable, CaseIterable {
      case holds, equal, approximately, less, lessOrEqual, greater, greaterOrEqual
    }
    /// The prose claim this belongs to; nil for `claim(…)` in a cell.
    public var item: Int?
    public var line: Int
    public var sentence: String
    public var relation: Relation
    public var held: Bool
    /// NaN for a plain condition.
    public var measured: Double
    public var stated: Double
    public var tolerance: Double

    public init(
      item: Int?, line: Int, sentence: String, relation: Relation, held: Bool,
      measured: Double = .nan, stated: Double = .nan, tolerance: Double = 0
    ) {
      self.item = item
      self.line = line
      self.sentence = sentence
      self.relation = relation
      self.held = held
      self.measured = measured
      self.stated = stated
      self.tolerance = tolerance
    }
  }

  /// One line of a derivation, evaluated on one sample.
  public struct Step: Equatable, Sendable {
    public var item: Int
    /// 0 is the line that the derivation starts from.
    public var index: Int
    /// The sample in words, such as `K = 4`; empty when the block declares none.
    public var sample: String
    public var value: Double
    public var held: Bool

    public init(item: Int, index: Int, sample: String, value: Double, held: Bool) {
      self.item = item
      self.index = index
      self.sample = sample
      self.value = value
      self.held = held
    }
  }

  public struct Progress: Equatable, Sendable {
    public var label: String
    public var done: Int
    public var total: Int
    public var loss: Double?
    public var seconds: Double
    public var secondsLeft: Double?

    public init(
      label: String, done: Int, total: Int, loss: Double? = nil, seconds: Double,
      secondsLeft: Double? = nil
    ) {
      self.label = label
      self.done = done
      self.total = total
      self.loss = loss
      self.seconds = seconds
      self.secondsLeft = secondsLeft
    }
  }
}
