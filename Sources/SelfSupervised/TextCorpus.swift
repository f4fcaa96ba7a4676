import Tensors

/// A text in paragraphs, every tenth of which is kept for testing.
public struct TextCorpus: Sendable, Equatable {
  /// UTF-8; paragraphs are separated by an empty line.
  public let training: [UInt8]
  /// The paragraphs kept for testing.
  public let test: [UInt8]

  /// From a whole text in UTF-8 with empty lines between paragraphs.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - interval: the last of every so many paragraphs is for testing.
  /// - Returns: nil when there are fewer paragraphs than that.
  public init?(_ text: [UInt8], testEvery interval: Int = 10) {
    let newline = UInt8(ascii: "\n")
    var paragraphs: [[UInt8]] = []
    var start = 0
    for i in text.indices where i + 1 < text.count {
      if text[i] == newline, text[i + 1] == newline, i >= start {
        paragraphs.append(Array(text[start..<i]))
        start = i + 2
      }
    }
    var last = Array(text[min(start, text.count)...])
    if last.last == newline { last.removeLast() }
    if !last.isEmpty { paragraphs.append(last) }
    guard interval > 1, paragraphs.count >= interval else { return nil }
    var training: [UInt8] = []
    var test: [UInt8] = []
    for (index, paragraph) in paragraphs.enumerated() {
      if index % interval == interval - 1 {
        test += paragraph + [newline, newline]
      } else {
        training += paragraph + [newline, newline]
      }
    }
    self.training = training
    self.test = test
  }
}

extension [Int] {
  /// Stretches of a tokenized text that begin anywhere, `[count][length]`.
  ///
  /// - Precondition: a text of at least `length` tokens.
  public func randomWindows(
    count: Int, length: Int, using random: inout some RandomNumberGenerator
  ) -> [[Int]] {
    require(count: count, "randomWindows", "windows")
    if length < 1 || self.count < length {
      fail("randomWindows: \(self.count) tokens hold no window of \(length)")
    }
    return (0..<count).map { _ in
      let start = Int.random(in: 0...self.count - length, using: &random)
      return Array(self[start..<start + length])
    }
  }

  /// The text cut into stretches of one length, each starting `overlap` tokens before the end of
  /// the one before; what does not fill a stretch is left out.
  public func consecutiveWindows(length: Int, overlap: Int = 0) -> [[Int]] {
    if overlap < 0 || length <= overlap {
      fail("consecutiveWindows: windows of \(length) that overlap by \(overlap)")
    }
    if length > count { return [] }
    return stride(from: 0, through: count - length, by: length - overlap).map {
      Array(self[$0..<$0 + length])
    }
  }
}
