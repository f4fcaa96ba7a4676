import Tensors

/// Multinomial logistic regression on fixed features: how much a straight line can read off them.
///
/// Minimizes the mean cross-entropy + penalty/2·|W|² by full-batch gradient descent with momentum
/// 0.9 from zero; the objective is convex, so only the number of steps matters.
public struct LinearProbe: Sendable {
  /// `[D, classes]`.
  public let weight: Tensor
  /// `[classes]`.
  public let bias: Tensor

  /// A probe fitted to the rows of `features`.
  ///
  /// - Parameters:
  ///   - features: `[N, D]`; standardized ones, as a rule.
  ///   - labels: N classes in `0..<classes`.
  ///   - classes: how many there are.
  ///   - penalty: λ, the pull of the weights towards 0.
  ///   - steps: of gradient descent.
  ///   - learningRate: lowered where the features are so long that it would overshoot.
  /// - Precondition: at least one row, a label for each.
  public init(
    features: Tensor, labels: [Int], classes: Int, penalty: Float = 0.1, steps: Int = 100,
    learningRate: Float = 0.05
  ) {
    let (count, size) = features.shape2
    if count != labels.count || count == 0 {
      fail("LinearProbe: features \(features.shape) and \(labels.count) labels")
    }
    let x = features.stopGradient()
    let targets = Tensor.oneHot(labels, classes: classes)
    // The softmax's second derivative is at most 1/2, so λ_max(XᵀX)/2N + penalty bounds the
    // curvature; momentum 0.9 allows rates below 3.8 of its inverse.
    let curvature = LinearProbe.largestEigenvalue(ofGram: x) / Float(2 * count) + penalty
    let rate = min(learningRate, 2 / curvature)
    var weight = Tensor.zeros([size, classes])
    var bias = Tensor.zeros([classes])
    var velocity = Tensor.zeros([size, classes])
    var biasVelocity = Tensor.zeros([classes])
    for _ in 0..<steps {
      let error = ((x.matmul(weight) + bias).softmax() - targets) * (1 / Float(count))
      velocity = velocity * 0.9 + x.matmul(error, transposeSelf: true) + weight * penalty
      biasVelocity = biasVelocity * 0.9 + error.sum(axes: 0)
      weight -= velocity * rate
      bias -= biasVelocity * rate
    }
    self.weight = weight
    self.bias = bias
  }

  /// Scores of the classes, `[N, classes]`.
  public func callAsFunction(_ features: Tensor) -> Tensor {
    features.stopGradient().matmul(weight) + bias
  }

  /// The share of rows whose largest score is their label's. Where several are the largest, the
  /// label counts in proportion; NaN if a score is NaN.
  ///
  /// - Precondition: at least one row, and a label for each, from 0; one that the probe does not know
  ///   is never found.
  public func accuracy(_ features: Tensor, labels: [Int]) -> Double {
    shareAtTop(1, of: self(features), targets: labels)
  }

  /// The largest eigenvalue of XᵀX, from below, by a few steps of power iteration.
  private static func largestEigenvalue(ofGram x: Tensor) -> Float {
    var v = Tensor.ones([x.shape[1], 1])
    var value = 0.0
    for _ in 0..<12 {
      let length = v.norm
      if !(length > 0) { break }
      v = v * Float(1 / length)
      v = x.matmul(x.matmul(v), transposeSelf: true)
      value = v.norm
    }
    return Float(value)
  }
}

/// Positions of `perClass` examples of every class, drawn without replacement, several times.
///
/// The draws depend on the labels and the seed alone, so that all representations are judged by
/// the same ones.
///
/// - Returns: `draws` lists of classes × perClass positions.
/// - Precondition: labels from 0, every class up to the largest label has that many examples, one or
///   more, and draws are not negative.
public func fewLabels(
  of labels: [Int], perClass: Int, draws: Int, seed: UInt64 = 0
) -> [[Int]] {
  if perClass < 1 || draws < 0 {
    fail("fewLabels: \(draws) draws of \(perClass) examples; needs one or more examples")
  }
  require(count: draws, "fewLabels", "draws")
  requireLabels(labels, "fewLabels")
  var random = RandomSource(seed: seed)
  return (0..<draws).map { _ in
    var chosen: [Int] = []
    guard let last = labels.max() else { return chosen }
    for label in 0...last {
      let own = labels.indices.filter { labels[$0] == label }
      if own.count < perClass {
        fail("fewLabels: class \(label) has \(own.count) examples, \(perClass) are asked for")
      }
      let order = random.permutation(own.count)
      for k in 0..<perClass { chosen.append(own[order[k]]) }
    }
    return chosen
  }
}
