import Markdown

/// What the tool must know of a cell's code before the compiler sees it.
struct CellCode {
  /// A place in the source: the line from 0, the column from 1 in bytes.
  struct Place: Hashable, Sendable {
    var line: Int
    var column: Int
  }

  /// A variable that a statement at top level declares.
  struct Variable: Equatable {
    var name: String
    /// Where its statement begins, in bytes.
    var statement: Int
    var place: Place
  }

  let tokens: [SwiftToken]
  /// How many brackets are open before each token.
  private let depths: [Int]

  init(_ source: String) {
    tokens = SwiftLexer.tokens(of: source)
    var depth = 0
    var depths: [Int] = []
    for token in tokens {
      if token.nesting < 0 { depth = max(0, depth - 1) }
      depths.append(depth)
      if token.nesting > 0 { depth += 1 }
    }
    self.depths = depths
  }

  private func isMember(_ index: Int) -> Bool { index > 0 && tokens[index - 1].isMark(".") }

  private func place(_ index: Int) -> Place {
    Place(line: tokens[index].line, column: tokens[index].column)
  }

  // MARK: Claims

  /// The opening parenthesis of every call of `claim`, which is what the compiler calls its place.
  var claimCalls: [Place] {
    tokens.indices.dropLast().compactMap { index in
      guard tokens[index].isWord("claim"), tokens[index + 1].isMark("(") else { return nil }
      if index > 0, tokens[index - 1].isWord("func") { return nil }
      let isQualified = index > 1 && tokens[index - 2].isWord("Cells")
      return isMember(index) && !isQualified ? nil : place(index + 1)
    }
  }

  // MARK: Names

  /// What only the tool itself may write.
  static let reserved: Set = ["ChapterProgram", "chapterValue__"]

  /// What a chapter calls to show and to claim: another thing of the same name would be believed.
  static let runtime: Set = [
    "claim", "show", "format", "progress", "report", "readData", "Table", "RealValue", "ProseValue",
  ]

  /// The first use of a name that only the tool may write.
  var reservedName: (name: String, place: Place)? {
    tokens.indices.first { index in
      tokens[index].kind == .word && Self.reserved.contains(tokens[index].text)
        || isDeprecation(index)
    }.map { (tokens[$0].text, place($0)) }
  }

  /// `@available(*, deprecated)`: the compiler would keep silent about variables that the tool marks.
  private func isDeprecation(_ index: Int) -> Bool {
    guard tokens[index].isWord("deprecated"),
      let bracket = tokens[..<index].indices.last(where: { depths[$0] < depths[index] }),
      bracket > 0
    else { return false }
    return tokens[bracket - 1].isWord("available")
  }

  /// Functions, types and operators declared at top level, with their places.
  var declarations: [(name: String, place: Place)] {
    let keywords: Set = ["func", "struct", "class", "enum", "actor", "protocol", "typealias"]
    return tokens.indices.dropLast().compactMap { index in
      guard tokens[index].kind == .word, keywords.contains(tokens[index].text), depths[index] == 0,
        !isMember(index)
      else { return nil }
      return (tokens[index + 1].text, place(index + 1))
    } + extensionOperators
  }

  /// `extension Double { static func == … }` changes what `==` means for everybody.
  private var extensionOperators: [(name: String, place: Place)] {
    var found: [(name: String, place: Place)] = []
    var isExtension = false
    for index in tokens.indices.dropLast() where tokens[index].kind == .word {
      if depths[index] == 0, ["extension", "struct", "class", "enum"].contains(tokens[index].text) {
        isExtension = tokens[index].text == "extension"
      }
      let next = tokens[index + 1]
      if isExtension, depths[index] == 1, tokens[index].text == "func", next.kind == .mark {
        found.append((next.text, place(index + 1)))
      }
    }
    return found
  }

  /// What extensions of a type add to it, as `Type.name`.
  var extensionMembers: [(name: String, place: Place)] {
    var found: [(name: String, place: Place)] = []
    var type: String?
    for index in tokens.indices.dropLast() where tokens[index].kind == .word {
      if depths[index] == 0, ["extension", "struct", "class", "enum"].contains(tokens[index].text) {
        type = tokens[index].text == "extension" ? extendedType(at: index + 1) : nil
      }
      guard let type, depths[index] == 1, tokens[index + 1].kind == .word,
        ["func", "var", "let"].contains(tokens[index].text)
      else { continue }
      found.append(("\(type).\(tokens[index + 1].text)", place(index + 1)))
    }
    return found
  }

  /// `Array<Int>`, `Book.Page`
  private func extendedType(at index: Int) -> String {
    tokens[index...].prefix { !$0.isMark("{") && !$0.isMark(":") && !$0.isWord("where") }
      .map(\.text).joined()
  }

  // MARK: Variables

