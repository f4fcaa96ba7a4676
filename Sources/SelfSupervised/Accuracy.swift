import Tensors

/// How often a row's target is among its `top` largest scores.
///
/// Where others tie with the target, it counts in proportion to the places that are left for them:
/// scores that are all alike earn what guessing earns.
///
/// - Parameters:
///   - top: 1 or more.
///   - scores: `[N, C]`.
///   - targets: N columns, from 0; one of C or more is never found.
/// - Returns: the share of rows, in 0...1; NaN if a score is NaN.
/// - Precondition: at least one row, a target for each; stops with both numbers otherwise.
func shareAtTop(_ top: Int, of scores: Tensor, targets: [Int]) -> Double {
  let (rows, columns) = scores.shape2
  if rows != targets.count || rows == 0 {
    fail("accuracy: \(rows) predictions for \(targets.count) labels")
  }
  requireLabels(targets, "accuracy")
  if scores.firstNaN != nil { return .nan }
  var found = 0.0
  scores.withPointer { scores in
    for (row, target) in targets.enumerated() where target < columns {
      let scores = scores + row * columns
      var (better, tied) = (0, 0)
      for column in 0..<columns {
        if scores[column] > scores[target] { better += 1 }
        if scores[column] == scores[target] { tied += 1 }
      }
      found += Double(min(max(0, top - better), tied)) / Double(tied)
    }
  }
  return found / Double(rows)
}

/// The share of positions where both lists agree.
func shareEqual(_ a: [Int], _ b: [Int]) -> Double {
  if a.count != b.count || a.isEmpty {
    fail("accuracy: \(a.count) predictions for \(b.count) labels")
  }
  var equal = 0
  for i in a.indices where a[i] == b[i] { equal += 1 }
  return Double(equal) / Double(a.count)
}

/// Stops at a score that is NaN: no class is the largest then.
func requireNumbers(_ scores: Tensor, _ operation: StaticString) {
  if let place = scores.firstNaN {
    fail("\(operation): score \(place) of \(scores.shape) is NaN")
  }
}
