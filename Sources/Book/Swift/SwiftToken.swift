/// One token of a chapter's Swift, as far as the tool reads Swift itself.
package struct SwiftToken: Equatable, Sendable {
  package enum Kind: Sendable {
    /// An identifier without its backticks, a keyword, `$0`, or a directive such as `#if`.
    case word
    case number
    /// A literal up to its first interpolation, whose code follows as tokens in parentheses.
    case string
    /// An operator as a whole, or one bracket, comma, semicolon, colon or point.
    case mark
  }

  package var kind: Kind
  package var text: String
  /// The bytes of the source that it was read from.
  package var range: Range<Int>
  /// From 0.
  package var line: Int
  /// From 1, in UTF-8 bytes.
  package var column: Int
  /// Nothing but space and comments stands before it on its line.
  package var startsLine: Bool

  package func isMark(_ text: String) -> Bool { kind == .mark && self.text == text }
  package func isWord(_ text: String) -> Bool { kind == .word && self.text == text }

  /// +1 for a bracket that opens, −1 for one that closes.
  package var nesting: Int {
    guard kind == .mark else { return 0 }
    return switch text {
    case "(", "[", "{": 1
    case ")", "]", "}": -1
    default: 0
    }
  }

  /// The bracket that closes what this one opens.
  package var closing: String? {
    guard kind == .mark else { return nil }
    return ["(": ")", "[": "]", "{": "}"][text]
  }
}
