import Tensors
import TestSupport
import Testing

@Suite("Gradients where a formula has none") struct SafeGradientTests {
  @Test("x⁰ at 0, and the log-sum-exp of a row of −∞") func zeros() {
    let x = Tensor([0, 1]).parameter()
    #expect(x.power(0).sum().gradient(of: x).elements == [0, 0])
    let y = Tensor([[-Float.infinity, -.infinity], [0, 0]]).parameter()
    let sums = y.logSumExp(axes: 1)
    #expect(sums.elements[0] == -.infinity)
    #expect(sums.sum().gradient(of: y).elements == [0, 0, 0.5, 0.5])
  }

  @Test("the sample of `where`: a safe argument has a safe gradient") func safeWhere() {
    let x = Tensor([-1, 4]).parameter()
    let safe = Tensor.where(x .> 0, x, Tensor(1))
    let y = Tensor.where(x .> 0, safe.sqrt(), Tensor(0))
    #expect(y.elements == [0, 2])
    #expect(y.sum().gradient(of: x).elements == [0, 0.25])
  }

  @Test("the loss of each row, with rows that have no target") func crossEntropies() {
    var random = RandomSource(seed: 3)
    let x = Tensor.normal([4, 5], using: &random)
    let weights = Tensor([0.5, -1, 2, 3])
    let check = GradientCheck([x]) {
      ($0[0].crossEntropies(targets: [1, 0, -1, 4]) * weights).sum()
    }
    #expect(check.worstError < 2e-3, "\(String(describing: check.worst))")
    let rows = x.crossEntropies(targets: [1, 0, 2, 4])
    expectClose(
      x.crossEntropy(targets: [1, 0, 2, 4]).scalar, Double(rows.mean().scalar), within: 1e-6)
  }
}
