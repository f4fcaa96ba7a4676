import Tensors

/// The words for scenes: six sentence patterns, some words with a synonym, and attributes that
/// some patterns leave out.
///
///     let language = SceneCaptions()
///     let caption = language.caption(of: scene, using: &random)
///     language.text(caption)  // "a red box in the top left of a pale picture"
public struct SceneCaptions: Sendable {
  /// The vocabulary; a caption is a list of positions in it.
  public let words: [String]

  /// The sentence patterns; what stands in braces is an attribute.
  public static let patterns = [
    "a {color} {shape} in the {row} {side} of a {ground} picture",
    "{ground} ground with a {color} {shape} at the {row} {side}",
    "{row} {side} there is a {shape} which is {color}",
    "a picture of a {color} {shape} {row} {side}",
    "the {shape} is {color} on {ground} ground",
    "a {color} {shape}",
  ]
  /// The words for each shape, synonyms together.
  public static let shapes = [
    ["square", "box"], ["disc", "circle"], ["cross", "plus"], ["triangle"],
  ]
  /// The word for each color.
  public static let colors = ["red", "green", "blue", "yellow", "purple", "cyan"]
  /// The words for the upper and the lower places.
  public static let rows = [["upper", "top"], ["lower", "bottom"]]
  /// The words for the left and the right places.
  public static let sides = ["left", "right"]
  /// The words for each ground.
  public static let grounds = [["dark", "black"], ["light", "pale"]]

  /// A place in a sentence: a word, or an attribute by its lists of words.
  private enum Slot: Sendable {
    case word(Int)
    case shape, color, row, side, ground
  }

  private let sentences: [[Slot]]
  private let shapeWords: [[Int]]
  private let colorWords: [[Int]]
  private let rowWords: [[Int]]
  private let sideWords: [[Int]]
  private let groundWords: [[Int]]

  /// The language; always the same.
  public init() {
    var words: [String] = []
    func number(_ word: String) -> Int {
      if let known = position(of: word, in: words) { return known }
      words.append(word)
      return words.count - 1
    }
    let slots: [(name: String, slot: Slot)] = [
      ("{shape}", .shape), ("{color}", .color), ("{row}", .row), ("{side}", .side),
      ("{ground}", .ground),
    ]
    let sentences = SceneCaptions.patterns.map { pattern in
      parts(of: pattern).map { part in
        slots.first { isSame($0.name, part) }?.slot ?? .word(number(part))
      }
    }
    self.sentences = sentences
    shapeWords = SceneCaptions.shapes.map { $0.map { number($0) } }
    colorWords = SceneCaptions.colors.map { [number($0)] }
    rowWords = SceneCaptions.rows.map { $0.map { number($0) } }
    sideWords = SceneCaptions.sides.map { [number($0)] }
    groundWords = SceneCaptions.grounds.map { $0.map { number($0) } }
    self.words = words
  }

  /// One of the captions of a scene: the pattern, unless named, and the synonyms are drawn.
  public func caption(of scene: Scene, pattern: Int? = nil, using random: inout RandomSource)
    -> [Int]
  {
    if let pattern { require([pattern], below: sentences.count, "SceneCaptions", "pattern") }
    let sentence = sentences[pattern ?? random.integer(in: 0..<sentences.count)]
    var result: [Int] = []
    for slot in sentence {
      let options = options(
        slot, shape: scene.shape, color: scene.color, place: scene.place, ground: scene.ground)
      result.append(
        options.count == 1 ? options[0] : options[random.integer(in: 0..<options.count)])
    }
    return result
  }

  /// All captions of one pattern for the scenes that have the named attributes: the prompts of a
  /// class. What is not named stands for every value.
  public func prompts(
    pattern: Int, shape: Int? = nil, color: Int? = nil, place: Int? = nil, ground: Int? = nil
  ) -> [[Int]] {
    require([pattern], below: sentences.count, "SceneCaptions", "pattern")
    for (value, limit) in [(shape, 4), (color, 6), (place, 4), (ground, 2)] {
      if let value { require([value], below: limit, "SceneCaptions.prompts", "attribute") }
    }
    var result: [[Int]] = [[]]
    for slot in sentences[pattern] {
      let words = options(slot, shape: shape, color: color, place: place, ground: ground)
      result = result.flatMap { start in words.map { start + [$0] } }
    }
    return result
  }

  /// The words of a sentence in its place in the vocabulary; nil if one is not in it.
  public func tokens(_ text: String) -> [Int]? {
    var result: [Int] = []
    for part in parts(of: text) {
      guard let word = position(of: part, in: words) else { return nil }
      result.append(word)
    }
    return result
  }

  /// A caption as a sentence.
  public func text(_ caption: [Int]) -> String {
    require(caption, below: words.count, "SceneCaptions.text", "word")
    var result = ""
    for (index, word) in caption.enumerated() { result += (index > 0 ? " " : "") + words[word] }
    return result
  }

  private func options(_ slot: Slot, shape: Int?, color: Int?, place: Int?, ground: Int?) -> [Int] {
    func chosen(_ lists: [[Int]], _ value: Int?) -> [Int] {
      if let value { return lists[value] }
      return lists.flatMap { $0 }
    }
    switch slot {
    case .word(let word): return [word]
    case .shape: return chosen(shapeWords, shape)
    case .color: return chosen(colorWords, color)
    case .row: return chosen(rowWords, place.map { $0 / 2 })
    case .side: return chosen(sideWords, place.map { $0 % 2 })
    case .ground: return chosen(groundWords, ground)
    }
  }
}

// Bytes, not characters: comparing a `String` would bring Unicode's tables along.
private func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

private func position(of word: String, in words: [String]) -> Int? {
  for (index, known) in words.enumerated() where isSame(known, word) { return index }
  return nil
}

/// What spaces separate.
private func parts(of text: String) -> [String] {
  var result: [String] = []
  var part: [UInt8] = []
  for byte in text.utf8 {
    if byte != 32 {
      part.append(byte)
    } else if !part.isEmpty {
      result.append(String(decoding: part, as: UTF8.self))
      part = []
    }
  }
  if !part.isEmpty { result.append(String(decoding: part, as: UTF8.self)) }
  return result
}
