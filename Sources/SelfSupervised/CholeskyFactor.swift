import Tensors

/// The lower triangle L with A = L Lᵀ of a symmetric positive definite matrix.
public struct CholeskyFactor: Sendable {
  /// L, lower triangular, with L Lᵀ the factored matrix.
  public let lower: Matrix

  /// - Returns: nil when `matrix` is not positive definite to working precision.
  public init?(_ matrix: Matrix) {
    guard matrix.rows == matrix.columns else {
      fatalError("CholeskyFactor: [\(matrix.rows), \(matrix.columns)] is not square")
    }
    let (factor, failedRow) = matrix.cholesky()
    if failedRow != nil { return nil }
    lower = factor
  }

  /// log det A.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<lower.rows { sum += 2 * log(lower[i, i]) }
    return sum
  }

  /// The solution of A X = B, column by column.
  public func solve(_ right: Matrix) -> Matrix {
    guard right.rows == lower.rows else {
      fatalError(
        "CholeskyFactor.solve: \(right.rows) right-hand rows for \(lower.rows) unknowns")
    }
    var x = right
    let n = lower.rows
    for i in 0..<n {
      for k in 0..<i { subtract(lower[i, k], row: k, from: i, in: &x) }
      divide(row: i, by: lower[i, i], in: &x)
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in stride(from: i + 1, to: n, by: 1) { subtract(lower[k, i], row: k, from: i, in: &x) }
      divide(row: i, by: lower[i, i], in: &x)
    }
    return x
  }

  /// The solution of A x = b.
  public func solve(_ right: [Double]) -> [Double] {
    solve(Matrix(rows: right.count, columns: 1, values: right)).values
  }

  private func subtract(_ factor: Double, row k: Int, from i: Int, in x: inout Matrix) {
    for j in 0..<x.columns { x[i, j] -= factor * x[k, j] }
  }

  private func divide(row i: Int, by pivot: Double, in x: inout Matrix) {
    for j in 0..<x.columns { x[i, j] /= pivot }
  }
}
