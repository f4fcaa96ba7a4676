/// Swift source → tokens, without comments. Knows nested comments, raw and multi-line strings,
/// interpolations and regular expressions, so that a bracket in a text is never taken for code.
///
/// Source: The Swift Programming Language, "Lexical Structure".
package struct SwiftLexer {
  /// A string whose interpolation is being read.
  private struct Literal {
    var hashes: Int
    var isMultiline: Bool
    /// Parentheses open since the interpolation began.
    var depth = 1
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line = 0
  private var lineStart = 0
  private var isAtLineStart = true
  private var open: [Literal] = []
  package private(set) var tokens: [SwiftToken] = []
  /// A comment or a string that is never closed.
  package private(set) var isUnterminated = false
  /// A comment up to the end of its line.
  package private(set) var hasLineComment = false

  package static func tokens(of source: String) -> [SwiftToken] { SwiftLexer(source).tokens }

  package init(_ source: String) {
    bytes = Array(source.utf8)
    while index < bytes.count { readToken() }
    if !open.isEmpty { isUnterminated = true }
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    index + offset < bytes.count ? bytes[index + offset] : 0
  }

  private func holds(_ text: StaticString, at offset: Int = 0) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index + offset + count <= bytes.count else { return false }
    for place in 0..<count where bytes[index + offset + place] != text.utf8Start[place] {
      return false
    }
    return true
  }

  private mutating func newline() {
    index += 1
    line += 1
    lineStart = index
    isAtLineStart = true
  }

  private mutating func readToken() {
    let start = index
    switch byte() {
    case UInt8(ascii: "\n"): newline()
    case 0...0x20: index += 1
    case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
      hasLineComment = true
      while index < bytes.count, byte() != UInt8(ascii: "\n") { index += 1 }
    case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): skipComment()
    case UInt8(ascii: "/") where beginsRegex(): readRegex(hashes: 0)
    case UInt8(ascii: "\""): readString(hashes: 0)
    case UInt8(ascii: "#"): readHash()
    case UInt8(ascii: "`"):
      index += 1
      while index < bytes.count, byte() != UInt8(ascii: "`"), byte() != UInt8(ascii: "\n") {
        index += 1
      }
      let name = start + 1..<index
      if byte() == UInt8(ascii: "`") { index += 1 }
      add(.word, from: start, text: name)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ")"),
      UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "\\"):
      index += 1
      add(.mark, from: start)
      closeInterpolation(bytes[start])
    default:
      if let length = operatorLength(allowingDot: true) {
        let hasDots = byte() == UInt8(ascii: ".")
        index += length
        while let length = operatorLength(allowingDot: hasDots) {
          // A comment may begin right behind an operator.
          if holds("//") || holds("/*") { break }
          index += length
        }
        add(.mark, from: start)
      } else {
        while index < bytes.count, let length = wordLength() { index += length }
        if index == start { index += 1 }
        add(.word, from: start)
      }
    }
  }

  private mutating func add(_ kind: SwiftToken.Kind, from start: Int, text: Range<Int>? = nil) {
    tokens.append(
      SwiftToken(
        kind: kind, text: String(decoding: bytes[text ?? start..<index], as: UTF8.self),
        range: start..<index, line: line, column: start - lineStart + 1, startsLine: isAtLineStart))
    isAtLineStart = false
  }

  private mutating func skipComment() {
    var depth = 0
    while index < bytes.count {
      if holds("/*") {
        depth += 1
        index += 2
      } else if holds("*/") {
        depth -= 1
        index += 2
        if depth == 0 { return }
      } else if byte() == UInt8(ascii: "\n") {
        newline()
      } else {
        index += 1
      }
    }
    isUnterminated = true
  }

  // MARK: Literals

  private mutating func readNumber() {
    let start = index
    var last: UInt8 = 0
    while index < bytes.count {
      let next = byte()
      let isPart =
        Self.isWordByte(next) && next < 0x80
        || next == UInt8(ascii: ".") && (48...57).contains(byte(1)) && !isMember(start)
        || (next == UInt8(ascii: "-") || next == UInt8(ascii: "+"))
          && (last | 0x20 == UInt8(ascii: "e") && !isHexadecimal(start)
            || last | 0x20 == UInt8(ascii: "p"))
          && (48...57).contains(byte(1))
      guard isPart else { break }
      last = next
      index += 1
    }
    add(.number, from: start)
  }

  private func isHexadecimal(_ start: Int) -> Bool {
    bytes[start] == UInt8(ascii: "0") && start + 1 < bytes.count
      && bytes[start + 1] == UInt8(ascii: "x")
  }

  /// `pair.0.1` holds no fraction.
  private func isMember(_ start: Int) -> Bool { start > 0 && bytes[start - 1] == UInt8(ascii: ".") }

  private mutating func readHash() {
    let start = index
    var hashes = 0
    while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
    if byte(hashes) == UInt8(ascii: "\"") {
      readString(hashes: hashes)
    } else if byte(hashes) == UInt8(ascii: "/") {
      readRegex(hashes: hashes)
    } else {
      index += hashes
      while index < bytes.count, let length = wordLength() { index += length }
      add(.word, from: start)
    }
  }

  /// At the hashes or the quotation mark of a literal.
  private mutating func readString(hashes: Int) {
    let start = index
    index += hashes
    let isMultiline = holds("\"\"\"") && (hashes == 0 || !isDelimiter(3, hashes: hashes))
    index += isMultiline ? 3 : 1
    readText(of: Literal(hashes: hashes, isMultiline: isMultiline), from: start)
  }

  /// Whether a quotation mark and its hashes stand `offset` bytes ahead.
  private func isDelimiter(_ offset: Int, hashes: Int) -> Bool {
    byte(offset - 1) == UInt8(ascii: "\"")
      && (0..<hashes).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
  }

  /// Goes on to the end of the literal or to its next interpolation.
  ///
  /// - Parameter start: where the token begins; nil behind an interpolation, which adds no token.
  private mutating func readText(of literal: Literal, from start: Int?) {
    let place = (line: line, lineStart: lineStart, isAtLineStart: isAtLineStart)
    func finish(_ lexer: inout SwiftLexer) {
      guard let start else { return }
      let end = (line: lexer.line, lineStart: lexer.lineStart)
      (lexer.line, lexer.lineStart, lexer.isAtLineStart) = place
      lexer.add(.string, from: start)
      (lexer.line, lexer.lineStart) = end
    }
    while index < bytes.count {
      let next = byte()
      if next == UInt8(ascii: "\\"),
        (0..<literal.hashes).allSatisfy({ byte(1 + $0) == UInt8(ascii: "#") })
      {
        let escaped = byte(1 + literal.hashes)
        if escaped == UInt8(ascii: "(") {
          finish(&self)
          index += 1 + literal.hashes
          let bracket = index
          index += 1
          add(.mark, from: bracket)
          open.append(literal)
          return
        }
        index += 1 + literal.hashes
        if index < bytes.count, escaped != UInt8(ascii: "\n") { index += 1 }
      } else if next == UInt8(ascii: "\n") {
        guard literal.isMultiline else { break }
        newline()
      } else if literal.isMultiline ? holds("\"\"\"") : next == UInt8(ascii: "\""),
        isDelimiter(literal.isMultiline ? 3 : 1, hashes: literal.hashes)
      {
        index += (literal.isMultiline ? 3 : 1) + literal.hashes
        finish(&self)
        isAtLineStart = false
        return
      } else {
        index += 1
      }
    }
    isUnterminated = true
    finish(&self)
  }

  /// The bracket that ends an interpolation is followed by the rest of its string.
  private mutating func closeInterpolation(_ bracket: UInt8) {
    guard !open.isEmpty else { return }
    if bracket == UInt8(ascii: "(") { open[open.count - 1].depth += 1 }
    guard bracket == UInt8(ascii: ")") else { return }
    open[open.count - 1].depth -= 1
    if open[open.count - 1].depth == 0 { readText(of: open.removeLast(), from: nil) }
  }

  /// A slash where an expression may begin, with its second one on the same line.
  private func beginsRegex() -> Bool {
    switch tokens.last?.kind {
    case .number, .string: return false
    case .word where !["return", "in", "case", "try", "await"].contains(tokens.last?.text ?? ""):
      return false
    case .mark where (tokens.last?.nesting ?? 0) < 0 || tokens.last?.text == ".": return false
    default: break
    }
    let first = byte(1)
    if first == 0x20 || first == 0x09 || first == UInt8(ascii: "=") { return false }
    var offset = 1
    while index + offset < bytes.count, byte(offset) != UInt8(ascii: "\n") {
      if byte(offset) == UInt8(ascii: "/") { return true }
      offset += byte(offset) == UInt8(ascii: "\\") ? 2 : 1
    }
    return false
  }

  private mutating func readRegex(hashes: Int) {
    let start = index
    index += hashes + 1
    while index < bytes.count {
      if byte() == UInt8(ascii: "/"),
        (0..<hashes).allSatisfy({ byte(1 + $0) == UInt8(ascii: "#") })
      {
        index += 1 + hashes
        return add(.string, from: start)
      }
      if byte() == UInt8(ascii: "\n") {
        guard hashes > 0 else { break }
        newline()
      } else {
        index += byte() == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    index = min(index, bytes.count)
    isUnterminated = true
    add(.string, from: start)
  }

  // MARK: Characters

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  private func wordLength() -> Int? {
    guard Self.isWordByte(byte()) else { return nil }
    if byte() < 0x80 { return 1 }
    return operatorLength(allowingDot: false) == nil ? scalarLength : nil
  }

  private var scalarLength: Int {
    let length = byte() >= 0xF0 ? 4 : byte() >= 0xE0 ? 3 : byte() >= 0xC0 ? 2 : 1
    return min(length, bytes.count - index)
  }

  /// The bytes of the operator character that stands here; nil for any other.
  private func operatorLength(allowingDot: Bool) -> Int? {
    guard index < bytes.count else { return nil }
    if byte() < 0x80 {
      if byte() == UInt8(ascii: ".") { return allowingDot ? 1 : nil }
      return "/=-+!*%<>&|^~?".utf8.contains(byte()) ? 1 : nil
    }
    let length = scalarLength
    let text = String(decoding: bytes[index..<index + length], as: UTF8.self)
    guard let value = text.unicodeScalars.first?.value else { return nil }
    return Self.operators.contains { $0.contains(value) } ? length : nil
  }

  /// The heads of operators outside ASCII.
  private static let operators: [ClosedRange<UInt32>] = [
    0xA1...0xA7, 0xA9...0xA9, 0xAB...0xAC, 0xAE...0xAE, 0xB0...0xB1, 0xB6...0xB6, 0xBB...0xBB,
    0xBF...0xBF, 0xD7...0xD7, 0xF7...0xF7, 0x2016...0x2017, 0x2020...0x2027, 0x2030...0x203E,
    0x2041...0x2053, 0x2055...0x205E, 0x2190...0x23FF, 0x2500...0x2775, 0x2794...0x2BFF,
    0x2E00...0x2E7F, 0x3001...0x3003, 0x3008...0x3020, 0x3030...0x3030,
  ]
}
