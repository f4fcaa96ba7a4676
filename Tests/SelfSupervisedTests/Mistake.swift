import Testing

/// A wrong call, and the sentence that the program must end with.
struct Mistake: Sendable, CustomTestStringConvertible {
  let sentence: String
  let call: @Sendable () -> Void

  init(_ sentence: String, _ call: @escaping @Sendable () -> Void) {
    (self.sentence, self.call) = (sentence, call)
  }

  var testDescription: String { sentence }
}

/// Expects that what the program said last, before it stopped, ends with a mistake's sentence.
func expectStopped(
  _ result: ExitTest.Result?, _ mistake: Mistake,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(
    text.contains(": " + mistake.sentence), "\(text.prefix(300))", sourceLocation: sourceLocation)
}
