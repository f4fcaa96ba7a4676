import Notation

/// One line of a transcript: an event, and how many bytes the program had printed before it.
///
/// The two counts put what was printed and what was shown in their true order, although they travel
/// through different descriptors.
public struct TranscriptLine: Equatable, Sendable {
  public var event: Event
  /// Bytes on the standard output and standard error so far.
  public var printed: Int
  public var printedErrors: Int
  /// What the runner told the program alone: a line without it was written by a cell itself.
  public var token: String

  public init(_ event: Event, printed: Int = 0, printedErrors: Int = 0, token: String = "") {
    self.event = event
    self.printed = printed
    self.printedErrors = printedErrors
    self.token = token
  }

  /// The line with its newline.
  public var bytes: [UInt8] {
    let frame = [
      JSON.Member("out", JSON(printed)), JSON.Member("err", JSON(printedErrors)),
      JSON.Member("run", .string(token)),
    ]
    return JSON.object(event.json + frame).bytes + [UInt8(ascii: "\n")]
  }

  /// nil for anything that `bytes` did not write: the program's own output, shown and never dropped.
  public init?(bytes: [UInt8]) {
    guard bytes.first == UInt8(ascii: "{"), let json = try? JSON(reading: bytes),
      let event = Event(json: json), let printed = json["out"]?.int,
      let printedErrors = json["err"]?.int, let token = json["run"]?.string, printed >= 0,
      printedErrors >= 0
    else { return nil }
    self.init(event, printed: printed, printedErrors: printedErrors, token: token)
  }
}
