import Notation

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
  case progress(Progress)
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

  /// A number as its own type has it.
  public struct Number: Equatable, Sendable {
    public var value: Double
    /// The distance to the next number of the type: 0 for an integer.
    public var spacing: Double
    /// An integer in full: beyond 2⁵³ its `value` is another number.
    public var integer: Int128?

    public init(_ value: Double, spacing: Double, integer: Int128? = nil) {
      self.value = value
      self.spacing = spacing
      // A type of the chapter's own could name any other.
      self.integer = integer.flatMap { Double($0) == value ? $0 : nil }
    }

    /// An integer in full, anything else with seven significant digits.
    public var text: String {
      integer.map { $0 < 0 ? NumberText.minus + "\($0.magnitude)" : "\($0)" }
        ?? NumberText.of(value)
    }
  }

  public struct Measurement: Equatable, Sendable {
    public var item: Int
    /// The step of a derivation; 0 for a claim.
    public var index: Int
    /// The sample in words, such as `K = 4`; empty when there is none.
    public var sample: String
    public var number: Number

    public init(item: Int, index: Int = 0, sample: String = "", number: Number) {
      self.item = item
      self.index = index
      self.sample = sample
      self.number = number
    }
  }

  /// A call of `claim(…)` in a cell, with what it tests.
  public struct Claim: Equatable, Sendable {
    public enum Test: Equatable, Sendable {
      case condition(Bool)
      case comparison(measured: Number, stated: Number, tolerance: Double)
    }

    /// The call's opening parenthesis, as the compiler counts: its place is its name.
    public var line: Int
    public var column: Int
    public var sentence: String
    public var test: Test

    public init(line: Int, column: Int, sentence: String, test: Test) {
      self.line = line
      self.column = column
      self.sentence = sentence
      self.test = test
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
