import Kernels

// Small dense linear algebra: square systems, factorisations and spectra, computed in double
// precision and rounded once.

extension Tensor {
  private func requireSquare(_ operation: StaticString) {
    if rank != 2 || shape[0] != shape[1] { fail("\(operation): \(shape) is not a square matrix") }
  }

  /// The lower triangle L with L·Lᵀ equal to this symmetric positive definite matrix, `[n, n]`.
  ///
  /// Only the lower triangle is read. The gradient is symmetric.
  ///
  /// - Precondition: a square matrix, positive definite; stops with the row that is not.
  /// - Source: the gradient, Murray 2016, "Differentiation of the Cholesky decomposition".
  public func cholesky() -> Tensor {
    requireSquare("cholesky")
    let (l, failedRow) = DoubleMatrix(self).cholesky()
    if let failedRow { fail("cholesky: \(shape) is not positive definite at row \(failedRow)") }
    return l.tensor.recorded(
      "cholesky", self,
      backward: { gradient, node in
        // Ā = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, made symmetric; Φ keeps the lower triangle and half the diagonal.
        var phi = l.transposed * DoubleMatrix(gradient)
        for i in 0..<l.rows {
          for j in 0..<l.rows { phi[i, j] *= i > j ? 1 : i == j ? 0.5 : 0 }
        }
        let lower = l.transposed
        guard let left = lower.solve(phi), let full = lower.solve(left.transposed) else { return }
        var result = DoubleMatrix(rows: l.rows, columns: l.rows)
        for i in 0..<l.rows {
          for j in 0..<l.rows { result[i, j] = (full[i, j] + full[j, i]) / 2 }
        }
        node.add(0, result.tensor)
      })
  }

  /// The X with `self`·X = `b`.
  ///
  /// - Parameter b: `[n, m]`, or a vector `[n]`.
  /// - Returns: of `b`'s shape.
  /// - Precondition: this is `[n, n]` and not singular.
  public func solve(_ b: Tensor) -> Tensor {
    requireSquare("solve")
    if b.rank == 1 { return solve(b.reshaped([b.count, 1])).reshaped(b.shape) }
    if b.rank != 2 || b.shape[0] != shape[0] {
      fail("solve: \(shape) and \(b.shape): \(shape[0]) equations need as many rows")
    }
    let a = DoubleMatrix(self)
    guard let x = a.solve(DoubleMatrix(b)) else { fail("solve: \(shape) is singular") }
    return x.tensor.recorded(
      "solve", self, b,
      backward: { gradient, node in
        guard let right = a.transposed.solve(DoubleMatrix(gradient)) else { return }
        node.add(1, right.tensor)
        if node.needs(0) {
          var left = right * x.transposed
          for i in left.values.indices { left.values[i] = -left.values[i] }
          node.add(0, left.tensor)
        }
      })
  }

  /// The inverse of a square matrix. To solve equations, ``solve(_:)`` is more accurate.
  ///
  /// - Precondition: `[n, n]`, not singular.
  public func inverse() -> Tensor {
    requireSquare("inverse")
    return solve(.identity(shape[0]))
  }

  /// ln |det A| of a square matrix, shape `[]`; −∞ if it is singular.
  public func logDeterminant() -> Tensor {
    requireSquare("logDeterminant")
    let a = DoubleMatrix(self)
    let (lu, _, _) = a.triangles()
    var sum = 0.0
    for i in 0..<a.rows {
      let pivot = lu[i, i].magnitude
      sum += pivot == 0 ? -.infinity : pivot.isFinite ? naturalLogarithm(pivot) : pivot
    }
    return Tensor(Float(sum)).recorded(
      "logDeterminant", self,
      backward: { gradient, node in
        let inverse = a.transposed.solve(.identity(a.rows))
        var result = inverse ?? DoubleMatrix(rows: a.rows, columns: a.rows)
        for i in result.values.indices {
          result.values[i] = inverse == nil ? .nan : result.values[i] * Double(gradient.scalar)
        }
        node.add(0, result.tensor)
      })
  }

  /// The eigenvalues of a symmetric matrix in rising order, `[n]`, and the eigenvectors as the
  /// columns of `vectors`, `[n, n]`, each with its largest component positive.
  ///
  /// Gradients flow through the values, not the vectors. The upper triangle is taken to mirror the
  /// lower.
  ///
  /// - Precondition: a square matrix.
  public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
    requireSquare("symmetricEigen")
    var a = DoubleMatrix(self)
    for i in 0..<a.rows { for j in 0..<i { a[j, i] = a[i, j] } }
    let (values, vectors) = a.symmetricEigen()
    let result = Tensor(values).recorded(
      "symmetricEigen", self,
      backward: { gradient, node in
        // dλ = vᵀ dA v
        var scaled = vectors
        let g = [Double](gradient)
        for i in 0..<scaled.rows { for j in 0..<scaled.rows { scaled[i, j] *= g[j] } }
        node.add(0, (scaled * vectors.transposed).tensor)
      })
    return (result, vectors.tensor)
  }

  /// U `[m, k]`, the singular values in falling order `[k]`, and V `[n, k]` with
  /// A = U·diag(s)·Vᵀ and k = min(m, n).
  ///
  /// Gradients flow through the values, not through U and V.
  ///
  /// - Precondition: a matrix.
  public func singularValueDecomposition() -> (u: Tensor, values: Tensor, v: Tensor) {
    requireRank(2, "singularValueDecomposition")
    let isTall = shape[0] >= shape[1]
    let a = DoubleMatrix(self)
    let found = (isTall ? a : a.transposed).singularValues()
    let (u, v) = isTall ? (found.u, found.v) : (found.v, found.u)
    let values = Tensor(found.values).recorded(
      "singularValueDecomposition", self,
      backward: { gradient, node in
        // ds = uᵀ dA v
        var scaled = u
        let g = [Double](gradient)
        for i in 0..<u.rows { for j in 0..<u.columns { scaled[i, j] *= g[j] } }
        node.add(0, (scaled * v.transposed).tensor)
      })
    return (u.tensor, values, v.tensor)
  }

  /// The sum of the diagonal of a square matrix, shape `[]`.
  public func trace() -> Tensor {
    requireSquare("trace")
    return diagonal().sum()
  }

  /// The diagonal of a matrix, `[min(m, n)]`.
  public func diagonal() -> Tensor {
    requireRank(2, "diagonal")
    let (rows, columns) = shape2
    let length = Swift.min(rows, columns)
    let result = Tensor([length]) { to in
      withPointer { for i in 0..<length { to[i] = $0[i * columns + i] } }
    }
    return result.recorded(
      "diagonal", self,
      backward: { gradient, node in
        node.add(
          0,
          Tensor([rows, columns]) { to in
            to.update(repeating: 0, count: rows * columns)
            gradient.withPointer { for i in 0..<length { to[i * columns + i] = $0[i] } }
          })
      })
  }
}
