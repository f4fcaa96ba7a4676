import Networks
import Tensors
import TestSupport
import Testing

@Suite("Layers with batch norms") struct BatchNormMLPTests {
  @Test("is linear layers, norms and ReLU, one after another", arguments: [true, false])
  func writtenOut(isRelu: Bool) {
    var random = RandomSource(seed: 1)
    var network = BatchNormMLP([3, 5, 2], ending: isRelu ? .relu : .standardized, using: &random)
    let x = Tensor.normal([7, 3], using: &random)
    func normalized(_ y: Tensor) -> Tensor {
      (y - y.mean(axes: 0)) / (y.variance(axes: 0) + 1e-5).sqrt()
    }
    let hidden = normalized(x.matmul(network.layers[0].weight)).relu()
    let last = normalized(hidden.matmul(network.layers[1].weight))
    expectClose(
      network.train(x).elements, [Double](isRelu ? last.relu() : last), within: 2e-6)
  }

  @Test("biases stand where no norm follows, γ and β where the ending has them")
  func parameters() {
    var random = RandomSource(seed: 1)
    let linear = BatchNormMLP([3, 5, 2], ending: .linear, using: &random)
    #expect(linear.parameterCount == 15 + 2 * 5 + 10 + 2)
    let standardized = BatchNormMLP([3, 5, 2], ending: .standardized, using: &random)
    #expect(standardized.parameterCount == 15 + 2 * 5 + 10)
    let relu = BatchNormMLP([3, 5, 2], ending: .relu, using: &random)
    #expect(relu.parameterCount == 15 + 2 * 5 + 10 + 2 * 2)
  }

  @Test("norms inside a row of layers see the batches they are trained with")
  func sequential() {
    var random = RandomSource(seed: 2)
    var row = Sequential {
      Linear(inputs: 3, outputs: 4, using: &random)
      BatchNorm(4, momentum: 1)
      Lambda { $0.relu() }
    }
    let x = Tensor.normal([9, 3], mean: 2, using: &random)
    let y = row.body.first.first(x)
    _ = row.train(x)
    let norm = row.body.first.second
    expectClose(norm.runningMean.elements, [Double](y.mean(axes: 0)), within: 1e-6)
    expectClose(
      norm.runningVariance.elements, [Double](y.variance(axes: 0, correction: 1)), within: 1e-6)
    // With what it remembers of this very batch, scaled from n − 1 to n rows.
    var network = BatchNormMLP([3, 4, 2], using: &random)
    network.norms[0].momentum = 1
    let trained = network.train(x)
    network.norms[0].runningVariance = network.norms[0].runningVariance * (8.0 / 9)
    expectClose(network(x).elements, [Double](trained), within: 1e-5)
  }

  @Test("what follows with momentum 0 is a copy, to the bit") func copies() {
    var random = RandomSource(seed: 3)
    let network = BatchNormMLP([4, 40, 30], using: &random)
    var copy = network.frozen()
    copy.visitParameters(ParameterPath()) { _, tensor in
      tensor = tensor + Tensor.normal(tensor.shape, standardDeviation: 1e3, using: &random)
    }
    copy.follow(network, momentum: 0)
    #expect(copy.safetensors.bytes == network.safetensors.bytes)
  }

  @Test("one size stops the program") func oneSize() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomSource(seed: 0)
      _ = BatchNormMLP([3], using: &random)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("BatchNormMLP: sizes [3]: needs an input and an output"))
  }
}
