import Foundation

/// What came of compiling a chapter; all places in it move with their items.
struct Compilation: Sendable, Equatable {
  struct Message: Sendable, Equatable {
    var severity: Diagnostic.Severity
    /// nil when it is about the chapter as a whole.
    var place: ChapterMap.Place?
    var text: String
    var hint: String?
  }

  struct Redeclared: Sendable, Equatable {
    var name: String
    var place: ChapterMap.Place
  }

  /// Where the chapter's code stood when it was compiled.
  var map: ChapterMap
  var messages: [Message] = []
  /// What the compiler said about cells that were expected not to compile, by item.
  var expectedErrors: [Int: String] = [:]
  /// Cells expected to fail that compile, and so must stop when they run.
  var stopping: Set<Int> = []
  /// Names that mean something else in the library or in Swift.
  var redeclared: [Redeclared] = []
  /// Variables used before the statement that declares them; counted once all else is known.
  private var earlyUses: [Message] = []
  var seconds = 0.0

  var hasErrors: Bool { messages.contains { $0.severity == .error } }

  init(map: ChapterMap) { self.map = map }

  /// Uses of a marked variable before the statement that declares it.
  fileprivate mutating func note(
    _ messages: [CompilerMessage], of program: Program, in chapter: Chapter,
    before check: DeclarationOrder.Check
  ) {
    guard case .cell(let cell) = chapter.items[check.cell] else { return }
    let line = cell.lineBreaks(before: check.statement)
    let column = cell.column(of: check.statement)
    for message in messages {
      guard let name = message.markedName, check.names.contains(name),
        let place = message.place(in: map, path: chapter.path, generated: program.generated),
        (place.item, place.line, place.column) < (check.cell, line, column)
      else { continue }
      let fault = ExecutionFault.usedTooEarly(name: name, line: cell.sourcePosition.line + line)
      earlyUses.append(
        Message(severity: .error, place: place, text: fault.message, hint: fault.hint))
    }
  }

  /// A place that the program as a whole is wrong about keeps that message.
  fileprivate mutating func addEarlyUses() {
    for use in earlyUses where !messages.contains(where: { $0.place == use.place }) {
      messages.append(use)
    }
    earlyUses = []
  }
}

extension Compilation {
  fileprivate mutating func addRedeclarations() {
    for one in redeclared {
      let fault = ExecutionFault.redeclared(name: one.name)
      messages.append(
        Message(severity: .warning, place: one.place, text: fault.message, hint: fault.hint))
    }
  }
}

/// Calls `swiftc` for a chapter: once for all that runs, and beside it once for each cell that is only
/// to be checked.
struct Compiler: Sendable {
  var toolchain: Toolchain
  var isOptimized = false
  var limits: Limits
  var cancellation: Cancellation

  /// What changes the result, beside the sources and the toolchain.
  static func flags(isOptimized: Bool) -> [String] {
    [
      isOptimized ? "-O" : "-Onone", "-swift-version", "6", "-default-isolation", "MainActor",
      "-module-name", "Chapter", "-no-color-diagnostics", "-diagnostic-style", "llvm",
      // A trap tells its line.
      "-gline-tables-only", "-file-compilation-dir", "/",
    ]
  }

