import SelfSupervised
import Tensors
import TestSupport
import Testing

/// The mean of a bound over all batches of N pairs from a table, exactly.
private func expectation(
  of bound: (Matrix, [Int]) -> Double, scores critic: Matrix, pairs n: Int, from table: JointTable
) -> Double {
  let cells = table.x.count * table.y.count
  var total = 0.0
  var count = 1
  for _ in 0..<n { count *= cells }
  for batch in 0..<count {
    var (rest, probability) = (batch, 1.0)
    var (x, y) = ([Int](), [Int]())
    for _ in 0..<n {
      let (i, j) = (rest % cells / table.y.count, rest % table.y.count)
      rest /= cells
      probability *= table[i, j]
      x.append(i)
      y.append(j)
    }
    total += probability * bound(Matrix(rows: n, columns: n) { critic[x[$0], y[$1]] }, y)
  }
  return total
}

@Suite("Bounds with a baseline") struct InterpolatedBoundTests {
  static let table = JointTable([[0.20, 0.05, 0.05], [0.05, 0.25, 0.05], [0.02, 0.08, 0.25]])
  static let critic = Matrix(rows: 3, columns: 3) { sin(Double(3 * $0 + $1)) }

  @Test("are plain loops over pairs, in double precision") func loops() {
    let scores = Matrix(rows: 5, columns: 5) { 2 * sin(Double(5 * $0 + $1) * 0.7) }
    let logs = [0.3, -0.2, 1, 0, -1]
    var (partners, others) = (0.0, 0.0)
    for i in 0..<5 {
      partners += (scores[i, i] - logs[i]) / 5
      for j in 0..<5 where j != i { others += exp(scores[i, j] - logs[j]) / 20 }
    }
    let tuba = tubaBound(scores: scores, logBaselines: logs)
    #expect(isClose(tuba, 1 + partners - others))
    #expect(
      isClose(interpolatedBound(scores: scores, logBaselines: logs, alpha: 0), tuba, within: 1e-12))
    // α = 1: InfoNCE, each pair among all candidates but one.
    var nce = 0.0
    for i in 0..<5 {
      for j in 0..<5 where j != i {
        var sum = 0.0
        for k in 0..<5 where k != j { sum += exp(scores[k, i]) / 4 }
        nce += (scores[i, i] - log(sum)) / 20
      }
    }
    #expect(isClose(interpolatedBound(scores: scores, logBaselines: logs, alpha: 1), nce))
  }

  @Test("with a baseline of e TUBA is NWJ") func isNWJ() {
    let scores = Matrix(rows: 4, columns: 4) { sin(Double(4 * $0 + $1)) }
    let tuba = tubaBound(scores: scores, logBaselines: [1, 1, 1, 1])
    #expect(isClose(tuba, nwjBound(scores: scores)))
  }

  @Test("over all batches they stay below I, for any critic", arguments: [0, 0.3, 0.9, 1])
  func valid(alpha: Double) {
    let (table, critic) = (Self.table, Self.critic)
    let logs = [0.4, -0.3, 0.2]
    let mean = expectation(
      of: { scores, y in
        interpolatedBound(scores: scores, logBaselines: y.map { logs[$0] }, alpha: alpha)
      }, scores: critic, pairs: 3, from: table)
    #expect(mean < table.mutualInformation)
    if alpha == 0 {
      #expect(isClose(mean, table.tubaBound(critic: critic, logBaselines: logs)))
    }
  }

  @Test("TUBA reaches I for the log ratio and a = 1; its best a is the mean of e^f")
  func tight() {
    let table = Self.table
    let exact = table.tubaBound(critic: table.logRatio, logBaselines: [0, 0, 0])
    #expect(isClose(exact, table.mutualInformation))
    let best = (0..<3).map { j in
      log((0..<3).reduce(0) { $0 + table.x[$1] * exp(Self.critic[$1, j]) })
    }
    let value = table.tubaBound(critic: Self.critic, logBaselines: best)
    for j in 0..<3 {
      for step in [-0.1, 0.1] {
        var moved = best
        moved[j] += step
        #expect(table.tubaBound(critic: Self.critic, logBaselines: moved) < value)
      }
    }
  }

  @Test("agree with PyTorch, and so do their gradients") func torch() throws {
    let fixture = try TorchFixture("bounds")
    let scores = try fixture.tensor("scores").parameter()
    let logs = try fixture.tensor("baselines").parameter()
    let exact = Matrix(rows: 5, columns: 5, values: [Double](scores))
    var values: [(String, Tensor, Double)] = [
      (
        "tuba", tubaBound(scores: scores, logBaselines: logs),
        tubaBound(scores: exact, logBaselines: [Double](logs))
      )
    ]
    for alpha in [0.01, 0.5, 0.9] {
      values.append(
        (
          "interpolated.\(alpha)",
          interpolatedBound(scores: scores, logBaselines: logs, alpha: alpha),
          interpolatedBound(scores: exact, logBaselines: [Double](logs), alpha: alpha)
        ))
    }
    for (name, value, double) in values {
      let expected = try fixture.numbers(name)[0]
      expectClose(value.scalar, expected, within: 2e-6, name)
      #expect(isClose(double, expected, within: 1e-5 * max(1, abs(expected))), "\(name)")
      let gradients = value.gradients(of: [scores, logs])
      for (key, gradient) in zip(["scores", "baselines"], gradients) {
        expectClose(
          gradient.elements, try fixture.numbers("\(name).gradient.\(key)"), within: 3e-6,
          "\(name), \(key)")
      }
    }
  }

  @Test("gradients agree with finite differences, at both ends too", arguments: [0, 0.5, 1])
  func finiteDifferences(alpha: Double) {
    var random = RandomSource(seed: 1)
    let inputs = [Tensor.normal([4, 4], using: &random), Tensor.normal([4], using: &random)]
    let check = GradientCheck(inputs) {
      interpolatedBound(scores: $0[0], logBaselines: $0[1], alpha: alpha)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    let tuba = GradientCheck(inputs) { tubaBound(scores: $0[0], logBaselines: $0[1]) }
    #expect(tuba.worstError < 5e-3, "\(String(describing: tuba.worst))")
  }
}

