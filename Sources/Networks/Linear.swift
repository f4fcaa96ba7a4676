import Tensors

/// A linear map with an optional activation: y = activation(x·W + b).
public struct Linear: Layer {
  /// W, `[inputs, outputs]`.
  public var weight: Tensor
  /// b, `[outputs]`, or none.
  public var bias: Tensor?
  /// Applied to each output, or none.
  public var activation: Activation?

  /// Weights and bias uniform in ±1/√inputs.
  ///
  /// - Source: PyTorch's `nn.Linear`.
  public init(
    inputs: Int, outputs: Int, hasBias: Bool = true, activation: Activation? = nil,
    using random: inout RandomSource
  ) {
    let bound = 1 / Float(max(1, inputs)).squareRoot()
    weight = Tensor.uniform([inputs, outputs], in: -bound..<bound, using: &random).parameter()
    bias =
      hasBias ? Tensor.uniform([outputs], in: -bound..<bound, using: &random).parameter() : nil
    self.activation = activation
  }

  /// A layer with given weights, `[inputs, outputs]` and `[outputs]`, as they are.
  public init(weight: Tensor, bias: Tensor? = nil, activation: Activation? = nil) {
    (self.weight, self.bias, self.activation) = (weight, bias, activation)
  }

  /// `[…, inputs]` → `[…, outputs]`.
  ///
  /// - Precondition: rows of the weight's inputs; stops with both shapes otherwise.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(weight, bias: bias, activation: activation)
  }

  /// residual + x·W + b in one operation, `[…, outputs]` like the residual.
  ///
  /// - Precondition: no activation, and shapes that fit.
  public func callAsFunction(_ x: Tensor, addedTo residual: Tensor) -> Tensor {
    x.linear(weight, bias: bias, activation: activation, residual: residual)
  }

  /// Visits `weight` and, if there is one, `bias`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
    bias.visitParameters(path / "bias", visit)
  }
}

/// Linear layers with an activation between them, none after the last.
public struct MLP: Layer {
  /// From input to output; the widths of neighbours agree.
  public var layers: [Linear]

  /// Layers between neighbours of `sizes`, each as ``Linear`` begins.
  ///
  /// - Parameters:
  ///   - sizes: the widths from input to output.
  ///   - activation: applied between layers, not after the last.
  ///   - hasBias: whether layers add a vector.
  ///   - random: what the weights are drawn from.
  /// - Precondition: at least two sizes.
  public init(
    _ sizes: [Int], activation: Activation = .relu, hasBias: Bool = true,
    using random: inout RandomSource
  ) {
    if sizes.count < 2 { fail("MLP: sizes \(sizes): needs an input and an output") }
    layers = (1..<sizes.count).map { index in
      Linear(
        inputs: sizes[index - 1], outputs: sizes[index], hasBias: hasBias,
        activation: index < sizes.count - 1 ? activation : nil, using: &random)
    }
  }

  /// `[…, sizes.first]` → `[…, sizes.last]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { $1($0) }
  }

  /// residual + the last layer's output in one operation, `[…, sizes.last]` like the residual.
  public func callAsFunction(_ x: Tensor, addedTo residual: Tensor) -> Tensor {
    layers[layers.count - 1](layers.dropLast().reduce(x) { $1($0) }, addedTo: residual)
  }

  /// Visits the layers in order.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    layers.visitParameters(path, visit)
  }
}
