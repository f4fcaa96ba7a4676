import Kernels

#if !hasFeature(Embedded)
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif
#endif

/// What tensors share: the address of their elements, aligned to 64 bytes unless it is a view, and
/// their shape.
///
/// All that a tensor is, apart from its place on a tape, lies behind this one reference, so that
/// passing a tensor costs one count. Blocks are recycled through ``StoragePool``: after the first
/// step of a training loop an allocation is a list pop and no page of memory is touched for the
/// first time.
package final class Storage {
  package let pointer: UnsafeMutablePointer<Float>
  let shape: Shape
  /// Whose block this one looks into; nil when the block is its own.
  private let owner: Storage?
  private let sizeClass: Int

  /// A block for the elements of `shape`, still to be written.
  init(_ shape: Shape) {
    self.shape = shape
    owner = nil
    sizeClass = StoragePool.sizeClass(for: shape.elementCount)
    pointer = StoragePool.take(sizeClass)
  }

  /// The elements of `source` from `offset` on, seen in another shape.
  init(viewing source: Storage, offset: Int, as shape: Shape) {
    self.shape = shape
    owner = source.owner ?? source
    sizeClass = 0
    pointer = source.pointer + offset
  }

  deinit {
    if owner == nil { StoragePool.give(pointer, sizeClass) }
  }

  /// Whether the block is another's: its elements may be seen by others.
  var isView: Bool { owner != nil }
}

// The bytes are written only while their storage has one owner; afterwards they are read.
extension Storage: @unchecked Sendable {}

/// Free blocks by size, four sizes to each power of two.
public enum StoragePool {
  private static let classes = 4 * 48

  private final class State: @unchecked Sendable {
    // A free block's first word is the address of the next free block of its size.
    var heads = State.emptyHeads()
    var freeBytes = 0
    var liveBytes = 0
    /// The largest `liveBytes` since the last look at what is needed, and up to it.
    var peakLiveBytes = 0
    var formerPeak = 0
    var taken = 0
    #if !hasFeature(Embedded)
      let isLocked = Atomic<Bool>(false)
    #endif

    init() {
      #if os(Linux) && arch(x86_64) && !hasFeature(Embedded)
        Processor.check()
      #endif
    }

    static func emptyHeads() -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
      let heads = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(
        capacity: StoragePool.classes)
      heads.initialize(repeating: nil, count: StoragePool.classes)
      return heads
    }

    /// The lock is held for some twenty instructions, never while memory is given back. A `Mutex`
    /// would cost every operation of a tape a quarter more.
    @inline(__always) func lock() {
      #if !hasFeature(Embedded)
        while isLocked.exchange(true, ordering: .acquiring) { waitForLock() }
      #endif
    }

    #if !hasFeature(Embedded)
      /// Lets others run: the thread that has the lock may be waiting for this core.
      @inline(never) private func waitForLock() {
        while isLocked.load(ordering: .relaxed) { sched_yield() }
      }
    #endif

    @inline(__always) func unlock() {
      #if !hasFeature(Embedded)
        isLocked.store(false, ordering: .releasing)
      #endif
    }
  }

  private static let state = State()

  /// The class whose blocks hold `count` floats: a power of two times 4, 5, 6 or 7 quarters.
  static func sizeClass(for count: Int) -> Int {
    let units = (Swift.max(count, 32) &+ 7) &>> 3
    // `power` is the largest power of two not above `units`, which is at least 4.
    let power = Int.bitWidth &- 1 &- units.leadingZeroBitCount
    let quarter = 1 &<< (power &- 2)
    let step = (units &- (1 &<< power) &+ quarter &- 1) &>> (power &- 2)
    return (power &- 2) &* 4 &+ step
  }

  private static func byteCount(_ sizeClass: Int) -> Int {
    (4 &+ sizeClass & 3) &<< (sizeClass &>> 2) &* 32
  }

  static func take(_ sizeClass: Int) -> UnsafeMutablePointer<Float> {
    let bytes = byteCount(sizeClass)
    let state = self.state
    state.lock()
    state.liveBytes &+= bytes
    if state.liveBytes > state.peakLiveBytes { state.peakLiveBytes = state.liveBytes }
    state.taken &+= 1
    // What was needed 65 536 blocks ago, for one huge tensor perhaps, is no longer.
    let isTimeToLook = state.taken & 0xFFFF == 0
    if isTimeToLook {
      (state.formerPeak, state.peakLiveBytes) = (state.peakLiveBytes, state.liveBytes)
    }
    let block = state.heads[sizeClass]
    if let block {
      state.heads[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      state.freeBytes &-= bytes
    }
    let surplus = block == nil || isTimeToLook ? takeSurplus(state) : nil
    state.unlock()
    if let surplus { giveBack(surplus) }
    return (block ?? .allocate(byteCount: bytes, alignment: 64)).assumingMemoryBound(to: Float.self)
  }

  static func give(_ pointer: UnsafeMutablePointer<Float>, _ sizeClass: Int) {
    let bytes = byteCount(sizeClass)
    let block = UnsafeMutableRawPointer(pointer)
    let state = self.state
    state.lock()
    block.storeBytes(of: state.heads[sizeClass], as: UnsafeMutableRawPointer?.self)
    state.heads[sizeClass] = block
    state.freeBytes &+= bytes
    state.liveBytes &-= bytes
    state.unlock()
  }

  /// All free blocks, if there are too many: those of an earlier phase must not pile up beside those
  /// of the present one.
  private static func takeSurplus(
    _ state: State
  ) -> UnsafeMutablePointer<UnsafeMutableRawPointer?>? {
    let peak = Swift.max(state.peakLiveBytes, state.formerPeak)
    guard state.liveBytes &+ state.freeBytes > peak / 2 * 3 &+ (64 &<< 20) else { return nil }
    return takeAll(state)
  }

  private static func takeAll(_ state: State) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    defer { (state.heads, state.freeBytes) = (State.emptyHeads(), 0) }
    return state.heads
  }

  private static func giveBack(_ heads: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
    for sizeClass in 0..<classes {
      while let block = heads[sizeClass] {
        heads[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
        block.deallocate()
      }
    }
    heads.deallocate()
  }

  /// Bytes held by tensors that are alive, and bytes kept for the next ones.
  public static var usage: (liveBytes: Int, freeBytes: Int) {
    let state = self.state
    state.lock()
    defer { state.unlock() }
    return (state.liveBytes, state.freeBytes)
  }

  /// Gives the free blocks, and the kernels' working memory, back to the system, as at the end of a
  /// chapter.
  public static func trim() {
    Scratch.trim()
    let state = self.state
    state.lock()
    let blocks = takeAll(state)
    (state.formerPeak, state.peakLiveBytes) = (0, state.liveBytes)
    state.unlock()
    giveBack(blocks)
  }
}
