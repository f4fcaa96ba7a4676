import Tensors

/// A module that computes one tensor from one tensor, and so can stand in a row with others.
public protocol Layer: Module {
  /// The output for an input.
  func callAsFunction(_ x: Tensor) -> Tensor

  /// The output while the layer is trained: the same, unless the layer has or holds a ``BatchNorm``.
  mutating func train(_ x: Tensor) -> Tensor
}

/// Layers one after another.
///
///     let encoder = Sequential {
///       Linear(inputs: 64, outputs: 256, activation: .relu, using: &random)
///       Linear(inputs: 256, outputs: 128, using: &random)
///     }
public struct Sequential<Body: Layer>: Layer {
  /// The chain of layers.
  public var body: Body

  /// The layers listed in `body`.
  public init(@LayerBuilder _ body: () -> Body) { self.body = body() }

  /// The output of the last layer, whose shape it has.
  public func callAsFunction(_ x: Tensor) -> Tensor { body(x) }

  /// Visits the layers in order.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    body.visitParameters(path, visit)
  }
}

/// Two layers, the second on the output of the first.
public struct Chain<First: Layer, Second: Layer>: Layer {
  /// The layer that sees the input.
  public var first: First

  /// The layer that sees the first one's output.
  public var second: Second

  /// The second layer's output on the first one's.
  public func callAsFunction(_ x: Tensor) -> Tensor { second(first(x)) }

  /// Visits `first`, then `second`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    first.visitParameters(path / "first", visit)
    second.visitParameters(path / "second", visit)
  }
}

/// A function without parameters as a layer.
public struct Lambda: Layer {
  private let function: (Tensor) -> Tensor

  /// A layer that computes `function`.
  public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

  /// The function's value at `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

  /// Visits nothing.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {}
}

/// Lists layers in braces.
@resultBuilder
public enum LayerBuilder {
  /// The first layer of a list.
  public static func buildPartialBlock<L: Layer>(first: L) -> L { first }

  /// The layers so far, and one more.
  public static func buildPartialBlock<A: Layer, B: Layer>(
    accumulated: A, next: B
  ) -> Chain<A, B> { Chain(first: accumulated, second: next) }
}
