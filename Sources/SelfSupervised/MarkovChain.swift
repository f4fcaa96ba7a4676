import Tensors

/// A stationary Markov chain on the states 0, 1, …, V − 1: a ``MarkovSource`` of order 1.
public struct MarkovChain: Sendable, Equatable {
  /// `[V, V]`; row a holds the law of the next state after a.
  public let transition: Matrix
  private let source: MarkovSource

  /// - Precondition: rows that sum to 1, and a chain that forgets where it began (all entries of
  ///   some power positive).
  public init(_ rows: [[Double]]) {
    let transition = Matrix(rows)
    guard transition.rows == transition.columns, transition.rows > 0 else {
      fatalError("MarkovChain: [\(transition.rows), \(transition.columns)] is not square")
    }
    for a in 0..<transition.rows {
      let row = transition.row(a)
      guard row.allSatisfy({ $0 >= 0 }), abs(row.reduce(0, +) - 1) < 1e-9 else {
        fatalError("MarkovChain: row \(a) is not a probability distribution")
      }
    }
    self.transition = transition
    // Squaring P sixty times is 2⁶⁰ steps: every row of the result is π.
    var power = transition
    for _ in 0..<60 { power = Self.normalizedSquare(of: power) }
    for a in 1..<max(1, power.rows) {
      for b in 0..<power.columns where abs(power[a, b] - power[0, b]) > 1e-9 {
        fatalError("MarkovChain: where the chain ends depends on where it began")
      }
    }
    source = MarkovSource(order: 1, rows: rows, contextLaw: power.row(0))
  }

  /// A chain whose rows are drawn from the symmetric Dirichlet law, with a floor under every
  /// transition so that the chain forgets where it began.
  ///
  /// - Parameters:
  ///   - states: V.
  ///   - concentration: α of each row.
  ///   - floor: the share of each row that is spread evenly, between 0 and 1.
  ///   - random: what the rows are drawn from.
  public init(
    states: Int, concentration: Double, floor: Double,
    using random: inout some RandomNumberGenerator
  ) {
    self.init(
      random.laws(states, of: states, concentration: concentration, floor: floor))
  }

  /// The law of one state far from the start: π with π P = π.
  public var stationary: [Double] { source.contextLaw }

  /// V.
  public var stateCount: Int { transition.rows }

  /// The law of the state `steps` later, one row for each state now.
  ///
  /// - Precondition: 0 steps or more, here and wherever steps or lengths are named.
  public func transition(steps: Int) -> Matrix {
    require(count: steps, "MarkovChain.transition", "steps")
    var power = Matrix.identity(stateCount)
    for _ in 0..<steps { power = power.times(transition) }
    return power
  }

  /// H(X_t | X_{t−steps}), in nats: the entropy of a state when one so many steps away is known.
  /// It is the same in both directions of time.
  public func conditionalEntropy(steps: Int) -> Double {
    let power = transition(steps: steps)
    var sum = 0.0
    for a in 0..<stateCount { sum += stationary[a] * entropy(power.row(a)) }
    return sum
  }

  /// H(X_t), in nats.
  public var marginalEntropy: Double { entropy(stationary) }

  /// The entropy rate h = Σ π_a H(P_a), in nats per step.
  public var entropyRate: Double { source.entropyRate }

  /// H(X₁, …, X_T) = H(X₁) + (T − 1) h, in nats.
  public func blockEntropy(length: Int) -> Double { source.blockEntropy(length: length) }

  /// log p(x₁, …, x_T), in nats.
  ///
  /// - Precondition: states of the chain.
  public func logProbability(_ states: [Int]) -> Double {
    require(states, below: stateCount, "MarkovChain.logProbability", "state")
    guard let first = states.first else { return 0 }
    var sum = log(stationary[first])
    for (a, b) in zip(states, states.dropFirst()) { sum += log(transition[a, b]) }
    return sum
  }

  /// A stretch of the stationary chain.
  public func sample(length: Int, using random: inout some RandomNumberGenerator) -> [Int] {
    source.sample(length: length, using: &random)
  }

  private static func normalizedSquare(of matrix: Matrix) -> Matrix {
    var square = matrix.times(matrix)
    for a in 0..<square.rows {
      let sum = square.row(a).reduce(0, +)
      for b in 0..<square.columns { square[a, b] /= sum }
    }
    return square
  }
}
