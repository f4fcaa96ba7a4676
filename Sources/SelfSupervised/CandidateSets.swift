import Tensors

/// All ways to draw one x and K candidates y₁ … y_K from a small table, with their weights: exact
/// expectations of anything that InfoNCE's theory talks about.
///
/// The work is X · Y^K terms, so K is small.
public struct CandidateSets: Sendable {
  /// The joint law the candidates are drawn from.
  public let table: JointTable
  /// K, the positive included.
  public let count: Int

  /// All sets of `count` candidates of which the first belongs to the anchor.
  public init(of table: JointTable, count: Int) {
    if count < 1 { fail("CandidateSets: \(count) candidates; needs 1 or more") }
    self.table = table
    self.count = count
  }

  /// `value(x, ys)` for every case, in the order of `lawWithPositive` and `lawWithoutPositive`.
  public func values(_ value: (Int, [Int]) -> Double) -> [Double] {
    var result: [Double] = []
    var ys = Array(repeating: 0, count: count)
    for x in table.x.indices {
      repeat { result.append(value(x, ys)) } while advance(&ys)
    }
    return result
  }

  /// The probability of every case where (x, y₁) comes from the joint law and the other
  /// candidates are drawn independently from p(y).
  public var lawWithPositive: [Double] { law { table[$0, $1] } }

  /// The same when no candidate has to do with x: y₁ too is drawn from p(y).
  public var lawWithoutPositive: [Double] { law { table.x[$0] * table.y[$1] } }

  /// The mean of `value(x, ys)` under `lawWithPositive`.
  public func meanWithPositive(_ value: (Int, [Int]) -> Double) -> Double {
    mean(value, under: lawWithPositive)
  }

  /// The mean of `value(x, ys)` under `lawWithoutPositive`.
  public func meanWithoutPositive(_ value: (Int, [Int]) -> Double) -> Double {
    mean(value, under: lawWithoutPositive)
  }

  /// The mean loss of a critic, one score for each (x, y), in nats.
  public func infoNCELoss(_ critic: Matrix) -> Double {
    meanWithPositive { x, ys in
      let scores = ys.map { critic[x, $0] }
      return surprise(of: scores[0], among: scores)
    }
  }

  /// log K − loss: what InfoNCE certifies about the mutual information, in nats.
  public func infoNCEBound(_ critic: Matrix) -> Double {
    log(Double(count)) - infoNCELoss(critic)
  }

  private func law(first: (Int, Int) -> Double) -> [Double] {
    values { x, ys in
      var weight = first(x, ys[0])
      for y in ys.dropFirst() { weight *= table.y[y] }
      return weight
    }
  }

  /// Cases that cannot happen do not count, whatever their value.
  private func mean(_ value: (Int, [Int]) -> Double, under law: [Double]) -> Double {
    var total = 0.0
    for (weight, number) in zip(law, values(value)) where weight > 0 { total += weight * number }
    return total
  }

  /// Counts `ys` up like an odometer; false when it is back at all zeros.
  private func advance(_ ys: inout [Int]) -> Bool {
    for position in ys.indices {
      ys[position] += 1
      if ys[position] < table.y.count { return true }
      ys[position] = 0
    }
    return false
  }
}
