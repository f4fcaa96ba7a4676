import Kernels

extension Tensor {
  /// The matrix product. Axes before the last two are a batch and broadcast.
  ///
  ///     [32, 128] · [128, 10]        → [32, 10]
  ///     [8, 4, 16, 64] · [64, 5]     → [8, 4, 16, 5]
  ///     [32, 128] · [128]            → [32]
  ///
  /// A vector on the left is a row, on the right a column; the axis it adds is dropped again.
  ///
  /// - Parameters:
  ///   - other: `[…, K, N]`.
  ///   - transposeSelf: take this as `[…, K, M]` and multiply its transpose, without a copy.
  ///   - transposeOther: take `other` as `[…, N, K]` and multiply its transpose, without a copy.
  /// - Returns: `[…, M, N]`.
  /// - Precondition: equal inner sizes, batches that broadcast.
  public func matmul(
    _ other: Tensor, transposeSelf: Bool = false, transposeOther: Bool = false
  ) -> Tensor {
    if rank == 1 {
      let row = reshaped([1, count] as Shape)
      let product = row.matmul(other, transposeOther: transposeOther)
      return other.rank == 1 ? product.reshaped([]) : product.squeezed(axis: -2)
    }
    if other.rank == 1 {
      let column = other.reshaped([other.count, 1] as Shape)
      return matmul(column, transposeSelf: transposeSelf).squeezed(axis: -1)
    }
    let (a, b) = (stopGradient(), other.stopGradient())
    let (ta, tb) = (transposeSelf, transposeOther)
    return Tensor.product(a, ta, b, tb).recorded(
      "matmul", self, other,
      backward: { gradient, node in
        if node.needs(0) {
          let left =
            ta ? Tensor.product(b, tb, gradient, true) : Tensor.product(gradient, false, b, !tb)
          node.add(0, left.summed(to: a.shape))
        }
        if node.needs(1) {
          // A batch times one matrix is one long matrix times that matrix, backwards too.
          let isLong = b.rank == 2 && a.rank > 2 && !ta
          let x = isLong ? a.asMatrix : a
          let g = isLong ? gradient.asMatrix : gradient
          let right = tb ? Tensor.product(g, true, x, ta) : Tensor.product(x, !ta, g, false)
          node.add(1, right.summed(to: b.shape))
        }
      })
  }

  /// The elements as rows of the innermost axis.
  var asMatrix: Tensor {
    let (rows, columns) = shape.rowsAndColumns
    return Tensor(viewing: self, as: [rows, columns])
  }

  /// op(a)·op(b) without a tape; both have at least two axes.
  static func product(_ a: Tensor, _ ta: Bool, _ b: Tensor, _ tb: Bool) -> Tensor {
    if a.rank < 2 || b.rank < 2 { fail("matmul: \(a.shape) × \(b.shape): a number has no rows") }
    let (m, k) = ta ? (a.shape[-1], a.shape[-2]) : (a.shape[-2], a.shape[-1])
    let (depth, n) = tb ? (b.shape[-1], b.shape[-2]) : (b.shape[-2], b.shape[-1])
    if k != depth {
      fail("matmul: \(text(a, ta)) × \(text(b, tb)): inner sizes \(k) and \(depth) differ")
    }
    let aBatch = a.shape.axes(0, a.rank - 2)
    let bBatch = b.shape.axes(0, b.rank - 2)

    // One long matrix times one matrix.
    if bBatch.elementCount == 1 && !ta && bBatch.rank <= aBatch.rank {
      let rows = aBatch.elementCount * m
      var shape = a.shape
      shape[-1] = n
      return Tensor(shape, from: a, b) { c, a, b in
        Product.multiply(
          Kernels.Matrix(a, stride: k), Kernels.Matrix(b, stride: tb ? k : n, isTransposed: tb),
          into: c,
          stride: n, rows: rows, columns: n, depth: k)
      }
    }

    let batch = aBatch.broadcast(with: bBatch, "matmul")
    var shape = batch
    shape.append(m)
    shape.append(n)
    let x = a.repeatedUnlessOne(aBatch, batch, m * k)
    let y = b.repeatedUnlessOne(bBatch, batch, k * n)
    return Tensor(shape, from: x, y) { c, a, b in
      Product.multiplyBatch(
        batch.elementCount, Kernels.Matrix(a, stride: ta ? m : k, isTransposed: ta),
        step: x.count == m * k ? 0 : m * k, Kernels.Matrix(b, stride: tb ? k : n, isTransposed: tb),
        step: y.count == k * n ? 0 : k * n, into: c, stride: n, step: m * n, rows: m, columns: n,
        depth: k)
    }
  }

  /// One matrix is used for the whole batch in place; a batch that must repeat is copied.
  private func repeatedUnlessOne(_ own: Shape, _ batch: Shape, _ size: Int) -> Tensor {
    if own == batch || own.elementCount == 1 { return self }
    var shape = batch
    shape.append(self.shape[-2])
    shape.append(self.shape[-1])
    return broadcast(to: shape)
  }

  private static func text(_ tensor: Tensor, _ isTransposed: Bool) -> String {
    tensor.shape.description + (isTransposed ? "ᵀ" : "")
  }
}
