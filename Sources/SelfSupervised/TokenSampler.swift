import Networks
import Tensors

/// How the next token is drawn from a model's scores: temperature first, then only the most
/// probable tokens, then only a nucleus of them.
public struct TokenSampler: Sendable, Equatable {
  /// τ: probabilities are proportional to exp(score/τ). 1 is the model's own law; below, the
  /// probable becomes more probable; 0 always takes the most probable token.
  public var temperature: Double
  /// Only so many of the most probable tokens, or nil for all.
  public var topK: Int?
  /// Only the smallest set of most probable tokens that holds at least this probability, or nil.
  public var nucleus: Double?

  /// - Precondition: temperature ≥ 0, topK ≥ 1, and a nucleus above 0 and at most 1.
  /// - Source: top-k, Fan et al. 2018, arXiv:1805.04833; the nucleus, Holtzman et al. 2020,
  ///   section 3.1, arXiv:1904.09751.
  public init(temperature: Double = 1, topK: Int? = nil, nucleus: Double? = nil) {
    self.temperature = temperature
    self.topK = topK
    self.nucleus = nucleus
    check()
  }

  private func check() {
    if !(temperature >= 0) || (topK ?? 1) < 1 || !((nucleus ?? 1) > 0 && (nucleus ?? 1) <= 1) {
      fail(
        "TokenSampler: temperature \(temperature), topK \(topK ?? 1), nucleus \(nucleus ?? 1): "
          + "needs a temperature ≥ 0, topK ≥ 1 and a nucleus in (0, 1]")
    }
  }

  /// The law that tokens are drawn from; it sums to 1.
  ///
  /// - Parameter scores: one logit for each token. Of equal scores, earlier tokens rank first.
  /// - Precondition: every score is a number or −∞, and not all are −∞; stops otherwise.
  public func probabilities(_ scores: [Float]) -> [Double] {
    check()
    for (token, score) in scores.enumerated() where !(score < .infinity) {
      fail("TokenSampler: the score of token \(token) is \(score)")
    }
    if !scores.contains(where: { $0 > -.infinity }) {
      fail("TokenSampler: none of \(scores.count) scores is above −∞")
    }
    let order = scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }
    var law = [Double](repeating: 0, count: scores.count)
    if temperature == 0 {
      law[order[0]] = 1
      return law
    }
    let best = Double(scores[order[0]])
    var total = 0.0
    for index in order.prefix(topK ?? order.count) where scores[index] > -.infinity {
      law[index] = exp((Double(scores[index]) - best) / temperature)
      total += law[index]
    }
    if let nucleus {
      var held = 0.0
      for index in order {
        if held >= nucleus * total { law[index] = 0 } else { held += law[index] }
      }
      total = held
    }
    return law.map { $0 / total }
  }

  /// A token drawn from ``probabilities(_:)``.
  public func callAsFunction(
    _ scores: [Float], using random: inout some RandomNumberGenerator
  ) -> Int {
    random.outcome(of: probabilities(scores))
  }
}

extension AutoregressiveModel {
  /// Tokens that the model writes after a prompt, each drawn from what it predicts.
  ///
  /// Keys and values are kept, so that a token costs one row of every layer. When the context is
  /// full, the model forgets all but the later half and reads that anew.
  ///
  /// - Parameters:
  ///   - prompt: what it continues, without the start token; its last ``contextLength`` tokens
  ///     are read. May be empty if the model has a start token.
  ///   - count: how many tokens, 0 or more.
  ///   - sampler: how they are drawn.
  ///   - random: one draw for each token.
  /// - Returns: the new tokens only.
  public func continuation(
    of prompt: [Int], count: Int, sampler: TokenSampler = TokenSampler(),
    using random: inout RandomSource
  ) -> [Int] {
    require(count: count, "continuation", "tokens")
    var text = prompt
    if let startToken { text.insert(startToken, at: 0) }
    if text.isEmpty { fail("continuation: nothing to continue, and the model has no start token") }
    let model = frozen()
    var cache = KeyValueCache()
    var unread = Array(text.suffix(contextLength))
    while text.count < prompt.count + (startToken == nil ? 0 : 1) + count {
      if cache.count + unread.count > contextLength {
        cache = KeyValueCache()
        unread = Array(text.suffix(max(1, contextLength / 2)))
      }
      let scores = model([unread], cache: &cache)[0][-1]
      let next = sampler(scores.elements, using: &random)
      text.append(next)
      unread = [next]
    }
    return Array(text.suffix(count))
  }
}
