// Memory for the one thread of a page, in a few hundred bytes where a C library's allocator takes
// eleven thousand: blocks are cut from the end of the memory, and kept by size once they are free.

@_extern(c, "llvm.wasm.memory.grow.i32")
private func grow(_ memory: Int32, _ pages: Int32) -> Int32

private typealias Address = UnsafeMutableRawPointer

/// Where the memory begins that nobody has had yet, 16 bytes before a multiple of 64, and its end.
nonisolated(unsafe) private var next = 0
nonisolated(unsafe) private var end = 0

/// The first free block of each size; its first word is the address of the next.
nonisolated(unsafe) private var free: InlineArray<112, Address?> = .init(repeating: nil)

/// Before each block lies the number of its size.
private let header = 16

/// Sizes are 4, 5, 6 or 7 times a power of two; the number of the first that is not below `bytes`.
private func sizeClass(_ bytes: Int) -> Int {
  let units = max(4, (bytes &+ 15) &>> 4)
  let power = Int.bitWidth &- 3 &- units.leadingZeroBitCount
  let step = (units &- 4 &<< power &+ (1 &<< power) &- 1) &>> power
  return power &* 4 &+ step
}

private func byteCount(_ sizeClass: Int) -> Int {
  (4 &+ sizeClass & 3) &<< (sizeClass &>> 2) &* 16
}

/// Called by every allocation of the program. Blocks are aligned to 64 bytes whatever is asked.
@_cdecl("posix_memalign")
public func allocate(
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ bytes: Int
) -> Int32 {
  let kind = sizeClass(bytes)
  if let block = free[kind] {
    free[kind] = block.load(as: Address?.self)
    result.pointee = block
    return 0
  }
  let size = (byteCount(kind) &+ header &+ 63) & ~63
  if next &+ size > end {
    let pages = (size &+ 65_535 &+ 64) &>> 16
    let first = Int(grow(0, Int32(pages)))
    if first < 0 { return 12 }
    if first &<< 16 != end { next = first &<< 16 &+ 64 &- header }
    end = (first &+ pages) &<< 16
  }
  let block = Address(bitPattern: next &+ header)
  block?.storeBytes(of: kind, toByteOffset: -header, as: Int.self)
  result.pointee = block
  next &+= size
  return 0
}

/// Called in place of `free`, a name that Swift keeps for itself: see `--wrap` in scripts/wasm-check.
@_cdecl("__wrap_free")
public func deallocate(_ block: UnsafeMutableRawPointer) {
  let kind = block.load(fromByteOffset: -header, as: Int.self)
  block.storeBytes(of: free[kind], as: Address?.self)
  free[kind] = block
}
