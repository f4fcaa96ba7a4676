import Tensors

/// A value that holds parameters: a layer, a model, an array of layers.
///
/// The one requirement walks through every tensor that belongs to the module, always in the same
/// order. Counting, training, averaging, saving and loading are built on it.
///
///     struct Probe: Module {
///       var hidden: Linear
///       var output: Linear
///
///       mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
///         hidden.visitParameters(path / "hidden", visit)
///         output.visitParameters(path / "output", visit)
///       }
///     }
///
/// What is trained is a ``/Tensors/Tensor/parameter()``; a tensor that is not one (a running mean)
/// is saved, loaded and averaged, but optimizers leave it alone.
public protocol Module {
  /// Calls `visit` with every tensor of this module, in a fixed order, under its name.
  ///
  /// - Parameters:
  ///   - path: the name of this module in the whole; append own names with `/`.
  ///   - visit: may change the tensor's elements, not its shape.
  mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor)
}

/// What is done with one tensor of a module.
public typealias ParameterVisitor = (_ path: ParameterPath, _ tensor: inout Tensor) -> Void

/// The name of a tensor in a module: `blocks.0.attention.output.weight`.
public struct ParameterPath: Sendable, CustomStringConvertible {
  private indirect enum Place: Sendable {
    case whole
    case member(of: Place, StaticString)
    case element(of: Place, Int)
  }

  private let place: Place

  private init(_ place: Place) { self.place = place }

  /// The whole.
  public init() { place = .whole }

  /// The path of a member.
  public static func / (path: ParameterPath, name: StaticString) -> ParameterPath {
    ParameterPath(.member(of: path.place, name))
  }

  /// The path of an element.
  public static func / (path: ParameterPath, index: Int) -> ParameterPath {
    ParameterPath(.element(of: path.place, index))
  }

  /// The components with dots between them, as PyTorch writes them.
  public var description: String { ParameterPath.text(place) }

  private static func text(_ place: Place) -> String {
    switch place {
    case .whole: ""
    case .member(.whole, let name): name.description
    case .member(let outer, let name): text(outer) + "." + name.description
    case .element(.whole, let index): String(index)
    case .element(let outer, let index): text(outer) + "." + String(index)
    }
  }
}

extension Module {
  /// What is trained, in order: hand it to ``/Tensors/Tensor/gradients(of:keepsTape:)``.
  public var parameters: [Tensor] {
    var result: [Tensor] = []
    var copy = self
    copy.visitParameters(ParameterPath()) { _, tensor in
      if tensor.isRecorded { result.append(tensor) }
    }
    return result
  }

  /// How many numbers are trained.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The same module with constants in place of parameters: what is computed with it is not
  /// recorded, and optimizers find nothing to train.
  public func frozen() -> Self {
    var result = self
    result.visitParameters(ParameterPath()) { _, tensor in tensor = tensor.stopGradient() }
    return result
  }

  /// Moves every tensor towards `other`'s: self += (1 − momentum)·(other − self). An exponential
  /// moving average, as of MoCo's key encoder.
  ///
  /// - Parameters:
  ///   - other: a module of the same form.
  ///   - momentum: how much of the old value stays, 0.999 as a rule.
  /// - Source: He et al. 2020, arXiv:1911.05722.
  public mutating func follow(_ other: Self, momentum: Float) {
    var targets: [Tensor] = []
    var copy = other
    copy.visitParameters(ParameterPath()) { _, tensor in targets.append(tensor) }
    var index = 0
    visitParameters(ParameterPath()) { _, tensor in
      if index < targets.count { tensor.move(towards: targets[index], weight: 1 - momentum) }
      index += 1
    }
    if index != targets.count { fail("follow: \(index) tensors follow \(targets.count)") }
  }
}

extension Tensor: Module {
  /// Visits this tensor, under the path itself.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path, &self)
  }
}

extension Optional: Module where Wrapped: Module {
  /// Visits the wrapped module, under the path itself; nothing if there is none.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    self?.visitParameters(path, visit)
  }
}

extension Array: Module where Element: Module {
  /// Visits the elements in order, each under its index.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    for index in indices { self[index].visitParameters(path / index, visit) }
  }
}