@Suite("Bounds for tractable laws") struct TractableBoundTests {
  /// log p(y | x) and log p(x | y) of a table.
  func conditionals(_ table: JointTable) -> (ofY: Matrix, ofX: Matrix) {
    (
      Matrix(rows: 3, columns: 3) { log(table[$0, $1] / table.x[$0]) },
      Matrix(rows: 3, columns: 3) { log(table[$0, $1] / table.y[$1]) }
    )
  }

  @Test("Barber and Agakov's: I + KL from above, I − KL from below") func barberAgakov() {
    // Twenty pairs in the table's proportions, so that means are expectations.
    let table = JointTable([[0.2, 0.05, 0.05], [0.05, 0.25, 0.05], [0.05, 0.05, 0.25]])
    let (ofY, ofX) = conditionals(table)
    let r = [0.5, 0.3, 0.2]
    let q = Matrix([[0.5, 0.2, 0.1], [0.3, 0.6, 0.2], [0.2, 0.2, 0.7]])
    var (y, marginals, x, truth) = ([Double](), [Double](), [Double](), [Double]())
    var gap = 0.0
    for i in 0..<3 {
      for j in 0..<3 {
        for _ in 0..<Int((table[i, j] * 20).rounded()) {
          y.append(ofY[i, j])
          marginals.append(log(r[j]))
          truth.append(log(table.y[j]))
          x.append(log(q[i, j]))
        }
        gap += table[i, j] * (ofX[i, j] - log(q[i, j]))
      }
    }
    #expect(y.count == 20)
    let information = table.mutualInformation
    let upper = barberAgakovUpperBound(logConditionals: Tensor(y), logMarginals: Tensor(marginals))
    expectClose(upper.scalar, information + klDivergence(table.y, r))
    let tight = barberAgakovUpperBound(logConditionals: Tensor(y), logMarginals: Tensor(truth))
    expectClose(tight.scalar, information)
    let lower = barberAgakovLowerBound(logConditionals: Tensor(x), entropy: entropy(table.x))
    expectClose(lower.scalar, information - gap)
    expectClose(
      differenceOfEntropies(logConditionals: Tensor(y), logMarginals: Tensor(truth)).scalar,
      information)
  }

  @Test("leave-one-out over all batches stays above I, and nears it") func leaveOneOut() {
    let table = InterpolatedBoundTests.table
    let ofY = conditionals(table).ofY
    let means = [2, 3].map { n in
      expectation(
        of: { scores, _ in leaveOneOutUpperBound(logConditionals: scores) }, scores: ofY, pairs: n,
        from: table)
    }
    #expect(means[0] > means[1] && means[1] > table.mutualInformation)
  }

