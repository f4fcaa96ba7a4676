import Kernels
import Networks
import Tensors
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Times whole training steps through the public API: forward, backward and AdamW, at the sizes of
// benchmarks/torch/workloads.py.
//
//     steps [name …] [--threads N] [--seconds S] [--serve]
//
// One line each: name, least CPU milliseconds of a step, median wall milliseconds, and the most
// memory the process had so far. With --serve, one workload is timed for as many seconds as each
// line of the input says; benchmarks/steps.py asks PyTorch in turn.

main()

@MainActor func main() {
  var names: [String] = []
  var (seconds, serves) = (2.0, false)
  Parallel.threads = 1
  var arguments = CommandLine.arguments.dropFirst()
  while let argument = arguments.popFirst() {
    switch argument {
    case "--threads": Parallel.threads = Int(arguments.popFirst() ?? "") ?? 1
    case "--seconds": seconds = Double(arguments.popFirst() ?? "") ?? 2
    case "--serve": serves = true
    default: names.append(argument)
    }
  }
  if serves, let workload = workloads.first(where: { $0.name == names.first }) {
    print(peakMegabytes())
    fflush(nil)
    let step = workload.make()
    while let line = readLine() {
      let (cpu, wall) = time(step, seconds: Double(line) ?? seconds)
      print(rounded(cpu), rounded(wall), peakMegabytes())
      fflush(nil)
    }
    return
  }
  for workload in workloads where names.isEmpty || names.contains(workload.name) {
    StoragePool.trim()
    let (cpu, wall) = time(workload.make(), seconds: seconds)
    print(
      "\(workload.name) \(rounded(cpu)) ms cpu \(rounded(wall)) ms wall",
      "\(peakMegabytes()) MB")
  }
}

/// The least CPU time and the median wall time of a step, in milliseconds.
func time(_ step: () -> Void, seconds: Double) -> (cpu: Double, wall: Double) {
  step()
  step()
  var (cpu, wall): ([Double], [Double]) = ([], [])
  let end = now(CLOCK_MONOTONIC) + seconds
  while wall.count < 5 || now(CLOCK_MONOTONIC) < end {
    let start = (now(CLOCK_PROCESS_CPUTIME_ID), now(CLOCK_MONOTONIC))
    step()
    cpu.append((now(CLOCK_PROCESS_CPUTIME_ID) - start.0) * 1000)
    wall.append((now(CLOCK_MONOTONIC) - start.1) * 1000)
  }
  return (cpu.min() ?? 0, wall.sorted()[wall.count / 2])
}

func now(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func rounded(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }

/// The most memory the process had, in megabytes.
func peakMegabytes() -> Int {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  // Bytes on Darwin, kilobytes elsewhere.
  #if canImport(Darwin)
    return usage.ru_maxrss / 1_000_000
  #else
    return usage.ru_maxrss / 1000
  #endif
}
