import Foundation
import SelfSupervised
import Tensors
import Testing

@Suite("Markov sources") struct MarkovSourceTests {
  static func source(seed: UInt64 = 1) -> MarkovSource {
    var random = SeededGenerator(seed: seed)
    return MarkovSource(
      order: 2, symbols: 3, concentration: 0.5, floor: 0.05, using: &random)
  }

  @Test("block entropies are those of all sequences", arguments: 1...6)
  func blocks(length: Int) {
    let source = Self.source()
    var law: [Double] = []
    for code in 0..<Int(pow(3, Double(max(2, length)))) {
      var rest = code
      var x: [Int] = []
      for _ in 0..<max(2, length) {
        x.append(rest % 3)
        rest /= 3
      }
      var p = source.contextLaw[x[0] * 3 + x[1]]
      for t in stride(from: 2, to: length, by: 1) { p *= source.law(after: x[..<t])[x[t]] }
      law.append(p)
    }
    if length == 1 { law = (0..<3).map { a in (0..<3).reduce(0) { $0 + law[a + 3 * $1] } } }
    #expect(isClose(law.reduce(0, +), 1))
    #expect(isClose(entropy(law), source.blockEntropy(length: length), within: 1e-10))
  }

  @Test("more context never costs more, and two symbols are enough")
  func contexts() {
    for seed in 1...5 {
      let source = Self.source(seed: UInt64(seed))
      let costs = (0...4).map { source.conditionalEntropy(context: $0) }
      for (more, less) in zip(costs.dropFirst(), costs) { #expect(more <= less + 1e-12) }
      #expect(isClose(costs[2], source.entropyRate, within: 1e-10))
      #expect(isClose(costs[4], source.entropyRate, within: 1e-10))
    }
  }

  @Test("order 1 is a Markov chain")
  func orderOne() {
    let rows = [[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.4, 0.4]]
    let source = MarkovSource(order: 1, rows: rows)
    let chain = MarkovChain(rows)
    #expect(isClose(source.entropyRate, chain.entropyRate))
    #expect(isClose(source.blockEntropy(length: 1), chain.marginalEntropy))
    #expect(isClose(source.blockEntropy(length: 5), chain.blockEntropy(length: 5), within: 1e-10))
  }

  @Test("a sample has the source's frequencies")
  func sample() {
    let source = Self.source()
    var random = SeededGenerator(seed: 4)
    let text = source.sample(length: 100_000, using: &random)
    #expect(text.count == 100_000)
    var surprise = 0.0
    for t in 2..<text.count { surprise -= log(source.law(after: text[..<t])[text[t]]) }
    #expect(isClose(surprise / Double(text.count - 2), source.entropyRate, within: 0.01))
    var pairs = [Double](repeating: 0, count: 9)
    for (a, b) in zip(text, text.dropFirst()) { pairs[3 * a + b] += 1e-5 }
    for (a, b) in zip(pairs, source.contextLaw) { #expect(isClose(a, b, within: 0.02)) }
    #expect(source.sample(length: 1, using: &random).count == 1)
  }

  @Test("Dirichlet draws have the law's mean and variance", arguments: [0.2, 1, 5])
  func dirichlet(concentration: Double) {
    var random = SeededGenerator(seed: 11)
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<20_000 {
      let p = random.dirichlet(concentration: concentration, count: 4)
      #expect(isClose(p.reduce(0, +), 1, within: 1e-9))
      sum += p[0]
      squares += p[0] * p[0]
    }
    let mean = sum / 20_000
    #expect(isClose(mean, 0.25, within: 0.01))
    let variance = 0.25 * 0.75 / (4 * concentration + 1)
    #expect(isClose(squares / 20_000 - mean * mean, variance, within: 0.01))
  }
}

@Suite("Forward and backward") struct ForwardBackwardTests {
  @Test("all posteriors at once are those of one position at a time")
  func agrees() {
    var random = SeededGenerator(seed: 3)
    let chain = MarkovChain(states: 5, concentration: 0.3, floor: 0.05, using: &random)
    for share in [0.15, 0.5, 0.9, 1] {
      let text = chain.sample(length: 40, using: &random)
      let shown: [Int?] = text.map { Double.random(in: 0..<1, using: &random) < share ? nil : $0 }
      let all = chain.posteriors(given: shown)
      for i in text.indices {
        let one = chain.posterior(at: i, given: shown)
        for (a, b) in zip(all[i], one) { #expect(isClose(a, b, within: 1e-9)) }
      }
    }
  }
}

@Suite("Repeated words") struct RepeatedWordsTests {
  @Test("every token from the second copy on was seen one period before")
  func repeats() {
    var random = SeededGenerator(seed: 2)
    let task = RepeatedWords()
    for _ in 0..<200 {
      let (tokens, period) = task.sample(using: &random)
      #expect(tokens.count == 24 && 4...12 ~= period)
      for t in period..<24 { #expect(tokens[t] == tokens[t - period]) }
    }
  }

  @Test("the exact law is that of counting all words")
  func law() {
    let task = RepeatedWords(vocabSize: 2, length: 7, periods: 1...3)
    var weights: [[Int]: Double] = [:]
    for period in 1...3 {
      for code in 0..<8 >> (3 - period) {
        let word = (0..<period).map { code >> $0 & 1 }
        let text = (0..<7).map { word[$0 % period] }
        for t in 0...7 { weights[Array(text[..<t]), default: 0] += 1 / Double(3 << period) }
      }
    }
    for (history, weight) in weights where history.count < 7 {
      let law = task.law(after: history)
      for token in 0..<2 {
        let both = weights[history + [token]] ?? 0
        #expect(isClose(law[token], both / weight))
      }
    }
  }
}

@Suite("Counting models") struct CountingTests {
  let text = [0, 1, 2, 0, 1, 0, 0, 1, 2, 2, 1, 0]

  @Test("n-gram laws sum to 1 and follow the recursion")
  func recursion() {
    let model = NGramModel(order: 3, vocabSize: 3, concentration: 2, counting: text)
    for history in [[], [1], [0, 1], [2, 2, 0], [2, 0, 2]] as [[Int]] {
      let law = (0..<3).map { model.probability(of: $0, after: history[...]) }
      #expect(isClose(law.reduce(0, +), 1))
    }
    // By hand: 0 1 was followed by 2, 0, 2; 1 by 2, 0, 2, 0; 2 occurs 3 times in 12.
    let p1 = (3 + 2.0 / 3) / 14
    let p2 = (2 + 2 * p1) / (4 + 2)
    let p3 = (2 + 2 * p2) / (3 + 2)
    #expect(isClose(model.probability(of: 2, after: [0, 1]), p3))
    #expect(isClose(model.probability(of: 2, after: [2, 0, 1]), p3))
  }

  @Test("on a long sample of a source of order 2 a trigram reaches the entropy rate")
  func reachesRate() {
    let source = MarkovSourceTests.source()
    var random = SeededGenerator(seed: 8)
    let long = source.sample(length: 50_000, using: &random)
    let test = source.sample(length: 20_000, using: &random)
    let costs = (1...3).map {
      NGramModel(order: $0, vocabSize: 3, counting: long).crossEntropy(of: test)
    }
    for (context, cost) in costs.enumerated() {
      let expected = source.conditionalEntropy(context: context)
      #expect(isClose(cost, expected, within: 0.02))
    }
  }

  @Test("tuning takes the concentration that costs least")
  func tuned() {
    let model = NGramModel(order: 3, vocabSize: 3, concentration: 1, counting: text)
    let best = model.tuned(on: text, among: [0.01, 1, 100])
    #expect(best.concentration == 0.01)
  }

  @Test("counts between neighbours are a law, and find what always stands there")
  func neighbours() {
    let counts = NeighbourCounts(vocabSize: 3, concentration: 0.1, counting: text)
    for left in [nil, 0, 1, 2] as [Int?] {
      for right in [nil, 0, 1, 2] as [Int?] {
        #expect(isClose(counts.law(left: left, right: right).reduce(0, +), 1))
      }
    }
    #expect(counts.law(left: 0, right: 2)[1] > 0.9)
  }

  @Test("on a Markov chain the neighbours' law is the exact posterior")
  func exact() {
    let chain = MarkovChainTests.chain
    var random = SeededGenerator(seed: 5)
    let long = chain.sample(length: 200_000, using: &random)
    let counts = NeighbourCounts(vocabSize: 3, counting: long)
    for left in 0..<3 {
      for right in 0..<3 {
        let posterior = chain.posterior(at: 1, given: [left, nil, right])
        for (a, b) in zip(counts.law(left: left, right: right), posterior) {
          #expect(isClose(a, b, within: 0.02))
        }
      }
    }
  }

  @Test("a fair coin is one bit")
  func units() { #expect(isClose(bits(log(2)), 1)) }
}

@Suite("Text") struct TextTests {
  /// Every kind of byte sequence, valid and not.
  static let samples: [[UInt8]] = [
    [], Array("plain text, and more text.\n\nA line.".utf8), Array("naïve façade — 東京 🎈é".utf8),
    Array(0...255), [0xC3], [0xE2, 0x82], [0x80, 0xFF, 0xC0, 0x41], [0xF4, 0x90, 0x80, 0x80, 10],
    Array("  two  spaces\t\ttabs \n \n\n x".utf8),
  ]

  @Test("characters survive the round trip, whatever the bytes", arguments: samples)
  func characters(bytes: [UInt8]) {
    for vocabulary in ["a", "plain text é", "the quick brown fox jumps over the lazy dog. 東"] {
      let tokenizer = CharacterTokenizer(vocabularyOf: Array(vocabulary.utf8))
      let tokens = tokenizer.encode(bytes)
      #expect(tokens.allSatisfy { 0..<tokenizer.vocabSize ~= $0 })
      #expect(tokenizer.decode(tokens) == bytes)
    }
  }

  @Test("random bytes survive both round trips")
  func random() {
    var random = SeededGenerator(seed: 1)
    let text = Array("some text to learn merges from, some more text to learn from".utf8)
    let characters = CharacterTokenizer(vocabularyOf: text)
    let pairs = BytePairEncoder(vocabSize: 280, trainedOn: text)
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(characters.decode(characters.encode(bytes)) == bytes)
      #expect(pairs.decode(pairs.encode(bytes)) == bytes)
    }
  }

  @Test("a character is one token, in the order of their codes; the escape is the last")
  func order() {
    let tokenizer = CharacterTokenizer(vocabularyOf: Array("cabé".utf8))
    #expect(tokenizer.encode("abcé") == [0, 1, 2, 3])
    #expect(tokenizer.escape == 4 && tokenizer.vocabSize == 5)
    #expect(tokenizer.text([2, 0, 3]) == "caé")
  }

  @Test("whatever a model writes has a text")
  func anyTokens() {
    let tokenizer = CharacterTokenizer(vocabularyOf: Array("abc".utf8))
    #expect(tokenizer.decode([0, 3]) == [97])
    #expect(tokenizer.decode([3, 0]).isEmpty)
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let tokens = (0..<12).map { _ in Int.random(in: 0..<4, using: &random) }
      _ = tokenizer.text(tokens)
    }
  }

  @Test("the most frequent pair is joined first, never across words")
  func merges() {
    let encoder = BytePairEncoder(vocabSize: 300, trainedOn: Array("abab abab ab cb cb".utf8))
    #expect(encoder.merges[0] == (97, 98))
    for token in 256..<encoder.vocabSize {
      let bytes = encoder.decode([token])
      #expect(!bytes.dropFirst().contains(UInt8(ascii: " ")))
    }
    #expect(encoder.encode("abab").count < 4)
    #expect(BytePairEncoder(vocabSize: 999, trainedOn: Array("abc".utf8)).vocabSize == 256)
  }

  @Test("the byte-pair round trip is exact, whatever the bytes", arguments: samples)
  func bytePairs(bytes: [UInt8]) {
    let encoder = BytePairEncoder(vocabSize: 300, trainedOn: Self.samples.flatMap { $0 })
    #expect(encoder.decode(encoder.encode(bytes)) == bytes)
  }

  @Test("every tenth paragraph is for testing")
  func split() throws {
    let text = (0..<20).map { "paragraph \($0)." }.joined(separator: "\n\n") + "\n"
    let corpus = try #require(TextCorpus(Array(text.utf8)))
    #expect(String(decoding: corpus.test, as: UTF8.self) == "paragraph 9.\n\nparagraph 19.\n\n")
    #expect(corpus.training.count + corpus.test.count == text.utf8.count + 1)
    #expect(TextCorpus(Array("one\n\ntwo".utf8)) == nil)
  }

  @Test("windows are stretches of the text")
  func windows() {
    var random = SeededGenerator(seed: 1)
    let text = Array(0..<50)
    for window in text.randomWindows(count: 100, length: 7, using: &random) {
      #expect(window == Array(window[0]..<window[0] + 7))
    }
    #expect(text.consecutiveWindows(length: 20) == [Array(0..<20), Array(20..<40)])
    let overlapping = text.consecutiveWindows(length: 21, overlap: 1)
    #expect(overlapping.map { $0[0] } == [0, 20])
  }

  @Test("the book's corpus is plain text that both tokenizers hold")
  func corpus() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bytes = [UInt8](
      try Data(contentsOf: root.appendingPathComponent("chapters/data/corpus.txt")))
    #expect(bytes.count >= 100_000)
    #expect(bytes.allSatisfy { $0 == 10 || 32..<127 ~= $0 })
    let corpus = try #require(TextCorpus(bytes))
    let characters = CharacterTokenizer(vocabularyOf: corpus.training)
    #expect(characters.vocabSize < 100)
    #expect(characters.decode(characters.encode(bytes)) == bytes)
    let pairs = BytePairEncoder(vocabSize: 320, trainedOn: Array(corpus.training.prefix(20_000)))
    #expect(pairs.vocabSize == 320)
    #expect(pairs.decode(pairs.encode(bytes)) == bytes)
  }
}
