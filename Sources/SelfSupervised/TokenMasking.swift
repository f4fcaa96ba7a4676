import Tensors

/// What BERT's corruption did to one sequence.
public struct MaskedTokens: Sendable, Equatable {
  /// What the network sees.
  public let input: [Int]
  /// The chosen positions, in order: where the network is asked for the original token.
  public let chosen: [Int]

  /// Tokens and positions as they are.
  public init(input: [Int], chosen: [Int]) {
    self.input = input
    self.chosen = chosen
  }
}

/// The corruption of masked language modelling: some positions are chosen as targets; of these,
/// most become the mask token, some a random token, and some stay as they are.
///
/// - Source: Devlin et al. 2019, section 3.1 and appendix A.1, arXiv:1810.04805.
public struct TokenMasking: Sendable, Equatable {
  /// Probability that a position is chosen: 0.15 in BERT.
  public var choose: Double
  /// Share of the chosen positions that become the mask token: 0.8 in BERT.
  public var hide: Double
  /// Share of the chosen positions that become a random token: 0.1 in BERT.
  public var replace: Double
  /// Ordinary tokens are 0 ..< vocabSize.
  public let vocabSize: Int

  /// Ordinary tokens with a meaning of their own (start, separation, padding), in rising order:
  /// they are never chosen, and never stand in for another token.
  public let specialTokens: [Int]

  /// The mask token: the first number that is no ordinary token.
  public var maskToken: Int { vocabSize }

  /// BERT's shares, unless others are given; stops unless they are probabilities, and special tokens
  /// some, not all, of the ordinary ones.
  public init(
    vocabSize: Int, choose: Double = 0.15, hide: Double = 0.8, replace: Double = 0.1,
    specialTokens: [Int] = []
  ) {
    let isShare = choose >= 0 && choose <= 1 && hide >= 0 && replace >= 0 && hide + replace <= 1
    if vocabSize < 1 || !isShare {
      fail(
        "TokenMasking: \(vocabSize) tokens, shares \(choose), \(hide), \(replace): needs a token, "
          + "shares in 0...1, and hide + replace at most 1")
    }
    let special = specialTokens.sorted()
    for (index, token) in special.enumerated() {
      if token < 0 || token >= vocabSize {
        fail("TokenMasking: special token \(token) is not one of \(vocabSize)")
      }
      if index > 0 && special[index - 1] == token {
        fail("TokenMasking: special token \(token) stands twice")
      }
    }
    if special.count == vocabSize {
      fail("TokenMasking: all \(vocabSize) tokens are special, none is left to choose")
    }
    self.specialTokens = special
    self.vocabSize = vocabSize
    self.choose = choose
    self.hide = hide
    self.replace = replace
  }

  /// Chooses positions independently and corrupts them.
  public func callAsFunction(
    _ tokens: [Int], using random: inout some RandomNumberGenerator
  ) -> MaskedTokens {
    var input = tokens
    var chosen: [Int] = []
    for position in tokens.indices where !specialTokens.contains(tokens[position]) {
      if random.unitDouble() >= choose { continue }
      chosen.append(position)
      let lot = random.unitDouble()
      if lot < hide {
        input[position] = maskToken
      } else if lot < hide + replace {
        // One of the others, counted past the special ones.
        var token = Int.random(in: 0..<(vocabSize - specialTokens.count), using: &random)
        for special in specialTokens where token >= special { token += 1 }
        input[position] = token
      }
    }
    return MaskedTokens(input: input, chosen: chosen)
  }

  /// The probability that a chosen position that shows token v really holds v, when the context
  /// alone would give v the probability `prior`.
  ///
  /// It shows v because it was kept, or because a random token happened to be v.
  public func visibleIsTrue(prior: Double) -> Double {
    let keep = 1 - hide - replace
    let byChance = replace / Double(vocabSize - specialTokens.count)
    let genuine = prior * (keep + byChance)
    return genuine / (genuine + (1 - prior) * byChance)
  }
}
