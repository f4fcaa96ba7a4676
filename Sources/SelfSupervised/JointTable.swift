import Tensors

/// The joint distribution of two variables X (rows) and Y (columns) on finite sets.
public struct JointTable: Sendable, Equatable {
  /// `[X, Y]`, p(x, y).
  public let probabilities: Matrix
  /// The marginal law of X.
  public let x: [Double]
  /// The marginal law of Y.
  public let y: [Double]

  /// - Precondition: no negative entry, a sum of 1 within 1e-9, and no empty row or column.
  public init(_ rows: [[Double]]) {
    self.init(Matrix(rows))
  }

  /// A table of probabilities; stops unless they are not negative and sum to 1.
  public init(_ probabilities: Matrix) {
    var x = Array(repeating: 0.0, count: probabilities.rows)
    var y = Array(repeating: 0.0, count: probabilities.columns)
    for i in 0..<probabilities.rows {
      for j in 0..<probabilities.columns {
        let value = probabilities[i, j]
        guard value >= 0 else { fatalError("JointTable: a negative probability") }
        x[i] += value
        y[j] += value
      }
    }
    let sum = x.reduce(0, +)
    guard abs(sum - 1) < 1e-9 else { fatalError("JointTable: the probabilities do not sum to 1") }
    guard !x.contains(0), !y.contains(0) else {
      fatalError("JointTable: a row or a column without any weight; leave it out")
    }
    self.probabilities = probabilities
    self.x = x
    self.y = y
  }

  /// The joint law of a prior on X and a channel p(y | x), one row for each x.
  public init(prior: [Double], channel: [[Double]]) {
    let conditional = Matrix(channel)
    guard prior.count == conditional.rows else {
      fatalError("JointTable: a prior on \(prior.count) inputs, \(conditional.rows) channel rows")
    }
    self.init(
      Matrix(rows: conditional.rows, columns: conditional.columns) {
        prior[$0] * conditional[$0, $1]
      })
  }

  /// p(x = i, y = j).
  public subscript(i: Int, j: Int) -> Double { probabilities[i, j] }

  /// p(x, y) / (p(x) p(y)) for every cell: above 1 where the two meet more often than by chance.
  public var ratio: Matrix {
    Matrix(rows: x.count, columns: y.count) { self[$0, $1] / (x[$0] * y[$1]) }
  }

  /// log of `ratio`, in nats: the optimal critic of InfoNCE.
  public var logRatio: Matrix {
    let ratio = ratio
    return Matrix(rows: x.count, columns: y.count) { log(ratio[$0, $1]) }
  }

  /// The joint entropy H(X, Y), in nats.
  public var jointEntropy: Double { entropy(probabilities.values) }

  /// I(X; Y) = KL(p(x, y) ‖ p(x) p(y)), in nats.
  public var mutualInformation: Double {
    klDivergence(probabilities.values, independent.values)
  }

  /// χ² = Σ p(x) p(y) (ratio − 1)²: the variance of the ratio under independence.
  public var chiSquare: Double {
    let ratio = ratio
    var sum = 0.0
    for i in x.indices {
      for j in y.indices { sum += x[i] * y[j] * (ratio[i, j] - 1) * (ratio[i, j] - 1) }
    }
    return sum
  }

  /// The product p(x) p(y) of the marginals.
  public var independent: Matrix {
    Matrix(rows: x.count, columns: y.count) { x[$0] * y[$1] }
  }
}
