/// Something wrong (or worth knowing) at a place in the book, in one sentence, with what to do.
public struct Diagnostic: Hashable, Sendable, Codable {
  public enum Severity: String, Sendable, Codable { case error, warning, note }

  public var severity: Severity
  /// Relative to the book's folder: `chapters/contrast.md`.
  public var file: String
  /// 1-based; 0 when the whole file is meant.
  public var line: Int
  /// 1-based, in UTF-8 bytes; 0 when the whole line is meant.
  public var column: Int
  public var message: String
  public var hint: String?

  public init(
    _ severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, message: String,
    hint: String? = nil
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }
}

/// The facts of one kind of mistake. Facts live in the cases of an enum, the wording here in
/// `message` and `hint`, so that one table test can read every sentence a user may meet.
public protocol Fault: Sendable {
  var message: String { get }
  var hint: String? { get }
}

extension Fault {
  public var hint: String? { nil }

  public func diagnostic(
    _ severity: Diagnostic.Severity = .error, file: String, line: Int = 0, column: Int = 0
  ) -> Diagnostic {
    Diagnostic(severity, file: file, line: line, column: column, message: message, hint: hint)
  }
}
