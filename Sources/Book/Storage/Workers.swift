import Foundation

/// Runs `body(0)` … `body(count - 1)` on `jobs` threads, in order of their numbers, and waits.
///
/// The threads have large stacks (reserved, not used): the tree of a hostile chapter may be nested
/// ten thousand deep, and walking or freeing it recurses.
func inParallel(_ count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let queue = WorkQueue(count: count)
  let finished = DispatchSemaphore(value: 0)
  let threads = max(1, min(jobs, count))
  for _ in 0..<threads {
    let thread = Thread {
      while let index = queue.next() { autoreleasing { body(index) } }
      finished.signal()
    }
    thread.stackSize = 1 << 29
    thread.start()
  }
  for _ in 0..<threads { finished.wait() }
}

private final class WorkQueue: @unchecked Sendable {
  private let lock = NSLock()
  private let count: Int
  private var index = 0

  init(count: Int) { self.count = count }

  func next() -> Int? {
    lock.withLock {
      guard index < count else { return nil }
      defer { index += 1 }
      return index
    }
  }
}

private func autoreleasing(_ body: () -> Void) {
  #if canImport(ObjectiveC)
    autoreleasepool(invoking: body)
  #else
    body()
  #endif
}

/// A value that several threads change, one at a time.
final class Guarded<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func with<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
