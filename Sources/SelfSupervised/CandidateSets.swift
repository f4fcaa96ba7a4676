/// All ways to draw one x and K candidates y₁ … y_K from a small table, with their weights: exact
/// expectations of anything that InfoNCE's theory talks about.
///
/// The work is X · Y^K terms, so K is small.
public struct CandidateSets: Sendable {
  public let table: JointTable
  /// K, the positive included.
  public let count: Int

  public init(of table: JointTable, count: Int) {
    guard count >= 1 else { fatalError("CandidateSets: needs at least one candidate") }
    self.table = table
    self.count = count
  }

  /// The mean of `value(x, ys)` where (x, y₁) comes from the joint law and the other candidates
  /// are drawn independently from p(y).
  public func meanWithPositive(_ value: (Int, [Int]) -> Double) -> Double {
    mean(value) { x, y in table[x, y] }
  }

  /// The same mean when no candidate has to do with x: y₁ too is drawn from p(y).
  public func meanWithoutPositive(_ value: (Int, [Int]) -> Double) -> Double {
    mean(value) { x, y in table.x[x] * table.y[y] }
  }

  /// The mean loss of a critic, one score for each (x, y), in nats.
  public func infoNCELoss(_ critic: Matrix) -> Double {
    meanWithPositive { x, ys in
      let scores = ys.map { critic[x, $0] }
      return logSumExp(scores) - scores[0]
    }
  }

  /// log K − loss: what InfoNCE certifies about the mutual information, in nats.
  public func infoNCEBound(_ critic: Matrix) -> Double {
    log(Double(count)) - infoNCELoss(critic)
  }

  private func mean(
    _ value: (Int, [Int]) -> Double, first: (Int, Int) -> Double
  ) -> Double {
    var total = 0.0
    var ys = Array(repeating: 0, count: count)
    for x in table.x.indices {
      repeat {
        var weight = first(x, ys[0])
        for y in ys.dropFirst() { weight *= table.y[y] }
        if weight > 0 { total += weight * value(x, ys) }
      } while advance(&ys)
    }
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
