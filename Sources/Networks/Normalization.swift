import Tensors

/// Each row brought to mean 0 and variance 1, then scaled and shifted.
///
/// - Source: Ba et al. 2016, arXiv:1607.06450.
public struct LayerNorm: Layer {
  /// γ and β, `[width]`.
  public var weight: Tensor, bias: Tensor
  /// Added to the variance.
  public var epsilon: Float

  /// γ = 1 and β = 0, `[width]`.
  public init(_ width: Int, epsilon: Float = 1e-5) {
    weight = Tensor.ones([width]).parameter()
    bias = Tensor.zeros([width]).parameter()
    self.epsilon = epsilon
  }

  /// `[…, width]` → the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNorm(gamma: weight, beta: bias, epsilon: epsilon)
  }

  /// Visits `weight`, then `bias`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
    visit(path / "bias", &bias)
  }
}

/// The channels of each image in groups, each group brought to mean 0 and variance 1.
///
/// - Source: Wu and He 2018, arXiv:1803.08494.
public struct GroupNorm: Layer {
  /// γ and β, `[channels]`.
  public var weight: Tensor, bias: Tensor
  /// Divides the channels.
  public let groups: Int
  /// Added to the variance.
  public var epsilon: Float
  /// Whether max(·, 0) follows, in the same pass.
  public var isRelu: Bool

  /// γ = 1 and β = 0, `[channels]`.
  public init(groups: Int, channels: Int, epsilon: Float = 1e-5, isRelu: Bool = false) {
    weight = Tensor.ones([channels]).parameter()
    bias = Tensor.zeros([channels]).parameter()
    (self.groups, self.epsilon, self.isRelu) = (groups, epsilon, isRelu)
  }

  /// `[N, …, channels]` → the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.groupNorm(groups: groups, gamma: weight, beta: bias, epsilon: epsilon, isRelu: isRelu)
  }

  /// Visits `weight`, then `bias`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
    visit(path / "bias", &bias)
  }
}

/// Each channel brought to mean 0 and variance 1: of the batch while training, of running
/// averages afterwards.
///
/// - Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
public struct BatchNorm: Layer {
  /// γ and β, `[channels]`.
  public var weight: Tensor, bias: Tensor
  /// Running averages of the batches' statistics, `[channels]`; not trained.
  public var runningMean: Tensor, runningVariance: Tensor
  /// Added to the variance.
  public var epsilon: Float
  /// The share of a new batch in the running averages.
  public var momentum: Float
  /// Whether max(·, 0) follows, in the same pass while training.
  public var isRelu: Bool

  /// γ = 1, β = 0, running mean 0 and running variance 1, `[channels]`.
  public init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, isRelu: Bool = false
  ) {
    weight = Tensor.ones([channels]).parameter()
    bias = Tensor.zeros([channels]).parameter()
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    (self.epsilon, self.momentum, self.isRelu) = (epsilon, momentum, isRelu)
  }

  /// With the running averages, `[…, channels]` → the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let scale = weight / (runningVariance + epsilon).sqrt()
    let y = (x - runningMean) * scale + bias
    return isRelu ? y.relu() : y
  }

  /// With the statistics of this batch, which enter the running averages; `[…, channels]` → the
  /// same shape.
  ///
  /// - Precondition: two or more rows: one alone has no variance to be divided by.
  public mutating func train(_ x: Tensor) -> Tensor {
    if x.rank > 0 && x.shape.rowsAndColumns.rows < 2 {
      fail("BatchNorm: \(x.shape) has no two rows of [\(weight.count)] to take a variance of")
    }
    let (output, mean, variance) = x.batchNorm(
      gamma: weight, beta: bias, epsilon: epsilon, isRelu: isRelu)
    // The average estimates what the batch was drawn from, so n − 1 replaces n.
    let rows = Float(x.count / mean.count)
    runningMean.move(towards: mean, weight: momentum)
    runningVariance.move(towards: variance * (rows / (rows - 1)), weight: momentum)
    return output
  }

  /// Visits `weight`, `bias`, and the running averages under PyTorch's names.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
    visit(path / "bias", &bias)
    visit(path / "running_mean", &runningMean)
    visit(path / "running_var", &runningVariance)
  }
}

/// Sets elements to 0 at random while training, and scales the others up to keep the mean.
///
/// - Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
///   overfitting".
public struct Dropout: Sendable {
  /// The share that is dropped, in [0, 1).
  public var probability: Float

  /// A layer that drops a share of the elements.
  ///
  /// - Precondition: the share is in `0..<1`.
  public init(_ probability: Float) {
    if !(0 <= probability && probability < 1) {
      fail("Dropout: probability \(probability) is not in 0..<1")
    }
    self.probability = probability
  }

  /// Some elements 0, the others divided by 1 − probability; the shape of `x`. For training only:
  /// outside it, leave the layer out.
  public func callAsFunction(_ x: Tensor, using random: inout RandomSource) -> Tensor {
    if probability == 0 { return x }
    let kept = Tensor.bernoulli(x.shape, probability: 1 - probability, using: &random)
    return x * (kept * (1 / (1 - probability)))
  }
}
