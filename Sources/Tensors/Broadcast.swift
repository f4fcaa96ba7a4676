import Kernels

/// How two operands cover their result, seen as rows × columns.
///
/// The cases that occur — equal shapes, a number, a row for every row, a column for every column —
/// are read in place; any other is copied to the result's shape first.
struct Broadcast {
  let shape: Shape
  let a: Tensor
  let b: Tensor
  var aStretch = Stretch.none
  var bStretch = Stretch.none
  var rows = 1
  var columns: Int

  init(_ a: Tensor, _ b: Tensor, _ operation: StaticString) {
    if a.shape == b.shape {
      (shape, self.a, self.b, columns) = (a.shape, a, b, a.count)
      return
    }
    let shape = a.shape.broadcast(with: b.shape, operation)
    self.shape = shape
    columns = shape.elementCount
    let split = a.shape.split(in: shape) ?? b.shape.split(in: shape)
    if let split, let x = a.shape.stretch(in: shape, split),
      let y = b.shape.stretch(in: shape, split)
    {
      (self.a, self.b, aStretch, bStretch, rows, columns) = (a, b, x, y, split.rows, split.columns)
    } else {
      self.a = a.stopGradient().broadcast(to: shape)
      self.b = b.stopGradient().broadcast(to: shape)
    }
  }
}

extension Shape {
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
    if elementCount == result.elementCount { return Stretch.none }
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
