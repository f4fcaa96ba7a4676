import Networks
import SelfSupervised
import Tensors

/// Something every platform must compute alike: natively, under Node and in a browser.
///
/// Sources are the same everywhere, but without fused multiply-adds results differ in their last
/// digits, so values are compared with a tolerance.
public struct Check: Sendable {
  public let name: StaticString
  public let values: @Sendable () -> [Float]
}

public let checks: [Check] = [
  Check(name: "random numbers") {
    var random = RandomSource(seed: 7)
    let drawn = (0..<8).map { _ in random.uniform() } + (0..<8).map { _ in random.normal() }
    return drawn + random.permutation(17).map { Float($0) }
      + (0..<4).map { _ in Float(random.categorical([0.1, 0.2, 0.7])) }
  },
  Check(name: "elementary functions") {
    let x = Tensor.linearSpace(from: -9, to: 9, count: 37)
    let positive = x.abs() + 0.1
    let unary = [
      x.exp(), positive.log(), positive.sqrt(), x.tanh(), x.sigmoid(), x.relu(), x.gelu(),
      x.softplus(), x.sin(), x.cos(), x.clipped(to: -2...3),
    ]
    return unary.flatMap { $0.elements }
  },
  Check(name: "matrix products") {
    var random = RandomSource(seed: 1)
    var values: [Float] = []
    for (m, n, k) in [(1, 1, 1), (3, 17, 7), (33, 16, 65), (65, 33, 17)] {
      let a = Tensor.normal([m, k], using: &random)
      let b = Tensor.normal([k, n], using: &random)
      values += a.matmul(b).sum(axes: 1).elements
      values += b.matmul(a, transposeSelf: true, transposeOther: true).sum(axes: 0).elements
    }
    return values
  },
  Check(name: "reductions, sorting, indexing") {
    var random = RandomSource(seed: 2)
    let x = Tensor.normal([7, 33], using: &random)
    let parts = [
      x.sum(axes: 0), x.mean(axes: 1), x.max(axes: 1), x.min(axes: 0), x.variance(axes: 1),
      x.logSumExp(axes: 1), x.softmax()[0], x.topK(3).values, x.cumulativeSum()[1],
      x.gather([6, 0, 0]), x.transposed()[5], Tensor.einsum("ij,kj->ik", x, x),
    ]
    return parts.flatMap { $0.elements } + x.argmax().map { Float($0) }
  },
  Check(name: "linear algebra") {
    var random = RandomSource(seed: 3)
    let a = Tensor.normal([6, 6], using: &random)
    let spd = a.matmul(a, transposeOther: true) + Tensor.identity(6)
    let parts = [
      spd.cholesky(), spd.symmetricEigen().values, a.singularValueDecomposition().values,
      spd.solve(Tensor.ones([6, 1])), spd.logDeterminant(),
    ]
    return parts.flatMap { $0.elements }
  },
  Check(name: "a transformer block and its gradients") {
    var random = RandomSource(seed: 4)
    let block = TransformerBlock(embedDim: 24, numHeads: 3, isCausal: true, using: &random)
    let x = Tensor.normal([2, 9, 24], using: &random).parameter()
    let y = block(x)
    let gradients = y.squared().mean().gradients(of: [x] + block.parameters)
    return y.elements + gradients.map { $0.squared().sum().scalar }
  },
  Check(name: "convolutions, norms and their gradients") {
    var random = RandomSource(seed: 5)
    let x = Tensor.normal([2, 9, 9, 3], using: &random).parameter()
    let weights = Tensor.normal([3, 3, 3, 8], using: &random).parameter()
    let (gamma, beta) = (Tensor.ones([8]).parameter(), Tensor.zeros([8]).parameter())
    let h = x.conv2d(weights, stride: 2, padding: 1)
      .groupNorm(groups: 4, gamma: gamma, beta: beta, isRelu: true)
    let y = h.maxPooled(window: 2).mean(axes: [1, 2])
    let gradients = y.squared().sum().gradients(of: [x, weights, gamma, beta])
    return y.elements + gradients.map { $0.squared().sum().scalar } + gradients[2].elements
  },
  Check(name: "twenty steps of contrastive learning") {
    var random = RandomSource(seed: 6)
    var encoder = MLP([16, 32, 8], using: &random)
    var optimizer = AdamW(learningRate: 1e-2)
    let images = Tensor.normal([24, 16], using: &random)
    return (0..<20).map { _ in
      let first = images + Tensor.normal([24, 16], standardDeviation: 0.1, using: &random)
      let second = images + Tensor.normal([24, 16], standardDeviation: 0.1, using: &random)
      let views = Tensor.concatenate([encoder(first), encoder(second)])
      let partners = (0..<48).map { ($0 + 24) % 48 }
      let loss = views.ntXentLoss(partners: partners, temperature: 0.5)
      optimizer.update(&encoder, loss.gradients(of: encoder.parameters))
      return loss.scalar
    }
  },
  Check(name: "ten steps of next-token prediction") {
    var random = RandomSource(seed: 8)
    var table = Embedding(vocabSize: 11, embedDim: 16, using: &random)
    var block = TransformerBlock(embedDim: 16, numHeads: 2, isCausal: true, using: &random)
    var optimizers = (SGD(learningRate: 0.1, momentum: 0.9), AdamW(learningRate: 3e-3))
    let tokens = (0..<4).map { row in (0..<13).map { (row + $0 * $0) % 11 } }
    let inputs = tokens.map { Array($0.dropLast()) }
    let targets = tokens.flatMap { $0.dropFirst() }
    return (0..<10).map { _ in
      let hidden = block(table(inputs)).reshaped([-1, 16])
      let loss = table.logits(hidden).crossEntropy(targets: targets)
      let gradients = loss.gradients(of: table.parameters + block.parameters)
      optimizers.0.update(&table, Array(gradients.prefix(1)))
      optimizers.1.update(&block, Array(gradients.dropFirst()))
      return loss.scalar
    }
  },
  Check(name: "information in double precision") {
    let chain = MarkovChain([[0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.2, 0.4, 0.4]])
    var random = RandomSource(seed: 9)
    let states = chain.sample(length: 20, using: &random).map { Float($0) }
    return states + [
      Float(chain.entropyRate), Float(chain.marginalEntropy), Float(chain.blockEntropy(length: 8)),
      Float(entropy([0.5, 0.25, 0.25])),
    ]
  },
]
