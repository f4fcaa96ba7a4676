import Foundation
import SelfSupervised
import Testing

@Suite("Markov chains") struct MarkovChainTests {
  static let chain = MarkovChain([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.4, 0.4]])

  @Test("the stationary law stays as it is, and is the known one")
  func stationary() {
    let law = Self.chain.stationary
    for (value, expected) in zip(law, [22.0 / 47, 16.0 / 47, 9.0 / 47]) {
      #expect(isClose(value, expected))
    }
  }

  @Test("the entropy of a stretch is the entropy of all its sequences", arguments: 1...6)
  func stretch(length: Int) {
    var all = [[Int]()]
    for _ in 0..<length { all = all.flatMap { start in (0..<3).map { start + [$0] } } }
    let law = all.map { exp(Self.chain.logProbability($0)) }
    #expect(isClose(law.reduce(0, +), 1))
    #expect(isClose(entropy(law), Self.chain.blockEntropy(length: length)))
  }

  @Test("independent symbols have no memory")
  func memoryless() {
    let chain = MarkovChain([[0.2, 0.8], [0.2, 0.8]])
    #expect(isClose(chain.entropyRate, chain.marginalEntropy))
  }

  @Test("a sample has the frequencies and the surprise of the chain")
  func sample() {
    var random = SeededGenerator(seed: 6)
    let text = Self.chain.sample(length: 50_000, using: &random)
    let share = Double(text.filter { $0 == 0 }.count) / 50_000
    #expect(isClose(share, 22.0 / 47, within: 0.02))
    let surprise = -Self.chain.logProbability(text) / 50_000
    #expect(isClose(surprise, Self.chain.entropyRate, within: 0.02))
  }

  @Test("a chain that never forgets its start is refused")
  func periodic() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MarkovChain([[0, 1], [1, 0]])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("depends on where it began"))
  }
}

@Suite("Hidden states") struct HiddenStateTests {
  static let chain = MarkovChainTests.chain

  @Test("posteriors agree with the enumeration of all hidden sequences")
  func enumeration() {
    let shown: [Int?] = [nil, 0, nil, nil, 2, nil]
    var weights = Array(repeating: [0.0, 0.0, 0.0], count: 6)
    for code in 0..<81 {
      var rest = code
      let states = shown.map { known -> Int in
        if let known { return known }
        defer { rest /= 3 }
        return rest % 3
      }
      let weight = exp(Self.chain.logProbability(states))
      for i in 0..<6 { weights[i][states[i]] += weight }
    }
    for i in 0..<6 {
      let sum = weights[i].reduce(0, +)
      let posterior = Self.chain.posterior(at: i, given: shown)
      for (a, b) in zip(posterior, weights[i]) { #expect(isClose(a, b / sum)) }
    }
  }

  @Test("entropy between two visible states is the mean entropy of the posterior")
  func meanPosterior() {
    var mean = 0.0
    let far = Self.chain.transition(steps: 5)
    for a in 0..<3 {
      for b in 0..<3 {
        let shown: [Int?] = [a, nil, nil, nil, nil, b]
        let posterior = Self.chain.posterior(at: 2, given: shown)
        mean += Self.chain.stationary[a] * far[a, b] * entropy(posterior)
      }
    }
    #expect(isClose(mean, Self.chain.hiddenEntropy(left: 2, right: 3)))
  }

  @Test("the scattered mask runs from two neighbours to none")
  func scattered() {
    let chain = Self.chain
    let both = chain.hiddenEntropy(left: 1, right: 1)
    #expect(isClose(chain.scatteredHiddenEntropy(hiding: 1e-9), both, within: 1e-8))
    #expect(isClose(chain.scatteredHiddenEntropy(hiding: 0), both))
    #expect(isClose(chain.scatteredHiddenEntropy(hiding: 1), chain.marginalEntropy))
    let near = chain.scatteredHiddenEntropy(hiding: 0.999)
    #expect(isClose(near, chain.marginalEntropy, within: 0.001))
  }

  @Test("the scattered mask's entropy is what masked samples cost")
  func measured() {
    var random = SeededGenerator(seed: 12)
    let text = Self.chain.sample(length: 20_000, using: &random)
    let shown: [Int?] = text.map { Double.random(in: 0..<1, using: &random) < 0.4 ? nil : $0 }
    var sum = 0.0
    var count = 0.0
    for i in text.indices where shown[i] == nil {
      sum -= log(Self.chain.posterior(at: i, given: shown)[text[i]])
      count += 1
    }
    let expected = Self.chain.scatteredHiddenEntropy(hiding: 0.4)
    #expect(isClose(sum / count, expected, within: 0.03))
  }
}

@Suite("Token masking") struct TokenMaskingTests {
  @Test("15 % are chosen, of which 80, 10 and 10 % are masked, replaced and kept")
  func proportions() {
    var random = SeededGenerator(seed: 2)
    let rule = TokenMasking(vocabSize: 1000)
    let tokens = (0..<100_000).map { $0 % 1000 }
    let masked = rule(tokens, using: &random)
    let chosen = Double(masked.chosen.count)
    #expect(isClose(chosen / 100_000, 0.15, within: 0.005))
    let hidden = masked.chosen.filter { masked.input[$0] == rule.maskToken }
    #expect(isClose(Double(hidden.count) / chosen, 0.8, within: 0.015))
    let same = masked.chosen.filter { masked.input[$0] == tokens[$0] }
    #expect(isClose(Double(same.count) / chosen, 0.1001, within: 0.01))
  }

