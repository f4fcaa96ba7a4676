import Networks
import Tensors

/// DINO's head: layers to a point on the unit sphere, and its cosine with each of K prototypes.
///
/// - Source: Caron et al. 2021, appendix C, arXiv:2104.14294.
public struct PrototypeHead: Layer {
  /// From features to the bottleneck, B wide.
  public var layers: MLP
  /// `[K, B]`, rows of any length: they count as directions.
  public var prototypes: Tensor

  /// Layers as ``/Networks/MLP`` begins, with GELU between, and prototypes as a ``/Networks/Linear`` does.
  ///
  /// - Parameters:
  ///   - sizes: widths from the features to the bottleneck.
  ///   - prototypes: K.
  ///   - random: what the weights are drawn from.
  /// - Precondition: at least two sizes and one prototype.
  public init(_ sizes: [Int], prototypes: Int, using random: inout RandomSource) {
    if prototypes < 1 { fail("PrototypeHead: \(prototypes) prototypes are fewer than 1") }
    layers = MLP(sizes, activation: .gelu, using: &random)
    let width = sizes[sizes.count - 1]
    let bound = 1 / Float(max(1, width)).squareRoot()
    self.prototypes = Tensor.uniform([prototypes, width], in: -bound..<bound, using: &random)
      .parameter()
  }

  /// `[N, sizes.first]` → `[N, K]`, within −1…1.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers(x).l2Normalized().matmul(prototypes.l2Normalized(), transposeOther: true)
  }

  /// Visits `layers`, then `prototypes`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    layers.visitParameters(path / "layers", visit)
    visit(path / "prototypes", &prototypes)
  }
}
