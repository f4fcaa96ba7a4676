import Tensors

extension MarkovChain {
  /// The law of every state given the visible ones, `[T][V]`: the exact answer to masked
  /// prediction, in T·V² steps.
  ///
  /// A forward pass collects what the past says about each state, a backward pass what the future
  /// says; their product is the posterior.
  ///
  /// - Parameter states: the visible states; nil where one is hidden.
  /// - Source: Baum et al. 1970; Rabiner 1989, section III.
  public func posteriors(given states: [Int?]) -> [[Double]] {
    let (T, V) = (states.count, stateCount)
    require(states.compactMap { $0 }, below: V, "MarkovChain.posteriors", "state")
    func seen(_ t: Int, _ state: Int) -> Double {
      guard let known = states[t] else { return 1 }
      return known == state ? 1 : 0
    }
    func normalized(_ law: [Double]) -> [Double] {
      let sum = law.reduce(0, +)
      if sum == 0 { fail("MarkovChain.posteriors: these states cannot be visible together") }
      return law.map { $0 / sum }
    }
    var forward: [[Double]] = []
    for t in 0..<T {
      var law = stationary
      if let before = forward.last {
        for b in 0..<V {
          law[b] = 0
          for a in 0..<V { law[b] += before[a] * transition[a, b] }
        }
      }
      for state in 0..<V { law[state] *= seen(t, state) }
      forward.append(normalized(law))
    }
    var result = forward
    var after = [Double](repeating: 1, count: V)
    for t in (0..<T).reversed() {
      result[t] = normalized(zip(forward[t], after).map { $0 * $1 })
      var before = [Double](repeating: 0, count: V)
      for a in 0..<V {
        for b in 0..<V { before[a] += transition[a, b] * seen(t, b) * after[b] }
      }
      after = normalized(before)
    }
    return result
  }
}
