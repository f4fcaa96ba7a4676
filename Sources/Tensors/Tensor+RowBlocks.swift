import Kernels

extension Tensor {
  /// A tensor whose rows (elements of the outermost axis) are written block by block, on all cores.
  ///
  /// Blocks are cut by `blockSize` alone, so that the result does not depend on the number of
  /// threads.
  ///
  /// - Parameters:
  ///   - shape: at least one axis.
  ///   - blockSize: rows to a block.
  ///   - body: writes the rows of a range; receives the address of the first element of the first.
  package init(
    _ shape: Shape, blockSize: Int, body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    self.init(uninitialized: shape)
    let rows = shape[0]
    let length = shape.axes(1, shape.rank).elementCount
    let base = storage.pointer
    Parallel.blocks(rows, of: blockSize, isLong: true) { body($0, base + $0.lowerBound * length) }
  }
}
