import Kernels

extension RandomSource {
  /// Calls `body` with the next `count` numbers of ``nextBits()``, in pieces and on all cores:
  /// where a piece begins, and its numbers.
  ///
  /// A block of the stream is a function of its counter alone, so pieces can be made in any order.
  mutating func draw(
    _ count: Int, _ body: (_ start: Int, _ bits: UnsafeBufferPointer<UInt32>) -> Void
  ) {
    #if hasFeature(Embedded)
      // One at a time, to keep a page small.
      for i in 0..<count {
        withUnsafePointer(to: nextBits()) { body(i, UnsafeBufferPointer(start: $0, count: 1)) }
      }
    #else
      // The numbers begin `skipped` behind the first of block `first`.
      let skipped = used % Philox.blockSize
      let first = skipped == 0 ? counter.0 : counter.0 &- 1
      let (high, key) = (counter.1, key)
      Parallel.blocks(count, of: 4096, isLong: count > 1 << 18) { piece in
        let blocks = (skipped + piece.count + Philox.blockSize - 1) / Philox.blockSize
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: blocks * Philox.blockSize) {
          bits in
          guard let base = bits.baseAddress else { return }
          Philox.fill(
            base, blocks: blocks, low: first &+ UInt64(piece.lowerBound / Philox.blockSize),
            high: high, key: key)
          body(
            piece.lowerBound, UnsafeBufferPointer(start: base + skipped, count: piece.count))
        }
      }
      let end = skipped + count
      counter.0 = first &+ UInt64((end + Philox.blockSize - 1) / Philox.blockSize)
      used = end % Philox.blockSize
      if used == 0 {
        used = Philox.blockSize
      } else {
        block = RandomSource.mix((counter.0 &- 1, high), key)
      }
    #endif
  }
}
