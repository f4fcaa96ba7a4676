import Foundation
import Kernels
import Synchronization
import Testing

/// Runs `body` with a number of threads, then sets the number back. One test at a time.
func withThreads<R>(_ threads: Int, _ body: () -> R) -> R {
  threadsLock.withLock { _ in
    let before = Parallel.threads
    Parallel.threads = threads
    defer { Parallel.threads = before }
    return body()
  }
}

private let threadsLock = Mutex(())

@Suite("The worker pool")
struct ParallelTests {
  @Test("runs every chunk exactly once, whatever the number of chunks and threads")
  func everyChunkOnce() {
    for threads in [1, 2, 4] {
      withThreads(threads) {
        for chunks in [0, 1, 2, 3, 17, 1000] {
          for _ in 0..<20 {
            let counts = UnsafeMutablePointer<Int>.allocate(capacity: chunks + 1)
            counts.initialize(repeating: 0, count: chunks + 1)
            Parallel.run(chunks, isLong: chunks == 17) { counts[$0] += 1 }
            #expect((0..<chunks).allSatisfy { counts[$0] == 1 })
            counts.deallocate()
          }
        }
      }
    }
  }

  @Test("runs a region inside a region on its caller")
  func nested() {
    withThreads(3) {
      let sum = Atomic<Int>(0)
      Parallel.run(8) { outer in
        Parallel.run(5) { inner in sum.add(outer * 5 + inner, ordering: .relaxed) }
      }
      #expect(sum.load(ordering: .relaxed) == (0..<40).reduce(0, +))
    }
  }

  @Test("survives many short regions from several threads at once")
  func manyCallers() async {
    let total = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var runs = 0
          for _ in 0..<2_000 {
            let sum = Atomic<Int>(0)
            Parallel.run(7) { sum.add($0, ordering: .relaxed) }
            if sum.load(ordering: .relaxed) == 21 { runs += 1 }
          }
          return runs
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == 8_000)
  }

  @Test(
    "a worker that another program keeps from working is left out for a while, then asked again")
  func preempted() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 2
      let caller = pthread_self()
      /// Whether the worker took part in a region whose caller gives it five milliseconds to come; it
      /// keeps its chunk for `microseconds`.
      func isShared(keeping microseconds: UInt32) -> Bool {
        let hasCome = Atomic<Bool>(false)
        let begin = Date()
        Parallel.run(8, isLong: true) { _ in
          if pthread_equal(pthread_self(), caller) != 0 {
            while !hasCome.load(ordering: .relaxed), Date().timeIntervalSince(begin) < 0.005 {}
          } else {
            hasCome.store(true, ordering: .relaxed)
            usleep(microseconds)
          }
        }
        return hasCome.load(ordering: .relaxed)
      }
      // Where this process itself is kept waiting, the pause may have passed: once in many is enough.
      let isLeftOut = (0..<50).contains { _ in
        isShared(keeping: 30_000) && !isShared(keeping: 0)
      }
      #expect(isLeftOut)
      #expect((0..<1_000).contains { _ in isShared(keeping: 0) })
    }
  }

  @Test("a forked child, which has none of the threads, works alone")
  func forked() async {
    await #expect(processExitsWith: .success) {
      func total() -> Int {
        var parts = [Int](repeating: 0, count: 1000)
        parts.withUnsafeMutableBufferPointer { parts in
          Parallel.run(1000, isLong: true) { parts[$0] = $0 }
        }
        return parts.reduce(0, +)
      }
      Parallel.threads = 2
      let before = total()
      // Swift hides `fork`; a program that loads this library may call it all the same.
      let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "fork"))
      let child = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
      if child == 0 {
        // One that waits for a thread it does not have is ended.
        alarm(20)
        _exit(total() == before && Parallel.threads == 1 ? 0 : 1)
      }
      var status: Int32 = -1
      waitpid(child, &status, 0)
      #expect(status == 0)
      #expect(total() == before && Parallel.threads == 2)
    }
  }
}
