import Foundation
import Transcript

/// Runs the program of one chapter, within its limits, and leaves nothing behind.
struct Runner: Sendable {
  /// Absolute.
  var bookFolder: String
  var limits: Limits
  var sandbox: Sandbox?
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
    guard (try? FileSystem.makeFolder(work)) != nil, let transcript = Pipe(),
      let output = Capture(path: "\(folder)/output"), let errors = Capture(path: "\(folder)/errors")
    else {
      log.ending = .notStarted(reason: "no files can be made in \(folder)")
      return log
    }
    defer { transcript.closeReading() }
    let token = "SSLBOOK_RUN=\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let tasksBefore = ProcessTable.taskCount()
    let start = ContinuousClock.now
    let process: ChildProcess
    do {
      process = try ChildProcess(
        executable: sandbox?.executable ?? program,
        arguments: sandbox.map { $0.arguments(writable: work) + [program] } ?? [],
        environment: environment(work: work, token: token), folder: work,
        output: output.descriptor, errors: errors.descriptor, extra: transcript.writing)
    } catch {
      log.ending = .notStarted(reason: error.reason)
      return log
    }
    transcript.closeWriting()

    var reader = LineReader(limit: limits.outputBytes)
    var watch = Stopwatch(limits: limits, timeouts: timeouts, start: start)
    var violation: RunLog.Ending?
    func take(waitingMilliseconds: Int32) {
      output.readMore()
      errors.readMore()
      transcript.read(into: &reader.pending, waitingMilliseconds: waitingMilliseconds)
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
    while violation == nil, !process.hasEnded() {
      take(waitingMilliseconds: 20)
      violation = watch.violation()
      if cancellation.isCancelled { violation = .cancelled }
      if reader.isOverLimit || output.bytes.count >= limits.outputBytes
        || errors.bytes.count >= limits.outputBytes
      {
        violation = .printedTooMuch(bytes: limits.outputBytes)
      }
      if let before = tasksBefore, let now = ProcessTable.taskCount(),
        now - before > limits.processes,
        ProcessTable.descendants(of: process.pid).count > limits.processes
      {
        violation = .startedTooManyProcesses(count: limits.processes)
      }
    }
    end(process, token: token)
    var count = -1
    while count != reader.total {
      count = reader.total
      take(waitingMilliseconds: 0)
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
    log.errors = errors.bytes
    log.ending =
      violation ?? ending(of: process, output: output.bytes.count, errors: errors.bytes.count)
    return log
  }

  private func environment(work: String, token: String) -> [String: String] {
    let inherited = ProcessInfo.processInfo.environment
    var environment = [
      "PATH": inherited["PATH"] ?? "/usr/bin:/bin", "HOME": work, "TMPDIR": work, "LANG": "C.UTF-8",
      // Otherwise sets and dictionaries have another order every time.
      "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no",
      ProgramContract.descriptor: "3", ProgramContract.bookFolder: bookFolder,
      ProgramContract.memoryLimit: "\(limits.memoryBytes)",
      ProgramContract.outputLimit: "\(limits.outputBytes)",
    ]
    environment["LD_LIBRARY_PATH"] = inherited["LD_LIBRARY_PATH"]
    let variable = token.split(separator: "=")
    environment[String(variable[0])] = String(variable[1])
    return environment
  }

  /// Nothing of the run survives.
  private func end(_ process: ChildProcess, token: String) {
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
      let left = ProcessTable.processes(withVariable: token)
      if left.isEmpty { return }
      for pid in left { kill(pid, SIGKILL) }
      usleep(1000)
    }
  }

  private func ending(of process: ChildProcess, output: Int, errors: Int) -> RunLog.Ending {
    var ending = process.wait()
    // bubblewrap and shells report a signal this way.
    if case .exited(let status) = ending, sandbox != nil, status > 128, status < 128 + 32 {
      ending = .signaled(status - 128)
    }
    switch ending {
    case .exited(0): return .finished
    case .signaled(SIGXFSZ): return .printedTooMuch(bytes: limits.outputBytes)
    case .exited(let status): return .exited(status)
    case .signaled(let signal): return .signaled(signal)
    }
  }
}

/// A regular file that a program prints to: it never makes the program wait, and its size says how
/// much was printed at any moment.
private final class Capture {
  let descriptor: Int32
  private(set) var bytes: [UInt8] = []

  init?(path: String) {
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    unlink(path)
  }

  deinit { close(descriptor) }

  func readMore() {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      while true {
        let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        bytes.append(contentsOf: buffer[..<count])
      }
    }
  }
}

/// Bytes to lines. A line that is no event is the program's own output.
private struct LineReader {
  let limit: Int
  var pending: [UInt8] = []
  private var taken = 0
  private var printed = 0
  private var printedErrors = 0

  init(limit: Int) { self.limit = limit }

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
    guard let line = TranscriptLine(bytes: bytes) else {
      return TranscriptLine(
        .unknown(String(decoding: bytes, as: UTF8.self)), printed: printed,
        printedErrors: printedErrors)
    }
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
