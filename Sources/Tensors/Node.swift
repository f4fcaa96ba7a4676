/// One operation on the tape: what it was computed from, and how a gradient flows back.
///
/// A node holds its inputs' nodes, never its own output, so a tape lives exactly as long as a
/// tensor that was computed through it. A leaf (a tensor whose gradient can be asked for) is a node
/// without inputs.
package final class Node {
  /// Sends the gradient of this node's output to its inputs by ``add(_:_:)``; may change it, as nobody
  /// asks for it afterwards.
  package typealias Backward = (_ gradient: inout Tensor, _ node: Node) -> Void

  let operation: StaticString
  // Nearly every operation has at most three inputs; an array for each would cost an allocation.
  // They are held from `init` to `takeInputs`, and counted by hand: a pass visits each of them
  // several times and would count up and down at each.
  private var first: Unmanaged<Node>?
  private var second: Unmanaged<Node>?
  private var third: Unmanaged<Node>?
  private var others: [Node?]?
  fileprivate var backward: Backward?

  // What a backward pass keeps here while it runs; passes take turns (`backwardPassLock`).
  /// The sum of what was received so far.
  fileprivate var gradient: Tensor?
  fileprivate var link: Unmanaged<Node>?
  fileprivate var nextInput = 0
  fileprivate var isVisited = false
  fileprivate var isNeeded = false
  fileprivate var isRequested = false
  fileprivate var isSpent = false

  package init(
    _ operation: StaticString, _ first: Node? = nil, _ second: Node? = nil, _ third: Node? = nil,
    others: [Node?]? = nil, backward: Backward? = nil
  ) {
    self.operation = operation
    self.first = first.map(Unmanaged.passRetained)
    self.second = second.map(Unmanaged.passRetained)
    self.third = third.map(Unmanaged.passRetained)
    self.others = others
    self.backward = backward
  }

  /// How many inputs there are to walk through.
  private var inputCount: Int { 3 &+ (others?.count ?? 0) }

  @inline(__always) private func input(_ index: Int) -> Unmanaged<Node>? {
    switch index {
    case 0: first
    case 1: second
    case 2: third
    default: others?[index &- 3].map(Unmanaged.passUnretained)
    }
  }

  /// Whether anything asks for the gradient of input `index`.
  package func needs(_ index: Int) -> Bool {
    input(index)?._withUnsafeGuaranteedRef { $0.isNeeded } ?? false
  }

  /// Adds to the gradient of input `index`; an input used twice receives the sum.
  package func add(_ index: Int, _ gradient: Tensor) {
    input(index)?._withUnsafeGuaranteedRef { input in
      guard input.isNeeded else { return }
      if NaNCheck.isOn { NaNCheck.inspect(gradient, operation, isGradient: true) }
      input.receive(gradient)
    }
  }

  fileprivate func receive(_ gradient: Tensor) {
    // Taken out of the node, so that the sum can tell whether anyone else holds it.
    if var sum = self.gradient.take() {
      sum.accumulate(gradient)
      self.gradient = sum
    } else {
      self.gradient = gradient
    }
  }

  /// Moves the inputs that hold others in their turn to `list`, and lets go of the rest.
  private func takeInputs(into list: inout [Node]) {
    func take(_ input: consuming Node?) {
      if let input, input.hasInputs { list.append(input) }
    }
    take(first?.takeRetainedValue())
    take(second?.takeRetainedValue())
    take(third?.takeRetainedValue())
    others?.forEach { take($0) }
    (first, second, third, others) = (nil, nil, nil, nil)
  }

  private var hasInputs: Bool {
    first != nil || second != nil || third != nil || others != nil
  }

  // Releasing a long chain one input at a time would nest one call for each operation and run out
  // of stack; here the inputs that nobody else holds are taken apart in a loop.
  deinit {
    guard hasInputs else { return }
    var released: [Node] = []
    takeInputs(into: &released)
    while var node = released.popLast() {
      if isKnownUniquelyReferenced(&node) { node.takeInputs(into: &released) }
    }
  }
}

extension Node {
  /// The gradients of `root`'s output with respect to `requested`, which have nodes; zeros where no
  /// path leads.
  ///
  /// The tape is walked from the result to the leaves, each node after everything that used it.
  /// Unless `keepsTape`, a node's saved values are released as the walk passes it.
  static func gradients(
    from root: Node, seed: Tensor, of requested: [Tensor], keepsTape: Bool
  ) -> [Tensor] {
    for tensor in requested { tensor.node?.isRequested = true }
    let first = Unmanaged.passUnretained(root)
    root.linkInOrder()

    root.receive(seed)
    var next: Unmanaged<Node>? = first
    while let current = next {
      next = current._withUnsafeGuaranteedRef { node in
        node.sendGradient(keepsTape: keepsTape)
        return node.link
      }
    }

    let result = requested.map { $0.node?.gradient ?? .zeros($0.shape) }
    next = first
    while let current = next {
      next = current._withUnsafeGuaranteedRef { node in
        let link = node.link
        node.forgetPass()
        return link
      }
    }
    for tensor in requested { tensor.node?.isRequested = false }
    return result
  }

  private func sendGradient(keepsTape: Bool) {
    guard let backward else { return }
    if isNeeded, var gradient = isRequested ? gradient : gradient.take() {
      backward(&gradient, self)
    }
    if !keepsTape {
      self.backward = nil
      isSpent = true
    }
  }

  private func forgetPass() {
    gradient = nil
    link = nil
    nextInput = 0
    isVisited = false
    isNeeded = false
  }

  /// Links every node below this one so that each stands before its inputs, this one first.
  ///
  /// A walk in depth, without recursion (a chain may be longer than the stack is deep) and without
  /// memory of its own: while a node is on the path, its link leads back to the node it was reached
  /// from. The tape below this node is held by it, so the links need not hold anything.
  private func linkInOrder() {
    var finished: Unmanaged<Node>?
    var current: Unmanaged<Node>? = Unmanaged.passUnretained(self)
    isVisited = true
    while let here = current {
      current = here._withUnsafeGuaranteedRef { node in
        if node.isSpent {
          fail(
            """
            gradients: the tape through \(node.operation) was used up by an earlier call; \
            pass keepsTape: true to the first of several
            """)
        }
        while node.nextInput < node.inputCount {
          let index = node.nextInput
          node.nextInput = index &+ 1
          if let input = node.input(index), input._withUnsafeGuaranteedRef({ $0.visit(from: here) })
          {
            return input
          }
        }
        node.isNeeded = node.isRequested || node.hasNeededInput
        let back = node.link
        node.link = finished
        finished = here
        return back
      }
    }
  }

  /// False when the node was visited before.
  private func visit(from here: Unmanaged<Node>) -> Bool {
    if isVisited { return false }
    isVisited = true
    link = here
    return true
  }

  private var hasNeededInput: Bool {
    for index in 0..<inputCount where needs(index) { return true }
    return false
  }
}

// A tape may be handed to another task; backward passes take turns.
extension Node: @unchecked Sendable {}

extension Node {
  /// The index of the first input of an operation recorded from a list of tensors.
  package static var firstOfList: Int { 3 }
}
