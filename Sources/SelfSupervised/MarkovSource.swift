import Tensors

/// A stationary source in which the next symbol depends on the last `order` symbols: its entropies
/// are known exactly, and no shorter memory is enough.
///
/// What only a source of order 1 can answer, ``MarkovChain`` does.
public struct MarkovSource: Sendable, Equatable {
  /// How many symbols back the source remembers.
  public let order: Int
  /// V: symbols are 0 ..< symbolCount.
  public let symbolCount: Int
  /// The law of the next symbol after each context, `[V^order][V]`; a context is the number with
  /// its symbols as digits, the oldest first.
  public let rows: [[Double]]
  /// The law of `order` neighbours far from the start, in the numbering of `rows`.
  public let contextLaw: [Double]

  /// - Precondition: V^order rows of V probabilities that sum to 1, all positive.
  public init(order: Int, rows: [[Double]]) {
    let symbols = rows.first?.count ?? 0
    if order < 1 || symbols < 1 || rows.count != Self.power(symbols, order) {
      fail("MarkovSource: \(rows.count) rows of \(symbols) for order \(order)")
    }
    for (context, row) in rows.enumerated() {
      guard row.count == symbols, row.allSatisfy({ $0 > 0 }), abs(row.reduce(0, +) - 1) < 1e-9
      else { fatalError("MarkovSource: row \(context) is not a positive distribution") }
    }
    // A step of the context: drop the oldest digit, append the next symbol. All rows are positive,
    // so the law settles wherever it starts.
    var law = [Double](repeating: 1 / Double(rows.count), count: rows.count)
    let tail = rows.count / symbols
    for _ in 0..<100_000 {
      var next = [Double](repeating: 0, count: rows.count)
      for context in rows.indices {
        let start = context % tail * symbols
        for symbol in 0..<symbols { next[start + symbol] += law[context] * rows[context][symbol] }
      }
      var change = 0.0
      for context in rows.indices { change += abs(next[context] - law[context]) }
      law = next
      if change < 1e-15 { break }
    }
    self.init(order: order, rows: rows, contextLaw: law)
  }

  /// A source whose context law is known.
  init(order: Int, rows: [[Double]], contextLaw: [Double]) {
    self.order = order
    symbolCount = rows.first?.count ?? 0
    self.rows = rows
    self.contextLaw = contextLaw
  }

  /// A source whose rows are drawn from the symmetric Dirichlet law.
  ///
  /// - Parameters:
  ///   - order: how many symbols back the source remembers.
  ///   - symbols: V.
  ///   - concentration: α of each row; below 1, a few symbols are likely after each context.
  ///   - floor: the share of each row that is spread evenly, above 0.
  ///   - random: what the rows are drawn from.
  public init(
    order: Int, symbols: Int, concentration: Double, floor: Double,
    using random: inout some RandomNumberGenerator
  ) {
    let contexts = Self.power(symbols, order)
    if order < 1 || symbols < 1 || contexts > Int(Int32.max) {
      fail("MarkovSource: order \(order) over \(symbols) symbols has no table")
    }
    self.init(
      order: order,
      rows: random.laws(contexts, of: symbols, concentration: concentration, floor: floor))
  }

  /// The law of the symbol after `history`.
  ///
  /// - Parameter history: at least `order` symbols; only the last ones count.
  /// - Precondition: that many, and all of them symbols.
  public func law(after history: some BidirectionalCollection<Int>) -> [Double] {
    guard history.count >= order else {
      fatalError("MarkovSource: a history of \(history.count) symbols; needs \(order)")
    }
    require(history.suffix(order), below: symbolCount, "MarkovSource.law", "symbol")
    return rows[history.suffix(order).reduce(0) { $0 * symbolCount + $1 }]
  }

  /// H(X₁, …, X_k), in nats.
  ///
  /// - Precondition: a length of 0 or more, here and in what follows.
  public func blockEntropy(length: Int) -> Double {
    if length < 0 { fail("MarkovSource.blockEntropy: \(length) symbols; needs 0 or more") }
    if length <= order { return entropy(marginal(length)) }
    return entropy(contextLaw) + Double(length - order) * entropyRate
  }

  /// H(X_{k+1} | X₁, …, X_k), in nats: what the next symbol costs one who looks only k symbols
  /// back; the entropy rate for k ≥ order.
  public func conditionalEntropy(context k: Int) -> Double {
    blockEntropy(length: min(k, .max - 1) + 1) - blockEntropy(length: k)
  }

  /// The entropy rate h, in nats per symbol.
  public var entropyRate: Double {
    var sum = 0.0
    for (weight, row) in zip(contextLaw, rows) { sum += weight * entropy(row) }
    return sum
  }

  /// A stretch of the stationary source.
  public func sample(length: Int, using random: inout some RandomNumberGenerator) -> [Int] {
    require(count: length, "MarkovSource.sample", "symbols")
    var context = random.outcome(of: contextLaw)
    var symbols = [Int](repeating: 0, count: order)
    var rest = context
    for place in (0..<order).reversed() {
      symbols[place] = rest % symbolCount
      rest /= symbolCount
    }
    let tail = rows.count / symbolCount
    while symbols.count < length {
      let next = random.outcome(of: rows[context])
      symbols.append(next)
      context = context % tail * symbolCount + next
    }
    return Array(symbols.prefix(length))
  }

  /// The law of `length` ≤ order neighbours.
  private func marginal(_ length: Int) -> [Double] {
    var law = [Double](repeating: 0, count: Self.power(symbolCount, length))
    for (context, weight) in contextLaw.enumerated() { law[context % law.count] += weight }
    return law
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    var product = 1
    for _ in 0..<max(0, exponent) {
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: base)
      if isTooLarge { return .max }
      product = next
      if product < 2 { break }
    }
    return product
  }
}
