// The package's only threads: a pool whose workers and caller claim chunks of a region by
// compare-and-swap on one word. In the browser, and after a fork, a region is a plain loop.
//
// Chunks are cut by the shape of the work and never by the number of threads, and a chunk writes
// what no other chunk writes, so every result is bit-identical for any number of threads.

#if hasFeature(Embedded)

  /// Regions run as plain loops: there is one thread.
  public enum Parallel {
    /// Whether there can be one thread only.
    static var isSerial: Bool { true }

    /// How many threads take part in a region.
    public static var threads: Int {
      get { 1 }
      set {}
    }

    /// Runs `body` for 0..<chunks.
    @inline(never)
    public static func run(_ chunks: Int, isLong: Bool = false, _ body: (Int) -> Void) {
      for chunk in 0..<chunks { body(chunk) }
    }
  }

#else

  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Runs regions of chunks on all cores.
  public enum Parallel {
    /// Whether there can be one thread only.
    static var isSerial: Bool { false }

    /// How many threads take part in a region, the caller among them; as many as there are cores
    /// unless set. Results do not depend on it.
    public static var threads: Int {
      get { WorkerPool.shared.threads }
      set { WorkerPool.shared.threads = newValue }
    }

    /// Runs `body` for 0..<chunks, in any order and on any thread, and returns when all are done.
    ///
    /// A region inside a region, or beside one of another thread, runs on its caller alone.
    /// - Parameter isLong: the region takes half a millisecond or more, so that waking a sleeping
    ///   worker (up to a tenth of that) pays at once.
    @inline(never)
    public static func run(_ chunks: Int, isLong: Bool = false, _ body: (Int) -> Void) {
      if chunks == 1 {
        body(0)
        return
      }
      let pool = WorkerPool.shared
      if chunks < 2 || pool.threads < 2 || !pool.run(chunks, isLong: isLong, body) {
        for chunk in 0..<chunks { body(chunk) }
      }
    }
  }

  /// Worker threads and the region they work on.
  private final class WorkerPool: Sendable {
    static let shared = WorkerPool()

    /// The region now open: generation << 48 | chunks << 32 | taken from the back << 16 | taken from
    /// the front. They are in one word, so a worker that comes late can never claim a chunk of a newer
    /// region.
    private let word = Atomic<UInt64>(0)
    /// Chunks that workers have finished in this region.
    private let finished = Atomic<Int>(0)
    /// A region is open; the next caller works alone.
    private let isBusy = Atomic<Bool>(false)
    private let sleeping = Atomic<Int>(0)
    /// Short regions that a sleeping worker has missed since one was last woken.
    private let missed = Atomic<Int>(0)
    /// How many workers are left out, until when, and for how long it was last decided, in nanoseconds.
    private let resting = Atomic<Int>(0)
    private let restUntil = Atomic<Int>(0)
    private let rest = Atomic<Int>(0)
    private let wanted: Atomic<Int>
    private let started = Atomic<Int>(0)
    private let isForked = Atomic<Bool>(false)
    /// The body of the open region; valid for whoever holds a claimed chunk.
    nonisolated(unsafe) private let job: UnsafeMutablePointer<(Int) -> Void>
    nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// How long a worker looks for the next region before it sleeps, in reads of the word: some
    /// 200 microseconds, about twice what waking a sleeping thread costs.
    private static let patience = 80_000

    /// One short region does not pay for waking a worker, but where there were so many, more follow,
    /// and an awake worker goes on to those. A training step of small matrices has hundreds.
    private static let manyMissed = 8

    /// Nanoseconds of work left in a region for which a sleeping worker is woken.
    private static let worthWaking = 150_000

    /// Nanoseconds that a caller waits, beyond twice what a chunk took it, before it takes the worker
    /// for preempted: another program has its core, and it holds a chunk that nobody else can finish.
    private static let lostPatience = 1_000_000

    /// Nanoseconds with one worker fewer after one was preempted. They double as long as it goes on, so
    /// that beside a busy program hardly any time is lost, and soon after it nothing.
    private static let rests = (least: 8_000_000, most: 256_000_000)

    private init() {
      wanted = Atomic(min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), 256))
      job = .allocate(capacity: 1)
      mutex = .allocate(capacity: 1)
      condition = .allocate(capacity: 1)
      job.initialize(to: { _ in })
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(condition, nil)
      // A forked child has this memory but none of the threads: it works alone.
      pthread_atfork(nil, nil, { WorkerPool.shared.isForked.store(true, ordering: .relaxed) })
    }

    var threads: Int {
      get { isForked.load(ordering: .relaxed) ? 1 : wanted.load(ordering: .relaxed) }
      set { wanted.store(min(max(1, newValue), 256), ordering: .relaxed) }
    }

    /// False when the region could not be opened, and nothing was run.
    func run(_ chunks: Int, isLong: Bool, _ body: (Int) -> Void) -> Bool {
      guard chunks < 1 << 16, !isBusy.exchange(true, ordering: .acquiring) else { return false }
      defer { isBusy.store(false, ordering: .releasing) }
      let start = nanoseconds()
      if resting.load(ordering: .relaxed) > 0 {
        if start >= restUntil.load(ordering: .relaxed) {
          resting.store(0, ordering: .relaxed)
        } else if participants < 2 {
          return false
        }
      }
      startWorkers()
      withoutActuallyEscaping(body) { body in
        job.pointee = body
        finished.store(0, ordering: .relaxed)
        let generation = (word.load(ordering: .relaxed) >> 48) &+ 1
        word.store(generation << 48 | UInt64(chunks) << 32, ordering: .sequentiallyConsistent)
        var isSomeoneAsleep = sleeping.load(ordering: .sequentiallyConsistent) > 0
        if isSomeoneAsleep, isLong || isWorthWaking() {
          wakeAll()
          isSomeoneAsleep = false
        }
        var own = 0
        while let chunk = claim(fromBack: false) {
          body(chunk)
          own &+= 1
          // What is left of the region takes as long for each chunk, and that may pay.
          if isSomeoneAsleep,
            (nanoseconds() &- start) / own &* (chunks &- own) > Self.worthWaking
          {
            wakeAll()
            isSomeoneAsleep = false
          }
        }
        // Only chunks that a worker has really begun are waited for.
        var (spins, end) = (0, 0)
        while finished.load(ordering: .acquiring) &+ own < chunks {
          spins &+= 1
          if spins < 2_000 { continue }
          if spins == 2_000 { end = nanoseconds() }
          sched_yield()
        }
        if end > 0 && own > 0 {
          let (chunk, now) = ((end &- start) / own, nanoseconds())
          if now &- end > Self.lostPatience &+ 2 &* chunk { restOneMore(now) }
        }
        job.pointee = { _ in }
      }
      return true
    }

    /// Leaves out one worker more, so that as many threads remain as have a core.
    private func restOneMore(_ now: Int) {
      let last = rest.load(ordering: .relaxed)
      let goesOn = now &- restUntil.load(ordering: .relaxed) < max(Self.rests.least, last)
      let next = goesOn ? min(2 &* last, Self.rests.most) : Self.rests.least
      rest.store(next, ordering: .relaxed)
      restUntil.store(now &+ next, ordering: .relaxed)
      resting.add(1, ordering: .relaxed)
    }

    /// The threads of a region, its caller among them.
    private var participants: Int {
      wanted.load(ordering: .relaxed) &- resting.load(ordering: .relaxed)
    }

    private func isWorthWaking() -> Bool {
      missed.add(1, ordering: .relaxed).newValue >= Self.manyMissed
    }

    private func wakeAll() {
      missed.store(0, ordering: .relaxed)
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }

    private func nanoseconds() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    /// A chunk of the open region, if there is one left.
    ///
    /// The caller takes them from the front and the first worker from the back until they meet. So
    /// each core works on its own half of the rows, region after region, and finds in its cache what
    /// it has written before.
    @inline(__always)
    private func claim(fromBack: Bool) -> Int? {
      var seen = word.load(ordering: .acquiring)
      while Self.hasWork(seen) {
        let (exchanged, original) = word.compareExchange(
          expected: seen, desired: seen &+ (fromBack ? 1 << 16 : 1),
          ordering: .acquiringAndReleasing)
        if exchanged {
          return fromBack
            ? Int(seen >> 32 & 0xffff) &- Int(seen >> 16 & 0xffff) &- 1 : Int(seen & 0xffff)
        }
        seen = original
      }
      return nil
    }

    @inline(__always)
    private static func hasWork(_ word: UInt64) -> Bool {
      (word & 0xffff) &+ (word >> 16 & 0xffff) < word >> 32 & 0xffff
    }

    private func startWorkers() {
      while started.load(ordering: .relaxed) < wanted.load(ordering: .relaxed) - 1 {
        let index = started.add(1, ordering: .relaxed).oldValue
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
          var thread: pthread_t?
        #else
          var thread = pthread_t()
        #endif
        let argument = UnsafeMutableRawPointer(bitPattern: index + 1)
        let status = pthread_create(
          &thread, &attributes,
          { argument in
            WorkerPool.shared.work(Int(bitPattern: argument) - 1)
            return nil
          }, argument)
        pthread_attr_destroy(&attributes)
        if status != 0 {
          // No more threads to be had: stay with those there are.
          started.subtract(1, ordering: .relaxed)
          wanted.store(index + 1, ordering: .relaxed)
        }
      }
    }

    /// The life of worker `index`: claim, work, look again, sleep.
    private func work(_ index: Int) {
      var idle = 0
      while true {
        if index < participants - 1, let chunk = claim(fromBack: index % 2 == 0) {
          perform(chunk)
          finished.add(1, ordering: .releasing)
          idle = 0
          continue
        }
        idle &+= 1
        if idle < Self.patience { continue }
        idle = 0
        pthread_mutex_lock(mutex)
        sleeping.add(1, ordering: .sequentiallyConsistent)
        if !hasWork(index) { pthread_cond_wait(condition, mutex) }
        sleeping.subtract(1, ordering: .relaxed)
        pthread_mutex_unlock(mutex)
      }
    }

    /// Holds the body no longer than the call: the caller may return once the chunk is counted.
    @inline(never)
    private func perform(_ chunk: Int) { job.pointee(chunk) }

    private func hasWork(_ index: Int) -> Bool {
      index < participants - 1
        && Self.hasWork(word.load(ordering: .sequentiallyConsistent))
    }
  }

#endif

extension Parallel {
  /// Cuts 0..<count into pieces of `grain` and runs `body(from, to)` on each.
  @inline(always)
  static func ranges(_ count: Int, grain: Int, isLong: Bool = false, _ body: (Int, Int) -> Void) {
    // A region has fewer than 2^16 chunks. One call of `run`, so that a kernel is compiled once.
    let size = max(grain, (count / 30_000 &+ 15) & ~15)
    run((count &+ size &- 1) / size, isLong: isLong) { chunk in
      body(chunk &* size, min(count, (chunk &+ 1) &* size))
    }
  }
}

/// `total` in parts of about `size`, all but the last alike and a multiple of `unit`.
@inline(always)
func evenParts(_ total: Int, of size: Int, multipleOf unit: Int) -> Int {
  let parts = max(1, (total &+ size &- 1) / size)
  let part = (total &+ parts &- 1) / parts
  return max(unit, (part &+ unit &- 1) / unit &* unit)
}
