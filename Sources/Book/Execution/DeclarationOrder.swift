/// Which code of a chapter may read a variable that only a later cell declares.
///
/// Swift accepts this at top level and reads whatever stands in the empty memory, most often 0, so a
/// false claim could hold. Whether a word is such a variable is for the compiler to say: the code
/// before the declaring cell is compiled alone, and must find every name in question. That costs a
/// second compilation, so it is done only where a word of the later cell occurs earlier at all.
struct DeclarationOrder {
  /// The code before one cell, to be compiled without it.
  struct Check: Equatable {
    var cell: Int
    /// Variables that the cell seems to declare and that occur before it.
    var names: Set<String>
  }

  static func checks(of chapter: Chapter) -> [Check] {
    var checks: [Check] = []
    var earlier: Set<String> = []
    for (index, item) in chapter.items.enumerated() {
      if case .cell(let cell) = item {
        guard cell.isRun, !cell.expectsError else { continue }
        let names = variables(declaredIn: cell.source).intersection(earlier)
        if !names.isEmpty { checks.append(Check(cell: index, names: names)) }
      }
      for code in Self.code(of: item) { words(of: code) { earlier.insert($0) } }
    }
    return checks
  }

  private static func code(of item: Chapter.Item) -> [String] {
    switch item {
    case .cell(let cell): [cell.source]
    case .value(let value): [value.expression]
    case .claim(let claim): [claim.expression]
    case .derivation(let derivation):
      derivation.samples.map(\.sequence) + derivation.steps.map(\.expression)
    }
  }

  /// Rather too many than too few: only what is indented inside braces is left out.
  static func variables(declaredIn source: String) -> Set<String> {
    var names: Set<String> = []
    var braces = 0
    for line in statements(of: source) {
      if !line.hasPrefix(" ") && !line.hasPrefix("\t") || braces <= 0 {
        names.formUnion(variables(declaredInLine: line))
      }
      for byte in line.utf8 {
        if byte == UInt8(ascii: "{") { braces += 1 }
        if byte == UInt8(ascii: "}") { braces -= 1 }
      }
    }
    return names
  }

  private static func variables(declaredInLine line: String) -> Set<String> {
    var names: Set<String> = []
    var isDeclaring = false
    // The next word is a name; so is every word of a tuple.
    var isExpected = false
    var isTuple = false
    // Brackets open since the keyword.
    var depth = 0
    pieces(of: line) { piece in
      switch piece {
      case .word("let"), .word("var"):
        (isDeclaring, isExpected, isTuple, depth) = (true, true, false, 0)
      case .word(let word):
        if isExpected || isTuple { names.insert(word) }
        isExpected = false
      case .mark(let mark):
        switch mark {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
          if isExpected, mark == UInt8(ascii: "(") { isTuple = true }
          isExpected = false
          depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
          depth -= 1
          if depth <= 0 { isTuple = false }
        case UInt8(ascii: ","): isExpected = isDeclaring && depth <= 0
        case UInt8(ascii: "="): isTuple = false
        default: break
        }
      }
    }
    return names
  }

  /// Lines, joined where one ends with a comma.
  private static func statements(of source: String) -> [String] {
    var statements: [String] = []
    var isOpen = false
    for line in source.split(whereSeparator: \.isNewline) {
      if isOpen {
        statements[statements.count - 1] += " " + line
      } else {
        statements.append(String(line))
      }
      isOpen = line.utf8.last { $0 != UInt8(ascii: " ") } == UInt8(ascii: ",")
    }
    return statements
  }

  private enum Piece {
    case word(String)
    /// Neither a space nor part of a word.
    case mark(UInt8)
  }

  /// What may be a variable: no comment on a line of its own, and no member after a dot.
  private static func words(of code: String, _ body: (String) -> Void) {
    for line in code.split(whereSeparator: \.isNewline) {
      var marks = (before: UInt8(0), last: UInt8(0))
      let dot = UInt8(ascii: ".")
      if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
      pieces(of: String(line)) { piece in
        switch piece {
        case .word(let word):
          if marks.last != dot || marks.before == dot { body(word) }
          marks = (0, 0)
        case .mark(let mark): marks = (marks.last, mark)
        }
      }
    }
  }

  private static func pieces(of code: String, _ body: (Piece) -> Void) {
    let bytes = Array(code.utf8)
    var index = 0
    while index < bytes.count {
      let start = index
      while index < bytes.count, isWord(bytes[index]) { index += 1 }
      if index > start {
        body(.word(String(decoding: bytes[start..<index], as: UTF8.self)))
      } else {
        if bytes[index] > UInt8(ascii: " "), bytes[index] != UInt8(ascii: "`") {
          body(.mark(bytes[index]))
        }
        index += 1
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
