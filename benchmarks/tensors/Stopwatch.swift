// CPU time of this process, which other processes on the machine disturb least.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum Stopwatch {
  /// Seconds of CPU time used by all threads of this process.
  static var processTime: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
  static var wallTime: Double { seconds(CLOCK_MONOTONIC) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Calls `body` for about `seconds` and returns the least CPU, the median CPU and the least wall
  /// time of one call.
  @inline(never)
  static func measure(seconds: Double, _ body: () -> Void) -> (
    least: Double, median: Double, wall: Double
  ) {
    body()
    let start = wallTime
    body()
    let calls = max(1, Int(0.002 / max(1e-8, wallTime - start)))
    var (cpu, wall): ([Double], [Double]) = ([], [])
    let end = wallTime + seconds
    while wallTime < end || cpu.count < 5 {
      let (c, w) = (processTime, wallTime)
      for _ in 0..<calls { body() }
      cpu.append((processTime - c) / Double(calls))
      wall.append((wallTime - w) / Double(calls))
    }
    cpu.sort()
    return (cpu[0], cpu[cpu.count / 2], wall.min() ?? 0)
  }
}
