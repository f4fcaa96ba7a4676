import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Completion by covariances") struct PatchBaselineTests {
  let grid = PatchGrid(side: 4, patchSize: 2)

  /// Correlated numbers in a square of 4 × 4.
  private func images(_ count: Int, using random: inout RandomSource) -> Tensor {
    let mix = Tensor.normal([6, 16], standardDeviation: 0.5, using: &random)
    return Tensor.normal([count, 6], using: &random).matmul(mix)
      + Tensor.normal([count, 16], standardDeviation: 0.3, using: &random) + 1
  }

  @Test("fitting a tensor is fitting its rows")
  func fitting() {
    var random = RandomSource(seed: 1)
    let x = images(20, using: &random)
    let rows = (0..<20).map { x[$0].elements.map { Double($0) } }
    let (a, b) = (GaussianModel(fitting: x, ridge: 0.1), GaussianModel(fitting: rows, ridge: 0.1))
    #expect(a.mean == b.mean && a.covariance == b.covariance)
  }

  @Test("an own map for each mask gives the error of its predictor")
  func completed() {
    var random = RandomSource(seed: 2)
    let x = images(40, using: &random)
    let model = GaussianModel(fitting: x)
    let patches = grid.patches(of: x)
    let mask = PatchMask.showing([0, 3], of: 4, images: 40)
    let guess = model.completed(patches, mask: mask, grid: grid)
    let error = maskedPixelLoss(predictions: guess, patches: patches, mask: mask)
    let rows = (0..<40).map { x[$0].elements.map { Double($0) } }
    let expected = model.maskedError(of: rows, visible: grid.pixels(of: [0, 3]))
    expectClose(error.scalar, expected, within: 1e-6)
    // On its own sample, the error is the residual's trace.
    let residual = model.predictor(visible: grid.pixels(of: [0, 3])).residual.trace / 8
    expectClose(error.scalar, residual * 39 / 40, within: 1e-5)
  }

  @Test("with all components nothing is lost, with none nothing is known")
  func principal() {
    var random = RandomSource(seed: 3)
    let model = GaussianModel(fitting: images(50, using: &random))
    let all = model.principal(components: 16)
    for (a, b) in zip(all.covariance.values, model.covariance.values) {
      #expect(isClose(a, b, within: 1e-5))
    }
    let none = model.principal(components: 0)
    let spread = model.covariance.trace / 16
    for i in 0..<16 { #expect(isClose(none.covariance[i, i], spread, within: 1e-6)) }
    #expect(isClose(none.predictor(visible: [0]).complete(model.mean)[5], model.mean[5]))
  }

  @Test("completing by components is ridge regression on the components")
  func ridge() {
    var random = RandomSource(seed: 4)
    let model = GaussianModel(fitting: images(60, using: &random))
    let (k, noise) = (5, 0.02)
    let (values, vectors) = Tensor(model.covariance.values, shape: [16, 16]).symmetricEigen()
    let visible = [0, 1, 4, 5, 9]
    let image = (0..<16).map { Double($0) / 8 }
    // c minimises |x_V − μ_V − U_V c|² + σ² Σ c² / (λ − σ²).
    func u(_ i: Int, _ a: Int) -> Double { Double(vectors.elements[16 * i + 15 - a]) }
    let normal = Matrix(rows: k, columns: k) { a, b in
      var sum = a == b ? noise / (Double(values.elements[15 - a]) - noise) : 0
      for i in visible { sum += u(i, a) * u(i, b) }
      return sum
    }
    let right = (0..<k).map { a in
      visible.reduce(0.0) { $0 + u($1, a) * (image[$1] - model.mean[$1]) }
    }
    let c = CholeskyFactor(normal)!.solve(right)
    let completed = model.principal(components: k, noise: noise).predictor(visible: visible)
      .complete(image)
    for i in 0..<16 where !visible.contains(i) {
      let expected = (0..<k).reduce(model.mean[i]) { $0 + u(i, $1) * c[$1] }
      #expect(isClose(completed[i], expected, within: 1e-4))
    }
  }

  @Test("the shared map has the error of the average over all masks", arguments: [1, 2, 3])
  func shared(visibleCount: Int) {
    var random = RandomSource(seed: 5)
    let x = images(80, using: &random)
    let model = GaussianModel(fitting: x)
    let patches = grid.patches(of: x)
    func meanError(_ weights: Matrix) -> Double {
      // Over every mask, hidden coordinates of Σ (1 − W m)…
      var (total, count) = (0.0, 0.0)
      for code in 0..<16 where code.nonzeroBitCount == visibleCount {
        let shown = (0..<4).filter { code >> $0 & 1 == 1 }
        let seen = grid.pixels(of: shown)
        for i in 0..<16 where !seen.contains(i) {
          var error = model.covariance[i, i]
          for a in seen {
            error -= 2 * weights[i, a] * model.covariance[i, a]
            for b in seen { error += weights[i, a] * weights[i, b] * model.covariance[a, b] }
          }
          total += error
          count += 1
        }
      }
      return total / count
    }
    let shared = SharedLinearPredictor(model, grid: grid, visibleCount: visibleCount)
    #expect(isClose(meanError(shared.weights), shared.expectedError, within: 1e-9))
    // No other map is better.
    for i in [0, 7, 200] {
      var moved = shared.weights
      moved.values[i] += 0.01
      #expect(meanError(moved) >= shared.expectedError - 1e-12)
    }
    // Of single masks, an own map is at least as good.
    let mask = PatchMask.random(
      images: 80, patches: 4, hiding: 4 - visibleCount, using: &random)
    func loss(_ guess: Tensor) -> Float {
      maskedPixelLoss(predictions: guess, patches: patches, mask: mask).scalar
    }
    let own = loss(model.completed(patches, mask: mask, grid: grid))
    let common = loss(shared.completed(patches, mask: mask, grid: grid))
    #expect(own < common + 0.02)
    #expect(abs(Double(common) - shared.expectedError) < 0.25 * shared.expectedError)
  }

  @Test("with one patch hidden, the shared map is the own one")
  func oneHidden() {
    var random = RandomSource(seed: 6)
    let model = GaussianModel(fitting: images(80, using: &random))
    let shared = SharedLinearPredictor(model, grid: grid, visibleCount: 3)
    let own = model.predictor(visible: grid.pixels(of: [0, 1, 3]))
    for (row, i) in own.hidden.enumerated() {
      for (column, j) in own.visible.enumerated() {
        #expect(isClose(shared.weights[i, j], own.weights[row, column], within: 1e-9))
      }
    }
  }
}
