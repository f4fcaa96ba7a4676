import Foundation
import Transcript

/// Runs the program of one chapter, within its limits, and leaves nothing behind.
struct Runner: Sendable {
  /// Absolute.
  var bookFolder: String
  var limits: Limits
  var sandbox: Sandbox?
  /// Files and folders that the program needs, beside the system's libraries.
  var libraries: [String]
  var cancellation: Cancellation

  /// - Parameters:
  ///   - folder: an empty folder for this run alone.
  ///   - timeouts: seconds for each item; nil means the book's default.
  ///   - observe: called for every line, and again and again in between, with what is printed so far.
  func run(
    program: String, in folder: String, timeouts: [Double?],
    observe: (TranscriptLine?, _ output: [UInt8], _ errors: [UInt8]) -> Void
  ) -> RunLog {
    var log = RunLog()
    let work = "\(folder)/work"
    let token = Self.newToken()
    guard (try? FileSystem.makeFolder(work)) != nil, let transcript = Pipe(),
      let requests = FileRequests(book: bookFolder, token: token),
      let output = Capture(path: "\(folder)/output", limit: limits.outputBytes),
      let errors = Capture(path: "\(folder)/errors", limit: limits.outputBytes)
    else {
      log.ending = .notStarted(reason: "no files can be made in \(folder)")
      return log
    }
    defer { transcript.closeReading() }
    let mark = "SSLBOOK_RUN=\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let tasksBefore = ProcessTable.taskCount()
    let start = ContinuousClock.now
    let process: ChildProcess
    do {
      process = try ChildProcess(
        executable: sandbox?.executable ?? program,
        arguments: sandbox?.arguments(
          program: program, libraries: libraries, scratchBytes: limits.fileBytes + (1 << 20)) ?? [],
        environment: environment(scratch: sandbox == nil ? work : Sandbox.scratch, mark: mark),
        folder: work, output: output.descriptor, errors: errors.descriptor,
        extra: [transcript.writing, requests.programEnd])
    } catch {
      log.ending = .notStarted(reason: error.reason)
      return log
    }
    transcript.closeWriting()
    requests.closeProgramEnd()

    var reader = LineReader(limit: limits.outputBytes, token: token)
    var watch = Stopwatch(limits: limits, timeouts: timeouts, start: start)
    var memory = MemoryWatch(limit: limits.memoryBytes, process: process.pid)
    var violation: RunLog.Ending?
    func take() {
      output.readMore()
      errors.readMore()
      transcript.read(into: &reader.pending)
      let lines = reader.lines()
      for line in lines {
        watch.note(line.event)
        log.lines.append(line)
        if output.bytes.count < line.printed { output.readMore() }
        if errors.bytes.count < line.printedErrors { errors.readMore() }
        observe(line, output.bytes, errors.bytes)
      }
      if lines.isEmpty { observe(nil, output.bytes, errors.bytes) }
    }
    func hasPrintedTooMuch() -> Bool {
      reader.isOverLimit || output.isOverLimit || errors.isOverLimit
    }
    while violation == nil, !process.hasEnded() {
      Pipe.wait(for: transcript, and: requests.pollTargets, milliseconds: 20)
      requests.serve()
      take()
      violation = watch.violation()
      if cancellation.isCancelled { violation = .cancelled }
      if hasPrintedTooMuch() { violation = .printedTooMuch(bytes: limits.outputBytes) }
      let tasks = ProcessTable.taskCount()
      if memory.isOverLimit(tasks: tasks) { violation = .neededTooMuchMemory }
      if let before = tasksBefore, let now = tasks,
        now - before > limits.processes,
        ProcessTable.descendants(of: process.pid).count > limits.processes
      {
        violation = .startedTooManyProcesses(count: limits.processes)
      }
    }
    end(process, mark: mark)
    requests.finish()
    var count = -1
    while count != reader.total {
      count = reader.total
      take()
    }
    if violation == nil, hasPrintedTooMuch() {
      violation = .printedTooMuch(bytes: limits.outputBytes)
    }
    // A program that was killed may have been in the middle of an event.
    if violation == nil, process.wait() == .exited(0) {
      for line in reader.lastLine() {
        log.lines.append(line)
        observe(line, output.bytes, errors.bytes)
      }
    }
    log.seconds = (ContinuousClock.now - start) / .seconds(1)
    log.output = output.bytes
    let (said, frames) = StackFrames.split(errors.bytes[...])
    log.errors = Array(said)
    log.frames = frames
    log.files = requests.files
    log.token = token
    log.ending = violation ?? ending(of: process, said: errors.bytes, isSilent: log.lines.isEmpty)
    return log
  }

  private static func newToken() -> String {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    return String(repeating: "0", count: ProgramContract.tokenLength - digits.count) + digits
  }

  // MARK: The environment

  /// What a program may depend on, the same for every run on every machine: it belongs to the key of
  /// a run, as the limits do.
  static let environment = [
    "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC",
    // Otherwise sets and dictionaries have another order every time.
    "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no",
  ]

