// Working memory of the kernels: blocks that are kept and lent again, so that no kernel pays
// page faults for its packing buffers.

#if !hasFeature(Embedded)
  import Synchronization
#endif

/// Working memory, lent and taken back.
public enum Scratch {
  /// Gives the blocks that nobody uses back to the system.
  public static func trim() {
    #if !hasFeature(Embedded)
      for shelf in 0..<shelves.count { shelves.take(shelf)?.deallocate() }
    #endif
  }

  /// Lends `count` uninitialised floats, 64-byte aligned.
  @inline(always)
  static func floats<R>(_ count: Int, _ body: (MutableFloats) -> R) -> R {
    let block = take(count &* 4)
    defer { give(block) }
    return body((block + header).assumingMemoryBound(to: Float.self))
  }

  /// The capacity stands in front of the block.
  private static let header = 64

  @inline(never)
  private static func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    #if !hasFeature(Embedded)
      for shelf in 0..<shelves.count {
        guard let block = shelves.take(shelf) else { continue }
        let capacity = block.load(as: Int.self)
        if capacity >= bytes && capacity <= max(1 << 18, 16 &* bytes) { return block }
        // Too small, or so large that another will need it: put it back, or let it go when another
        // thread was faster.
        shelves.give(block, shelf)
      }
    #endif
    // Whole 4 KiB pages and a quarter more, so that growing shapes soon stop allocating.
    let capacity = (bytes &+ bytes / 4 &+ 4095) & ~4095
    let block = UnsafeMutableRawPointer.allocate(byteCount: capacity &+ header, alignment: 64)
    block.storeBytes(of: capacity, as: Int.self)
    return block
  }

  @inline(never)
  private static func give(_ block: UnsafeMutableRawPointer) {
    #if hasFeature(Embedded)
      block.deallocate()
    #else
      for shelf in 0..<shelves.count where shelves.put(block, shelf) { return }
      shelves.give(block, 0)
    #endif
  }

  #if !hasFeature(Embedded)
    private static let shelves = Shelves()

    /// A few places where a block can lie; taking and putting are single exchanges.
    private struct Shelves: ~Copyable, Sendable {
      let count = 8
      private let a = Atomic<UInt>(0), b = Atomic<UInt>(0), c = Atomic<UInt>(0)
      private let d = Atomic<UInt>(0), e = Atomic<UInt>(0), f = Atomic<UInt>(0)
      private let g = Atomic<UInt>(0), h = Atomic<UInt>(0)

      private borrowing func swap(_ index: Int, _ value: UInt) -> UInt {
        switch index {
        case 0: a.exchange(value, ordering: .acquiringAndReleasing)
        case 1: b.exchange(value, ordering: .acquiringAndReleasing)
        case 2: c.exchange(value, ordering: .acquiringAndReleasing)
        case 3: d.exchange(value, ordering: .acquiringAndReleasing)
        case 4: e.exchange(value, ordering: .acquiringAndReleasing)
        case 5: f.exchange(value, ordering: .acquiringAndReleasing)
        case 6: g.exchange(value, ordering: .acquiringAndReleasing)
        default: h.exchange(value, ordering: .acquiringAndReleasing)
        }
      }

      borrowing func take(_ index: Int) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: swap(index, 0))
      }

      /// Lays the block down; what lay there is freed.
      borrowing func give(_ block: UnsafeMutableRawPointer, _ index: Int) {
        UnsafeMutableRawPointer(bitPattern: swap(index, UInt(bitPattern: block)))?.deallocate()
      }

      /// Lays the block down if the place is empty.
      borrowing func put(_ block: UnsafeMutableRawPointer, _ index: Int) -> Bool {
        let value = UInt(bitPattern: block)
        func tryPut(_ place: borrowing Atomic<UInt>) -> Bool {
          place.compareExchange(expected: 0, desired: value, ordering: .acquiringAndReleasing)
            .exchanged
        }
        return switch index {
        case 0: tryPut(a)
        case 1: tryPut(b)
        case 2: tryPut(c)
        case 3: tryPut(d)
        case 4: tryPut(e)
        case 5: tryPut(f)
        case 6: tryPut(g)
        default: tryPut(h)
        }
      }
    }
  #endif
}