  /// - Parameters:
  ///   - program: where to put the executable.
  ///   - folder: an existing folder for the sources.
  func compile(_ chapter: Chapter, to program: String, in folder: String) -> Compilation {
    let start = ContinuousClock.now
    let map = ChapterMap(chapter)
    let result = Guarded(Compilation(map: map))
    func cells(where isWanted: (Cell) -> Bool) -> [Int] {
      chapter.items.indices.filter {
        if case .cell(let cell) = chapter.items[$0] { isWanted(cell) } else { false }
      }
    }
    // Which of these compile decides what the program holds, so they come first.
    let failing = cells { $0.expectsError }
    inParallel(failing.count, jobs: 4) { number in
      let (source, messages) = check(chapter, cell: failing[number], in: folder)
      result.with { $0.note(expected: messages, of: source, item: failing[number], in: chapter) }
    }
    let checked = cells { !$0.isRun && !$0.expectsError }
    let stopping = result.with { $0.stopping }
    let order = DeclarationOrder.checks(of: chapter)
    let declarations = DeclaredNames(chapter)
    var tasks: [@Sendable () -> Void] = [
      {
        let source = ProgramWriter.program(of: chapter, stopping: stopping)
        let messages = run(source, named: "chapter", arguments: linking(to: program), in: folder)
        result.with { $0.note(messages, of: source, in: chapter) }
      }
    ]
    if !declarations.isEmpty {
      tasks.append {
        let source = ProgramWriter.names(declarations.expressions)
        let messages = run(source, named: "names", arguments: ["-typecheck"], in: folder)
        let known = declarations.known(messages, generated: source)
        result.with { result in
          result.redeclared = known.compactMap { name, line, column in
            map.place(line: line, column: column).map { .init(name: name, place: $0) }
          }
        }
      }
    }
    for item in checked {
      tasks.append {
        let (source, messages) = check(chapter, cell: item, in: folder)
        result.with { $0.note(messages, of: source, in: chapter, about: item) }
      }
    }
    for check in order {
      tasks.append {
        let source = ProgramWriter.program(
          of: chapter, marking: check.cell, offset: check.statement)
        let messages = run(
          source, named: "before-\(check.cell)-\(check.statement)", arguments: ["-typecheck"],
          in: folder)
        result.with { $0.note(messages, of: source, in: chapter, before: check) }
      }
    }
    let queue = tasks
    inParallel(queue.count, jobs: 4) { queue[$0]() }
    return result.with { result in
      result.addEarlyUses()
      result.addRedeclarations()
      result.messages.sort { $0.order < $1.order }
      result.seconds = (ContinuousClock.now - start) / .seconds(1)
      return result
    }
  }

  private func check(
    _ chapter: Chapter, cell: Int, in folder: String
  ) -> (Program, [CompilerMessage]) {
    let source = ProgramWriter.check(of: chapter, cell: cell)
    return (source, run(source, named: "cell-\(cell)", arguments: ["-typecheck"], in: folder))
  }

  private func linking(to program: String) -> [String] {
    var arguments = [
      "-o", program, "-L", toolchain.libraries, "-lChapterRuntime", "-Xlinker", "-rpath",
      "-Xlinker", toolchain.libraries,
    ]
    #if os(Linux)
      if Self.hasFastLinker { arguments.append("-use-ld=lld") }
    #endif
    return arguments
  }

  private static let hasFastLinker = Toolchain.find("ld.lld") != nil

  private func run(
    _ program: Program, named name: String, arguments: [String], in folder: String
  ) -> [CompilerMessage] {
    let file = "\(folder)/\(name).swift"
    do {
      try FileSystem.writeInPlace(Array(program.source.utf8), to: file)
    } catch {
      return [CompilerMessage(CompilerFault.noFolder(reason: error.message))]
    }
    let result = CommandLineRun.output(
      of: toolchain.compiler,
      [file, "-I", toolchain.modules] + Self.flags(isOptimized: isOptimized) + arguments,
      // The compiler may leave its temporary folder behind.
      folder: folder, temporaries: folder, seconds: limits.compileSeconds,
      cancellation: cancellation)
    if result.isCancelled { return [CompilerMessage(CompilerFault.cancelled)] }
    guard let status = result.status else {
      return [CompilerMessage(CompilerFault.timedOut(seconds: limits.compileSeconds))]
    }
    let messages = CompilerMessage.messages(in: result.output)
    if status == 0 { return messages.filter { $0.severity != .error } }
    if messages.contains(where: { $0.severity == .error }) { return messages }
    return messages + [CompilerMessage(CompilerFault.crashed(status: status, said: result.output))]
  }
}