  @Test("positions that were not chosen stay as they are")
  func untouched() {
    var random = SeededGenerator(seed: 5)
    let tokens = (0..<200).map { $0 % 7 }
    let masked = TokenMasking(vocabSize: 7, choose: 0.5)(tokens, using: &random)
    let chosen = Set(masked.chosen)
    for i in tokens.indices where !chosen.contains(i) { #expect(masked.input[i] == tokens[i]) }
    #expect(masked.chosen == masked.chosen.sorted())
  }

  @Test("a shown token is believed as Bayes' rule says")
  func posterior() {
    let rule = TokenMasking(vocabSize: 30_522)
    #expect(isClose(rule.visibleIsTrue(prior: 0.01), 0.9967670302396969))
    #expect(rule.visibleIsTrue(prior: 0) == 0)
    #expect(rule.visibleIsTrue(prior: 1) == 1)
    let noneKept = TokenMasking(vocabSize: 30_522, hide: 0.8, replace: 0.2)
    #expect(isClose(noneKept.visibleIsTrue(prior: 0.3), 0.3, within: 1e-9))
  }
}

@Suite("Patches") struct PatchGridTests {
  let grid = PatchGrid(side: 8, patchSize: 2)

  @Test("patches partition the pixels")
  func partition() {
    let all = (0..<grid.count).flatMap { grid.pixels(of: $0) }
    #expect(all.sorted() == Array(0..<64))
    #expect(grid.pixels(of: 5) == [18, 19, 26, 27])
  }

  @Test("random masks keep what they should, each patch equally often")
  func random() {
    var random = SeededGenerator(seed: 7)
    var counts = Array(repeating: 0, count: 16)
    for _ in 0..<4000 {
      let visible = grid.randomVisible(hiding: 12, using: &random)
      #expect(visible.count == 4 && Set(visible).count == 4)
      for patch in visible { counts[patch] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }
}

@Suite("Digits") struct DigitsTests {
  @Test("the packed form is read bit by bit")
  func unpack() throws {
    // Levels 0, 1, 2, …, 16, 0, 1, … in five bits each, label 7.
    var bits: [UInt8] = []
    for pixel in 0..<64 {
      for bit in (0..<5).reversed() { bits.append(UInt8(((pixel % 17) >> bit) & 1)) }
    }
    let bytes = (0..<40).map { byte in (0..<8).reduce(UInt8(0)) { $0 << 1 | bits[8 * byte + $1] } }
    let digits = try #require(Digits(packed: [7] + bytes))
    #expect(digits.labels == [7])
    #expect(digits.images[0] == (0..<64).map { Double($0 % 17) / 16 })
  }

  // from sklearn.datasets import load_digits; numpy.bincount(load_digits().target)
  @Test("the book's file holds the 1797 digits of the UCI repository")
  func file() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("chapters/data/digits.bin"))
    let digits = try #require(Digits(packed: [UInt8](data)))
    let counts = (0..<10).map { digit in digits.labels.filter { $0 == digit }.count }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(digits.images.allSatisfy { $0.count == 64 })
    #expect(digits.testImages.count == 500 && digits.trainingImages.count == 1297)
  }

  @Test("damaged bytes are refused", arguments: [[], [1, 2, 3], Array(repeating: 255, count: 41)])
  func damaged(bytes: [UInt8]) { #expect(Digits(packed: bytes) == nil) }
}