  /// Nothing is inherited from whoever started the tool.
  private func environment(scratch: String, mark: String) -> [String: String] {
    var environment = Self.environment
    environment["HOME"] = scratch
    environment["TMPDIR"] = scratch
    environment[ProgramContract.descriptor] = "3"
    environment[ProgramContract.requests] = "4"
    environment[ProgramContract.memoryLimit] = "\(limits.memoryBytes)"
    environment[ProgramContract.fileLimit] = "\(limits.fileBytes)"
    let variable = mark.split(separator: "=")
    environment[String(variable[0])] = String(variable[1])
    return environment
  }

  /// Nothing of the run survives.
  private func end(_ process: ChildProcess, mark: String) {
    if !process.hasEnded() {
      for pid in ProcessTable.descendants(of: process.pid) { kill(pid, SIGKILL) }
      // bubblewrap ends when all inside it have; killed itself, it would leave them to end later.
      for _ in 0..<2000 where sandbox != nil && !process.hasEnded() { usleep(1000) }
      process.kill()
    }
    process.killGroup()
    // Without a sandbox a process may have left the group; in one, the kernel may still be ending what
    // was left when bubblewrap itself is gone.
    for _ in 0..<1000 {
      let left = ProcessTable.processes(withVariable: mark)
      if left.isEmpty { return }
      for pid in left { kill(pid, SIGKILL) }
      usleep(1000)
    }
  }

  private func ending(
    of process: ChildProcess, said errors: [UInt8], isSilent: Bool
  ) -> RunLog.Ending {
    var ending = process.wait()
    // bubblewrap and shells report a signal this way.
    if case .exited(let status) = ending, sandbox != nil, status > 128, status < 128 + 32 {
      ending = .signaled(status - 128)
    }
    switch ending {
    case .exited(0): return .finished
    case .signaled(SIGXFSZ): return .wroteTooMuch(bytes: limits.fileBytes)
    // Every item says that it begins: before the first, only bubblewrap and the loader can fail.
    case .exited(let status) where isSilent && !errors.isEmpty:
      let line = String(decoding: errors, as: UTF8.self).split(separator: "\n").first
      return .notStarted(reason: line.map(String.init) ?? "exit status \(status)")
    case .exited(let status): return .exited(status)
    case .signaled(let signal): return .signaled(signal)
    }
  }
}

/// A regular file that a program prints to: it never makes the program wait, and its size says how
/// much was printed at any moment.
private final class Capture {
  let descriptor: Int32
  /// Up to the limit.
  private(set) var bytes: [UInt8] = []
  private(set) var isOverLimit = false
  private let limit: Int

  init?(path: String, limit: Int) {
    self.limit = limit
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    unlink(path)
  }

  deinit { close(descriptor) }

  func readMore() {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      while !isOverLimit {
        let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        isOverLimit = bytes.count + count > limit
        bytes.append(contentsOf: buffer[..<min(count, limit - bytes.count)])
      }
    }
  }
}

/// Bytes to lines. A line that is no event, or that lacks what only the program was told, was written
/// by a cell.
private struct LineReader {
  let limit: Int
  let token: String
  var pending: [UInt8] = []
  private var taken = 0
  private var printed = 0
  private var printedErrors = 0

  init(limit: Int, token: String) {
    self.limit = limit
    self.token = token
  }

  var total: Int { taken + pending.count }
  var isOverLimit: Bool { total > limit }

  mutating func lines() -> [TranscriptLine] {
    guard let last = pending.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let whole = pending[...last]
    let lines = whole.dropLast().split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).map { line(Array($0)) }
    taken += last + 1
    pending.removeSubrange(...last)
    return lines
  }

  mutating func lastLine() -> [TranscriptLine] {
    guard !pending.isEmpty else { return [] }
    defer {
      taken += pending.count
      pending = []
    }
    return [line(pending)]
  }

  private mutating func line(_ bytes: [UInt8]) -> TranscriptLine {
    guard var line = TranscriptLine(bytes: bytes), line.token == token else {
      return TranscriptLine(
        .unknown(String(decoding: bytes, as: UTF8.self)), printed: printed,
        printedErrors: printedErrors)
    }
    line.token = ""
    printed = max(printed, line.printed)
    printedErrors = max(printedErrors, line.printedErrors)
    return line
  }
}

/// How long the current cell and the whole program have run.
private struct Stopwatch {
  let limits: Limits
  let timeouts: [Double?]
  let start: ContinuousClock.Instant
  private var cellStart: ContinuousClock.Instant
  private var item: Int?

  init(limits: Limits, timeouts: [Double?], start: ContinuousClock.Instant) {
    self.limits = limits
    self.timeouts = timeouts
    self.start = start
    cellStart = start
  }

  mutating func note(_ event: Event) {
    switch event {
    case .began(let item):
      self.item = timeouts.indices.contains(item) ? item : nil
      cellStart = .now
    case .ended:
      item = nil
      cellStart = .now
    default: break
    }
  }

  func violation() -> RunLog.Ending? {
    let now = ContinuousClock.now
    let seconds = item.flatMap { timeouts[$0] } ?? limits.cellSeconds
    if now - cellStart > .seconds(seconds) { return .cellTimedOut(seconds: seconds) }
    let longest = timeouts.compactMap(\.self).max() ?? 0
    let total = max(limits.chapterSeconds, longest)
    return now - start > .seconds(total) ? .chapterTimedOut(seconds: total) : nil
  }
}
