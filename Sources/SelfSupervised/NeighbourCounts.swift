import Tensors

/// Counts of a token between its two neighbours: what masked prediction can achieve without
/// learning, when the neighbours are all that is looked at.
///
/// The triple's counts are smoothed towards p(x | left) p(x | right) / p(x), the answer if the
/// neighbours were independent given the token, which is exact for a Markov chain of order 1; and
/// pairs towards single tokens.
public struct NeighbourCounts: Sendable {
  /// V: tokens are 0 ..< vocabSize.
  public let vocabSize: Int
  /// α, the weight of the shorter estimate in counts.
  public let concentration: Double
  /// `[V]`, positive.
  private var single: [Double]
  /// `[V, V]`: how often `x` came after `left`, and before `right`, at `[neighbour · V + x]`.
  private var afterLeft: [Double]
  private var beforeRight: [Double]
  /// `[V, V, V]`: how often x stood between left and right.
  private var between: [Float]

  /// Counts every token of a text with its neighbours.
  public init(vocabSize: Int, concentration: Double = 1, counting text: [Int]) {
    if vocabSize < 1 || vocabSize > 512 || !(concentration > 0 && concentration.isFinite) {
      fail(
        "NeighbourCounts: \(vocabSize) tokens, concentration \(concentration): counts triples of 1 to "
          + "512 tokens, and needs a concentration above 0")
    }
    require(text, below: vocabSize, "NeighbourCounts", "token")
    let V = vocabSize
    self.vocabSize = V
    self.concentration = concentration
    single = Array(repeating: concentration / Double(V), count: V)
    afterLeft = Array(repeating: 0, count: V * V)
    beforeRight = afterLeft
    between = Array(repeating: 0, count: V * V * V)
    for (i, x) in text.enumerated() {
      single[x] += 1
      if i > 0 { afterLeft[text[i - 1] * V + x] += 1 }
      if i + 1 < text.count { beforeRight[text[i + 1] * V + x] += 1 }
      if i > 0, i + 1 < text.count { between[(text[i - 1] * V + text[i + 1]) * V + x] += 1 }
    }
    let sum = single.reduce(0, +)
    single = single.map { $0 / sum }
  }

  /// The law of a token between two neighbours; nil for one that is not visible.
  public func law(left: Int?, right: Int?) -> [Double] {
    let V = vocabSize
    require([left, right].compactMap { $0 }, below: V, "NeighbourCounts.law", "token")
    let fromLeft = left.map { pair(afterLeft[($0 * V)..<(($0 + 1) * V)]) }
    let fromRight = right.map { pair(beforeRight[($0 * V)..<(($0 + 1) * V)]) }
    guard let left, let right, let fromLeft, let fromRight else {
      return fromLeft ?? fromRight ?? single
    }
    var prior = (0..<V).map { fromLeft[$0] * fromRight[$0] / single[$0] }
    let sum = prior.reduce(0, +)
    for x in 0..<V { prior[x] /= sum }
    let start = (left * V + right) * V
    return smoothed(between[start..<start + V].map { Double($0) }, towards: prior)
  }

  private func pair(_ counts: ArraySlice<Double>) -> [Double] {
    smoothed(Array(counts), towards: single)
  }

  private func smoothed(_ counts: [Double], towards prior: [Double]) -> [Double] {
    let total = counts.reduce(0, +) + concentration
    return zip(counts, prior).map { ($0 + concentration * $1) / total }
  }
}
