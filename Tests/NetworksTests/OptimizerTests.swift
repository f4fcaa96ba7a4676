import Networks
import Tensors
import TestSupport
import Testing

@Suite("Optimizers") struct OptimizerTests {
  /// Five steps on p³/3 + p from [1, −2, 0.5].
  private func run(_ optimizer: some Optimizer) -> [Float] {
    var optimizer = optimizer
    var p = Tensor([1, -2, 0.5]).parameter()
    for _ in 0..<5 {
      let loss = (p.power(3) / 3 + p).sum()
      optimizer.update(&p, loss.gradients(of: [p]))
    }
    return p.elements
  }

  // p = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
  // for _ in range(5): o.zero_grad(); (p**3/3 + p).sum().backward(); o.step()
  @Test("steps are PyTorch's")
  func steps() {
    expectClose(
      run(SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 0.1)),
      [-0.139196652, -7.71545107, -0.279793806], within: 2e-6)
    expectClose(
      run(SGD(learningRate: 0.05, momentum: 0.9, isNesterov: true)),
      [-0.27900332, -16.9943978, -0.441834321], within: 2e-6)
    expectClose(
      run(SGD(learningRate: 0.05)), [0.579181922, -4.03874101, 0.212114586], within: 2e-6)
    expectClose(
      run(Adam(learningRate: 0.05)), [0.751326922, -2.25068721, 0.250898031], within: 2e-6)
    expectClose(
      run(AdamW(learningRate: 0.05, weightDecay: 0.1)), [0.729205555, -2.19858272, 0.241045038],
      within: 2e-6)
  }

  struct Betas: Sendable {
    var first: Double, second: Double
    var decay: Float = 0
  }

  static let betas = [
    Betas(first: 0.9, second: 0.999), Betas(first: 0.9, second: 0.9999, decay: 0.1),
    Betas(first: 0.999, second: 0.99999, decay: 0.01), Betas(first: 0.9, second: 0.999_999),
    Betas(first: 0.999_999, second: 0.999_999), Betas(first: 0, second: 0),
    Betas(first: 0.5, second: 0.95, decay: 1),
  ]

  @Test("AdamW is within a millionth of double precision after 1000 steps", arguments: betas)
  func adamInDouble(betas: Betas) {
    var random = RandomSource(seed: 1)
    var p = Tensor.uniform([37], in: -0.5..<0.5, using: &random).parameter()
    var optimizer = AdamW(
      learningRate: 1e-3, beta1: betas.first, beta2: betas.second, weightDecay: betas.decay)
    var wide = [Double](p)
    var (m, v) = ([Double](repeating: 0, count: 37), [Double](repeating: 0, count: 37))
    let (rate, decay) = (Double(Float(1e-3)), Double(betas.decay))
    for step in 1...1000 {
      let g = Tensor.normal([37], using: &random)
      optimizer.update(&p, [g])
      let corrections = [betas.first, betas.second].map { beta in
        1 - (0..<step).reduce(1.0) { power, _ in power * beta }
      }
      for (i, g) in [Double](g).enumerated() {
        m[i] = betas.first * m[i] + (1 - betas.first) * g
        v[i] = betas.second * v[i] + (1 - betas.second) * g * g
        let size = (v[i] / corrections[1]).squareRoot() + Double(Float(1e-8))
        wide[i] -= rate * (m[i] / corrections[0] / size + decay * wide[i])
      }
    }
    expectClose(p.elements, wide, within: 1e-6)
  }

  @Test(
    "descent is within a millionth of double precision after 1000 steps",
    arguments: [0, 0.9, 0.99, 0.999_999] as [Double])
  func momentumInDouble(momentum: Double) {
    var random = RandomSource(seed: 2)
    var p = Tensor.uniform([37], in: -0.5..<0.5, using: &random).parameter()
    let rate = Float(1e-3) * Float(max(1 - momentum, 0.01))
    var optimizer = SGD(learningRate: rate, momentum: momentum, weightDecay: 0.01)
    var (wide, velocity) = ([Double](p), [Double](repeating: 0, count: 37))
    for _ in 0..<1000 {
      let g = Tensor.normal([37], using: &random)
      optimizer.update(&p, [g])
      for (i, g) in [Double](g).enumerated() {
        velocity[i] = momentum * velocity[i] + g + Double(Float(0.01)) * wide[i]
        wide[i] -= Double(rate) * velocity[i]
      }
    }
    expectClose(p.elements, wide, within: 1e-6)
  }

  @Test("LARS moves a matrix by a share of its own length")
  func lars() {
    var w = Tensor([[3, 4]]).parameter()
    var optimizer = LARS(learningRate: 1, momentum: 0, weightDecay: 0, trust: 0.1)
    // |w| = 5, |g| = 10: the rate is 0.05, whatever the gradient's scale.
    optimizer.update(&w, [Tensor([[10, 0]])])
    expectClose(w.elements, [2.5, 4], within: 1e-6)
    var b = Tensor([1]).parameter()
    optimizer = LARS(learningRate: 0.1)
    optimizer.update(&b, [Tensor([1])])
    expectClose(b.elements, [0.9], within: 1e-6)
  }

  @Test("LARS decays a matrix, and goes on with the steps it made")
  func larsDecay() {
    let (start, gradients) = ([3.0, 4.0], [[6.0, -8.0], [1.0, 2.0], [-3.0, 0.5]])
    var w = Tensor([start.map { Float($0) }]).parameter()
    var optimizer = LARS(learningRate: 0.5, momentum: 0.9, weightDecay: 0.2, trust: 0.3)
    var (p, velocity) = (start, [0.0, 0.0])
    for gradient in gradients {
      optimizer.update(&w, [Tensor([gradient.map { Float($0) }])])
      let length = (p[0] * p[0] + p[1] * p[1]).squareRoot()
      let slope = (gradient[0] * gradient[0] + gradient[1] * gradient[1]).squareRoot()
      let rate = 0.5 * 0.3 * length / (slope + 0.2 * length)
      for i in 0..<2 {
        velocity[i] = 0.9 * velocity[i] + rate * (gradient[i] + 0.2 * p[i])
        p[i] -= velocity[i]
      }
    }
    expectClose(w.elements, p, within: 1e-6)
  }

  @Test("constants stay, and vectors may be spared from decay")
  func spared() {
    var layer = Linear(weight: Tensor([[1]]), bias: Tensor([1]).parameter())
    var optimizer = AdamW(learningRate: 0.1, weightDecay: 0.5, decaysVectors: false)
    optimizer.update(&layer, [Tensor([0])])
    #expect(layer.weight.scalar == 1)
    #expect(layer.bias?.scalar == 1)
  }

  @Test("an updated copy leaves the original as it was")
  func valueSemantics() {
    let original = Linear(weight: Tensor([[1]]).parameter())
    var copy = original
    var optimizer = SGD(learningRate: 1)
    optimizer.update(&copy, [Tensor([[1]])])
    #expect(original.weight.scalar == 1)
    #expect(copy.weight.scalar == 0)
  }

  @Test("an update changes parameters and state where they are")
  func inPlace() {
    func addresses(_ module: some Module) -> [UnsafePointer<Float>] {
      var (copy, result) = (module, [UnsafePointer<Float>]())
      copy.visitParameters(ParameterPath()) { _, tensor in result.append(tensor.pointer) }
      return result
    }
    func expectInPlace(_ optimizer: some Optimizer) {
      var optimizer = optimizer
      var random = RandomSource(seed: 1)
      var model = MLP([3, 5, 2], using: &random)
      let x = Tensor.normal([4, 3], using: &random)
      func step() {
        optimizer.update(&model, model(x).sum().gradients(of: model.parameters))
      }
      step()
      let before = (addresses(model), addresses(optimizer).prefix(4))
      step()
      #expect(addresses(model) == before.0)
      #expect(addresses(optimizer).prefix(4) == before.1)
    }
    expectInPlace(SGD(learningRate: 0.1, momentum: 0.9))
    expectInPlace(AdamW())
    expectInPlace(LARS(learningRate: 0.1))
  }

  @Test("the follower goes a share of the way")
  func follow() {
    var slow = Linear(weight: Tensor([[0]]))
    slow.follow(Linear(weight: Tensor([[1]])), momentum: 0.75)
    #expect(slow.weight.scalar == 0.25)
  }

  @Test("the rate rises in a line and falls along a cosine")
  func schedule() {
    let schedule = WarmupCosine(peak: 1, floor: 0.1, warmupSteps: 10, totalSteps: 110)
    expectClose(schedule.learningRate(at: 0), 0.1)
    expectClose(schedule.learningRate(at: 9), 1)
    expectClose(schedule.learningRate(at: 10), 1)
    expectClose(schedule.learningRate(at: 60), 0.55)
    expectClose(schedule.learningRate(at: 110), 0.1)
    expectClose(schedule.learningRate(at: 500), 0.1)
  }

  @Test("clipping shortens all gradients together, and short ones not at all")
  func clipping() {
    let gradients = [Tensor([3, 0]), Tensor([[4]])]
    #expect(gradients.norm == 5)
    let clipped = gradients.clipped(toNorm: 1)
    expectClose(clipped[0].elements + clipped[1].elements, [0.6, 0, 0.8])
    #expect(gradients.clipped(toNorm: 6) == gradients)
  }

  @Test("clipping holds for any floats; a NaN leaves nothing to be taken for a gradient")
  func clippingEdges() {
    let half = 0.5.squareRoot()
    for size in [1e20, 3e38, 1e-15] as [Float] {
      let clipped = [Tensor([size]), Tensor([[-size]])].clipped(toNorm: 1e-20)
      expectClose(
        (clipped[0].elements + clipped[1].elements).map { $0 * 1e20 }, [half, -half], within: 1e-6)
    }
    expectClose([Tensor([1e-25, 0])].norm * 1e25, 1, within: 1e-6)
    #expect([Tensor([2e38, 2e38])].norm == Float((2.0).squareRoot() * Double(Float(2e38))))
    let broken = [Tensor([1, 2]), Tensor([.nan])].clipped(toNorm: 1)
    #expect(broken.allSatisfy { $0.elements.allSatisfy { $0.isNaN } })
    #expect([Tensor]().clipped(toNorm: 1).isEmpty)
  }

  @Test("numbers out of range stop with a sentence")
  func mistakes() async {
    func stops(_ sentence: String, _ result: ExitTest.Result?) {
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains(": " + sentence), "\(text.prefix(300))")
    }
    stops(
      "learningRate: step -5 is negative; the first is 0",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = WarmupCosine(peak: 1, warmupSteps: 10, totalSteps: 20).learningRate(at: -5)
      })
    stops(
      "clipped: the norm cannot be at most nan; needs 0 or more",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = [Tensor(1)].clipped(toNorm: .nan)
      })
    stops(
      "BatchNorm: [1, 3] has no two rows of [3] to take a variance of",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var norm = BatchNorm(3)
        _ = norm.train(.ones([1, 3]))
      })
    stops(
      "TransformerBlock: 9223372036854775807 times 4 is too wide",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var random = RandomSource(seed: 1)
        _ = TransformerBlock(embedDim: 4, numHeads: 2, mlpRatio: Int.max, using: &random)
      })
  }
}
