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
    let (l, failedRow) = Matrix(self).cholesky()
    if let failedRow { fail("cholesky: \(shape) is not positive definite at row \(failedRow)") }
    return l.tensor.recorded(
      "cholesky", self,
      backward: { gradient, node in
        // Ā = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, made symmetric; Φ keeps the lower triangle and half the diagonal.
        var phi = l.transposed * Matrix(gradient)
        for i in 0..<l.rows {
          for j in 0..<l.rows { phi[i, j] *= i > j ? 1 : i == j ? 0.5 : 0 }
        }
        let lower = l.transposed
        guard let left = lower.solve(phi), let full = lower.solve(left.transposed) else { return }
        let result = Matrix(rows: l.rows, columns: l.rows) { (full[$0, $1] + full[$1, $0]) / 2 }
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
    if b.rank == 0 || b.rank > 2 || b.shape[0] != shape[0] {
      fail("solve: \(shape) and \(b.shape): \(shape[0]) equations need as many rows")
    }
    if b.rank == 1 { return solve(b.reshaped([b.count, 1])).reshaped(b.shape) }
    let a = Matrix(self)
    guard let x = a.solve(Matrix(b)) else { fail("solve: \(shape) is singular") }
    return x.tensor.recorded(
      "solve", self, b,
      backward: { gradient, node in
        guard let right = a.transposed.solve(Matrix(gradient)) else { return }
        node.add(1, right.tensor)
        if node.needs(0) {
          node.add(0, (right * x.transposed).tensor.scaled(by: -1))
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
    let a = Matrix(self)
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
        var result = inverse ?? Matrix(zeros: a.rows, a.rows)
        for i in result.values.indices {
          result.values[i] = inverse == nil ? .nan : result.values[i] * Double(gradient.scalar)
        }
        node.add(0, result.tensor)
      })
  }

  /// The eigenvalues of a symmetric matrix in rising order, `[n]`, and the eigenvectors as the
  /// columns of `vectors`, `[n, n]`, each with its largest component positive.
  ///
  /// The upper triangle is taken to mirror the lower. Where eigenvalues are equal, their vectors
  /// are any basis of their space: the vectors' gradient is then NaN or infinite, the values' is
  /// that of one basis.
  ///
  /// - Precondition: a square matrix.
  /// - Source: the gradients, Giles 2008, "An extended collection of matrix derivative results",
  ///   section 3.1.
  public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
    requireSquare("symmetricEigen")
    var a = Matrix(self)
    for i in 0..<a.rows { for j in 0..<i { a[j, i] = a[i, j] } }
    let (values, v) = a.symmetricEigen()
    let eigenvalues = Tensor(values).recorded(
      "symmetricEigen", self,
      backward: { gradient, node in
        // dλ = vᵀ dA v
        node.add(0, (v.scalingColumns(by: [Double](gradient)) * v.transposed).tensor)
      })
    let eigenvectors = v.tensor.recorded(
      "symmetricEigen", self,
      backward: { gradient, node in
        // dV = V (F ∘ Vᵀ dA V), F = 1/(λⱼ − λᵢ)
        let turn = (v.transposed * Matrix(gradient)).dividedByGaps(of: values)
        let full = v * turn * v.transposed
        node.add(0, (full + full.transposed).tensor.scaled(by: 0.5))
      })
    return (eigenvalues, eigenvectors)
  }

  /// U `[m, k]`, the singular values in falling order `[k]`, and V `[n, k]` with
  /// A = U·diag(s)·Vᵀ and k = min(m, n).
  ///
  /// Where singular values are equal, or one is 0, their vectors are not determined: the gradient
  /// through U and V is then NaN or infinite, the values' is that of one choice.
  ///
  /// - Precondition: a matrix.
  /// - Source: the gradients, Townsend 2016, "Differentiating the singular value decomposition".
  public func singularValueDecomposition() -> (u: Tensor, values: Tensor, v: Tensor) {
    requireRank(2, "singularValueDecomposition")
    let isTall = shape[0] >= shape[1]
    let a = Matrix(self)
    let found = (isTall ? a : a.transposed).singularValues()
    let (u, s, v) =
      isTall ? (found.u, found.values, found.v) : (found.v, found.values, found.u)
    let values = Tensor(s).recorded(
      "singularValueDecomposition", self,
      backward: { gradient, node in
        // ds = uᵀ dA v
        node.add(0, (u.scalingColumns(by: [Double](gradient)) * v.transposed).tensor)
      })
    let left = u.tensor.recorded(
      "singularValueDecomposition", self,
      backward: { gradient, node in
        node.add(0, Tensor.gradientOfLeft(Matrix(gradient), u, s, v).tensor)
      })
    let right = v.tensor.recorded(
      "singularValueDecomposition", self,
      backward: { gradient, node in
        // The right vectors are the transpose's left ones.
        node.add(0, Tensor.gradientOfLeft(Matrix(gradient), v, s, u).transposed.tensor)
      })
    return (left, values, right)
  }

  /// [U·(F ∘ (UᵀŪ − ŪᵀU))·S + (I − UUᵀ)·Ū·S⁻¹]·Vᵀ with F = 1/(sⱼ² − sᵢ²), the gradient Ū having
  /// reached U.
  private static func gradientOfLeft(
    _ gradient: Matrix, _ u: Matrix, _ s: [Double], _ v: Matrix
  ) -> Matrix {
    let inner = u.transposed * gradient
    let turn = (inner - inner.transposed).dividedByGaps(of: s.map { $0 * $0 })
    var result = u * turn.scalingColumns(by: s)
    // Of as many vectors as there are axes, none leaves the space they span.
    if u.rows > u.columns {
      result = result + (gradient - u * inner).scalingColumns(by: s.map { 1 / $0 })
    }
    return result * v.transposed
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
