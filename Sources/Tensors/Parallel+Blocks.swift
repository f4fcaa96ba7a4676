import Kernels

extension Parallel {
  /// Cuts `0..<count` into blocks of at least `size` and calls `body` with each, on all cores.
  ///
  /// - Parameter isLong: the whole takes half a millisecond or more.
  static func blocks(
    _ count: Int, of size: Int, isLong: Bool, _ body: (_ block: Range<Int>) -> Void
  ) {
    // A region has fewer than 2¹⁶ blocks. Sizes are multiples of 16 once there are many.
    let size = max(1, size, (count / 30_000 + 15) & ~15)
    run((count + size - 1) / size, isLong: isLong) { block in
      body(block * size..<min(count, (block + 1) * size))
    }
  }
}
