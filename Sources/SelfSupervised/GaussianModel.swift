import Tensors

/// Mean and covariance of a cloud of vectors, and the best linear guess of some coordinates from
/// others.
public struct GaussianModel: Sendable {
  /// μ, `[d]`.
  public let mean: [Double]
  /// Σ, `[d, d]`, positive definite.
  public let covariance: Matrix

  /// The Gaussian with this mean, `[d]`, and covariance, `[d, d]`.
  public init(mean: [Double], covariance: Matrix) {
    if covariance.rows != mean.count || covariance.columns != mean.count {
      fail(
        "GaussianModel: a mean of \(mean.count) numbers, "
          + "[\(covariance.rows), \(covariance.columns)] covariances")
    }
    self.mean = mean
    self.covariance = covariance
  }

  /// The sample mean and covariance (divided by n − 1).
  ///
  /// - Parameters:
  ///   - vectors: at least two, all of one length.
  ///   - ridge: added to every variance, so that constant coordinates do no harm.
  public init(fitting vectors: [[Double]], ridge: Double = 0) {
    guard vectors.count > 1, let d = vectors.first?.count else {
      fail("GaussianModel: \(vectors.count) vectors; needs two or more")
    }
    requireWidth(vectors, d, "GaussianModel")
    var mean = Array(repeating: 0.0, count: d)
    for vector in vectors { for i in 0..<d { mean[i] += vector[i] } }
    for i in 0..<d { mean[i] /= Double(vectors.count) }
    var covariance = Matrix(zeros: d, d)
    for vector in vectors {
      for i in 0..<d {
        let deviation = vector[i] - mean[i]
        if deviation == 0 { continue }
        for j in 0...i { covariance[i, j] += deviation * (vector[j] - mean[j]) }
      }
    }
    for i in 0..<d {
      for j in 0...i {
        covariance[i, j] /= Double(vectors.count - 1)
        covariance[j, i] = covariance[i, j]
      }
      covariance[i, i] += ridge
    }
    self.init(mean: mean, covariance: covariance)
  }

  /// The linear map from visible to hidden coordinates with the smallest mean squared error.
  ///
  /// - Precondition: coordinates of the model, none of them twice, here and in what follows.
  public func predictor(visible: [Int]) -> LinearPredictor {
    LinearPredictor(self, visible: visible)
  }

  /// Mean squared error per hidden coordinate of the linear prediction, over all vectors.
  public func maskedError(of vectors: [[Double]], visible: [Int]) -> Double {
    let predictor = predictor(visible: visible)
    return averageError(of: vectors, hidden: predictor.hidden) { predictor.complete($0) }
  }

  /// The same when every hidden coordinate is guessed to be its mean.
  public func meanError(of vectors: [[Double]], visible: [Int]) -> Double {
    require(visible, below: mean.count, "GaussianModel", "coordinate")
    let isVisible = Set(visible)
    let hidden = mean.indices.filter { !isVisible.contains($0) }
    return averageError(of: vectors, hidden: hidden) { _ in mean }
  }

  private func averageError(
    of vectors: [[Double]], hidden: [Int], prediction: ([Double]) -> [Double]
  ) -> Double {
    requireWidth(vectors, mean.count, "GaussianModel")
    var sum = 0.0
    for vector in vectors {
      sum += maskedMeanSquaredError(prediction(vector), vector, hidden: hidden)
    }
    return sum / Double(vectors.count)
  }
}

/// x̂_M = μ_M + W (x_V − μ_V) with W = Σ_MV Σ_VV⁻¹: for a Gaussian law the conditional mean, for
/// any law the best linear guess.
public struct LinearPredictor: Sendable {
  /// The coordinates that are known, in the order they were named in.
  public let visible: [Int]
  /// The coordinates that are predicted, in increasing order.
  public let hidden: [Int]
  /// `[M, V]`.
  public let weights: Matrix
  /// Σ_MM − W Σ_VM: the covariance of what remains unknown, `[M, M]`.
  public let residual: Matrix
  private let mean: [Double]

  init(_ model: GaussianModel, visible: [Int]) {
    require(visible, below: model.mean.count, "LinearPredictor", "coordinate")
    var isVisible = Array(repeating: false, count: model.mean.count)
    for i in visible { isVisible[i] = true }
    let hidden = model.mean.indices.filter { !isVisible[$0] }
    let covariance = model.covariance
    let crossed = covariance.block(rows: visible, columns: hidden)  // [V, M]
    let own = covariance.block(rows: visible, columns: visible)
    guard let factor = CholeskyFactor(own) else {
      fail("LinearPredictor: the visible coordinates are linearly dependent; add a ridge")
    }
    weights = factor.solve(crossed).transposed
    let explained = weights.times(crossed)
    residual = Matrix(rows: hidden.count, columns: hidden.count) {
      covariance[hidden[$0], hidden[$1]] - explained[$0, $1]
    }
    self.visible = visible
    self.hidden = hidden
    mean = model.mean
  }

  /// The whole vector: visible coordinates as they are, hidden ones as guessed.
  public func complete(_ vector: [Double]) -> [Double] {
    requireWidth([vector], mean.count, "LinearPredictor.complete")
    let deviation = visible.map { vector[$0] - mean[$0] }
    var result = vector
    for (row, i) in hidden.enumerated() {
      var guess = mean[i]
      for (column, value) in deviation.enumerated() { guess += weights[row, column] * value }
      result[i] = guess
    }
    return result
  }
}

/// The squared error of a completion, averaged over the hidden coordinates: the loss of a masked
/// autoencoder on one image.
///
/// - Source: He et al. 2022, section 3, arXiv:2111.06377.
public func maskedMeanSquaredError(
  _ prediction: [Double], _ target: [Double], hidden: [Int]
) -> Double {
  if hidden.isEmpty { fail("maskedMeanSquaredError: nothing is hidden") }
  let limit = min(prediction.count, target.count)
  require(hidden, below: limit, "maskedMeanSquaredError", "coordinate")
  var sum = 0.0
  for i in hidden { sum += (prediction[i] - target[i]) * (prediction[i] - target[i]) }
  return sum / Double(hidden.count)
}

/// Stops unless all vectors have so many numbers.
private func requireWidth(_ vectors: [[Double]], _ width: Int, _ operation: StaticString) {
  for (index, vector) in vectors.enumerated() where vector.count != width {
    fail("\(operation): vector \(index) has \(vector.count) numbers, not \(width)")
  }
}
