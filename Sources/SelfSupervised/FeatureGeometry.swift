import Tensors

/// How far the two views of an image lie apart on the unit sphere: the mean of |z − z⁺|².
///
/// - Parameters:
///   - first: `[N, D]`, rows of any length; they are normalized here.
///   - second: `[N, D]`, the other views.
/// - Returns: 0 if all partners agree, 2 if they are orthogonal.
/// - Source: Wang and Isola 2020, equation 1 with α = 2, arXiv:2005.10242.
public func alignment(_ first: Tensor, _ second: Tensor) -> Double {
  if first.rank != 2 || first.shape != second.shape {
    fail("alignment: \(first.shape) and \(second.shape) differ")
  }
  let difference = first.stopGradient().l2Normalized() - second.stopGradient().l2Normalized()
  return Double(difference.squared().sum(axes: 1).mean().scalar)
}

/// How evenly rows are spread over the unit sphere: log of the mean of e^(−t|z − z′|²) over all
/// pairs of different rows.
///
/// - Parameters:
///   - features: `[N, D]`, rows of any length; they are normalized here.
///   - t: how near counts as near.
/// - Returns: 0 when all rows agree, negative otherwise.
/// - Source: Wang and Isola 2020, equation 2, arXiv:2005.10242.
public func uniformity(_ features: Tensor, t: Double = 2) -> Double {
  let z = features.stopGradient().l2Normalized()
  let (count, _) = z.shape2
  if count < 2 { fail("uniformity: \(features.shape) has no pair of rows") }
  let cosines = z.matmul(z, transposeOther: true)
  return cosines.withPointer { s in
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<i { sum += exp(-t * Double(2 - 2 * s[i * count + j])) }
    }
    return log(2 * sum / (Double(count) * Double(count - 1)))
  }
}

/// RankMe: e to the entropy of the singular values, as shares of their sum.
///
/// - Parameter features: `[N, D]`.
/// - Returns: between 1 and min(N, D); 0 for zeros alone, NaN if an element is NaN or infinite.
/// - Source: Garrido et al. 2023, equation 1, arXiv:2210.02885; Roy and Vetterli 2007.
public func effectiveRank(of features: Tensor) -> Double {
  let (rows, columns) = features.shape2
  let x = features.elements
  guard x.allSatisfy({ $0.isFinite }) else { return .nan }
  let size = min(rows, columns)
  let length = max(rows, columns)
  // The smaller of XᵀX and XXᵀ, in double precision: its eigenvalues are the squares.
  let (outer, inner) = rows < columns ? (columns, 1) : (1, columns)
  var gram = Matrix(zeros: size, size)
  for i in 0..<size {
    for j in 0...i {
      var sum = 0.0
      for k in 0..<length {
        sum += Double(x[i * outer + k * inner]) * Double(x[j * outer + k * inner])
      }
      gram[i, j] = sum
      gram[j, i] = sum
    }
  }
  let values = symmetricEigenvalues(of: gram).map { sqrt(max(0, $0)) }
  let total = values.reduce(0, +)
  guard total > 0 else { return 0 }
  var entropy = 0.0
  for value in values where value > 0 { entropy -= value / total * log(value / total) }
  return exp(entropy)
}

/// The eigenvalues of a symmetric matrix in rising order: reflections make it tridiagonal, rotations
/// diagonal. 4/3 n³ operations.
///
/// - Precondition: square; the lower triangle mirrors the upper.
/// - Source: Golub and Van Loan 2013, algorithms 8.3.1 and 8.3.3.
func symmetricEigenvalues(of matrix: Matrix) -> [Double] {
  let n = matrix.rows
  if n != matrix.columns { fail("symmetricEigenvalues: [\(n), \(matrix.columns)] is not square") }
  var a = matrix.values
  var diagonal = Array(repeating: 0.0, count: n)
  var beside = Array(repeating: 0.0, count: n)
  var v = Array(repeating: 0.0, count: n)
  var w = Array(repeating: 0.0, count: n)
  for k in 0..<max(0, n - 1) {
    var square = 0.0
    for i in (k + 1)..<n { square += a[i * n + k] * a[i * n + k] }
    let first = a[(k + 1) * n + k]
    let alpha = first > 0 ? -sqrt(square) : sqrt(square)
    beside[k] = alpha
    let length = sqrt(max(0, 2 * (square - alpha * first)))
    if !(length > 0) { continue }
    for i in (k + 1)..<n { v[i] = a[i * n + k] / length }
    v[k + 1] -= alpha / length
    var dot = 0.0
    for i in (k + 1)..<n {
      var sum = 0.0
      for j in (k + 1)..<n { sum += a[i * n + j] * v[j] }
      w[i] = sum
      dot += sum * v[i]
    }
    for i in (k + 1)..<n { w[i] -= dot * v[i] }
    for i in (k + 1)..<n {
      for j in (k + 1)..<n { a[i * n + j] -= 2 * (v[i] * w[j] + w[i] * v[j]) }
    }
  }
  for i in 0..<n { diagonal[i] = a[i * n + i] }
  diagonalize(&diagonal, &beside)
  return diagonal.sorted()
}

/// Implicit QL steps on a tridiagonal matrix, until its off-diagonal is negligible.
private func diagonalize(_ d: inout [Double], _ e: inout [Double]) {
  let n = d.count
  for l in 0..<n {
    var rounds = 0
    while rounds < 100 {
      rounds += 1
      var m = l
      while m < n - 1 {
        if e[m].magnitude <= 1e-16 * (d[m].magnitude + d[m + 1].magnitude) { break }
        m += 1
      }
      if m == l { break }
      var g = (d[l + 1] - d[l]) / (2 * e[l])
      let root = sqrt(g * g + 1)
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -root : root))
      var (s, c, p) = (1.0, 1.0, 0.0)
      var isCut = false
      for i in stride(from: m - 1, through: l, by: -1) {
        let (f, b) = (s * e[i], c * e[i])
        let r = sqrt(f * f + g * g)
        e[i + 1] = r
        if r == 0 {
          d[i + 1] -= p
          e[m] = 0
          isCut = true
          break
        }
        (s, c) = (f / r, g / r)
        g = d[i + 1] - p
        let t = (d[i] - g) * s + 2 * c * b
        p = s * t
        d[i + 1] = g + p
        g = c * t - b
      }
      if isCut { continue }
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
}
