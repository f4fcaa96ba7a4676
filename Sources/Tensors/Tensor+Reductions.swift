import Kernels

extension Tensor {
  /// The sum over `axes`, 0 over nothing. Accurate for any number of elements: partial sums are
  /// added as a tree.
  ///
  /// - Parameters:
  ///   - axes: the axes to add up; all unless named.
  ///   - keepDims: keep them with length 1, so that the result broadcasts against this tensor.
  public func sum(axes: Axes = .all, keepDims: Bool = false) -> Tensor {
    summed("sum", axes, keepDims) { _ in 1 }
  }

  /// The mean over `axes`; NaN over nothing. See ``sum(axes:keepDims:)``.
  public func mean(axes: Axes = .all, keepDims: Bool = false) -> Tensor {
    summed("mean", axes, keepDims) { 1 / Float($0) }
  }

  private func summed(
    _ operation: StaticString, _ axes: Axes, _ keepDims: Bool, scale: (Int) -> Float
  ) -> Tensor {
    let plan = Reduction(self, axes, keepDims: keepDims, operation)
    let factor = scale(plan.length)
    var result = plan.sums()
    if factor != 1 {
      let sums = result.storage.pointer
      Elementwise.scale(sums, by: factor, sums, count: result.count)
    }
    result = Tensor(viewing: result, as: plan.shape)
    let (source, keptShape) = (shape, plan.keptShape)
    return result.recorded(
      operation, self,
      backward: { gradient, node in
        let scaled = factor == 1 ? gradient : gradient.scaled(by: factor)
        node.add(0, Tensor(viewing: scaled, as: keptShape).broadcast(to: source))
      })
  }

  /// The mean square distance from the mean over `axes`.
  ///
  /// - Parameters:
  ///   - axes: the axes to take together; all unless named.
  ///   - keepDims: keep them with length 1.
  ///   - correction: subtracted from the number of elements before dividing; 1 estimates the
  ///     variance of what the elements were drawn from.
  public func variance(axes: Axes = .all, keepDims: Bool = false, correction: Int = 0) -> Tensor {
    let distance = self - mean(axes: axes, keepDims: true)
    let squares = distance.squared()
    if correction == 0 { return squares.mean(axes: axes, keepDims: keepDims) }
    let sum = squares.sum(axes: axes, keepDims: keepDims)
    let length = sum.count == 0 ? 1 : count / sum.count
    return sum / (Float(length) - Float(correction))
  }

  /// The largest element over `axes`; −∞ over nothing, NaN if one is. Equal elements share the
  /// gradient.
  public func max(axes: Axes = .all, keepDims: Bool = false) -> Tensor {
    extreme("max", axes, keepDims, rows: Reduce.rowMax, columns: Reduce.columnMax)
  }

  /// The smallest element over `axes`; ∞ over nothing, NaN if one is. Equal elements share the
  /// gradient.
  public func min(axes: Axes = .all, keepDims: Bool = false) -> Tensor {
    extreme("min", axes, keepDims, rows: Reduce.rowMin, columns: Reduce.columnMin)
  }

  private func extreme(
    _ operation: StaticString, _ axes: Axes, _ keepDims: Bool,
    rows: (Floats, Int, Int, MutableFloats) -> Void,
    columns: (Floats, Int, Int, MutableFloats) -> Void
  ) -> Tensor {
    let plan = Reduction(self, axes, keepDims: keepDims, operation)
    let result = plan.reduce(rows: rows, columns: columns)
    let (x, extremes, keptShape) = (stopGradient(), result, plan.keptShape)
    return Tensor(viewing: result, as: plan.shape).recorded(
      operation, self,
      backward: { gradient, node in
        let isExtreme = x .== Tensor(viewing: extremes, as: keptShape)
        let sharers = isExtreme.summed(to: keptShape)
        node.add(0, isExtreme * (Tensor(viewing: gradient, as: keptShape) / sharers))
      })
  }

  /// The position of the largest element along an axis, first of equals, for each position on the
  /// other axes in row order.
  ///
  /// - Precondition: the axis is not empty.
  public func argmax(axis: Int = -1) -> [Int] {
    let position = shape.position(of: axis, "argmax")
    if shape[position] == 0 { fail("argmax: axis \(axis) of \(shape) is empty") }
    let rows = stopGradient().movedToInside(position)
    let (count, length) = rows.shape.rowsAndColumns
    var result = [Int](repeating: 0, count: count)
    rows.withPointer { x in
      result.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        Reduce.rowArgmax(x, rows: count, columns: length, base)
      }
    }
    return result
  }

  /// The tensor with one axis moved behind the others.
  func movedToInside(_ axis: Int) -> Tensor {
    axis == rank - 1 ? self : permuted((0..<rank).filter { $0 != axis } + [axis])
  }

  /// The inverse of ``movedToInside(_:)``.
  func movedFromInside(to axis: Int) -> Tensor {
    if axis == rank - 1 { return self }
    return permuted(Array(0..<axis) + [rank - 1] + Array(axis..<(rank - 1)))
  }

  /// The sum over everything that broadcasting from `target` repeated, without a tape.
  package consuming func summed(to target: Shape) -> Tensor {
    if target == shape { return self }
    return summedOver(target)
  }

  private func summedOver(_ target: Shape) -> Tensor {
    var repeated: [Int] = []
    for axis in 0..<rank {
      let own = axis - (rank - target.rank)
      if own < 0 || (target[own] == 1 && shape[axis] != 1) { repeated.append(axis) }
    }
    let plan = Reduction(self, Axes(repeated), keepDims: true, "sum")
    return Tensor(viewing: plan.sums(), as: target)
  }
}

extension Reduction {
  /// The sums of what becomes one, in the shape that keeps the axes.
  func sums() -> Tensor {
    if isAlongRows && keptShape.elementCount == 1 {
      return Tensor(keptShape, from: source) { y, x in y[0] = Reduce.sum(x, count: length) }
    }
    return reduce(rows: Reduce.rowSums, columns: Reduce.columnSums)
  }

  /// One number for what becomes one, by a kernel along rows or one along columns, in the shape that
  /// keeps the axes.
  ///
  /// Axes that lie apart are taken run by run, the innermost first: moving them together would read
  /// and write everything once more.
  func reduce(
    rows: (Floats, Int, Int, MutableFloats) -> Void,
    columns: (Floats, Int, Int, MutableFloats) -> Void
  ) -> Tensor {
    var result = source
    for run in runs.reversed() {
      var shape = result.shape
      let outer = shape.axes(0, run.lowerBound).elementCount
      let length = shape.axes(run.lowerBound, run.upperBound).elementCount
      let inner = shape.axes(run.upperBound, shape.rank).elementCount
      for axis in run { shape[axis] = 1 }
      result = Tensor(shape, from: result) { y, x in
        if inner == 1 {
          rows(x, outer, length, y)
        } else {
          for i in 0..<outer { columns(x + i * length * inner, length, inner, y + i * inner) }
        }
      }
    }
    return result
  }
}
