import Testing

/// Expects numbers to agree within a tolerance, absolute and relative to the larger magnitude
/// expected; a failure shows the worst place. NaN agrees with NaN, an infinity with itself.
public func expectClose(
  _ actual: [Float], _ expected: [Double], within tolerance: Double = 1e-6, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what) has \(actual.count) numbers, \(expected.count) expected",
      sourceLocation: sourceLocation)
    return
  }
  let scale = max(1, expected.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 })
  var worst: (index: Int, error: Double)?
  for (index, pair) in zip(actual, expected).enumerated() {
    let (a, e) = (Double(pair.0), pair.1)
    if a.isNaN && e.isNaN || a == e { continue }
    let error = (a - e).magnitude / scale
    if !(error <= tolerance), !(error <= worst?.error ?? -1) { worst = (index, error) }
  }
  if let worst {
    Issue.record(
      """
      \(what) element \(worst.index) is \(actual[worst.index]), expected \
      \(expected[worst.index]); off by \(worst.error), allowed \(tolerance)
      """, sourceLocation: sourceLocation)
  }
}

/// Expects one number to agree within a tolerance.
public func expectClose(
  _ actual: Float, _ expected: Double, within tolerance: Double = 1e-6, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([actual], [expected], within: tolerance, what, sourceLocation: sourceLocation)
}
