import Tensors

/// Counts of a text, smoothed: each order's estimate is drawn towards the next shorter one's.
///
///     p_k(x | h) = (count(h, x) + α p_{k−1}(x | h′)) / (count(h) + α)
///
/// with h the last k tokens, h′ the last k − 1, and p before all counting uniform. It is the
/// posterior mean under a Dirichlet prior centred on the shorter estimate.
///
/// - Source: MacKay and Peto 1995, "A hierarchical Dirichlet language model".
public struct NGramModel: Sendable {
  /// n: how many tokens the longest counted group has; n − 1 are context.
  public let order: Int
  /// V: tokens are 0 ..< vocabSize.
  public let vocabSize: Int
  /// α > 0, the weight of the shorter estimate in counts.
  public var concentration: Double
  /// For each context length: how often a context was followed by a token, by the group's number.
  private var groups: [[UInt64: Int32]]
  /// For each context length: how often a context was followed by anything.
  private var contexts: [[UInt64: Int32]]

  /// A model that has counted `text`.
  ///
  /// - Precondition: V^order below 2⁶³, so that a group of tokens has a number.
  public init(order: Int, vocabSize: Int, concentration: Double = 1, counting text: [Int] = []) {
    if order < 1 || vocabSize < 1 || !(Double(order) * log2(Double(vocabSize)) < 63) {
      fail("NGramModel: order \(order) over \(vocabSize) tokens cannot be counted")
    }
    if !(concentration > 0 && concentration.isFinite) {
      fail("NGramModel: concentration \(concentration) is not a number above 0")
    }
    self.order = order
    self.vocabSize = vocabSize
    self.concentration = concentration
    groups = Array(repeating: [:], count: order)
    contexts = groups
    count(text)
  }

  /// Counts every token of a text with the contexts before it.
  ///
  /// - Precondition: tokens of the vocabulary, here and in what follows.
  public mutating func count(_ text: [Int]) {
    require(text, below: vocabSize, "NGramModel", "token")
    for i in text.indices {
      var context: UInt64 = 0
      var place: UInt64 = 1
      for k in 0..<min(order, i + 1) {
        if k > 0 {
          context += UInt64(text[i - k]) * place
          place *= UInt64(vocabSize)
        }
        contexts[k][context, default: 0] += 1
        groups[k][context * UInt64(vocabSize) + UInt64(text[i]), default: 0] += 1
      }
    }
  }

  /// q(token | the last order − 1 tokens of `history`), positive for every token.
  public func probability(of token: Int, after history: ArraySlice<Int>) -> Double {
    require([token], below: vocabSize, "NGramModel", "token")
    require(history.suffix(order - 1), below: vocabSize, "NGramModel", "token")
    var estimate = 1 / Double(vocabSize)
    var context: UInt64 = 0
    var place: UInt64 = 1
    for k in 0..<min(order, history.count + 1) {
      if k > 0 {
        context += UInt64(history[history.endIndex - k]) * place
        place *= UInt64(vocabSize)
      }
      guard let total = contexts[k][context] else { break }
      let both = groups[k][context * UInt64(vocabSize) + UInt64(token)] ?? 0
      estimate = (Double(both) + concentration * estimate) / (Double(total) + concentration)
    }
    return estimate
  }

  /// The mean surprise of a text's tokens, each after those before it, in nats per token; NaN of no
  /// token.
  public func crossEntropy(of text: [Int]) -> Double {
    var sum = 0.0
    for i in text.indices { sum -= log(probability(of: text[i], after: text[..<i])) }
    return sum / Double(text.count)
  }

  /// The same counts with the concentration, of those given, under which `text` costs least.
  public func tuned(
    on text: [Int], among concentrations: [Double] = [0.3, 1, 3, 8]
  ) -> NGramModel {
    var best = self
    var lowest = Double.infinity
    for value in concentrations {
      var candidate = self
      candidate.concentration = value
      let cost = candidate.crossEntropy(of: text)
      if cost < lowest { (best, lowest) = (candidate, cost) }
    }
    return best
  }
}
