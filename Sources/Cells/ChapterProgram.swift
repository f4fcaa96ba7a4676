import Synchronization
import Transcript

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#else
  @preconcurrency import Darwin
#endif

/// What the program made from a chapter calls around the chapter's own code. Not for chapters.
public enum ChapterProgram {
  private static let began = Mutex(ContinuousClock.now)

  /// Before everything else: sets the limits, and makes sure that nothing outlives the runner.
  public static func start() {
    setvbuf(stdout, nil, _IOLBF, 1 << 16)
    guard Channel.shared.isConnected else { return }
    signal(SIGPIPE, SIG_IGN)
    #if os(Linux)
      dieWithParent()
    #endif
    // Takes the token of the run before any cell could.
    _ = RunToken.current
    limit(RLIMIT_CORE, to: 0)
    #if canImport(Glibc)
      CrashReport.install()
    #endif
    if let bytes = bytes(of: ProgramContract.memoryLimit) {
      limit(RLIMIT_DATA, to: bytes)
      // Shared memory is not private, so the runner watches it; this only stops what is faster than
      // it can look. Stacks of threads and the allocator's reserves, 72 MB for each thread, are
      // counted here although they take no memory.
      limit(RLIMIT_AS, to: 2 * bytes + (4 << 30))
    }
    if let bytes = bytes(of: ProgramContract.fileLimit) { limit(RLIMIT_FSIZE, to: bytes) }
    #if os(Linux) && (arch(x86_64) || arch(arm64))
      SystemCallFilter.install()
    #endif
  }

  /// Before an item's own code.
  public static func begin(_ item: Int) {
    began.withLock { $0 = .now }
    Channel.shared.emit(.began(item: item))
  }

  /// Behind an item's own code.
  public static func end(_ item: Int) {
    ProgressMeter.finishAll()
    let seconds = began.withLock { (ContinuousClock.now - $0) / .seconds(1) }
    if hasLivingChildren { Channel.shared.emit(.leftProcess(item: item)) }
    Channel.shared.emit(.ended(item: item, seconds: seconds))
  }

  /// `{swift} …`
  public static func value(_ item: Int, _ value: some ProseValue) {
    Channel.shared.emit(.value(item: item, text: value.prose))
  }

  /// The expression of `{claim} …`
  public static func claim(_ item: Int, _ value: some RealValue) {
    Channel.shared.emit(.measured(.init(item: item, number: value.number)))
  }

  /// One line of a derivation, on the sample given by its variables' names and values.
  public static func step(
    _ item: Int, _ index: Int, _ sample: [(String, Any)], _ value: some RealValue
  ) {
    let words = sample.map { name, value in
      "\(name) = \((value as? any ProseValue)?.prose ?? "\(value)")"
    }
    Channel.shared.emit(
      .measured(
        .init(
          item: item, index: index, sample: words.joined(separator: ", "), number: value.number)))
  }

  /// Asks without collecting any: that is the cell's business.
  private static var hasLivingChildren: Bool {
    var information = siginfo_t()
    return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == 0
  }

  private static func bytes(of variable: String) -> UInt? {
    getenv(variable).flatMap { UInt(String(cString: $0)) }
  }

  #if canImport(Glibc)
    private static func limit(_ resource: __rlimit_resource, to bytes: UInt) {
      var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
      setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
  #else
    private static func limit(_ resource: Int32, to bytes: UInt) {
      var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
      setrlimit(resource, &limit)
    }
  #endif

  #if os(Linux)
    private static func dieWithParent() {
      typealias Control = @convention(c) (CInt, CUnsignedLong) -> CInt
      guard let symbol = dlsym(nil, "prctl") else { return }
      let setParentDeathSignal: CInt = 1
      _ = unsafeBitCast(symbol, to: Control.self)(setParentDeathSignal, CUnsignedLong(SIGKILL))
    }
  #endif
}