  /// The variables of statements at top level; rather too many than too few.
  var variables: [Variable] {
    var found: [Variable] = []
    var statement: Int?
    // The next word is a name; so is every word of a tuple.
    var isExpected = false
    for (index, token) in tokens.enumerated() where depths[index] == 0 {
      switch token.kind {
      case .word where ["let", "var"].contains(token.text) && !isMember(index):
        statement = start(ofStatement: index)
        isExpected = true
      case .word:
        if let statement, isExpected {
          found.append(Variable(name: token.text, statement: statement, place: place(index)))
        }
        isExpected = false
      case .mark where token.text == "(" && isExpected:
        for word in tuple(from: index) {
          found.append(
            Variable(name: tokens[word].text, statement: statement ?? 0, place: place(word)))
        }
        isExpected = false
      case .mark where token.text == ",": isExpected = statement != nil
      case .mark where token.text == ";": (statement, isExpected) = (nil, false)
      case .mark, .number, .string: isExpected = false
      }
    }
    return found
  }

  private func tuple(from index: Int) -> [Int] {
    tokens[(index + 1)...].indices.prefix { depths[$0] > 0 }.filter { tokens[$0].kind == .word }
  }

  /// Attributes and modifiers stand before the keyword on its line.
  private func start(ofStatement index: Int) -> Int {
    var index = index
    while index > 0, !tokens[index].startsLine, !tokens[index - 1].isMark(";") { index -= 1 }
    return tokens[index].range.lowerBound
  }

  /// Words that may be variables, up to a byte of the source: no member after a point, but of the
  /// module itself.
  func words(before end: Int = .max) -> Set<String> {
    Set(
      tokens.indices.filter {
        tokens[$0].kind == .word && tokens[$0].range.lowerBound < end
          && (!isMember($0) || $0 > 1 && tokens[$0 - 2].isWord("Chapter"))
      }.map { tokens[$0].text })
  }

  /// Names that are called as functions.
  var called: Set<String> {
    Set(
      tokens.indices.dropLast().filter {
        tokens[$0].kind == .word && tokens[$0 + 1].isMark("(") && !isMember($0)
      }.map { tokens[$0].text })
  }

  // MARK: Chance

  private static let sources: Set = [
    "SystemRandomNumberGenerator", "arc4random", "arc4random_uniform", "arc4random_buf",
    "getentropy", "getrandom", "UUID",
  ]

  /// Calls that draw from the system's generator: another run gives another number.
  var unseeded: [(call: String, place: Place)] {
    let drawing: Set = ["random", "randomElement", "shuffled", "shuffle"]
    return tokens.indices.dropLast().compactMap { index in
      if tokens[index].kind == .word, Self.sources.contains(tokens[index].text) {
        return (tokens[index].text, place(index))
      }
      guard isMember(index), tokens[index].kind == .word, drawing.contains(tokens[index].text),
        tokens[index + 1].isMark("(")
      else { return nil }
      let depth = depths[index + 1] + 1
      let arguments = tokens[(index + 2)...].indices.prefix { depths[$0] >= depth }
      let isSeeded = arguments.contains { depths[$0] == depth && tokens[$0].isWord("using") }
      return isSeeded ? nil : ("." + tokens[index].text, place(index))
    }
  }
}

/// The code of a span or of a derivation's line: one expression, which cannot end what the tool
/// writes around it.
enum SpanCode {
  private static let statements: Set = [
    "let", "var", "func", "import", "struct", "class", "enum", "for", "while", "guard", "return",
    "defer", "typealias",
  ]

  /// Why it is not one expression; nil if it is.
  static func fault(in code: String) -> ChapterFault? {
    let lexer = SwiftLexer(code)
    if let name = lexer.tokens.first(where: {
      $0.kind == .word && CellCode.reserved.contains($0.text)
    }) {
      return .reservedName(name.text)
    }
    if let word = lexer.tokens.first, word.kind == .word, statements.contains(word.text) {
      return .notOneExpression("'\(word.text)' begins a statement")
    }
    var open: [String] = []
    for token in lexer.tokens {
      if let closing = token.closing {
        open.append(closing)
      } else if token.nesting < 0, open.popLast() != token.text {
        return .notOneExpression("'\(token.text)' closes nothing")
      } else if open.isEmpty, token.isMark(";") {
        return .notOneExpression("';' ends it")
      } else if token.kind == .word, ["#sourceLocation", "#if", "#line"].contains(token.text) {
        return .notOneExpression("'\(token.text)' is a directive")
      }
    }
    if lexer.isUnterminated { return .notOneExpression("a string or a comment is never closed") }
    if lexer.hasLineComment { return .notOneExpression("'//' hides the rest of it") }
    return open.last.map { .notOneExpression("'\($0)' is missing") }
  }
}
