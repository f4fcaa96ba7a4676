import Tensors

/// Linear layers, each but the last with batch normalisation and ReLU after it: encoders and heads
/// of the methods without negatives.
///
///     var encoder = BatchNormMLP([64, 256, 128], ending: .relu, using: &random)
///     let h = encoder.train(x)  // with the statistics of this batch
///
/// - Source: Grill et al. 2020, section 3.3, arXiv:2006.07733; Chen and He 2021, section 3,
///   arXiv:2011.10566.
public struct BatchNormMLP: Layer {
  /// What follows the last linear layer.
  public enum Ending: Sendable {
    /// Nothing: as in the heads of BYOL, Barlow Twins and VICReg.
    case linear
    /// Batch normalisation without γ and β, as in SimSiam's projector.
    case standardized
    /// Batch normalisation and ReLU, as between layers: features ≥ 0.
    case relu
  }

  /// From input to output; without a bias where a norm follows, which would take it away.
  public var layers: [Linear]
  /// After each linear layer, the last one included unless the ending is linear.
  public var norms: [BatchNorm]

  /// Layers between neighbours of `sizes`, each as ``Linear`` and ``BatchNorm`` begin.
  ///
  /// - Parameters:
  ///   - sizes: the widths from input to output.
  ///   - ending: what follows the last layer.
  ///   - random: what the weights are drawn from.
  /// - Precondition: at least two sizes; stops with them otherwise.
  public init(_ sizes: [Int], ending: Ending = .linear, using random: inout RandomSource) {
    if sizes.count < 2 { fail("BatchNormMLP: sizes \(sizes): needs an input and an output") }
    let last = sizes.count - 1
    layers = []
    norms = []
    for index in 1...last {
      let isNormalized = index < last || ending != .linear
      layers.append(
        Linear(
          inputs: sizes[index - 1], outputs: sizes[index], hasBias: !isNormalized,
          using: &random))
      guard isNormalized else { continue }
      let norm = BatchNorm(sizes[index], isRelu: index < last || ending == .relu)
      norms.append(index == last && ending == .standardized ? norm.frozen() : norm)
    }
  }

  /// With the running averages, `[…, sizes.first]` → `[…, sizes.last]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var y = x
    for index in layers.indices {
      y = layers[index](y)
      if index < norms.count { y = norms[index](y) }
    }
    return y
  }

  /// With the statistics of this batch, which enter the running averages; the same shape.
  public mutating func train(_ x: Tensor) -> Tensor {
    var y = x
    for index in layers.indices {
      y = layers[index].train(y)
      if index < norms.count { y = norms[index].train(y) }
    }
    return y
  }

  /// Visits the linear layers, then the norms, in order.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    layers.visitParameters(path / "layers", visit)
    norms.visitParameters(path / "norms", visit)
  }
}
