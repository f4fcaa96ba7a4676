import Markdown

/// Finds what can be made wrong in one cell, token by token.
///
/// Left alone are what judges (`claim`), what is only shown, names, types and parameter lists, and
/// whatever makes another run or another look but no lie: seeds, figures, the digits of a format.
struct MutantFinder {
  let tokens: [SwiftToken]
  /// The other bracket of each pair.
  let partners: [Int: Int]
  /// The bracket around each token.
  let enclosing: [Int?]
  private let cell: Cell
  private let item: Int
  let bytes: [UInt8]
  private let key: String
  var isFrozen: [Bool]
  private var mutants: [CodeMutant] = []

  init(_ cell: Cell, item: Int) {
    self.cell = cell
    self.item = item
    bytes = Array(cell.source.utf8)
    key = ContentKey(cell.source).description
    tokens = SwiftLexer.tokens(of: cell.source)
    var partners: [Int: Int] = [:]
    var enclosing: [Int?] = []
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      if token.nesting < 0, let bracket = open.popLast() {
        (partners[bracket], partners[index]) = (index, bracket)
      }
      enclosing.append(open.last)
      if token.nesting > 0 { open.append(index) }
    }
    self.partners = partners
    self.enclosing = enclosing
    isFrozen = Array(repeating: false, count: tokens.count)
    freeze()
  }

  mutating func find() -> [CodeMutant] {
    for index in tokens.indices where !isFrozen[index] {
      switch tokens[index].kind {
      case .word: addWord(index)
      case .number: addNumber(index)
      case .string: break
      case .mark:
        addOperator(index)
        addArguments(index)
      }
    }
    for range in droppableStatements() where !isFrozen[range.lowerBound] { addDrop(range) }
    return mutants.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  // MARK: What stays as it is

  private static let untouched: Set = [
    "claim", "show", "print", "report", "Figure", "Table", "fatalError", "precondition",
    "preconditionFailure", "assert", "assertionFailure",
  ]

  /// A changed seed is no lie, and the digits of a number that is shown are none.
  private static let untouchedLabels: Set = ["seed", "decimals", "digits"]

  static func isUntouched(_ name: String) -> Bool {
    untouched.contains(name) || name.hasSuffix("Mark")
  }

  private mutating func freeze() {
    for (index, token) in tokens.enumerated() {
      if token.isMark("("), let end = partners[index] {
        let isInterpolation =
          token.range.lowerBound > 0 && "\\#".utf8.contains(bytes[token.range.lowerBound - 1])
        let name = index > 0 && tokens[index - 1].kind == .word ? tokens[index - 1].text : ""
        let isDeclared = ["init", "subscript"].contains(name) && !isMember(index - 1)
        if isInterpolation || isDeclared || Self.isUntouched(name) { freeze(index...end) }
      } else if token.isWord("func"),
        let start = tokens[index...].firstIndex(where: { $0.isMark("(") }),
        let end = partners[start]
      {
        freeze(index...end)
      } else if Self.untouchedLabels.contains(token.text), isLabel(index) {
        freeze(index...endOfArgument(from: index))
      }
    }
  }

  private mutating func freeze(_ range: ClosedRange<Int>) {
    for index in range { isFrozen[index] = true }
  }

  func isLabel(_ index: Int) -> Bool {
    guard index > 0, index + 1 < tokens.count else { return false }
    return tokens[index + 1].isMark(":")
      && (tokens[index - 1].isMark("(") || tokens[index - 1].isMark(","))
  }

  private func endOfArgument(from index: Int) -> Int {
    let end = enclosing[index].flatMap { partners[$0] } ?? tokens.count
    return
      (tokens[index..<end].indices.first {
        tokens[$0].isMark(",") && enclosing[$0] == enclosing[index]
      } ?? end) - 1
  }

  // MARK: Neighbours

  private func token(_ index: Int) -> SwiftToken? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }

  private func hasSpace(before index: Int) -> Bool {
    index == 0 || index == tokens.count
      || tokens[index].range.lowerBound > tokens[index - 1].range.upperBound
  }

  private func isMember(_ index: Int) -> Bool { token(index - 1)?.isMark(".") ?? false }

  /// An operator between two operands, which formatted code spaces on both sides or on none.
  func isBinary(_ index: Int) -> Bool {
    hasSpace(before: index) && hasSpace(before: index + 1) && endsOperand(index - 1)
  }

  private func isPrefix(_ index: Int) -> Bool {
    !hasSpace(before: index + 1)
      && (hasSpace(before: index) || (token(index - 1)?.nesting ?? 0) > 0)
  }

  /// An operator that is itself an argument, as in `reduce(0, +)`.
  func isArgument(_ index: Int) -> Bool {
    guard let next = token(index + 1), next.isMark(")") || next.isMark(",") else { return false }
    return [",", "(", ":"].contains { token(index - 1)?.isMark($0) ?? false }
  }

  private func endsOperand(_ index: Int) -> Bool {
    guard let token = token(index) else { return false }
    return token.kind != .mark || token.nesting < 0 || ["!", "?"].contains(token.text)
  }

  /// A bracket right behind what it calls or indexes.
  func isCall(_ index: Int) -> Bool {
    index > 0 && !hasSpace(before: index)
      && (tokens[index].isMark("(") || tokens[index].isMark("["))
      && (tokens[index - 1].kind == .word || tokens[index - 1].nesting < 0)
  }

  private func isArrayOrText(_ index: Int) -> Bool {
    guard let token = token(index) else { return false }
    if token.isMark("]"), let start = partners[index] { return !isCall(start) }
    return token.kind == .string || token.isMark("[")
  }

  // MARK: Mutants

  mutating func add(
    _ kind: CodeMutant.Kind, _ range: Range<Int>, _ replacement: String, at index: Int,
    change: String? = nil
  ) {
    let token = tokens[index]
    let old = String(decoding: bytes[range], as: UTF8.self)
    mutants.append(
      CodeMutant(
        kind: kind, item: item, range: range, replacement: replacement,
        position: SourcePosition(
          line: cell.sourcePosition.line + token.line,
          column: cell.sourcePosition.column + token.column - 1),
        change: change ?? "`\(old)` → `\(replacement)`",
        identity: String(
          ContentKey(key, "\(range)", kind.rawValue, replacement).description.prefix(16))))
  }

  private mutating func replace(_ kind: CodeMutant.Kind, _ index: Int, by text: String) {
    add(kind, tokens[index].range, text, at: index)
  }

  private static let functions = paired([
    ("max", "min"), ("sum", "mean"), ("zeros", "ones"), ("first", "last"), ("prefix", "suffix"),
    ("dropFirst", "dropLast"), ("log", "exp"),
  ])
  private static let freeFunctions = paired([("max", "min"), ("sin", "cos"), ("log", "exp")])

  private static func paired(_ pairs: [(String, String)]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: pairs + pairs.map { ($1, $0) })
  }

  private mutating func addWord(_ index: Int) {
    let word = tokens[index].text
    if isLabel(index) { return }
    if word == "true" || word == "false" {
      replace(.boolean, index, by: word == "true" ? "false" : "true")
    } else if let other = Self.functions[word], isCall(index + 1), isMember(index) {
      replace(.function, index, by: other)
    } else if let other = Self.freeFunctions[word], isCall(index + 1), !isMember(index) {
      replace(.function, index, by: other)
    }
  }

  private mutating func addNumber(_ index: Int) {
    // The member of a tuple is a name, and what stands for nil is hardly ever needed.
    if isMember(index) || token(index - 1)?.isMark("??") ?? false { return }
    let text = tokens[index].text.filter { $0 != "_" }
    if let number = Int(text) {
      replace(.integer, index, by: String(number + 1))
      if number > 0 { replace(.integer, index, by: String(number - 1)) }
    } else if !text.hasPrefix("0x"), let number = Double(text), number.isFinite {
      replace(.float, index, by: number == 0 ? "1.0" : String(2 * number))
      // A minus must not run into an operator.
      if number > 0, hasSpace(before: index) || (token(index - 1)?.nesting ?? 0) > 0 {
        replace(.float, index, by: "-" + tokens[index].text)
      }
    }
  }

  private static let arithmetic = [
    "+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "+=": "-=", "-=": "+=", "*=": "/=",
    "/=": "*=",
  ]
  /// The boundary moved, then the direction turned.
  private static let comparisons = [
    "<": ["<=", ">"], "<=": ["<", ">="], ">": [">=", "<"], ">=": [">", "<="], "==": ["!="],
    "!=": ["=="],
  ]

  private mutating func addOperator(_ index: Int) {
    let text = tokens[index].text
    let stands = isBinary(index) || isArgument(index)
    if let other = Self.arithmetic[text], stands, !isArrayOrText(index - 1),
      !isArrayOrText(index + 1)
    {
      replace(.arithmetic, index, by: other)
      addBound(index)
    } else if let others = Self.comparisons[text], stands {
      for other in others { replace(.comparison, index, by: other) }
    } else if text == "&&" || text == "||", stands {
      replace(.logic, index, by: text == "&&" ? "||" : "&&")
    } else if text == "-" || text == "!", isPrefix(index) {
      add(
        text == "-" ? .sign : .negation, tokens[index].range, "", at: index,
        change: "`\(text)` dropped")
    } else if text == "..<" || text == "..." {
      addRange(index)
    }
  }

  /// `n - 1` is most often the end of something.
  private mutating func addBound(_ index: Int) {
    guard ["+", "-"].contains(tokens[index].text), let one = token(index + 1), one.text == "1",
      !["*", "/", "%"].contains(token(index + 2)?.text ?? "")
    else { return }
    add(
      .bound, tokens[index - 1].range.upperBound..<one.range.upperBound, "", at: index,
      change: "`\(tokens[index].text) 1` dropped")
  }

  /// A range without an end, or of fractions, has no other form.
  private mutating func addRange(_ index: Int) {
    guard let next = token(index + 1), !hasSpace(before: index + 1) || isBinary(index),
      next.nesting >= 0, !next.isMark(",")
    else { return }
    let ends = [token(index - 1), next].compactMap(\.self)
    guard !ends.contains(where: { $0.kind == .number && $0.text.contains(where: ".e".contains) })
    else { return }
    replace(.range, index, by: tokens[index].text == "..<" ? "..." : "..<")
  }

  private mutating func addDrop(_ range: ClosedRange<Int>) {
    let (first, last) = (tokens[range.lowerBound], tokens[range.upperBound])
    let span = first.range.lowerBound..<last.range.upperBound
    let text = String(decoding: bytes[span], as: UTF8.self)
    // As many lines as before, so that what the compiler says of the others keeps its place.
    add(
      .statement, span, String(text.filter(\.isNewline)), at: range.lowerBound,
      change: "`\(Self.short(text))` dropped")
  }

  static func short(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= 40 ? line : line.prefix(39) + "…"
  }
}
