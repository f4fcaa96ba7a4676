/// The functions, types and operators that a chapter declares at top level, what it adds to types,
/// and the question to the compiler which of them the library or Swift has already: `exp`, `==` or
/// `Array.count` would mean something else in this chapter, and the reader must know.
struct DeclaredNames: Sendable {
  private struct Declaration: Sendable {
    var name: String
    var line: Int
    var column: Int
  }

  private var declarations: [Declaration] = []

  init(_ chapter: Chapter) {
    let called = chapter.items.reduce(into: Set<String>()) { called, item in
      for code in item.code { called.formUnion(CellCode(code).called) }
    }
    for case .cell(let cell) in chapter.items where cell.runs {
      let code = CellCode(cell.source)
      // A variable matters where it is called as a function is: `let exp = { … }`.
      let variables = code.variables.filter { called.contains($0.name) }
      let names = code.declarations + variables.map { ($0.name, $0.place) }
      for (name, place) in names + code.extensionMembers {
        let line = cell.sourcePosition.line + place.line
        declarations.append(Declaration(name: name, line: line, column: place.column))
      }
    }
  }

  var isEmpty: Bool { declarations.isEmpty }

  /// Each name as an expression that the compiler finds or does not find.
  var expressions: [String] {
    declarations.map { declaration in
      let name = declaration.name
      let isWord = name.first.map(Self.isWord) == true && !name.contains(".")
      return isWord ? "`\(name)`" : "(\(name))"
    }
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character == "_"
  }

  /// Mathematics that a chapter gets from C; of C's other names, such as `times`, no reader thinks.
  private static let mathematics: Set = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos",
    "cosh", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "floor", "fma", "fmax", "fmin", "fmod",
    "frexp", "hypot", "ilogb", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "logb", "modf",
    "nearbyint", "pow", "remainder", "rint", "round", "sin", "sinh", "sqrt", "tan", "tanh",
    "tgamma", "trunc",
  ]

  /// Those that the compiler does find: it says of the others that they are not in scope.
  func known(
    _ messages: [CompilerMessage], generated program: Program
  ) -> [(name: String, line: Int, column: Int)] {
    let first = program.source.utf8.count { $0 == UInt8(ascii: "\n") } - declarations.count + 1
    let missing = Set(
      messages.filter { $0.isOfUnknownName }.compactMap { $0.location?.line })
    return declarations.enumerated()
      .filter { !missing.contains(first + $0.offset) || Self.mathematics.contains($0.element.name) }
      .map { ($0.element.name, $0.element.line, $0.element.column) }
  }
}

extension CompilerMessage {
  fileprivate var isOfUnknownName: Bool {
    // `line` and `error` are macros, which nobody calls without a #.
    severity == .error
      && (text.hasPrefix("cannot find ") || text.contains("requires leading '#'")
        || text.contains("has no member"))
  }
}
