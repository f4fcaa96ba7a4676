import Transcript

/// States something that must be true; a false claim refuses the book.
public func claim(
  _ sentence: String, _ condition: Bool, line: Int = #line, column: Int = #column
) {
  emit(sentence, line, column, .condition(condition))
}

/// States that a value is the expected one, within an absolute tolerance. Neither NaN nor an
/// infinity is ever the expected value, and the tolerance is finite; state a divergence as a
/// condition.
public func claim(
  _ sentence: String, _ value: some RealValue, equals expected: some RealValue,
  within tolerance: some RealValue, line: Int = #line, column: Int = #column
) {
  emit(
    sentence, line, column,
    .comparison(
      measured: value.number, stated: expected.number, tolerance: tolerance.realValue))
}

private func emit(_ sentence: String, _ line: Int, _ column: Int, _ test: Event.Claim.Test) {
  Channel.shared.emit(.claim(.init(line: line, column: column, sentence: sentence, test: test)))
}