  @Test("leave-one-out agrees with PyTorch and finite differences") func torch() throws {
    let fixture = try TorchFixture("bounds")
    let scores = try fixture.tensor("scores").parameter()
    let value = leaveOneOutUpperBound(logConditionals: scores)
    let expected = try fixture.numbers("leaveOneOut")[0]
    expectClose(value.scalar, expected, within: 1e-6)
    let exact = Matrix(rows: 5, columns: 5, values: [Double](scores))
    #expect(isClose(leaveOneOutUpperBound(logConditionals: exact), expected, within: 1e-6))
    expectClose(
      value.gradient(of: scores).elements, try fixture.numbers("leaveOneOut.gradient.scores"))
    let check = GradientCheck([scores]) { leaveOneOutUpperBound(logConditionals: $0[0]) }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
  }

  @Test("the order of the pairs changes nothing") func symmetry() {
    let scores = Matrix(rows: 4, columns: 4) { sin(Double(4 * $0 + $1)) }
    let order = [2, 0, 3, 1]
    let mixed = scores.block(rows: order, columns: order)
    #expect(
      isClose(
        leaveOneOutUpperBound(logConditionals: mixed),
        leaveOneOutUpperBound(logConditionals: scores)))
    #expect(
      isClose(
        interpolatedBound(scores: mixed, logBaselines: order.map { Double($0) }, alpha: 0.4),
        interpolatedBound(scores: scores, logBaselines: [0, 1, 2, 3], alpha: 0.4)))
  }

  @Test("NaN in gives NaN out") func notANumber() {
    let scores = Tensor([[1, 2, 3], [0, .nan, 1], [2, 1, 0]])
    let exact = Matrix(rows: 3, columns: 3, values: [Double](scores))
    #expect(leaveOneOutUpperBound(logConditionals: scores).scalar.isNaN)
    #expect(leaveOneOutUpperBound(logConditionals: exact).isNaN)
    for alpha in [0, 0.5, 1] {
      #expect(
        interpolatedBound(scores: scores, logBaselines: .zeros([3]), alpha: alpha).scalar.isNaN)
      #expect(interpolatedBound(scores: exact, logBaselines: [0, 0, 0], alpha: alpha).isNaN)
    }
    #expect(tubaBound(scores: scores, logBaselines: .zeros([3])).scalar.isNaN)
    #expect(
      barberAgakovLowerBound(logConditionals: Tensor([.nan, 1]), entropy: 0).scalar.isNaN)
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      TractableBoundTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("tubaBound: [2, 3] scores and 2 baselines; needs N × N and N, N > 1") {
      _ = tubaBound(scores: .ones([2, 3]), logBaselines: .ones([2]))
    },
    Mistake("tubaBound: [2, 2] scores and 3 baselines; needs N × N and N, N > 1") {
      _ = tubaBound(scores: Matrix(zeros: 2, 2), logBaselines: [0, 0, 0])
    },
    Mistake("tubaBound: [4] scores and [4] baselines") {
      _ = tubaBound(scores: .ones([4]), logBaselines: .ones([4]))
    },
    Mistake("interpolatedBound: [1, 1] scores and 1 baselines; needs N × N and N, N > 1") {
      _ = interpolatedBound(scores: .ones([1, 1]), logBaselines: .ones([1]), alpha: 0.5)
    },
    Mistake("interpolatedBound: alpha 1.5 is not in 0...1") {
      _ = interpolatedBound(scores: Matrix(zeros: 2, 2), logBaselines: [0, 0], alpha: 1.5)
    },
    Mistake("JointTable: 2 baselines for 3 columns") {
      _ = InterpolatedBoundTests.table.tubaBound(
        critic: InterpolatedBoundTests.critic, logBaselines: [0, 0])
    },
    Mistake("leaveOneOutUpperBound: [2, 3] values; needs N × N, N > 1") {
      _ = leaveOneOutUpperBound(logConditionals: Tensor.ones([2, 3]))
    },
    Mistake("leaveOneOutUpperBound: [1, 1] values; needs N × N, N > 1") {
      _ = leaveOneOutUpperBound(logConditionals: Matrix(zeros: 1, 1))
    },
    Mistake("barberAgakovUpperBound: [2] and [3]: needs two of [N], N > 0") {
      _ = barberAgakovUpperBound(logConditionals: .ones([2]), logMarginals: .ones([3]))
    },
    Mistake("barberAgakovLowerBound: [2, 2] is not [N], N > 0") {
      _ = barberAgakovLowerBound(logConditionals: .ones([2, 2]), entropy: 0)
    },
    Mistake("differenceOfEntropies: [0] and [0]: needs two of [N], N > 0") {
      _ = differenceOfEntropies(logConditionals: .zeros([0]), logMarginals: .zeros([0]))
    },
  ]
}
