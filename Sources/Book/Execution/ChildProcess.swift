import Foundation

/// A process in a session of its own: it has no terminal, and a signal to its group reaches all that
/// stayed in the group.
final class ChildProcess {
  /// How it ended.
  enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
  }

  struct Failure: Error {
    var reason: String
  }

  let pid: pid_t
  private(set) var ending: Ending?

  /// Starts an executable. Standard input is empty; only the given descriptors are inherited.
  ///
  /// - Parameter extra: become descriptors 3, 4 and so on.
  init(
    executable: String, arguments: [String], environment: [String: String], folder: String,
    output: Int32, errors: Int32, extra: [Int32] = []
  ) throws(Failure) {
    #if os(macOS)
      var actions: SpawnActions
      var attributes: posix_spawnattr_t?
    #else
      var actions = SpawnActions()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    for (number, descriptor) in zip(Int32(3)..., extra) {
      posix_spawn_file_actions_adddup2(&actions, descriptor, number)
    }
    PlatformCalls.addFolder(folder, to: &actions)
    PlatformCalls.addClosing(from: Int32(3 + extra.count), to: &actions)
    var flags =
      Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | PlatformCalls.startsSession
    #if os(macOS)
      flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
    #endif
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var argv = ([executable] + arguments).map { strdup($0) }
    argv.append(nil)
    var envp = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    envp.append(nil)
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, executable, &actions, &attributes, argv, envp)
    guard status == 0 else { throw Failure(reason: String(cString: strerror(status))) }
    self.pid = pid
    LiveProcesses.shared.add(pid)
  }

  /// Whether it has ended; collects it.
  func hasEnded() -> Bool { collect(options: WNOHANG) }

  func wait() -> Ending {
    _ = collect(options: 0)
    return ending ?? .exited(0)
  }

  private func collect(options: Int32) -> Bool {
    guard ending == nil else { return true }
    var status: Int32 = 0
    var result: pid_t
    repeat { result = waitpid(pid, &status, options) } while result < 0 && errno == EINTR
    guard result == pid || result < 0 else { return false }
    let signal = status & 0x7f
    ending = signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
    LiveProcesses.shared.remove(pid)
    return true
  }

  /// Kills it and its group, and collects it.
  func kill() {
    guard ending == nil else { return }
    Foundation.kill(-pid, SIGKILL)
    Foundation.kill(pid, SIGKILL)
    _ = wait()
  }

  /// What remains of its group after it ended.
  func killGroup() { Foundation.kill(-pid, SIGKILL) }
}

/// The processes that run now, for the one case in which nobody waits for them any more: the tool
/// itself is told to end.
public final class LiveProcesses: Sendable {
  public static let shared = LiveProcesses()
  private let pids = Guarded<Set<pid_t>>([])

  func add(_ pid: pid_t) { pids.with { _ = $0.insert(pid) } }
  func remove(_ pid: pid_t) { pids.with { _ = $0.remove(pid) } }

  /// Kills every process group that the tool started. Call it before leaving on a signal.
  public func killAll() {
    pids.with { pids in
      for pid in pids {
        for inner in ProcessTable.descendants(of: pid) { kill(inner, SIGKILL) }
        kill(-pid, SIGKILL)
      }
    }
  }
}

/// A program of the machine that is run for what it prints.
enum CommandLineRun {
  struct Result {
    /// Exit status; 128 and more for a signal; nil when it did not start or end in time.
    var status: Int32?
    var output: String
    var isCancelled = false
  }

  /// Standard output and standard error together.
  ///
  /// - Parameter temporaries: the folder for its temporary files; nil for the system's.
  static func output(
    of executable: String, _ arguments: [String], folder: String = "/",
    temporaries: String? = nil, seconds: Double, cancellation: Cancellation? = nil
  ) -> Result {
    var environment = ProcessInfo.processInfo.environment
    if let temporaries { environment["TMPDIR"] = temporaries }
    guard let pipe = Pipe() else { return Result(status: nil, output: "") }
    defer { pipe.closeReading() }
    guard
      let process = try? ChildProcess(
        executable: executable, arguments: arguments, environment: environment, folder: folder,
        output: pipe.writing, errors: pipe.writing)
    else {
      pipe.closeWriting()
      return Result(status: nil, output: "")
    }
    pipe.closeWriting()
    let deadline = ContinuousClock.now + .seconds(seconds)
    var bytes: [UInt8] = []
    while !process.hasEnded() {
      Pipe.wait(for: pipe, milliseconds: 20)
      pipe.read(into: &bytes)
      let isCancelled = cancellation?.isCancelled == true
      if isCancelled || ContinuousClock.now > deadline {
        process.kill()
        return Result(
          status: nil, output: String(decoding: bytes, as: UTF8.self), isCancelled: isCancelled)
      }
    }
    pipe.read(into: &bytes)
    process.killGroup()
    let status =
      switch process.wait() {
      case .exited(let status): status
      case .signaled(let signal): 128 + signal
      }
    return Result(status: status, output: String(decoding: bytes, as: UTF8.self))
  }
}

/// A pipe whose ends no other child inherits.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32
  private(set) var isAtEnd = false

  init?() {
    guard let ends = PlatformCalls.pipe() else { return nil }
    // High numbers, so that no end is overwritten while a child sets up its own 0 to 3.
    reading = fcntl(ends.reading, F_DUPFD_CLOEXEC, 16)
    writing = fcntl(ends.writing, F_DUPFD_CLOEXEC, 16)
    close(ends.reading)
    close(ends.writing)
    guard reading >= 0, writing >= 0 else {
      closeReading()
      closeWriting()
      return nil
    }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// Waits a while for something to be read here, or for something else.
  static func wait(for pipe: Pipe, and others: [pollfd] = [], milliseconds: Int32) {
    // At the end nothing more comes, but the process is still to be waited for.
    let own = pollfd(fd: pipe.isAtEnd ? -1 : pipe.reading, events: Int16(POLLIN), revents: 0)
    var targets = [own] + others
    poll(&targets, nfds_t(targets.count), pipe.isAtEnd ? 1 : milliseconds)
  }

  /// Appends what there is, a megabyte at a time at most.
  func read(into bytes: inout [UInt8]) {
    guard !isAtEnd else { return }
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      for _ in 0..<16 {
        let count = Foundation.read(reading, buffer.baseAddress, buffer.count)
        if count > 0 {
          bytes.append(contentsOf: buffer[..<count])
        } else if count == 0 {
          isAtEnd = true
          return
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
