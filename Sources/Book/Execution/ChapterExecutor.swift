import Foundation
import Transcript

/// Compiles and runs chapters, or finds the record of a run that still holds. Several chapters may be
/// executed at the same time.
public struct ChapterExecutor: Sendable {
  private let toolchain: Toolchain
  private let store: RecordStore
  private let book: BookFolder
  private let limits: Limits
  private let isOptimized: Bool
  private let cancellation: Cancellation
  private let environment: ExecutionEnvironment
  /// Run programs in a sandbox, on machines that have one.
  public var usesSandbox = true

  /// - Parameter isOptimized: compile with `-O`: slower to compile, faster to run.
  public init(
    toolchain: Toolchain, book: BookFolder, limits: Limits = Limits(), isOptimized: Bool = false,
    cancellation: Cancellation = Cancellation()
  ) {
    self.toolchain = toolchain
    store = RecordStore(book: book)
    self.book = book
    self.limits = limits
    self.isOptimized = isOptimized
    self.cancellation = cancellation
    environment = ExecutionEnvironment(
      toolchain: toolchain, isOptimized: isOptimized, limits: limits)
  }

  /// What runs the chapters of a book on this machine.
  public static func located(
    for book: BookFolder, facts: BookFacts, cancellation: Cancellation = Cancellation()
  ) throws(ToolchainFault) -> ChapterExecutor {
    var limits = Limits()
    limits.cellSeconds = facts.timeout
    let executor = ChapterExecutor(
      toolchain: try Toolchain.locate(cache: book.cache), book: book, limits: limits,
      isOptimized: facts.optimize, cancellation: cancellation)
    executor.store.removeAbandonedWork()
    return executor
  }

  /// The key of what a run of this program showed, if there is one that still holds: the question
  /// whether a chapter has to run, asked without reading the chapter.
  func currentRun(of program: ContentKey, timeouts: String) -> ContentKey? {
    run(of: program, timeouts: timeouts)?.content
  }

  private func run(of program: ContentKey, timeouts: String) -> StoredRun? {
    store.run(environment.compileKey(of: program), limits: limits(timeouts: timeouts))
  }

  private var sandbox: Sandbox? { usesSandbox ? try? Sandbox.current.get() : nil }

  /// What a run is bound by: one that could see the whole machine is no substitute for one that could
  /// not.
  private func limits(timeouts: String) -> String {
    environment.limits(timeouts: timeouts) + (sandbox == nil ? "" : " sandbox")
  }

  /// The record of a chapter, from the store or from a new run.
  ///
  /// - Parameters:
  ///   - force: compile and run in any case.
  ///   - observe: called as things happen, one at a time.
  public func record(
    of chapter: Chapter, force: Bool = false,
    observe: (ExecutionEvent) -> Void = { _ in }
  ) -> ExecutionRecord {
    guard !chapter.items.isEmpty else { return ExecutionRecord(itemCount: 0) }
    let keys = ProgramKeys(chapter)
    if !force, let run = run(of: keys.content, timeouts: keys.timeouts), let log = run.log() {
      store.touch(environment.compileKey(of: keys.content))
      observe(.reused)
      // It may have run as another chapter with the same program.
      let last = LastRun(program: keys, environment: environment, files: run.files)
      if store.lastRun(of: chapter.path) != last { try? store.save(last, of: chapter.path) }
      return record(of: chapter, run.compilation, log)
    }
    do throws(FileFault) {
      let work = try store.makeWorkFolder()
      defer { FileSystem.remove(work) }
      return try execute(chapter, keys, force: force, in: work, observe)
    } catch {
      var record = ExecutionRecord(itemCount: chapter.items.count)
      record.diagnostics = [error.diagnostic(file: chapter.path)]
      return record
    }
  }

  /// What the compiler says of a chapter that is not to run yet.
  ///
  /// - Parameter observe: called when it compiles; what compiled before without an error is known.
  public func compilerFaults(
    of chapter: Chapter, observe: (ExecutionEvent) -> Void = { _ in }
  ) -> [Diagnostic] {
    let key = environment.compileKey(of: ProgramKeys(chapter).content)
    guard !chapter.items.isEmpty, store.compilation(key) == nil else { return [] }
    do throws(FileFault) {
      let work = try store.makeWorkFolder()
      defer { FileSystem.remove(work) }
      observe(.compiling)
      let compilation = compile(chapter, in: work)
      guard !compilation.hasErrors else {
        return record(of: chapter, compilation, RunLog()).diagnostics
      }
      try store.save(compilation, program: "\(work)/program", key: key)
      return []
    } catch {
      return [error.diagnostic(file: chapter.path)]
    }
  }

  private func compile(_ chapter: Chapter, in work: String) -> Compilation {
    Compiler(
      toolchain: toolchain, isOptimized: isOptimized, limits: limits, cancellation: cancellation
    ).compile(chapter, to: "\(work)/program", in: work)
  }

