import Tensors

// Training goes on from weights that were learned before: some parts rest, others move less. A
// part rests while it is ``Module/frozen()``.

extension Module {
  /// The same module with parameters wherever `other` has them: a part that was frozen is trained
  /// again.
  ///
  ///     let start = encoder
  ///     model.encoder = model.encoder.frozen()              // the head alone is trained
  ///     model.encoder = model.encoder.trained(like: start)  // and now everything
  ///
  /// - Parameter other: a module of the same form, as it was before it was frozen.
  /// - Precondition: as many tensors; stops with both numbers otherwise.
  public func trained(like other: Self) -> Self {
    var result = self
    result.setTrained(other.trainedTensors)
    return result
  }

  /// Of each tensor, whether it is a parameter.
  fileprivate var trainedTensors: [Bool] {
    var result: [Bool] = []
    var copy = self
    copy.visitParameters(ParameterPath()) { _, tensor in result.append(tensor.isRecorded) }
    return result
  }

  /// Makes each tensor a parameter or a constant, in place.
  fileprivate mutating func setTrained(_ isTrained: [Bool]) {
    var index = 0
    visitParameters(ParameterPath()) { _, tensor in
      if index < isTrained.count, isTrained[index] != tensor.isRecorded {
        tensor = isTrained[index] ? tensor.parameter() : tensor.stopGradient()
      }
      index += 1
    }
    if index != isTrained.count { fail("trained: \(index) tensors like \(isTrained.count)") }
  }
}

extension [Bool] {
  /// True only at those numbers in `range` when the true ones are counted.
  fileprivate func keeping(_ range: Range<Int>) -> [Bool] {
    var count = 0
    return map { isTrained in
      defer { count += isTrained ? 1 : 0 }
      return isTrained && range.contains(count)
    }
  }
}

/// An optimizer with a rate for each part of a module: the nearer to the input, the smaller, since
/// early layers know what is common to all tasks.
///
///     let parts = [model.encoder.parameters.count, model.head.parameters.count]
///     var optimizer = LayerwiseRates(AdamW(learningRate: 1e-3), parts: parts, decay: 0.5)
///
/// - Source: Howard and Ruder 2018, section 3.2, arXiv:1801.06146; Clark et al. 2020, appendix A,
///   arXiv:2003.10555.
public struct LayerwiseRates<Base: Optimizer>: Optimizer {
  /// The rate where the factor is 1; setting it sets those of all parts.
  public var learningRate: Float {
    didSet { for part in optimizers.indices { spread(part) } }
  }
  /// How many tensors each part trains, in the order of ``Module/parameters``.
  public let parts: [Int]
  /// What the rate is multiplied by in each part; a part of factor 0 rests.
  public let factors: [Float]
  private var optimizers: [Base]

  /// A factor for each part.
  ///
  /// - Parameters:
  ///   - base: how each part is trained.
  ///   - parts: how many tensors each trains, from input to output.
  ///   - factors: as many, none negative; stops with what is wrong otherwise.
  public init(_ base: Base, parts: [Int], factors: [Float]) {
    if parts.count != factors.count {
      fail("LayerwiseRates: \(factors.count) factors for \(parts.count) parts")
    }
    for count in parts where count < 0 { fail("LayerwiseRates: a part of \(count) tensors") }
    for factor in factors where !(factor >= 0) {
      fail("LayerwiseRates: factor \(factor) is negative or not a number")
    }
    (self.parts, self.factors) = (parts, factors)
    learningRate = base.learningRate
    optimizers = Array(repeating: base, count: parts.count)
    for part in parts.indices { spread(part) }
  }

  /// The last part at the full rate, each part before it at `decay` times the rate of the next.
  public init(_ base: Base, parts: [Int], decay: Float) {
    var factors: [Float] = []
    for _ in parts { factors = factors.map { $0 * decay } + [1] }
    self.init(base, parts: parts, factors: factors)
  }

  private mutating func spread(_ part: Int) {
    optimizers[part].learningRate = learningRate * factors[part]
  }

  /// One step of every part; see ``Optimizer/update(_:_:)``.
  ///
  /// - Precondition: parts of all the module's parameters together; stops with both numbers
  ///   otherwise.
  public mutating func update<M: Module>(_ module: inout M, _ gradients: [Tensor]) {
    let all = module.trainedTensors
    for (part, range) in ranges(of: gradients.count) {
      module.setTrained(all.keeping(range))
      optimizers[part].update(&module, Array(gradients[range]))
    }
    module.setTrained(all)
  }

  /// Begins the training of every part anew.
  public mutating func prepare<M: Module>(for module: M) {
    let all = module.trainedTensors
    for (part, range) in ranges(of: module.parameters.count) {
      var copy = module
      copy.setTrained(all.keeping(range))
      optimizers[part].prepare(for: copy)
    }
  }

  /// The parts that are trained, and the numbers of their tensors.
  private func ranges(of count: Int) -> [(part: Int, range: Range<Int>)] {
    let sum = parts.reduce(0, +)
    if sum != count { fail("LayerwiseRates: parts of \(sum) tensors for \(count) parameters") }
    var result: [(Int, Range<Int>)] = []
    var start = 0
    for part in parts.indices {
      let range = start..<start + parts[part]
      start = range.upperBound
      if factors[part] > 0 && !range.isEmpty { result.append((part, range)) }
    }
    return result
  }

  /// Visits the state of each part.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    optimizers.visitParameters(path / "parts", visit)
  }
}
