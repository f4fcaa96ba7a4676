import Tensors

/// Changes a module's parameters by their gradients.
///
/// An optimizer is a module of its own state, constants all, so that a training can be saved and go
/// on as if it had never stopped:
///
///     let file = optimizer.safetensors
///     var other = AdamW()
///     other.prepare(for: model)
///     try other.load(file)
public protocol Optimizer: Module {
  /// The step size of the next update.
  var learningRate: Float { get set }

  /// Makes room for the state of a module's training; without, the first update does. Before it a
  /// state cannot be loaded.
  mutating func prepare<M: Module>(for module: M)

  /// One step.
  ///
  /// - Parameters:
  ///   - module: always the same one, or one of its form.
  ///   - gradients: of its ``Module/parameters``, in order.
  /// - Precondition: a gradient for each parameter, in its shape; stops with the parameter's name
  ///   otherwise.
  mutating func update<M: Module>(_ module: inout M, _ gradients: [Tensor])
}

/// Calls `body` with each trained tensor, its gradient and its number.
///
/// Not a member of an optimizer: the call would hold a copy of it, and so of the state that `body`
/// changes, and every tensor of that would be copied before the change.
private func forEachParameter<M: Module>(
  of module: inout M, _ gradients: [Tensor], _ body: (inout Tensor, Tensor, Int) -> Void
) {
  var index = 0
  module.visitParameters(ParameterPath()) { path, tensor in
    guard tensor.isRecorded else { return }
    if index >= gradients.count { fail("update: no gradient for \(path)") }
    if gradients[index].shape != tensor.shape {
      fail("update: \(path) is \(tensor.shape), its gradient \(gradients[index].shape)")
    }
    body(&tensor, gradients[index], index)
    index += 1
  }
  if index != gradients.count {
    fail("update: \(gradients.count) gradients, \(index) parameters")
  }
}

/// Zeros shaped like each of `tensors`.
private func zeros(like tensors: [Tensor]) -> [Tensor] { tensors.map { .zeros($0.shape) } }

/// Stochastic gradient descent with momentum.
///
///     velocity = momentum·velocity + gradient + weightDecay·p,  p −= learningRate·velocity
public struct SGD: Optimizer {
  /// The step size of the next update.
  public var learningRate: Float
  /// How much of the last step goes on.
  public var momentum: Double
  /// λ, the pull towards 0.
  public var weightDecay: Float
  /// Whether the gradient counts as if the step had gone on already.
  public var isNesterov: Bool
  private var velocities: [Tensor] = []

  /// Descent that stands still: the velocity begins at 0.
  public init(
    learningRate: Float, momentum: Double = 0, weightDecay: Float = 0, isNesterov: Bool = false
  ) {
    (self.learningRate, self.momentum) = (learningRate, momentum)
    (self.weightDecay, self.isNesterov) = (weightDecay, isNesterov)
  }

  /// One step; see ``Optimizer/update(_:_:)``.
  public mutating func update<M: Module>(_ module: inout M, _ gradients: [Tensor]) {
    if velocities.isEmpty { velocities = zeros(like: gradients) }
    forEachParameter(of: &module, gradients) { tensor, gradient, index in
      tensor.stepSGD(
        gradient, velocity: &velocities[index], learningRate: learningRate, momentum: momentum,
        weightDecay: weightDecay, isNesterov: isNesterov)
    }
  }

  /// Begins with velocities of 0 for a module's parameters.
  public mutating func prepare<M: Module>(for module: M) {
    velocities = zeros(like: module.parameters)
  }

  /// Visits `velocities`, once there are any.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    velocities.visitParameters(path / "velocities", visit)
  }
}

/// Adam with decoupled weight decay; with `weightDecay` 0, Adam.
///
/// - Source: Kingma and Ba 2015, arXiv:1412.6980; Loshchilov and Hutter 2019, arXiv:1711.05101.
public struct AdamW: Optimizer {
  /// The step size of the next update.
  public var learningRate: Float
  /// How slowly the running means of gradients, and of their squares, move; in double precision,
  /// because what counts is how far they are from 1.
  public var beta1: Double, beta2: Double
  /// Keeps the quotient finite.
  public var epsilon: Float
  /// λ, the pull towards 0 for each step, times the learning rate.
  public var weightDecay: Float
  /// Whether biases and norms (tensors of one axis) are decayed like the matrices.
  public var decaysVectors: Bool
  /// How many updates were made.
  public private(set) var step = 0
  private var first: [Tensor] = []
  private var second: [Tensor] = []

