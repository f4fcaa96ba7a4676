import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Any temperature") struct TemperatureTests {
  /// NT-Xent by plain loops in double precision, the largest score subtracted.
  private func reference(_ views: Tensor, _ temperature: Double) -> Double {
    let n = views.shape[0]
    let unit = (0..<n).map { row -> [Double] in
      let row = views[row].elements.map { Double($0) }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / max(length, 1e-12) }
    }
    var sum = 0.0
    for i in 0..<n {
      let scores = (0..<n).map { j in zip(unit[i], unit[j]).reduce(0) { $0 + $1.0 * $1.1 } }
      let others = (0..<n).filter { $0 != i }.map { scores[$0] }
      let most = others.reduce(-2) { max($0, $1) }
      let logs = log(others.reduce(0) { $0 + exp(($1 - most) / temperature) })
      sum += logs - (scores[(i + n / 2) % n] - most) / temperature
    }
    return sum / Double(n)
  }

  @Test(
    "NT-Xent is exact at any of them, in one number and for each row",
    arguments: [1e10, 1, 0.1, 0.026, 0.025, 0.0249, 0.01, 1e-3, 1e-6, 1e-20] as [Double])
  func ntXent(temperature: Double) {
    var random = RandomSource(seed: 1)
    let tau = Float(temperature)
    for shape in [[4, 2], [32, 128], [200, 16]] as [Shape] {
      let views = Tensor.normal(shape, using: &random)
      let exact = reference(views, Double(tau))
      // Cosines are floats: their rounding, over the temperature, is what no formula avoids.
      let tolerance = 2e-6 * max(1, exact) + 2e-7 / Double(tau)
      expectClose(
        ntXentLoss(views: views, temperature: tau).scalar, exact, within: tolerance)
      expectClose(
        ntXentLosses(views: views, temperature: tau).mean().scalar, exact, within: tolerance)
    }
  }

  @Test("the case that was −∞, and its gradient") func cold() {
    let views = Tensor([[1, 0], [0, 1], [-1, 0.1], [0.2, -1]]).parameter()
    let loss = ntXentLoss(views: views, temperature: 0.01)
    expectClose(loss.scalar, 113.562, within: 1e-3)
    let each = ntXentLosses(views: views, temperature: 0.01).mean()
    let (one, other) = (loss.gradient(of: views), each.gradient(of: views))
    #expect(one.elements.allSatisfy { $0.isFinite })
    expectClose(one.elements, [Double](other), within: 1e-3)
  }

  @Test("the gradients of both ways are one", arguments: [0.5, 0.03, 0.02, 0.001] as [Float])
  func gradients(temperature: Float) {
    var random = RandomSource(seed: 2)
    let views = Tensor.normal([24, 6], using: &random).parameter()
    let one = ntXentLoss(views: views, temperature: temperature).gradient(of: views)
    let other = ntXentLosses(views: views, temperature: temperature).mean().gradient(of: views)
    expectClose(one.elements, [Double](other), within: Double(2e-6 / temperature))
  }

  @Test("the smallest float leaves the partner that is nearest, and no NaN")
  func smallest() {
    let tau = Float.leastNonzeroMagnitude
    let near = Tensor([[1, 0], [0, 1], [1, 0], [0, 1]]).parameter()
    let far = Tensor([[1, 0], [0, 1], [-1, 0.1], [0.2, -1]])
    for loss in [
      ntXentLoss(views: near, temperature: tau), ntXentLosses(views: near, temperature: tau).sum(),
      infoNCELoss(queries: near[0..<2], keys: near[2...], temperature: tau),
      mocoLoss(queries: near, keys: near, queue: far[2...], temperature: tau),
    ] {
      #expect(loss.scalar == 0)
      #expect(loss.gradient(of: near) == .zeros([4, 2]))
    }
    expectClose(
      infoNCELoss(queries: near, keys: near, temperature: tau).scalar, log(2.0), within: 1e-6)
    #expect(ntXentLoss(views: far, temperature: tau).scalar == .infinity)
    #expect(supConLoss(views: near, labels: [0, 1, 0, 1], temperature: tau).scalar == 0)
  }

  @Test("CLIP's scale has a gradient where it is all but 0") func scale() {
    let rows = Tensor([[1, 0], [0, 1]])
    let scale = Tensor(-120).parameter()
    for loss in [
      clipLoss(images: rows, texts: rows, logitScale: scale),
      clipLosses(images: rows, texts: rows, logitScale: scale).mean(),
    ] {
      expectClose(loss.scalar, log(2.0), within: 1e-6)
      #expect(loss.gradient(of: scale).scalar == 0)
    }
  }

  @Test("a row of zeros costs the same in every form") func zeroRow() {
    let views = Tensor([[0, 0], [1, 0], [0, 1], [1, 1]])
    let one = Double(ntXentLoss(views: views, temperature: 0.5).scalar)
    expectClose(ntXentLosses(views: views, temperature: 0.5).mean().scalar, one, within: 1e-6)
    let matrix = Matrix([[0, 0], [1, 0], [0, 1], [1, 1]])
    expectClose(Float(ntXentLoss(views: matrix, temperature: 0.5)), one, within: 1e-6)
    let cold = Double(ntXentLoss(views: views, temperature: 0.02).scalar)
    expectClose(Float(ntXentLoss(views: matrix, temperature: 0.02)), cold, within: 1e-4)
  }

  @Test("rows too long or too short to be squared are directions too") func lengths() {
    let rows = Tensor([[1, 1], [1, 0], [1, 1], [0, 1]])
    let exact = Double(ntXentLoss(views: rows, temperature: 0.5).scalar)
    for scale in [1e20, 1e38, 1e-10] as [Float] {
      expectClose(
        ntXentLoss(views: rows * scale, temperature: 0.5).scalar, exact, within: 1e-6)
      expectClose(
        ntXentLosses(views: rows * scale, temperature: 0.01).mean().scalar,
        Double(ntXentLoss(views: rows, temperature: 0.01).scalar), within: 1e-3)
      #expect(retrievalAccuracy(queries: rows * scale, candidates: rows, top: 2) == 1)
    }
  }
}
