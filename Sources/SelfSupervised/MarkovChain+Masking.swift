import Tensors

/// What the visible states of a chain tell about the hidden ones.
extension MarkovChain {
  /// H(X_i | nearest visible states), in nats, for a hidden state with visible ones `left` steps
  /// before and `right` steps after; nil on a side where nothing is visible.
  ///
  /// By the Markov property H(X | L, R) = H(X | L) + H(R | X) − H(R | L).
  public func hiddenEntropy(left: Int?, right: Int?) -> Double {
    switch (left, right) {
    case (nil, nil): marginalEntropy
    case (let a?, nil): conditionalEntropy(steps: a)
    case (nil, let b?): conditionalEntropy(steps: b)
    case (let a?, let b?):
      conditionalEntropy(steps: a) + conditionalEntropy(steps: b)
        - conditionalEntropy(steps: a + b)
    }
  }

  /// The law of the state at `position` given the visible ones.
  ///
  /// - Parameters:
  ///   - position: of the state that is asked for.
  ///   - states: the visible states; nil where one is hidden.
  /// - Precondition: one of their positions, and states of the chain that can be visible together.
  public func posterior(at position: Int, given states: [Int?]) -> [Double] {
    require([position], below: states.count, "MarkovChain.posterior", "position")
    require(states.compactMap { $0 }, below: stateCount, "MarkovChain.posterior", "state")
    if let known = states[position] { return (0..<stateCount).map { $0 == known ? 1 : 0 } }
    var law = Array(repeating: 1.0, count: stateCount)
    if let left = states[..<position].lastIndex(where: { $0 != nil }), let a = states[left] {
      law = transition(steps: position - left).row(a)
    } else {
      law = stationary
    }
    if let right = states[(position + 1)...].firstIndex(where: { $0 != nil }),
      let b = states[right]
    {
      let onward = transition(steps: right - position)
      for state in law.indices { law[state] *= onward[state, b] }
    }
    let sum = law.reduce(0, +)
    if sum == 0 { fail("MarkovChain.posterior: the states around \(position) cannot be visible") }
    return law.map { $0 / sum }
  }

  /// H(X_i | visible states) averaged over scattered masks that hide each state independently with
  /// this probability, for a hidden state far from both ends, in nats.
  ///
  /// The nearest visible states are a and b steps away with probability (1 − p)² p^(a + b − 2).
  public func scatteredHiddenEntropy(hiding p: Double) -> Double {
    if !(p >= 0 && p <= 1) { fail("scatteredHiddenEntropy: probability \(p) is not in 0...1") }
    guard p > 0, p < 1 else { return p == 0 ? hiddenEntropy(left: 1, right: 1) : marginalEntropy }
    // Past 200 steps the chain has forgotten everything that a double can hold.
    let reach = min(200, max(2, Int(-40 / log(p)) + 2))
    var known = [marginalEntropy]
    for steps in 1...2 * reach {
      known.append(
        steps > reach ? marginalEntropy : conditionalEntropy(steps: steps))
    }
    var sum = 0.0
    var mass = 0.0
    for a in 1...reach {
      for b in 1...reach {
        let weight = (1 - p) * (1 - p) * pow(p, Double(a + b - 2))
        sum += weight * (known[a] + known[b] - known[a + b])
        mass += weight
      }
    }
    return sum + (1 - mass) * marginalEntropy
  }
}