  /// What is not as it was when the chapter last ran to its end; empty when its record holds.
  public func reasons(for chapter: Chapter) -> [ExecutionReason] {
    guard !chapter.items.isEmpty else { return [] }
    let keys = ProgramKeys(chapter)
    if run(of: keys.content, timeouts: keys.timeouts) != nil { return [] }
    guard let last = store.lastRun(of: chapter.path) else { return [.neverRan] }
    let reasons = last.differences(to: keys, environment, in: book)
    return reasons.isEmpty ? [.recordMissing] : reasons
  }

  private func execute(
    _ chapter: Chapter, _ keys: ProgramKeys, force: Bool, in work: String,
    _ observe: (ExecutionEvent) -> Void
  ) throws(FileFault) -> ExecutionRecord {
    let key = environment.compileKey(of: keys.content)
    var compilation: Compilation
    if !force, let known = store.compilation(key) {
      compilation = known
    } else {
      observe(.compiling)
      compilation = compile(chapter, in: work)
      guard !compilation.hasErrors else {
        observe(.finished)
        return record(of: chapter, compilation, RunLog())
      }
      try store.save(compilation, program: "\(work)/program", key: key)
    }
    let (log, isComplete, record) = run(
      chapter, compilation, program: store.program(key), in: work, cancellation, observe)
    if isComplete {
      try store.save(
        log, compilation, limits: limits(timeouts: keys.timeouts), key: key)
      try store.save(
        LastRun(program: keys, environment: environment, files: log.files), of: chapter.path)
    }
    observe(.finished)
    return record
  }

  /// Runs a compiled chapter, and says whether the program did all that the chapter asks.
  private func run(
    _ chapter: Chapter, _ compilation: Compilation, program: String, in work: String,
    _ cancellation: Cancellation, _ observe: (ExecutionEvent) -> Void
  ) -> (log: RunLog, isComplete: Bool, record: ExecutionRecord) {
    var builder = RecordBuilder(chapter, compilation)
    let runner = Runner(
      bookFolder: book.path, limits: limits, sandbox: sandbox,
      libraries: toolchain.runtime + ["\(toolchain.libraries)/\(Toolchain.libraryName)"],
      cancellation: cancellation)
    let timeouts = chapter.items.map { item -> Double? in
      if case .cell(let cell) = item { cell.timeout } else { nil }
    }
    var log = runner.run(program: program, in: work, timeouts: timeouts) { line, output, errors in
      for event in builder.take(line, output: output, errors: errors) { observe(event) }
    }
    let isError = String(decoding: log.errors.suffix(4096), as: UTF8.self)
      .contains(FatalMessage.uncaughtError)
    log.stop = Symbolizer(compiler: toolchain.compiler).place(
      of: isError ? log.frames.thrown : log.frames.stopped, in: program, chapter: chapter.path)
    let isComplete = builder.isComplete(log)
    return (log, isComplete, builder.finish(log, limits: limits))
  }

  // MARK: Falsifying

  /// What the run that holds measured, and the key of its program; nil when no run holds.
  package func measurements(
    of chapter: Chapter
  ) -> (key: String, measured: [Event.Measurement])? {
    let keys = ProgramKeys(chapter)
    guard let run = run(of: keys.content, timeouts: keys.timeouts), let log = run.log() else {
      return nil
    }
    let measured = log.lines.compactMap { line in
      if case .measured(let measurement) = line.event { measurement } else { nil }
    }
    return (environment.compileKey(of: keys.content).description, measured)
  }

  /// What becomes of a chapter with one place made wrong; nil once the work is cancelled. The run ends
  /// with the first false statement and is kept nowhere.
  package func verdict(on mutant: Chapter) throws(FileFault) -> FalsifyReport.Verdict? {
    let work = try store.makeWorkFolder()
    defer { FileSystem.remove(work) }
    let compilation = compile(mutant, in: work)
    guard !cancellation.isCancelled else { return nil }
    guard !compilation.hasErrors else { return .refused }
    let isNoticed = Cancellation(within: cancellation)
    let (log, _, record) = run(
      mutant, compilation, program: "\(work)/program", in: work, isNoticed
    ) { event in
      switch event {
      case .claim(let claim) where !claim.held: isNoticed.cancel()
      case .step(let step) where !step.held: isNoticed.cancel()
      default: break
      }
    }
    guard !cancellation.isCancelled else { return nil }
    if isNoticed.isCancelled { return .falseStatement }
    switch log.ending {
    case .cellTimedOut, .chapterTimedOut: return .timedOut
    default: return record.diagnostics.contains { $0.severity == .error } ? .stopped : .survived
    }
  }

  /// The record from a log that was kept.
  private func record(
    of chapter: Chapter, _ compilation: Compilation, _ log: RunLog
  ) -> ExecutionRecord {
    var builder = RecordBuilder(chapter, compilation)
    for line in log.lines { _ = builder.take(line, output: log.output, errors: log.errors) }
    return builder.finish(log, limits: limits)
  }
}
