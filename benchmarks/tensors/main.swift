// Answers a driver (benchmarks/tensors.py): for every case name on standard input, one line with
// the name and the least CPU, median CPU and least wall time of a call in microseconds.
//
//     Benchmarks THREADS SECONDS

import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func main() {
  let arguments = CommandLine.arguments
  Parallel.threads = arguments.count > 1 ? Int(arguments[1]) ?? 1 : 1
  let seconds = arguments.count > 2 ? Double(arguments[2]) ?? 0.2 : 0.2
  print("flavour \(Machine.flavour), \(Parallel.threads) threads")
  fflush(nil)
  while let name = readLine() {
    guard let body = kernelCase(name) else {
      print("\(name) unknown")
      fflush(nil)
      continue
    }
    let time = Stopwatch.measure(seconds: seconds, body)
    print("\(name) \(time.least * 1e6) \(time.median * 1e6) \(time.wall * 1e6)")
    fflush(nil)
  }
}

main()
