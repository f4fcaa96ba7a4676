#if !hasFeature(Embedded)
  import Synchronization

  // A pass keeps its sums in the nodes it walks, and two tasks may share a tape.
  private let backwardPassLock = Mutex(())
#endif

extension Tensor {
  /// The gradients of this number with respect to tensors it was computed from.
  ///
  /// A tensor's gradient can be asked for when it is a ``parameter()``, or was computed from one.
  /// A tensor that does not influence the result has a gradient of zeros. Nothing accumulates
  /// between calls.
  ///
  ///     let w = Tensor([1, 2, 3]).parameter()
  ///     let loss = (w * w).sum()
  ///     let gradients = loss.gradients(of: [w])  // [[2, 4, 6]]
  ///
  /// The values saved for the pass are released as it goes, so a result can be differentiated
  /// once; pass `keepsTape` to ask again.
  ///
  /// - Parameters:
  ///   - parameters: tensors of any shape.
  ///   - keepsTape: keep the tape for another call.
  /// - Returns: one tensor for each of `parameters`, in their order and shapes.
  /// - Precondition: this tensor has one element, and each parameter is on a tape; stops with the
  ///   shape otherwise.
  public func gradients(of parameters: [Tensor], keepsTape: Bool = false) -> [Tensor] {
    if shape.elementCount != 1 {
      fail("gradients: of \(shape): only a single number has gradients; take its sum or mean")
    }
    return gradients(of: parameters, seed: .full(shape, 1), keepsTape: keepsTape)
  }

  /// The gradient with respect to one tensor, in its shape; see ``gradients(of:keepsTape:)``.
  public func gradient(of parameter: Tensor, keepsTape: Bool = false) -> Tensor {
    gradients(of: [parameter], keepsTape: keepsTape)[0]
  }

  /// The gradients of Σ (`seed` · this tensor): a vector times the Jacobian.
  ///
  /// - Parameters:
  ///   - parameters: tensors of any shape.
  ///   - seed: what each element of this tensor counts, of this tensor's shape.
  ///   - keepsTape: keep the tape for another call.
  /// - Returns: one tensor for each of `parameters`, in their order and shapes.
  /// - Precondition: a seed of this shape, and each parameter is on a tape; stops with the shapes
  ///   otherwise.
  public func gradients(
    of parameters: [Tensor], seed: Tensor, keepsTape: Bool = false
  ) -> [Tensor] {
    if seed.shape != shape { fail("gradients: seed \(seed.shape) for a result \(shape)") }
    for (index, parameter) in parameters.enumerated() where parameter.node == nil {
      fail("gradients: tensor \(index), \(parameter.shape), is not a parameter() or made of one")
    }
    guard let root = node else { return parameters.map { .zeros($0.shape) } }
    let seed = seed.stopGradient()
    #if hasFeature(Embedded)
      return Node.gradients(from: root, seed: seed, of: parameters, keepsTape: keepsTape)
    #else
      return backwardPassLock.withLock { _ in
        Node.gradients(from: root, seed: seed, of: parameters, keepsTape: keepsTape)
      }
    #endif
  }

  /// The same values as a tensor whose gradient can be asked for, the start of a tape.
  public func parameter() -> Tensor {
    var result = self
    result.node = Node("parameter")
    return result
  }

  /// The same values as a constant: gradients do not flow through it.
  public func stopGradient() -> Tensor {
    var result = self
    result.node = nil
    return result
  }

  /// Whether operations on this tensor are recorded.
  public var isRecorded: Bool { node != nil }
}

extension Tensor {
  /// This tensor as the output of an operation on one tensor; recorded if the input is.
  @inline(__always)
  package consuming func recorded(
    _ operation: StaticString, _ a: Tensor, backward: @autoclosure () -> Node.Backward
  ) -> Tensor {
    if NaNCheck.isOn { NaNCheck.inspect(self, operation) }
    guard a.node != nil else { return self }
    node = Node(operation, a.node, backward: backward())
    return self
  }

  /// This tensor as the output of an operation on two tensors; recorded if either is.
  @inline(__always)
  package consuming func recorded(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, backward: @autoclosure () -> Node.Backward
  ) -> Tensor {
    if NaNCheck.isOn { NaNCheck.inspect(self, operation) }
    guard a.node != nil || b.node != nil else { return self }
    node = Node(operation, a.node, b.node, backward: backward())
    return self
  }

  /// This tensor as the output of an operation on three tensors; recorded if any is.
  @inline(__always)
  package consuming func recorded(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, _ c: Tensor,
    backward: @autoclosure () -> Node.Backward
  ) -> Tensor {
    if NaNCheck.isOn { NaNCheck.inspect(self, operation) }
    guard a.node != nil || b.node != nil || c.node != nil else { return self }
    node = Node(operation, a.node, b.node, c.node, backward: backward())
    return self
  }

  /// This tensor as the output of an operation on any number of tensors, which the closure
  /// addresses from 3 upwards.
  package consuming func recorded(
    _ operation: StaticString, inputs: [Tensor], backward: @autoclosure () -> Node.Backward
  ) -> Tensor {
    if NaNCheck.isOn { NaNCheck.inspect(self, operation) }
    let nodes = inputs.map { $0.node }
    guard nodes.contains(where: { $0 != nil }) else { return self }
    node = Node(operation, others: nodes, backward: backward())
    return self
  }
}
