/// One operation on the tape: what it was computed from, and how a gradient flows back.
///
/// A node holds its inputs' nodes, never its own output, so a tape lives exactly as long as a
/// tensor that was computed through it. A leaf (a tensor whose gradient can be asked for) is a node
/// without inputs.
package final class Node {
  /// Sends the gradient of this node's output to its inputs by ``add(_:_:)``.
  package typealias Backward = (_ gradient: Tensor, _ node: Node) -> Void

  let operation: StaticString
  // Nearly every operation has at most three inputs; an array for each would cost an allocation.
  private var first: Node?
  private var second: Node?
  private var third: Node?
  private var others: [Node?]
  fileprivate var backward: Backward?

  // What a backward pass keeps here while it runs; passes take turns (`backwardPassLock`).
  fileprivate var gradient: Tensor?
  fileprivate var isVisited = false
  fileprivate var isNeeded = false
  fileprivate var isRequested = false
  fileprivate var isSpent = false

  package init(
    _ operation: StaticString, _ first: Node? = nil, _ second: Node? = nil, _ third: Node? = nil,
    others: [Node?] = [], backward: Backward? = nil
  ) {
    self.operation = operation
    self.first = first
    self.second = second
    self.third = third
    self.others = others
    self.backward = backward
  }

  /// How many inputs there are to walk through.
  private var inputCount: Int { 3 &+ others.count }

  @inline(__always) private func input(_ index: Int) -> Node? {
    switch index {
    case 0: first
    case 1: second
    case 2: third
    default: others[index &- 3]
    }
  }

  /// Whether anything asks for the gradient of input `index`.
  package func needs(_ index: Int) -> Bool { input(index)?.isNeeded ?? false }

  /// Adds to the gradient of input `index`; an input used twice receives the sum.
  package func add(_ index: Int, _ gradient: Tensor) {
    guard let input = input(index), input.isNeeded else { return }
    if NaNCheck.isOn { NaNCheck.inspect(gradient, operation, isGradient: true) }
    if input.gradient == nil {
      input.gradient = gradient
    } else {
      input.gradient!.accumulate(gradient)
    }
  }

  private func takeInputs(into list: inout [Node]) {
    if let node = first { list.append(node) }
    if let node = second { list.append(node) }
    if let node = third { list.append(node) }
    for case let node? in others { list.append(node) }
    first = nil
    second = nil
    third = nil
    others = []
  }

  private var hasInputs: Bool {
    first != nil || second != nil || third != nil || !others.isEmpty
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
  /// The gradients of `root`'s output with respect to the outputs of `requested`, nil where no
  /// path leads.
  ///
  /// The tape is walked from the result to the leaves, each node after everything that used it.
  /// Unless `keepsTape`, a node's saved values are released as the walk passes it.
  static func gradients(
    from root: Node, seed: Tensor, of requested: [Node], keepsTape: Bool
  ) -> [Tensor?] {
    for node in requested { node.isRequested = true }
    let order = root.inputsFirst()
    for node in order {
      node.isNeeded = node.isRequested
      var index = 0
      while !node.isNeeded && index < node.inputCount {
        node.isNeeded = node.input(index)?.isNeeded ?? false
        index &+= 1
      }
    }

    root.gradient = seed
    for node in order.reversed() {
      if node.isNeeded, let gradient = node.gradient, let backward = node.backward {
        if !node.isRequested { node.gradient = nil }
        backward(gradient, node)
      }
      if !keepsTape && node.backward != nil {
        node.backward = nil
        node.isSpent = true
      }
    }

    let result = requested.map { $0.gradient }
    for node in order {
      node.gradient = nil
      node.isVisited = false
      node.isNeeded = false
    }
    for node in requested { node.isRequested = false }
    return result
  }

  /// Every node below this one, each after its inputs. A loop, not a recursion: a chain may be
  /// longer than the stack is deep.
  private func inputsFirst() -> [Node] {
    var order: [Node] = []
    var path: [(node: Node, next: Int)] = [(self, 0)]
    isVisited = true
    while let (node, next) = path.last {
      if node.isSpent {
        fail(
          """
          gradients: the tape through \(node.operation) was used up by an earlier call; \
          pass keepsTape: true to the first of several
          """)
      }
      if next == node.inputCount {
        order.append(node)
        path.removeLast()
        continue
      }
      path[path.count - 1].next = next + 1
      if let input = node.input(next), !input.isVisited {
        input.isVisited = true
        path.append((input, 0))
      }
    }
    return order
  }
}

// A tape may be handed to another task; backward passes take turns.
extension Node: @unchecked Sendable {}

extension Node {
  /// The index of the first input of an operation recorded from a list of tensors.
  package static var firstOfList: Int { 3 }
}
