import Tensors

/// The directions in which rows vary most, and how much they vary along each.
///
/// - Source: Pearson 1901; Hotelling 1933.
public struct PrincipalComponents: Sendable {
  /// `[D]`.
  public let mean: Tensor
  /// `[D, k]`, orthonormal columns, the strongest first.
  public let directions: Tensor
  /// The variance along each direction, falling.
  public let variances: [Double]
  /// The sum of the variances along all D directions.
  public let totalVariance: Double

  /// The strongest `count` directions of the rows of `features`, `[N, D]`.
  ///
  /// - Precondition: two or more rows, and count ≤ D.
  public init(of features: Tensor, count: Int) {
    let (rows, columns) = features.shape2
    if rows < 2 || count < 1 || count > columns {
      fail("PrincipalComponents: \(count) directions of \(features.shape)")
    }
    let x = features.stopGradient()
    mean = x.mean(axes: 0)
    let centred = x - mean
    let covariance = centred.matmul(centred, transposeSelf: true) * (1 / Float(rows - 1))
    let (values, vectors) = covariance.symmetricEigen()
    let all = [Double](values)
    let strongest = (0..<count).map { columns - 1 - $0 }
    directions = vectors.transposed().gather(strongest).transposed()
    // Rounding may leave less than 0; what is NaN stays.
    variances = strongest.map { all[$0] < 0 ? 0 : all[$0] }
    totalVariance = all.reduce(0) { $0 + ($1 < 0 ? 0 : $1) }
  }

  /// Where rows lie along the directions, `[N, k]`.
  public func callAsFunction(_ features: Tensor) -> Tensor {
    (features.stopGradient() - mean).matmul(directions)
  }
}
