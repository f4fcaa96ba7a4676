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
  public var claims: [Event.Claim]
  public var steps: [Event.Step]
  /// Seconds each item took; 0 where it did not run.
  public var seconds: [Double]
  public var compileSeconds: Double
  public var runSeconds: Double
  /// Data files read, relative to the book's folder, in order.
  public var filesRead: [String]
  /// Errors of compiling and running; an empty list is what lets the book be built.
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
    diagnostics = []
  }
}