  /// Means that begin at 0, and are corrected for it.
  public init(
    learningRate: Float = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0.01, decaysVectors: Bool = true
  ) {
    (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
    (self.epsilon, self.weightDecay, self.decaysVectors) = (epsilon, weightDecay, decaysVectors)
  }

  /// One step; see ``Optimizer/update(_:_:)``.
  public mutating func update<M: Module>(_ module: inout M, _ gradients: [Tensor]) {
    if first.isEmpty { (first, second) = (zeros(like: gradients), zeros(like: gradients)) }
    step += 1
    forEachParameter(of: &module, gradients) { tensor, gradient, index in
      tensor.stepAdamW(
        gradient, first: &first[index], second: &second[index], step: step,
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: decaysVectors || tensor.rank > 1 ? weightDecay : 0)
    }
  }

  /// Begins at step 0 with means of 0 for a module's parameters.
  public mutating func prepare<M: Module>(for module: M) {
    (first, second) = (zeros(like: module.parameters), zeros(like: module.parameters))
    step = 0
  }

  /// Visits `first`, `second` and `step`, once there are any.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    first.visitParameters(path / "first", visit)
    second.visitParameters(path / "second", visit)
    // Nothing to name before there are means: a saved state then cannot be loaded by mistake.
    var words = first.isEmpty ? [] : [UInt64(step)]
    Networks.visit(words: &words, path / "step", visit)
    if let word = words.first { step = Int(truncatingIfNeeded: word & 0xFFFF_FFFF) }
  }
}

/// Adam: ``AdamW`` without weight decay.
public func Adam(
  learningRate: Float = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8
) -> AdamW {
  AdamW(
    learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: 0)
}

/// Gradient descent with a rate for each tensor in proportion to its length over its gradient's:
/// for large batches.
///
///     local rate = learningRate · trust · |p| / (|g| + weightDecay·|p|)
///
/// Tensors of one axis (biases, norms) are neither decayed nor rescaled, as in SimCLR.
///
/// - Source: You et al. 2017, arXiv:1708.03888.
public struct LARS: Optimizer {
  /// The rate of the next update, before it is adapted to each tensor.
  public var learningRate: Float
  /// How much of the last step goes on.
  public var momentum: Double
  /// λ, the pull of matrices towards 0.
  public var weightDecay: Float
  /// The trust coefficient η.
  public var trust: Float
  private var velocities: [Tensor] = []

  /// Descent that stands still: the velocity begins at 0.
  public init(
    learningRate: Float, momentum: Double = 0.9, weightDecay: Float = 1e-6, trust: Float = 1e-3
  ) {
    (self.learningRate, self.momentum) = (learningRate, momentum)
    (self.weightDecay, self.trust) = (weightDecay, trust)
  }

  /// One step; see ``Optimizer/update(_:_:)``.
  public mutating func update<M: Module>(_ module: inout M, _ gradients: [Tensor]) {
    if velocities.isEmpty { velocities = zeros(like: gradients) }
    forEachParameter(of: &module, gradients) { tensor, gradient, index in
      let isMatrix = tensor.rank > 1
      let decay = isMatrix ? weightDecay : 0
      var rate = learningRate
      if isMatrix {
        let (length, slope) = (tensor.norm, gradient.norm)
        let reach = slope + Double(decay) * length
        if length > 0 && slope > 0 { rate *= Float(Double(trust) * length / reach) }
      }
      // The velocity holds steps, not gradients: the rate of each step stays what it was.
      tensor.stepSGD(
        gradient, velocity: &velocities[index], learningRate: 1, momentum: momentum,
        weightDecay: rate * decay, gradientScale: rate)
    }
  }

  /// Begins with velocities of 0 for a module's parameters.
  public mutating func prepare<M: Module>(for module: M) {
    velocities = zeros(like: module.parameters)
  }

  /// Visits `velocities`, once there are any.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    velocities.visitParameters(path / "velocities", visit)
  }
}
