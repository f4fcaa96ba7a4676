import Tensors

/// Tokens of several bytes, found by joining the most frequent pair of neighbours again and again.
///
/// Tokens 0…255 are the bytes, so any text can be written. Pairs are never joined across the
/// borders of words: a run of letters with the space before it, a run of line ends, or one other
/// character with the space before it.
///
/// - Source: Sennrich et al. 2016, arXiv:1508.07909; on bytes, Radford et al. 2019, section 2.2.
public struct BytePairEncoder: Tokenizer, Sendable {
  /// The two tokens that token 256 + i joins.
  public private(set) var merges: [(left: Int, right: Int)] = []
  /// Which merge joins two tokens, by `left · 2³² + right`.
  private var ranks: [UInt64: Int] = [:]

  /// Learns merges from a text until there are `vocabSize` tokens or no pair occurs twice.
  ///
  /// Of equally frequent pairs the one with smaller tokens is joined first, so that the result
  /// depends on the text alone.
  public init(vocabSize: Int, trainedOn text: [UInt8]) {
    guard vocabSize >= 256 else {
      fatalError("BytePairEncoder: \(vocabSize) tokens; the bytes alone are 256")
    }
    var words = Self.distinctWords(of: text)
    while self.vocabSize < vocabSize {
      var counts: [UInt64: Int] = [:]
      for word in words {
        for i in stride(from: 1, to: word.tokens.count, by: 1) {
          counts[Self.key(word.tokens[i - 1], word.tokens[i]), default: 0] += word.count
        }
      }
      var best: (key: UInt64, count: Int) = (0, 1)
      for (key, count) in counts
      where count > best.count || count == best.count && count > 1 && key < best.key {
        best = (key, count)
      }
      if best.count < 2 { break }
      let (left, right) = (Int(best.key >> 32), Int(best.key & 0xFFFF_FFFF))
      for index in words.indices {
        words[index].tokens = Self.joined(words[index].tokens, left, right, as: self.vocabSize)
      }
      ranks[best.key] = merges.count
      merges.append((left, right))
    }
  }

  /// How many tokens there are: the 256 bytes and one for each merge.
  public var vocabSize: Int { 256 + merges.count }

  /// The tokens of a text: its bytes, merged in the order in which merges were learned.
  public func encode(_ text: [UInt8]) -> [Int] {
    var tokens: [Int] = []
    var start = 0
    while start < text.count {
      let end = Self.wordEnd(text, from: start)
      var word = text[start..<end].map { Int($0) }
      // Merges are applied in the order in which they were learned.
      while word.count > 1 {
        var first = Int.max
        for i in 1..<word.count {
          if let rank = ranks[Self.key(word[i - 1], word[i])] { first = min(first, rank) }
        }
        if first == Int.max { break }
        let (left, right) = merges[first]
        word = Self.joined(word, left, right, as: 256 + first)
      }
      tokens += word
      start = end
    }
    return tokens
  }

  /// The bytes that tokens stand for; the inverse of ``encode(_:)`` on any bytes.
  ///
  /// - Precondition: tokens of the vocabulary.
  public func decode(_ tokens: [Int]) -> [UInt8] {
    require(tokens, below: vocabSize, "BytePairEncoder.decode", "token")
    var text: [UInt8] = []
    for token in tokens { append(token, to: &text) }
    return text
  }

  private func append(_ token: Int, to text: inout [UInt8]) {
    if token < 256 { return text.append(UInt8(token)) }
    append(merges[token - 256].left, to: &text)
    append(merges[token - 256].right, to: &text)
  }

  private static func key(_ left: Int, _ right: Int) -> UInt64 {
    UInt64(left) << 32 | UInt64(right)
  }

  private static func joined(_ word: [Int], _ left: Int, _ right: Int, as token: Int) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(word.count)
    var i = 0
    while i < word.count {
      if i + 1 < word.count, word[i] == left, word[i + 1] == right {
        result.append(token)
        i += 2
      } else {
        result.append(word[i])
        i += 1
      }
    }
    return result
  }

  /// The words of a text with their number, in the order of their bytes.
  private static func distinctWords(of text: [UInt8]) -> [(tokens: [Int], count: Int)] {
    var words: [[Int]] = []
    var start = 0
    while start < text.count {
      let end = wordEnd(text, from: start)
      words.append(text[start..<end].map { Int($0) })
      start = end
    }
    words.sort { $0.lexicographicallyPrecedes($1) }
    var distinct: [(tokens: [Int], count: Int)] = []
    for word in words {
      if distinct.last?.tokens == word {
        distinct[distinct.count - 1].count += 1
      } else {
        distinct.append((word, 1))
      }
    }
    return distinct
  }

  /// Where the word that begins at `start` ends.
  private static func wordEnd(_ text: [UInt8], from start: Int) -> Int {
    let (space, newline) = (UInt8(ascii: " "), UInt8(ascii: "\n"))
    var end = start
    if text[start] == newline {
      while end < text.count, text[end] == newline { end += 1 }
      return end
    }
    if text[start] == space, start + 1 < text.count, text[start + 1] > space { end += 1 }
    if !isLetter(text[end]) { return end + 1 }
    while end < text.count, isLetter(text[end]) { end += 1 }
    return end
  }

  /// ASCII letters, and all bytes of other characters.
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}
