// Sums, factors and spectra of small matrices, by plain loops: a chapter's have at most a few hundred
// rows.

extension Matrix {
  init(_ tensor: Tensor) {
    let (rows, columns) = tensor.shape2
    self.init(rows: rows, columns: columns, values: [Double](tensor))
  }

  static func * (a: Matrix, b: Matrix) -> Matrix { a.times(b) }

  static func + (a: Matrix, b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns) { a[$0, $1] + b[$0, $1] }
  }

  static func - (a: Matrix, b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns) { a[$0, $1] - b[$0, $1] }
  }

  /// Column j times factor j: the product with a diagonal matrix.
  func scalingColumns(by factors: [Double]) -> Matrix {
    Matrix(rows: rows, columns: columns) { self[$0, $1] * factors[$1] }
  }

  /// Element i, j over the distance from value i to value j; 0 on the diagonal. How a spectrum's
  /// vectors turn towards each other when the matrix changes.
  func dividedByGaps(of values: [Double]) -> Matrix {
    Matrix(rows: rows, columns: columns) {
      $0 == $1 ? 0 : self[$0, $1] / (values[$1] - values[$0])
    }
  }

  var tensor: Tensor { Tensor(values, shape: [rows, columns]) }
}

extension Matrix {
  /// Lower triangle L with L·Lᵀ equal to this symmetric matrix; nil, with the row, when a pivot is
  /// not positive.
  package func cholesky() -> (factor: Matrix, failedRow: Int?) {
    var l = Matrix(zeros: rows, rows)
    for i in 0..<rows {
      for j in 0...i {
        var sum = self[i, j]
        for k in 0..<j { sum -= l[i, k] * l[j, k] }
        if i != j {
          l[i, j] = sum / l[j, j]
        } else if sum > 0 {
          l[i, i] = sum.squareRoot()
        } else {
          return (l, i)
        }
      }
    }
    return (l, nil)
  }

  /// Gaussian elimination with row exchanges: unit lower and upper triangle in one matrix.
  ///
  /// - Returns: the triangles, where each row came from, and ±1 for the exchanges.
  func triangles() -> (lu: Matrix, order: [Int], sign: Double) {
    var lu = self
    var order = Array(0..<rows)
    var sign = 1.0
    for k in 0..<rows {
      var pivot = k
      for i in k..<rows where lu[i, k].magnitude > lu[pivot, k].magnitude { pivot = i }
      if pivot != k {
        for j in 0..<rows { (lu[k, j], lu[pivot, j]) = (lu[pivot, j], lu[k, j]) }
        order.swapAt(k, pivot)
        sign = -sign
      }
      if lu[k, k] == 0 { continue }
      for i in (k + 1)..<Swift.max(rows, k + 1) {
        let factor = lu[i, k] / lu[k, k]
        lu[i, k] = factor
        for j in (k + 1)..<Swift.max(rows, k + 1) { lu[i, j] -= factor * lu[k, j] }
      }
    }
    return (lu, order, sign)
  }

  /// The X with this·X = b; nil when a pivot is zero.
  func solve(_ b: Matrix) -> Matrix? {
    let (lu, order, _) = triangles()
    var x = Matrix(zeros: rows, b.columns)
    for i in 0..<rows where lu[i, i] == 0 { return nil }
    for c in 0..<b.columns {
      for i in 0..<rows {
        var sum = b[order[i], c]
        for k in 0..<i { sum -= lu[i, k] * x[k, c] }
        x[i, c] = sum
      }
      for i in (0..<rows).reversed() {
        var sum = x[i, c]
        for k in (i + 1)..<Swift.max(rows, i + 1) { sum -= lu[i, k] * x[k, c] }
        x[i, c] = sum / lu[i, i]
      }
    }
    return x
  }

  /// Eigenvalues in rising order and the eigenvectors as columns, by Jacobi rotations: each zeroes
  /// one pair of off-diagonal elements, until all are negligible.
  func symmetricEigen() -> (values: [Double], vectors: Matrix) {
    var a = self
    var v = Matrix.identity(rows)
    for _ in 0..<60 {
      var off = 0.0
      var diagonal = 0.0
      for i in 0..<rows {
        diagonal += a[i, i] * a[i, i]
        for j in 0..<i { off += a[i, j] * a[i, j] }
      }
      if !(off > 1e-30 * diagonal) { break }
      for p in 0..<rows {
        for q in (p + 1)..<Swift.max(rows, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let root = (theta * theta + 1).squareRoot()
          let t = (theta < 0 ? -1 : 1) / (theta.magnitude + root)
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<rows {
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q])
          }
          for k in 0..<rows {
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k])
            (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q])
          }
        }
      }
    }
    let order = (0..<rows).sorted { a[$0, $0] < a[$1, $1] }
    var vectors = Matrix(zeros: rows, rows)
    for (new, old) in order.enumerated() {
      // The largest component is positive, so that the same matrix gives the same vectors.
      var largest = 0
      for k in 0..<rows where v[k, old].magnitude > v[largest, old].magnitude { largest = k }
      let sign = v[largest, old] < 0 ? -1.0 : 1
      for k in 0..<rows { vectors[k, new] = sign * v[k, old] }
    }
    return (order.map { a[$0, $0] }, vectors)
  }

  /// U, the singular values in falling order, and V with this = U·diag(s)·Vᵀ, for rows ≥ columns,
  /// by one-sided Jacobi rotations: pairs of columns are turned until all are orthogonal.
  func singularValues() -> (u: Matrix, values: [Double], v: Matrix) {
    var a = self
    var v = Matrix.identity(columns)
    for _ in 0..<60 {
      var isDone = true
      for p in 0..<columns {
        for q in (p + 1)..<Swift.max(columns, p + 1) {
          var (alpha, beta, gamma) = (0.0, 0.0, 0.0)
          for k in 0..<rows {
            alpha += a[k, p] * a[k, p]
            beta += a[k, q] * a[k, q]
            gamma += a[k, p] * a[k, q]
          }
          if !(gamma.magnitude > 1e-15 * (alpha * beta).squareRoot()) { continue }
          isDone = false
          let zeta = (beta - alpha) / (2 * gamma)
          let t = (zeta < 0 ? -1 : 1) / (zeta.magnitude + (zeta * zeta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<rows {
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q])
          }
          for k in 0..<columns {
            (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q])
          }
        }
      }
      if isDone { break }
    }
    let norms = (0..<columns).map { c in
      (0..<rows).reduce(0) { $0 + a[$1, c] * a[$1, c] }.squareRoot()
    }
    let order = (0..<columns).sorted { norms[$0] > norms[$1] }
    var u = Matrix(zeros: rows, columns)
    var sorted = Matrix(zeros: columns, columns)
    for (new, old) in order.enumerated() {
      for k in 0..<rows { u[k, new] = norms[old] > 0 ? a[k, old] / norms[old] : 0 }
      for k in 0..<columns { sorted[k, new] = v[k, old] }
    }
    return (u, order.map { norms[$0] }, sorted)
  }
}
