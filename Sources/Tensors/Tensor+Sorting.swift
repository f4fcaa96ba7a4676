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
    let length = shape[position]
    let order = lines.overLines { line in
      (0..<length).sorted { Tensor.precedes(line, $0, $1, descending: descending) }
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
    let length = shape[-1]
    let indices = overLines { line in
      // What may be among the largest; whenever there are twice as many as asked for, the smaller
      // half goes, and the last that stays is what others must precede.
      var candidates: [Int] = []
      var last: Int?
      func keepLargest() {
        candidates.sort { Tensor.precedes(line, $0, $1, descending: true) }
        if candidates.count > count { candidates.removeLast(candidates.count - count) }
        if candidates.count == count { last = candidates.last }
      }
      for i in 0..<(count == 0 ? 0 : length) {
        if let last, !Tensor.precedes(line, i, last, descending: true) { continue }
        candidates.append(i)
        if candidates.count >= 2 * count + 16 { keepLargest() }
      }
      keepLargest()
      return candidates
    }
    return (reordered(indices), indices)
  }

  /// What `body` finds for each row, given its address; rows are shared out over the cores.
  private func overLines(_ body: (UnsafePointer<Float>) -> [Int]) -> [[Int]] {
    let (rows, columns) = shape.rowsAndColumns
    var result = [[Int]](repeating: [], count: rows)
    withPointer { x in
      result.withUnsafeMutableBufferPointer { result in
        Parallel.blocks(rows, of: 2048 / Swift.max(1, columns), isLong: count > 1 << 15) { block in
          for row in block { result[row] = body(x + row * columns) }
        }
      }
    }
    return result
  }

  /// Whether element `a` of a line stands before element `b` once sorted: NaN comes last, and
  /// equals keep their order.
  @inline(__always)
  private static func precedes(
    _ line: UnsafePointer<Float>, _ a: Int, _ b: Int, descending: Bool
  ) -> Bool {
    let (x, y) = (line[a], line[b])
    if x < y { return !descending }
    if x > y { return descending }
    if x.isNaN != y.isNaN { return y.isNaN }
    return a < b
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
    let size = 16_384 / Swift.max(1, length * inner)
    return Tensor(shape, from: self) { y, x in
      Parallel.blocks(outer, of: size, isLong: count > 1 << 18) { block in
        for o in block {
          let start = o * length * inner
          let (first, step) = backwards ? ((length - 1) * inner, -inner) : (0, inner)
          Tensor.runningSums(
            x + start + first, y + start + first, step: step, length: length, width: inner)
        }
      }
    }
  }

  /// Running sums of `width` neighbouring lines, in double precision: a float sum of many elements
  /// would drift.
  private static func runningSums(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, step: Int, length: Int, width: Int
  ) {
    if width == 1 {
      var sum = 0.0
      for k in 0..<length {
        sum += Double(x[k * step])
        y[k * step] = Float(sum)
      }
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { sums in
      sums.initialize(repeating: 0)
      for k in 0..<length {
        for i in 0..<width {
          sums[i] += Double(x[k * step + i])
          y[k * step + i] = Float(sums[i])
        }
      }
    }
  }
}
