import Kernels

extension Tensor {
  /// Elements of the outermost axis by index, in the order of `indices`, each as often as named:
  /// embeddings of tokens, images of a batch.
  ///
  /// The gradient adds up what an element received at each of its places.
  ///
  /// - Returns: `[indices.count, …]`.
  /// - Precondition: every index is in the axis.
  public func gather(_ indices: [Int]) -> Tensor {
    let size = outermost("gather", indices)
    var shape = self.shape
    shape[0] = indices.count
    let result = Tensor(shape, from: self) { y, x in
      indices.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        Gather.rows(x, base, count: indices.count, columns: size, y)
      }
    }
    let source = self.shape
    return result.recorded(
      "gather", self,
      backward: { gradient, node in
        node.add(0, Tensor.scattered(gradient, indices, size, into: .zeros(source)))
      })
  }

  /// Rows by index in two axes: tokens `[B][T]` to embeddings `[B, T, …]`.
  ///
  /// - Precondition: all inner lists have one length, every index is in the axis.
  public func gather(_ indices: [[Int]]) -> Tensor {
    let columns = indices.first?.count ?? 0
    for (row, list) in indices.enumerated() where list.count != columns {
      fail("gather: list \(row) has \(list.count) indices, list 0 has \(columns)")
    }
    var target: Shape = [indices.count, columns]
    if rank > 0 { for length in shape.axes(1, rank) { target.append(length) } }
    return gather(Array(indices.joined())).reshaped(target)
  }

  /// This tensor with `values[i]` added to element `indices[i]` of the outermost axis; an index
  /// named twice receives both.
  ///
  /// - Parameters:
  ///   - values: `[indices.count, …]`, inner axes as here.
  ///   - indices: positions on the outermost axis.
  /// - Returns: the shape of this tensor.
  /// - Precondition: as many values as indices, every index in the axis.
  public func scatterAdd(_ values: Tensor, at indices: [Int]) -> Tensor {
    let size = outermost("scatterAdd", indices)
    if values.rank == 0 || values.shape != shape.replacing(0, with: indices.count) {
      fail("scatterAdd: \(values.shape) at \(indices.count) indices of \(shape)")
    }
    let copy = Tensor(shape, from: self) { y, x in y.update(from: x, count: count) }
    let result = Tensor.scattered(values, indices, size, into: copy)
    return result.recorded(
      "scatterAdd", self, values,
      backward: { gradient, node in
        node.add(0, gradient)
        if node.needs(1) { node.add(1, gradient.gather(indices)) }
      })
  }

  private static func scattered(
    _ values: Tensor, _ indices: [Int], _ size: Int, into result: Tensor
  ) -> Tensor {
    let y = result.storage.pointer
    values.withPointer { x in
      indices.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        Gather.addRows(x, base, count: indices.count, columns: size, to: y)
      }
    }
    return result
  }

  /// The number of elements at each position of the outermost axis, once the indices are checked.
  private func outermost(_ operation: StaticString, _ indices: [Int]) -> Int {
    if rank == 0 { fail("\(operation): [] has no axis to index") }
    let length = shape[0]
    for (i, index) in indices.enumerated() where index < 0 || index >= length {
      fail("\(operation): index \(index) at \(i) is not in 0..<\(length) of \(shape)")
    }
    return shape.axes(1, rank).elementCount
  }

  /// One element from each row, `x[i, indices[i]]`: the log-probability of each label.
  ///
  /// - Parameter indices: one position on the last axis for each row.
  /// - Returns: the shape without its last axis.
  /// - Precondition: as many indices as rows, each within the row.
  public func picked(_ indices: [Int]) -> Tensor {
    if rank == 0 { fail("picked: [] has no rows") }
    let (rows, columns) = shape.rowsAndColumns
    if indices.count != rows { fail("picked: \(indices.count) indices for \(shape)") }
    for (row, index) in indices.enumerated() where index < 0 || index >= columns {
      fail("picked: index \(index) at row \(row) is not in 0..<\(columns) of \(shape)")
    }
    let result = Tensor(shape.axes(0, rank - 1), from: self) { y, x in
      for row in 0..<rows { y[row] = x[row * columns + indices[row]] }
    }
    let source = shape
    return result.recorded(
      "picked", self,
      backward: { gradient, node in
        let whole = Tensor.zeros(source)
        gradient.withPointer { g in
          for row in 0..<rows { whole.storage.pointer[row * columns + indices[row]] = g[row] }
        }
        node.add(0, whole)
      })
  }

  /// Per batch element, rows by index: `[B, L, D]` with `[B][K]` gives `[B, K, D]`. What a masked
  /// autoencoder keeps of each image.
  ///
  /// - Precondition: one list of one length for each batch element, every index below L.
  public func gatherRows(_ indices: [[Int]]) -> Tensor {
    requireRank(3, "gatherRows")
    let (batch, length, width) = shape3
    let count = indices.first?.count ?? 0
    if indices.count != batch { fail("gatherRows: \(indices.count) lists for \(shape)") }
    var flat: [Int] = []
    flat.reserveCapacity(batch * count)
    for (b, list) in indices.enumerated() {
      if list.count != count {
        fail("gatherRows: list \(b) has \(list.count) indices, list 0 has \(count)")
      }
      for index in list {
        if index < 0 || index >= length {
          fail("gatherRows: index \(index) in list \(b) is not in 0..<\(length) of \(shape)")
        }
        flat.append(b * length + index)
      }
    }
    return reshaped([batch * length, width] as Shape).gather(flat)
      .reshaped([batch, count, width] as Shape)
  }

  /// The lower triangle of each matrix: elements right of diagonal `diagonal` are 0.
  ///
  /// - Parameter diagonal: 0 keeps the main diagonal, −1 drops it, 1 keeps one more.
  /// - Returns: the shape of this tensor, `[…, rows, columns]`.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    if rank < 2 { fail("lowerTriangle: \(shape) has fewer than two axes") }
    return triangle(diagonal).recorded(
      "lowerTriangle", self,
      backward: { gradient, node in node.add(0, gradient.triangle(diagonal)) })
  }

  private func triangle(_ diagonal: Int) -> Tensor {
    let (rows, columns) = (shape[-2], shape[-1])
    return Tensor(shape, from: self) { y, x in
      for row in 0..<(columns == 0 ? 0 : count / columns) {
        // A diagonal beyond the matrix keeps all of it or nothing.
        let kept = Swift.min(
          columns, Swift.max(0, row % rows + 1 + Swift.max(-rows, Swift.min(columns, diagonal))))
        let start = row * columns
        (y + start).update(from: x + start, count: kept)
        (y + start + kept).update(repeating: 0, count: columns - kept)
      }
    }
  }
}
