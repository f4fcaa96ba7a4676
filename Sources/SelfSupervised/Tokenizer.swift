/// Text as whole numbers and back, without loss: `decode(encode(bytes)) == bytes` for any bytes,
/// valid UTF-8 or not.
public protocol Tokenizer {
  /// V: tokens are 0 ..< vocabSize.
  var vocabSize: Int { get }
  /// The tokens of a text in UTF-8.
  func encode(_ text: [UInt8]) -> [Int]
  /// The text of tokens, of which any row has one; stops at what is no token.
  func decode(_ tokens: [Int]) -> [UInt8]
}

extension Tokenizer {
  /// The tokens of a text.
  public func encode(_ text: String) -> [Int] { encode(Array(text.utf8)) }

  /// The text of tokens; bytes that are not UTF-8 become U+FFFD.
  public func text(_ tokens: [Int]) -> String {
    String(decoding: decode(tokens), as: UTF8.self)
  }
}
