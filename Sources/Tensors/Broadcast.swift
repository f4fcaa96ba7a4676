import Kernels

/// How two operands fill their result: blocks of rows × columns, in each of which an operand is
/// read in place as all of it, a row for every row, a column for every column, or a number.
///
/// Most pairs are one block. Where an axis in the middle repeats, each position on the axes up to
/// it is a block.
struct Broadcast {
  /// A function of two buffers, either of which may be stretched over the result.
  typealias Kernel = (
    Floats, Stretch, Floats, Stretch, MutableFloats, _ rows: Int, _ columns: Int
  ) -> Void

  private let shape: Shape
  private let block: Block
  /// The axes whose positions are the blocks, and how far apart blocks are in each buffer.
  private var outer: Shape = []
  private var aSteps: [Int] = []
  private var bSteps: [Int] = []
  private var steps: [Int] = []

  init(_ a: Shape, _ b: Shape, _ operation: StaticString) {
    shape = a.broadcast(with: b, operation)
    if let whole = Block(a, b, in: shape) {
      block = whole
      return
    }
    aSteps = a.steps(broadcastTo: shape)
    bSteps = b.steps(broadcastTo: shape)
    steps = shape.steps
    // One number at the latest is a block that can be read in place.
    var found: Block?
    while found == nil {
      outer.append(shape[outer.rank])
      found = Block(
        a.inner(shape.rank - outer.rank), b.inner(shape.rank - outer.rank),
        in: shape.inner(shape.rank - outer.rank))
    }
    block = found ?? Block(rows: 1, columns: 1)
  }

  /// The tensor whose elements `kernel` computes from those of `a` and `b`.
  func combine(_ a: Tensor, _ b: Tensor, _ kernel: Kernel) -> Tensor {
    Tensor(shape, from: a, b) { y, a, b in run(0, a, b, y, kernel) }
  }

  private func run(_ axis: Int, _ a: Floats, _ b: Floats, _ y: MutableFloats, _ kernel: Kernel) {
    if axis == outer.rank {
      return kernel(a, block.a, b, block.b, y, block.rows, block.columns)
    }
    for i in 0..<outer[axis] {
      run(axis + 1, a + i * aSteps[axis], b + i * bSteps[axis], y + i * steps[axis], kernel)
    }
  }
}

/// How two operands cover one block of their result.
private struct Block {
  var a = Stretch.none
  var b = Stretch.none
  let rows: Int
  let columns: Int

  init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }

  /// Nil if an operand is none of the four forms.
  init?(_ a: Shape, _ b: Shape, in result: Shape) {
    let split = a.split(in: result) ?? b.split(in: result) ?? (1, result.elementCount)
    (rows, columns) = split
    guard let x = a.stretch(in: result, split), let y = b.stretch(in: result, split) else {
      return nil
    }
    (self.a, self.b) = (x, y)
  }
}

extension Shape {
  /// The innermost axes, `count` of them or all there are.
  fileprivate func inner(_ count: Int) -> Shape { axes(Swift.max(0, rank - count), rank) }

  /// The rows × columns of `result` in which this shape is a row or a column; nil when it is
  /// neither, or needs no split.
  fileprivate func split(in result: Shape) -> (rows: Int, columns: Int)? {
    if self == result || elementCount <= 1 || result.elementCount == 0 { return nil }
    let rest = result.elementCount / elementCount
    if isRow(of: result) { return (rest, elementCount) }
    if isColumn(of: result) { return (elementCount, rest) }
    return nil
  }

  fileprivate func stretch(in result: Shape, _ split: (rows: Int, columns: Int)) -> Stretch? {
    if elementCount == result.elementCount || result.elementCount == 0 { return Stretch.none }
    if elementCount == 1 { return .overAll }
    if elementCount == split.columns && isRow(of: result) { return .overRows }
    if elementCount == split.rows && isColumn(of: result) { return .overColumns }
    return nil
  }

  /// Whether the shape is `result`'s inner axes, outer ones being absent or 1.
  private func isRow(of result: Shape) -> Bool {
    var axis = rank - 1
    let shift = result.rank - rank
    while axis >= 0 && self[axis] == result[axis + shift] { axis -= 1 }
    while axis >= 0 && self[axis] == 1 { axis -= 1 }
    return axis < 0
  }

  /// Whether the shape is `result`'s outer axes, inner ones being 1.
  private func isColumn(of result: Shape) -> Bool {
    if rank != result.rank { return false }
    var axis = 0
    while axis < rank && self[axis] == result[axis] { axis += 1 }
    while axis < rank && self[axis] == 1 { axis += 1 }
    return axis == rank
  }
}
