import Transcript

/// States something that must be true; a false claim refuses the book.
public func claim(_ sentence: String, _ condition: Bool, line: Int = #line) {
  Channel.shared.emit(
    .claim(.init(item: nil, line: line, sentence: sentence, relation: .holds, held: condition)))
}

/// States that a value is the expected one, within an absolute tolerance. NaN equals nothing.
public func claim(
  _ sentence: String, _ value: some RealValue, equals expected: some RealValue,
  within tolerance: some RealValue, line: Int = #line
) {
  let measured = value.realValue
  let stated = expected.realValue
  // A tolerance of one unit in the last place is what writing both numbers down costs.
  let slack = max(value.realSpacing, expected.realSpacing, measured.ulp, stated.ulp)
  let held =
    measured == stated || abs(measured - stated) <= tolerance.realValue + (slack.isNaN ? 0 : slack)
  Channel.shared.emit(
    .claim(
      .init(
        item: nil, line: line, sentence: sentence,
        relation: tolerance.realValue == 0 ? .equal : .approximately, held: held,
        measured: measured, stated: stated, tolerance: tolerance.realValue)))
}
