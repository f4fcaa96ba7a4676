/// A small dense matrix in double precision, row by row: what the linear algebra of the book is
/// computed with. Plain loops; a chapter's matrices have at most a few hundred rows.
struct DoubleMatrix {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  init(_ tensor: Tensor) {
    (rows, columns) = tensor.shape2
    values = [Double](tensor)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  static func identity(_ n: Int) -> DoubleMatrix {
    var result = DoubleMatrix(rows: n, columns: n)
    for i in 0..<n { result[i, i] = 1 }
    return result
  }

  var transposed: DoubleMatrix {
    var result = DoubleMatrix(rows: columns, columns: rows)
    for r in 0..<rows { for c in 0..<columns { result[c, r] = self[r, c] } }
    return result
  }

  static func * (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    var result = DoubleMatrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns {
        let factor = a[i, k]
        for j in 0..<b.columns { result[i, j] += factor * b[k, j] }
      }
    }
    return result
  }

  static func + (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    var result = a
    for i in b.values.indices { result.values[i] += b.values[i] }
    return result
  }

  static func - (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    var result = a
    for i in b.values.indices { result.values[i] -= b.values[i] }
    return result
  }

  /// Column j times factor j: the product with a diagonal matrix.
  func scalingColumns(by factors: [Double]) -> DoubleMatrix {
    var result = self
    for i in 0..<rows { for j in 0..<columns { result[i, j] *= factors[j] } }
    return result
  }

  /// Element i, j over the distance from value i to value j; 0 on the diagonal. How a spectrum's
  /// vectors turn towards each other when the matrix changes.
  func dividedByGaps(of values: [Double]) -> DoubleMatrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] = i == j ? 0 : self[i, j] / (values[j] - values[i]) }
    }
    return result
  }

  var tensor: Tensor { Tensor(values, shape: [rows, columns]) }
}

extension DoubleMatrix {
  /// Lower triangle L with L·Lᵀ equal to this symmetric matrix; nil, with the row, when a pivot is
  /// not positive.
  func cholesky() -> (factor: DoubleMatrix, failedRow: Int?) {
    var l = DoubleMatrix(rows: rows, columns: rows)
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
  func triangles() -> (lu: DoubleMatrix, order: [Int], sign: Double) {
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
  func solve(_ b: DoubleMatrix) -> DoubleMatrix? {
    let (lu, order, _) = triangles()
    var x = DoubleMatrix(rows: rows, columns: b.columns)
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
  func symmetricEigen() -> (values: [Double], vectors: DoubleMatrix) {
    var a = self
    var v = DoubleMatrix.identity(rows)
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
    var vectors = DoubleMatrix(rows: rows, columns: rows)
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
  func singularValues() -> (u: DoubleMatrix, values: [Double], v: DoubleMatrix) {
    var a = self
    var v = DoubleMatrix.identity(columns)
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
    var u = DoubleMatrix(rows: rows, columns: columns)
    var sorted = DoubleMatrix(rows: columns, columns: columns)
    for (new, old) in order.enumerated() {
      for k in 0..<rows { u[k, new] = norms[old] > 0 ? a[k, old] / norms[old] : 0 }
      for k in 0..<columns { sorted[k, new] = v[k, old] }
    }
    return (u, order.map { norms[$0] }, sorted)
  }
}
