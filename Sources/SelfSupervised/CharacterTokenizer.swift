import Tensors

/// One token for each character (Unicode scalar) of the text that it was made from.
///
/// The last token is an escape: it announces a byte of a character that is not in the vocabulary,
/// written as digits in tokens 0, 1, 2, …
public struct CharacterTokenizer: Tokenizer, Sendable, Equatable {
  /// The characters' UTF-8 bytes as numbers, rising; a character's token is its place.
  private let characters: [UInt32]

  /// The vocabulary of a text in UTF-8.
  ///
  /// - Precondition: at least one character.
  public init(vocabularyOf text: [UInt8]) {
    var found: [UInt32] = []
    var isASCII = [Bool](repeating: false, count: 128)
    var start = 0
    while start < text.count {
      let length = characterLength(text, at: start)
      if length == 1 {
        isASCII[Int(text[start])] = true
      } else if length > 1 {
        found.append(number(text[start..<start + length]))
      }
      start += max(1, length)
    }
    for code in 0..<128 where isASCII[code] { found.append(UInt32(code)) }
    found.sort()
    var distinct: [UInt32] = []
    for code in found where distinct.last != code { distinct.append(code) }
    guard !distinct.isEmpty else {
      fatalError("CharacterTokenizer: the text has no characters")
    }
    characters = distinct
  }

  /// Characters, and the escape.
  public var vocabSize: Int { characters.count + 1 }
  /// The token that announces a byte.
  public var escape: Int { characters.count }

  /// The tokens of a text, one for each character it knows.
  public func encode(_ text: [UInt8]) -> [Int] {
    var tokens: [Int] = []
    tokens.reserveCapacity(text.count)
    var start = 0
    while start < text.count {
      let length = characterLength(text, at: start)
      if length > 0, let token = token(of: number(text[start..<start + length])) {
        tokens.append(token)
        start += length
      } else {
        // The bytes of an unknown character one by one: none of them is a character by itself.
        tokens.append(escape)
        var rest = Int(text[start])
        for _ in 0..<digitCount {
          tokens.append(rest % base)
          rest /= base
        }
        start += 1
      }
    }
    return tokens
  }

  /// The text that tokens stand for; the inverse of ``encode(_:)``.
  ///
  /// - Precondition: tokens of the vocabulary.
  public func decode(_ tokens: [Int]) -> [UInt8] {
    require(tokens, below: vocabSize, "CharacterTokenizer.decode", "token")
    var text: [UInt8] = []
    text.reserveCapacity(tokens.count)
    var start = 0
    while start < tokens.count {
      if tokens[start] < escape {
        appendBytes(of: characters[tokens[start]], to: &text)
        start += 1
        continue
      }
      // An escape that is cut off, or digits that are too large, only a model can write.
      let digits = tokens[(start + 1)...].prefix(digitCount)
      let byte = digits.reversed().reduce(0) { ($0 * base + $1) & 0xFF }
      if digits.count == digitCount { text.append(UInt8(byte)) }
      start += 1 + digits.count
    }
    return text
  }

  /// The escape's digits: two in base 16 as soon as there are 16 tokens.
  private var base: Int { min(16, vocabSize) }
  private var digitCount: Int {
    var (count, reach) = (1, base)
    while reach < 256 { (count, reach) = (count + 1, reach * base) }
    return count
  }

  private func token(of character: UInt32) -> Int? {
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high) / 2
      if characters[middle] < character { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low] == character ? low : nil
  }
}

/// The bytes of the character that begins here; 0 where the bytes are not UTF-8.
private func characterLength(_ text: [UInt8], at start: Int) -> Int {
  let first = text[start]
  let length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  if length == 0 || first > 0xF4 || start + length > text.count { return 0 }
  for byte in text[(start + 1)..<(start + length)] where byte & 0xC0 != 0x80 { return 0 }
  return length
}

/// Up to four bytes as one number, the first the most significant.
private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reduce(0) { $0 << 8 | UInt32($1) }
}

private func appendBytes(of number: UInt32, to text: inout [UInt8]) {
  var isStarted = false
  for shift in [24, 16, 8, 0] as [UInt32] {
    let byte = UInt8(truncatingIfNeeded: number >> shift)
    isStarted = isStarted || byte != 0 || shift == 0
    if isStarted { text.append(byte) }
  }
}
