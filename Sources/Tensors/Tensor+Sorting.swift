import Kernels

extension Tensor {
  /// The elements of each line along an axis in rising order, and where each came from.
  ///
  /// Equal elements keep their order; NaN comes last.
  ///
  /// - Parameters:
  ///   - axis: along which lines; −1 is the last.
  ///   - descending: the largest first, NaN still last.
  /// - Returns: the sorted values, recorded, and for each the position it had, as lines in row
  ///   order of the other axes.
  public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, order: [[Int]]) {
    let position = shape.position(of: axis, "sorted")
    let lines = movedToInside(position)
    let (rows, length) = lines.shape.rowsAndColumns
    let order = lines.withPointer { x in
      (0..<rows).map { row in
        let line = x + row * length
        return (0..<length).sorted { a, b in
          let (x, y) = (line[a], line[b])
          if x == y || (x.isNaN && y.isNaN) { return a < b }
          if x.isNaN || y.isNaN { return y.isNaN }
          return descending ? x > y : x < y
        }
      }
    }
    return (lines.reordered(order).movedFromInside(to: position), order)
  }

  /// The `count` largest elements of each row, largest first, and their positions.
  ///
  /// - Returns: `[…, count]`, recorded, and the positions for each row.
  /// - Precondition: rows of at least `count` elements.
  public func topK(_ count: Int) -> (values: Tensor, indices: [[Int]]) {
    if rank == 0 || count < 0 || count > shape[-1] {
      fail("topK: \(count) of \(shape): rows are shorter")
    }
    let (_, order) = stopGradient().sorted(descending: true)
    let indices = order.map { Array($0.prefix(count)) }
    return (reordered(indices), indices)
  }

  /// Elements of each row by position, `[…, indices[0].count]`.
  private func reordered(_ indices: [[Int]]) -> Tensor {
    let (rows, columns) = shape.rowsAndColumns
    let width = indices.first?.count ?? 0
    var target = shape
    target[-1] = width
    let result = Tensor(target, from: self) { y, x in
      for row in 0..<rows {
        for i in 0..<width { y[row * width + i] = x[row * columns + indices[row][i]] }
      }
    }
    let source = shape
    return result.recorded(
      "reordered", self,
      backward: { gradient, node in
        let whole = Tensor.zeros(source)
        gradient.withPointer { g in
          for row in 0..<rows {
            for i in 0..<width {
              whole.storage.pointer[row * columns + indices[row][i]] += g[row * width + i]
            }
          }
        }
        node.add(0, whole)
      })
  }

  /// Running sums along an axis: each element and all before it, in this tensor's shape.
  public func cumulativeSum(axis: Int = -1) -> Tensor {
    let position = shape.position(of: axis, "cumulativeSum")
    return runningSum(position, backwards: false).recorded(
      "cumulativeSum", self,
      backward: { gradient, node in node.add(0, gradient.runningSum(position, backwards: true)) })
  }

  private func runningSum(_ axis: Int, backwards: Bool) -> Tensor {
    let outer = shape.axes(0, axis).elementCount
    let length = shape[axis]
    let inner = shape.axes(axis + 1, rank).elementCount
    return Tensor(shape, from: self) { y, x in
      for o in 0..<outer {
        for i in 0..<inner {
          // In double precision: a float sum of many elements would drift.
          var sum = 0.0
          for k in 0..<length {
            let position = (o * length + (backwards ? length - 1 - k : k)) * inner + i
            sum += Double(x[position])
            y[position] = Float(sum)
          }
        }
      }
    }
  }
}
