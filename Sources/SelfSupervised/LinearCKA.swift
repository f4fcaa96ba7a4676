import Tensors

/// How alike two representations of the same examples are, whatever turn, scale or shift lies
/// between them: the linear centred kernel alignment.
///
/// With columns of mean 0,
///
///     CKA(X, Y) = ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖)
///
/// the norms being square roots of sums of squares. Computed in double precision.
///
/// - Parameters:
///   - first: X, `[N, D]`.
///   - second: Y, `[N, E]`; row i is of the same example as row i of X.
/// - Returns: in 0…1; 1 for X and X·Q·a with Q orthogonal; NaN if either is constant or holds NaN.
/// - Precondition: as many rows, at least one; stops with both shapes otherwise.
/// - Source: Kornblith et al. 2019, equation 4 and table 1, arXiv:1905.00414.
public func linearCKA(_ first: Tensor, _ second: Tensor) -> Double {
  if first.rank != 2 || second.rank != 2 || first.shape[0] != second.shape[0]
    || first.shape[0] == 0
  {
    fail("linearCKA: \(first.shape) and \(second.shape) are not rows of the same examples")
  }
  let (x, y) = (centeredWithMean(first).rows, centeredWithMean(second).rows)
  let (xx, yy) = (x.transposed.times(x), y.transposed.times(y))
  return squares(x.transposed.times(y)) / sqrt(squares(xx) * squares(yy))
}

private func squares(_ matrix: Matrix) -> Double { matrix.values.reduce(0) { $0 + $1 * $1 } }

/// The rows less their mean, in double precision, and the mean.
func centeredWithMean(_ x: Tensor) -> (rows: Matrix, mean: [Double]) {
  let (rows, columns) = x.shape2
  var matrix = Matrix(rows: rows, columns: columns, values: [Double](x))
  let mean = (0..<columns).map { j in
    var sum = 0.0
    for i in 0..<rows { sum += matrix[i, j] }
    return sum / Double(rows)
  }
  for i in 0..<rows { for j in 0..<columns { matrix[i, j] -= mean[j] } }
  return (matrix, mean)
}