/// What can go wrong with the compiler itself.
package enum CompilerFault: Fault, Equatable {
  case timedOut(seconds: Double)
  case crashed(status: Int32, said: String)
  case noFolder(reason: String)
  case cancelled

  package var message: String {
    switch self {
    case .timedOut(let seconds):
      "the compiler was stopped after \(Seconds.described(seconds)) without a result"
    case .crashed(let status, let said):
      "the compiler failed with status \(status): \(Self.gist(of: said))"
    case .noFolder(let reason): "the chapter's program cannot be written: \(reason)"
    case .cancelled: "interrupted while compiling"
    }
  }

  package var hint: String? {
    switch self {
    case .timedOut: "split long expressions into named parts, and give their types"
    case .crashed: "leave out cells one by one to find the one that does it"
    case .noFolder, .cancelled: nil
    }
  }

  private static func gist(of output: String) -> String {
    let lines = output.split(separator: "\n")
    let line = lines.first { $0.contains("error:") || $0.contains("rror") } ?? lines.first
    return line.map { String($0.prefix(300)) } ?? "it said nothing"
  }
}

extension CompilerMessage {
  fileprivate init(_ fault: CompilerFault) {
    self.init(fatal: fault.message, hint: fault.hint)
  }
}

extension Compilation.Message {
  /// An expression that is wrong in itself has no value that we could use.
  fileprivate func follows(from others: [Compilation.Message]) -> Bool {
    text.hasPrefix("type '()'")
      && others.contains {
        $0.text != text && $0.place?.item == place?.item && $0.place?.part == place?.part
      }
  }

  fileprivate var order: (Int, Int, Int, Int) {
    place.map { ($0.item, $0.part, $0.line, $0.column) } ?? (-1, 0, 0, 0)
  }
}

extension Compilation {
  /// Messages of the program, or of one cell that is only checked.
  fileprivate mutating func note(
    _ messages: [CompilerMessage], of program: Program, in chapter: Chapter,
    about item: Int? = nil
  ) {
    var translated: [Message] = []
    for message in messages {
      let place = message.place(
        in: map, path: chapter.path, generated: program.generated)
      // What is wrong with the code before a checked cell is said about the program.
      if let item, let place, place.item != item { continue }
      // A cell that shows a mistake may be warned about it.
      if message.severity == .warning, let place, stopping.contains(place.item) { continue }
      translated.append(
        Message(
          severity: message.severity == .warning ? .warning : .error, place: place,
          text: message.sentence, hint: message.hint(in: chapter, item: place?.item)))
    }
    // An error outside the chapter's own lines follows from one inside, if there is one, and a warning
    // as often as not from an error.
    let errors = translated.filter { $0.severity == .error && !$0.follows(from: translated) }
    if !errors.isEmpty { translated = errors }
    if errors.contains(where: { $0.place != nil }) { translated.removeAll { $0.place == nil } }
    translated.removeAll { $0.place == nil && $0.severity == .warning }
    self.messages += translated
  }

  /// Messages about a cell that is expected to fail.
  fileprivate mutating func note(
    expected messages: [CompilerMessage], of program: Program, item: Int, in chapter: Chapter
  ) {
    guard case .cell(let cell) = chapter.items[item] else { return }
    let errors = messages.filter { $0.severity == .error }
    let own = errors.filter {
      $0.place(in: map, path: chapter.path, generated: program.generated)?.item == item
    }
    if let first = own.first {
      expectedErrors[item] = first.sentence
    } else if !errors.isEmpty {
      // The code before it is broken, which is said about the program, or the compiler is.
      note(errors.filter { $0.location == nil }, of: program, in: chapter)
    } else if cell.isRun {
      stopping.insert(item)
    } else {
      self.messages.append(
        Message(
          severity: .error, place: map.place(line: cell.sourcePosition.line),
          text: ExecutionFault.compiledUnexpectedly.message,
          hint: ExecutionFault.compiledUnexpectedly.hint))
    }
  }
}
