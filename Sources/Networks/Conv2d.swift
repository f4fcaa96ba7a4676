import Tensors

/// A two-dimensional convolution over channels-last images.
public struct Conv2d: Layer {
  /// `[kernelSize, kernelSize, inputs, outputs]`.
  public var weight: Tensor
  /// `[outputs]`, or none.
  public var bias: Tensor?
  /// The step of the kernel, and the zeros around the image.
  public let stride: Int, padding: Int

  /// Weights and bias uniform in ±1/√(inputs·kernelSize²).
  ///
  /// - Source: PyTorch's `nn.Conv2d`.
  public init(
    inputs: Int, outputs: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
    hasBias: Bool = true, using random: inout RandomSource
  ) {
    let fanIn = Float(inputs) * Float(kernelSize) * Float(kernelSize)
    let bound = 1 / max(1, fanIn).squareRoot()
    weight = Tensor.uniform(
      [kernelSize, kernelSize, inputs, outputs], in: -bound..<bound, using: &random
    ).parameter()
    bias =
      hasBias ? Tensor.uniform([outputs], in: -bound..<bound, using: &random).parameter() : nil
    (self.stride, self.padding) = (stride, padding)
  }

  /// `[N, H, W, inputs]` → `[N, H′, W′, outputs]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.conv2d(weight, bias: bias, stride: stride, padding: padding)
  }

  /// Visits `weight` and, if there is one, `bias`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
    bias.visitParameters(path / "bias", visit)
  }
}
