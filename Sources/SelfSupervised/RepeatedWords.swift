import Tensors

/// Sequences that repeat a random word: what comes next cannot be counted, only looked up.
///
/// A word of random length is drawn, and the sequence is the word again and again. Within the
/// first copy every token costs log V; from the second on, a reader who finds the place where the
/// last tokens occurred before knows the next one.
///
/// - Source: the task of Olsson et al. 2022, "In-context learning and induction heads",
///   arXiv:2209.11895, with a period that changes from sequence to sequence.
public struct RepeatedWords: Sendable, Equatable {
  /// V: tokens are 0 ..< vocabSize.
  public let vocabSize: Int
  /// T, the length of a sequence.
  public let length: Int
  /// The lengths of words, equally likely.
  public let periods: ClosedRange<Int>

  /// - Precondition: words of at least one token.
  public init(vocabSize: Int = 8, length: Int = 24, periods: ClosedRange<Int> = 4...12) {
    if vocabSize < 1 || length < 1 || periods.lowerBound < 1 {
      fail(
        "RepeatedWords: \(vocabSize) tokens, length \(length), words from \(periods.lowerBound) "
          + "tokens: needs 1 or more of each")
    }
    self.vocabSize = vocabSize
    self.length = length
    self.periods = periods
  }

  /// A sequence, and the length of the word that it repeats: from that position on, every token
  /// has been seen one period before.
  public func sample(
    using random: inout some RandomNumberGenerator
  ) -> (tokens: [Int], period: Int) {
    let period = Int.random(in: periods, using: &random)
    let word = (0..<period).map { _ in Int.random(in: 0..<vocabSize, using: &random) }
    return ((0..<length).map { word[$0 % period] }, period)
  }

  /// The exact law of the token after `history`, for one who knows how sequences are made: each
  /// period that fits what was read counts with its probability.
  ///
  /// - Precondition: a history that the source can produce.
  public func law(after history: [Int]) -> [Double] {
    require(history, below: vocabSize, "RepeatedWords.law", "token")
    let t = history.count
    var law = [Double](repeating: 0, count: vocabSize)
    for period in periods {
      if period < t, (period..<t).contains(where: { history[$0] != history[$0 - period] }) {
        continue
      }
      // Of V^period equally likely words, one in V^min(period, t) begins as the history does.
      let weight = pow(Double(vocabSize), -Double(min(period, t)))
      if period > t {
        for token in law.indices { law[token] += weight / Double(vocabSize) }
      } else {
        law[history[t - period]] += weight
      }
    }
    let sum = law.reduce(0, +)
    return law.map { $0 / sum }
  }
}
