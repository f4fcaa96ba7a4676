import Tensors

/// Stops at the first number that is not in `0..<limit`: a token, a state, a coordinate, a patch.
func require(
  _ numbers: some Sequence<Int>, below limit: Int, _ operation: StaticString, _ kind: StaticString
) {
  for (place, number) in numbers.enumerated() where number < 0 || number >= limit {
    fail("\(operation): \(kind) \(number) at \(place) is not in 0..<\(limit)")
  }
}

/// Stops at a count that is negative, or that no memory holds.
func require(count: Int, _ operation: StaticString, _ kind: StaticString) {
  if count < 0 { fail("\(operation): \(count) \(kind); needs 0 or more") }
  if count >= Int(Int32.max) { fail("\(operation): \(count) \(kind); needs fewer than 2³¹ − 1") }
}
