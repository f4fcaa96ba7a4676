import Tensors

/// Least squares from fixed features to classes, in closed form: a linear probe without steps or
/// rates.
///
/// With y a row of 0s and a 1 at the class, it minimizes
///
///     1/N Σᵢ |xᵢ W + b − yᵢ|² + λ |W|²
///
/// so that W = (XᵀX/N + λ)⁻¹ XᵀY/N for columns of mean 0; where there are fewer rows than columns
/// the same W comes from the smaller XXᵀ. Computed in double precision.
///
/// - Source: Hoerl and Kennard 1970, equation 2.1.
public struct RidgeProbe: Sendable {
  /// W, `[D, classes]`.
  public let weight: Tensor
  /// b, `[classes]`.
  public let bias: Tensor

  /// A probe fitted to the rows of `features`.
  ///
  /// - Parameters:
  ///   - features: `[N, D]`; standardized ones, as a rule.
  ///   - labels: N classes in `0..<classes`.
  ///   - classes: how many there are.
  ///   - penalty: λ ≥ 0, the pull of the weights towards 0.
  /// - Precondition: at least one row, a label for each; with λ = 0, columns that do not depend on
  ///   each other. Features that hold NaN give a probe of NaN.
  public init(features: Tensor, labels: [Int], classes: Int, penalty: Float = 0.1) {
    checkLabels("RidgeProbe", features, labels, classes)
    if !(penalty >= 0) { fail("RidgeProbe: penalty \(penalty) is negative or not a number") }
    let count = features.shape[0]
    let (x, xMean) = centeredWithMean(features)
    let (y, yMean) = centeredWithMean(.oneHot(labels, classes: classes))
    guard x.values.allSatisfy({ $0.isFinite }) else {
      weight = .full([x.columns, classes], .nan)
      bias = .full([classes], .nan)
      return
    }
    let isWide = x.columns > x.rows
    var gram = isWide ? x.times(x.transposed) : x.transposed.times(x)
    for i in gram.values.indices { gram.values[i] /= Double(count) }
    for i in 0..<gram.rows { gram[i, i] += Double(penalty) }
    guard let factor = CholeskyFactor(gram) else {
      fail("RidgeProbe: columns of \(features.shape) depend on each other; give a penalty")
    }
    var w = isWide ? x.transposed.times(factor.solve(y)) : factor.solve(x.transposed.times(y))
    for i in w.values.indices { w.values[i] /= Double(count) }
    let shift = Matrix(rows: 1, columns: x.columns, values: xMean).times(w)
    weight = Tensor(w.values, shape: [x.columns, classes])
    bias = Tensor((0..<classes).map { yMean[$0] - shift[0, $0] })
  }

  /// Scores of the classes, `[N, classes]`; near 1 for the class and 0 for others.
  public func callAsFunction(_ features: Tensor) -> Tensor {
    features.stopGradient().matmul(weight) + bias
  }

  /// The share of rows whose largest score is their label's; NaN if a score is.
  public func accuracy(_ features: Tensor, labels: [Int]) -> Double {
    shareOfHits(self(features), labels)
  }
}

/// Stops unless there are rows, a label for each, and all labels in `0..<classes`.
func checkLabels(
  _ operation: StaticString, _ features: Tensor, _ labels: [Int], _ classes: Int
) {
  if features.rank != 2 || features.shape[0] != labels.count || labels.isEmpty {
    fail("\(operation): features \(features.shape) and \(labels.count) labels")
  }
  for label in labels where label < 0 || label >= classes {
    fail("\(operation): label \(label) is not one of \(classes) classes")
  }
}

/// The share of rows whose largest score is their label's; NaN if a score is.
func shareOfHits(_ scores: Tensor, _ labels: [Int]) -> Double {
  if scores.elements.contains(where: { $0.isNaN }) { return .nan }
  return shareEqual(scores.argmax(), labels)
}
