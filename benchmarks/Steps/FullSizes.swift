import Networks
import Tensors
import Workloads

/// A workload at the size that is timed; `make` gives a closure that trains one step.
struct Timed {
  let name: String
  let make: () -> () -> Void
}

/// A closure that trains `model` one step on the loss.
private func training<M: Module>(_ model: M, _ loss: @escaping (inout M) -> Tensor) -> () -> Void {
  var model = model
  var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
  return {
    let gradients = loss(&model).gradients(of: model.parameters)
    optimizer.update(&model, gradients)
  }
}

private func tokens(_ rows: Int, _ columns: Int, below: Int, _ random: inout RandomSource)
  -> [[Int]]
{
  (0..<rows).map { _ in (0..<columns).map { _ in random.integer(in: 0..<below) } }
}

private func ntXent(_ count: Int, _ size: Int) -> Timed {
  Timed(name: "ntxent_\(count)x\(size)") {
    var random = RandomSource(seed: 1)
    let z = Tensor.normal([count, size], using: &random).parameter()
    let partners = (0..<count).map { $0 ^ 1 }
    return { _ = z.ntXentLoss(partners: partners, temperature: 0.5).gradient(of: z) }
  }
}

private func conv(_ name: String, groups: Int?) -> Timed {
  Timed(name: name) {
    var random = RandomSource(seed: 1)
    let x = Tensor.normal([256, 28, 28, 1], using: &random)
    return training(
      ConvSimCLR(channels: [32, 64, 128], groups: groups, projector: [128, 64], using: &random)
    ) { $0.loss(x) }
  }
}

private func bert(_ name: String, isGathered: Bool) -> Timed {
  Timed(name: name) {
    var random = RandomSource(seed: 1)
    let x = tokens(32, 64, below: 2048, &random)
    let y = x.joined().map { random.uniform() < 0.15 ? $0 : -100 }
    return training(
      BERT(
        vocabSize: 2048, embedDim: 128, numHeads: 4, depth: 4, contextLength: 64,
        isGathered: isGathered, using: &random)
    ) { $0.loss(x, y) }
  }
}

@MainActor let workloads: [Timed] = [
  ntXent(256, 64), ntXent(1024, 128), ntXent(4096, 128),
  Timed(name: "simclr_mlp") {
    var random = RandomSource(seed: 1)
    let x = Tensor.normal([512, 64], using: &random)
    return training(SimCLR(encoder: [64, 256, 128], projector: [128, 64], using: &random)) {
      $0.loss(x)
    }
  },
  conv("simclr_conv_gn", groups: 8), conv("simclr_conv_bn", groups: nil),
  Timed(name: "gpt") {
    var random = RandomSource(seed: 1)
    let x = tokens(16, 128, below: 256, &random)
    let y = Array(tokens(16, 128, below: 256, &random).joined())
    return training(
      GPT(
        vocabSize: 256, embedDim: 128, numHeads: 4, depth: 4, contextLength: 128,
        using: &random)
    ) { $0.loss(x, y) }
  },
  bert("bert_mlm", isGathered: false), bert("bert_mlm_gather", isGathered: true),
  Timed(name: "mae") {
    var random = RandomSource(seed: 1)
    let patches = Tensor.normal([128, 49, 16], using: &random)
    let order = (0..<128).map { _ in random.permutation(49) }
    return training(
      MaskedAutoencoder(
        patches: 49, patchDim: 16, encoderDim: 96, encoderHeads: 4, encoderDepth: 4,
        decoderDim: 64, decoderHeads: 4, decoderDepth: 2, using: &random)
    ) { $0.loss(patches, order: order, keep: 12) }
  },
  Timed(name: "clip") {
    var random = RandomSource(seed: 1)
    let images = Tensor.normal([128, 28, 28, 1], using: &random)
    let captions = tokens(128, 16, below: 128, &random)
    return training(
      CLIP(
        channels: [32, 64, 128], groups: 8, vocabSize: 128, contextLength: 16, embedDim: 128,
        numHeads: 4, depth: 2, projectionDim: 64, using: &random)
    ) { $0.loss(images, captions) }
  },
  Timed(name: "taped_16") {
    var random = RandomSource(seed: 1)
    let x = Tensor.uniform([16], in: 0.9..<1.1, using: &random).parameter()
    // A thousand operations, so that microseconds of a step are nanoseconds of an operation.
    return {
      var y = x
      for _ in 0..<1000 { y = y + x }
      _ = y.sum().gradient(of: x)
    }
  },
]
