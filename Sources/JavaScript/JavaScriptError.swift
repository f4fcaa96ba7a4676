/// What a script threw.
public struct JavaScriptError: Error, Equatable, Sendable {
  /// The name given to the script or function.
  public var script: String
  /// 1-based line in the script; 0 when unknown.
  public var line: Int
  /// The exception as JavaScript words it: `TypeError: x is not a function`.
  public var message: String
  /// Whether the script was stopped because its time was over.
  public var isTimeOut: Bool

  public init(script: String, line: Int, message: String, isTimeOut: Bool = false) {
    self.script = script
    self.line = line
    self.message = message
    self.isTimeOut = isTimeOut
  }
}
