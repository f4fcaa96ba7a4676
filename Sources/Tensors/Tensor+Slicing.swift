extension Tensor {
  /// The part of this tensor where `axis` is in `range`; the axis keeps its place.
  ///
  /// A slice of the outermost axis shares its elements with this tensor, others are copied.
  ///
  /// - Precondition: the range lies within the axis.
  public func slice(_ range: Range<Int>, axis: Int) -> Tensor {
    let position = shape.position(of: axis, "slice")
    if range.lowerBound < 0 || range.upperBound > shape[position] {
      fail(
        "slice: \(range.lowerBound)..<\(range.upperBound) of axis \(axis) is outside \(shape)")
    }
    if range.count == shape[position] { return self }
    let source = shape
    return slicedCopy(range, position).recorded(
      "slice", self,
      backward: { gradient, node in
        let whole = Tensor.zeros(source)
        gradient.write(into: whole, at: range.lowerBound, axis: position)
        node.add(0, whole)
      })
  }

  private func slicedCopy(_ range: Range<Int>, _ axis: Int) -> Tensor {
    let target = shape.replacing(axis, with: range.count)
    let steps = shape.steps
    let start = range.lowerBound * steps[axis]
    if shape.axes(0, axis).elementCount == 1 {
      return Tensor(viewing: self, offset: start, as: target)
    }
    return Tensor(target) { to in
      withPointer { Strided(target, steps: steps).gather(from: $0 + start, to: to) }
    }
  }

  /// Writes this tensor into a part of a new one.
  private func write(into whole: Tensor, at start: Int, axis: Int) {
    let steps = whole.shape.steps
    withPointer {
      Strided(shape, steps: steps).scatter(
        from: $0, to: whole.storage.pointer + start * steps[axis])
    }
  }

  /// Element `index` of the outermost axis, without that axis: a row of a matrix, an image of a
  /// batch. −1 is the last.
  ///
  /// - Precondition: at least one axis, and an element of that index.
  public subscript(index: Int) -> Tensor {
    if rank == 0 { fail("subscript: [] has no axis to take element \(index) of") }
    let position = index < 0 ? index + shape[0] : index
    if position < 0 || position >= shape[0] { fail("subscript: no element \(index) in \(shape)") }
    return slice(position..<(position + 1), axis: 0).reshaped(shape.axes(1, rank))
  }

  /// The elements of the outermost axis in `range`: some rows, the first images.
  ///
  /// - Precondition: at least one axis, and the range lies within it.
  public subscript(range: some RangeExpression<Int>) -> Tensor {
    if rank == 0 { fail("subscript: [] has no axis to take a range of") }
    return slice(range.relative(to: 0..<shape[0]), axis: 0)
  }

  /// A part of the two outermost axes: some rows, and of these some columns.
  ///
  ///     let corner = x[0..<2, 1...]
  ///
  /// - Precondition: at least two axes, and the ranges lie within them.
  public subscript(
    first: some RangeExpression<Int>, second: some RangeExpression<Int>
  ) -> Tensor {
    requireAxes(2)
    return self[first].slice(second.relative(to: 0..<shape[1]), axis: 1)
  }

  /// A part of the three outermost axes.
  ///
  /// - Precondition: at least three axes, and the ranges lie within them.
  public subscript(
    first: some RangeExpression<Int>, second: some RangeExpression<Int>,
    third: some RangeExpression<Int>
  ) -> Tensor {
    requireAxes(3)
    return self[first, second].slice(third.relative(to: 0..<shape[2]), axis: 2)
  }

  /// A part of the four outermost axes.
  ///
  /// - Precondition: at least four axes, and the ranges lie within them.
  public subscript(
    first: some RangeExpression<Int>, second: some RangeExpression<Int>,
    third: some RangeExpression<Int>, fourth: some RangeExpression<Int>
  ) -> Tensor {
    requireAxes(4)
    return self[first, second, third].slice(fourth.relative(to: 0..<shape[3]), axis: 3)
  }

  private func requireAxes(_ ranges: Int) {
    if rank < ranges { fail("subscript: \(ranges) ranges for \(shape)") }
  }

  /// Tensors one after another along an axis they already have.
  ///
  /// - Precondition: at least one tensor, and equal lengths on every other axis.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { fail("concatenate: no tensors") }
    let position = first.shape.position(of: axis, "concatenate")
    var length = 0
    for tensor in tensors {
      if tensor.rank != first.rank
        || tensor.shape.removing(position) != first.shape.removing(position)
      {
        fail("concatenate: \(first.shape) and \(tensor.shape) differ beside axis \(axis)")
      }
      length += tensor.shape[position]
    }
    let result = Tensor(uninitialized: first.shape.replacing(position, with: length))
    var start = 0
    for tensor in tensors {
      tensor.write(into: result, at: start, axis: position)
      start += tensor.shape[position]
    }
    let lengths = tensors.map { $0.shape[position] }
    return result.recorded(
      "concatenate", inputs: tensors,
      backward: { gradient, node in
        var start = 0
        for (index, length) in lengths.enumerated() {
          let part = Node.firstOfList + index
          if node.needs(part) {
            node.add(part, gradient.slicedCopy(start..<(start + length), position))
          }
          start += length
        }
      })
  }

  /// Tensors of one shape side by side along a new axis.
  ///
  /// - Precondition: at least one tensor, all of one shape.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    concatenate(tensors.map { $0.expanded(axis: axis) }, axis: axis)
  }

  /// The tensor cut along an axis into pieces of the given lengths.
  ///
  ///     let parts = qkv.split([C, C, C], axis: -1)
  ///
  /// - Precondition: the lengths add up to the axis.
  public func split(_ lengths: [Int], axis: Int) -> [Tensor] {
    let position = shape.position(of: axis, "split")
    var rest = shape[position]
    for length in lengths where rest >= 0 { rest = length < 0 ? -1 : rest - length }
    if rest != 0 {
      fail("split: lengths \(lengths) do not add up to axis \(axis) of \(shape)")
    }
    var start = 0
    return lengths.map { length in
      start += length
      return slice((start - length)..<start, axis: position)
    }
  }

  /// The tensor with `value` around it on one axis.
  ///
  /// - Parameters:
  ///   - before: elements put before the first.
  ///   - after: elements put behind the last.
  ///   - axis: which axis grows; −1 is the last.
  ///   - value: what the new elements are.
  /// - Precondition: neither count is negative.
  public func padded(before: Int, after: Int, axis: Int, with value: Float = 0) -> Tensor {
    let position = shape.position(of: axis, "padded")
    let length = shape[position]
    let limit = Int(Int32.max)
    if before < 0 || after < 0 || before > limit || after > limit {
      fail("padded: \(shape) by \(before) and \(after)")
    }
    let result = Tensor.full(shape.replacing(position, with: before + length + after), value)
    write(into: result, at: before, axis: position)
    return result.recorded(
      "padded", self,
      backward: { gradient, node in
        node.add(0, gradient.slicedCopy(before..<(before + length), position))
      })
  }
}
