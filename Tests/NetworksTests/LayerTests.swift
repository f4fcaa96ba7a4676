import Kernels
import Networks
import Tensors
import TestSupport
import Testing
import Workloads

@Suite("Layers") struct LayerTests {
  @Test("a causal block does not see what comes after")
  func causality() {
    var random = RandomSource(seed: 1)
    let block = TransformerBlock(embedDim: 8, numHeads: 2, isCausal: true, using: &random).frozen()
    let x = Tensor.normal([1, 5, 8], using: &random)
    var changed = x
    changed.update { $0[4 * 8] += 1 }
    let (a, b) = (block(x), block(changed))
    #expect(a.slice(0..<4, axis: 1) == b.slice(0..<4, axis: 1))
    #expect(a.slice(4..<5, axis: 1) != b.slice(4..<5, axis: 1))
  }

  @Test("padding changes nothing for the other tokens")
  func padding() {
    var random = RandomSource(seed: 1)
    let block = TransformerBlock(embedDim: 8, numHeads: 2, using: &random).frozen()
    let x = Tensor.normal([1, 5, 8], using: &random)
    let short = block(x.slice(0..<3, axis: 1))
    let long = block(x, keyMask: Tensor([[1, 1, 1, 0, 0]])).slice(0..<3, axis: 1)
    expectClose(long.elements, [Double](short), within: 1e-6)
  }

  @Test("attention without a mask does not know the order of tokens")
  func permutation() {
    var random = RandomSource(seed: 1)
    let attention = MultiHeadAttention(embedDim: 8, numHeads: 2, using: &random).frozen()
    let x = Tensor.normal([1, 4, 8], using: &random)
    let order = [2, 0, 3, 1]
    expectClose(
      attention(x.gatherRows([order])).elements, [Double](attention(x).gatherRows([order])),
      within: 1e-6)
  }

  @Test("the fused attention is the one written out")
  func attentionWrittenOut() {
    var random = RandomSource(seed: 1)
    let (q, k, v) = (
      Tensor.normal([2, 5, 6], using: &random), Tensor.normal([2, 7, 6], using: &random),
      Tensor.normal([2, 7, 6], using: &random)
    )
    func heads(_ x: Tensor) -> Tensor {
      x.reshaped([2, -1, 3, 2]).permuted([0, 2, 1, 3])  // [B, nh, T, hs]
    }
    let scores = heads(q).matmul(heads(k), transposeOther: true) / Float(2).squareRoot()
    let mixed = scores.softmax().matmul(heads(v)).permuted([0, 2, 1, 3]).reshaped([2, 5, 6])
    expectClose(
      Tensor.attention(queries: q, keys: k, values: v, heads: 3).elements, [Double](mixed),
      within: 1e-6)
  }

  @Test("batch norm normalises with the batch, then with what it remembers")
  func batchNorm() {
    var random = RandomSource(seed: 1)
    var norm = BatchNorm(3, momentum: 1)
    let x = Tensor.normal([64, 3], mean: 5, standardDeviation: 2, using: &random)
    let y = norm.train(x)
    expectClose(y.mean(axes: 0).elements, [0, 0, 0], within: 1e-5)
    expectClose(y.variance(axes: 0).elements, [1, 1, 1], within: 1e-4)
    expectClose(norm.runningMean.elements, [Double](x.mean(axes: 0)), within: 1e-5)
    expectClose(
      norm.runningVariance.elements, [Double](x.variance(axes: 0, correction: 1)), within: 1e-5)
    expectClose(norm(x).mean(axes: 0).elements, [0, 0, 0], within: 1e-5)
    #expect(norm.parameters.count == 2)
    #expect(norm.safetensors.entries.count == 4)
  }

  @Test("a trained batch norm adds epsilon to the variance it remembers")
  func batchNormEpsilon() {
    var norm = BatchNorm(1, epsilon: 3, isRelu: true)
    norm.runningMean = Tensor([1])
    norm.runningVariance = Tensor([1])
    norm.weight = Tensor([4])
    norm.bias = Tensor([0.5])
    // 4·(x − 1)/√(1 + 3) + 0.5
    #expect(norm(Tensor([[2], [0]])) == Tensor([[2.5], [0]]))
  }

  @Test("norms hand on their epsilon")
  func epsilon() {
    let x = Tensor([[3, -3]])
    // Mean 0, variance 9: 3/√(9 + 7) = 0.75.
    #expect(LayerNorm(2, epsilon: 7)(x) == Tensor([[0.75, -0.75]]))
    #expect(GroupNorm(groups: 1, channels: 2, epsilon: 7)(x) == Tensor([[0.75, -0.75]]))
  }

  @Test("a shorter sequence takes the first positions")
  func positions() {
    var random = RandomSource(seed: 1)
    let positions = LearnedPositions(contextLength: 5, embedDim: 2, using: &random)
    #expect(positions(.zeros([1, 3, 2])) == positions.weight[0..<3].expanded(axis: 0))
  }

  @Test("dropout keeps the mean")
  func dropout() {
    var random = RandomSource(seed: 1)
    let y = Dropout(0.25)(.ones([100_000]), using: &random)
    expectClose(y.mean().scalar, 1, within: 0.01)
    expectClose((y .== 0).mean().scalar, 0.25, within: 0.01)
  }

  @Test("layers in a row, tied heads and frozen copies")
  func composition() {
    var random = RandomSource(seed: 1)
    let network = Sequential {
      Linear(inputs: 3, outputs: 4, activation: .tanh, using: &random)
      Lambda { $0 * 2 }
      Linear(inputs: 4, outputs: 2, using: &random)
    }
    let x = Tensor.normal([5, 3], using: &random)
    #expect(network(x).shape == [5, 2])
    #expect(network.parameters.count == 4)
    #expect(network.parameterCount == 3 * 4 + 4 + 4 * 2 + 2)
    #expect(network(x).isRecorded)
    #expect(!network.frozen()(x).isRecorded)
    #expect(network.frozen()(x) == network(x))
    let embedding = Embedding(vocabSize: 7, embedDim: 3, using: &random)
    #expect(embedding([[1, 2], [0, 6]]).shape == [2, 2, 3])
    #expect(embedding.logits(x).shape == [5, 7])
  }

  @Test("a model trains to the same bits with any number of threads", arguments: [2, 3])
  func determinism(threads: Int) {
    func train() -> [Tensor] {
      var random = RandomSource(seed: 1)
      var model = GPT(
        vocabSize: 33, embedDim: 64, numHeads: 4, depth: 2, contextLength: 33, using: &random)
      var optimizer = AdamW()
      let x = (0..<9).map { _ in (0..<33).map { _ in random.integer(in: 0..<33) } }
      let y = (0..<(9 * 33)).map { _ in random.integer(in: 0..<33) }
      for _ in 0..<3 {
        let gradients = model.loss(x, y).gradients(of: model.parameters)
        optimizer.update(&model, gradients)
      }
      return model.parameters
    }
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let one = train()
    Parallel.threads = threads
    #expect(train() == one)
  }
}
