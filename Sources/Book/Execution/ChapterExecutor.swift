import Foundation

/// Compiles and runs chapters, or finds the record of a run that still holds. Several chapters may be
/// executed at the same time.
public struct ChapterExecutor: Sendable {
  private let toolchain: Toolchain
  private let store: RecordStore
  /// Absolute.
  private let bookFolder: String
  private let limits: Limits
  private let isOptimized: Bool
  private let cancellation: Cancellation
  /// Run programs in a sandbox, on machines that have one.
  public var usesSandbox = true

  /// - Parameter isOptimized: compile with `-O`: slower to compile, faster to run.
  public init(
    toolchain: Toolchain, store: RecordStore, bookFolder: String, limits: Limits = Limits(),
    isOptimized: Bool = false, cancellation: Cancellation = Cancellation()
  ) {
    self.toolchain = toolchain
    self.store = store
    self.bookFolder = bookFolder
    self.limits = limits
    self.isOptimized = isOptimized
    self.cancellation = cancellation
  }

  /// Whether programs run without network and with a read-only file system on this machine.
  public static var isSandboxed: Bool { Sandbox.current != nil }

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
    let keys = keys(of: chapter)
    let key = keys.compile
    if !force, let compilation = store.compilation(key),
      let log = store.run(key, limits: keys.limits, bookFolder: bookFolder)
    {
      store.touch(key)
      observe(.reused)
      let record = record(of: chapter, compilation, log)
      // It may have run as another chapter with the same program.
      if store.lastRun(of: chapter.path)?.keys != keys {
        try? store.save(
          RecordStore.LastRun(keys: keys, files: files(of: record)), of: chapter.path)
      }
      return record
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
    let key = keys(of: chapter).compile
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
    let keys = keys(of: chapter)
    // As in `record(of:)`: what holds is not run, whichever chapter it was run for.
    if store.compilation(keys.compile) != nil,
      store.run(keys.compile, limits: keys.limits, bookFolder: bookFolder) != nil
    {
      return []
    }
    guard let last = store.lastRun(of: chapter.path) else { return [.neverRan] }
    let reasons =
      keys.differences(from: last.keys)
      + last.files.filter {
        RecordStore.contentKey(of: $0.path, in: bookFolder) != $0.key
      }.map { .fileChanged(path: $0.path) }
    return reasons.isEmpty ? [.recordMissing] : reasons
  }

  private func keys(of chapter: Chapter) -> ExecutionKeys {
    ExecutionKeys(chapter, toolchain: toolchain, isOptimized: isOptimized, limits: limits)
  }

  private func execute(
    _ chapter: Chapter, _ keys: ExecutionKeys, force: Bool, in work: String,
    _ observe: (ExecutionEvent) -> Void
  ) throws(FileFault) -> ExecutionRecord {
    let key = keys.compile
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
    var builder = RecordBuilder(chapter, compilation)
    let runner = Runner(
      bookFolder: bookFolder, limits: limits, sandbox: usesSandbox ? Sandbox.current : nil,
      cancellation: cancellation)
    let timeouts = chapter.items.map { item -> Double? in
      if case .cell(let cell) = item { cell.timeout } else { nil }
    }
    let log = runner.run(program: store.program(key), in: work, timeouts: timeouts) {
      line, output, errors in
      for event in builder.take(line, output: output, errors: errors) { observe(event) }
    }
    let isComplete = builder.isComplete(log)
    let record = builder.finish(log, limits: limits)
    if isComplete {
      let files = files(of: record)
      try store.save(
        log, limits: keys.limits, filesRead: files.map { ($0.path, $0.key) }, key: key)
      try store.save(RecordStore.LastRun(keys: keys, files: files), of: chapter.path)
    }
    observe(.finished)
    return record
  }

  /// What the run read, as it is now.
  private func files(of record: ExecutionRecord) -> [RecordStore.LastRun.File] {
    record.filesRead.map {
      .init(path: $0, key: RecordStore.contentKey(of: $0, in: bookFolder))
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
