import Networks
import SelfSupervised
import Tensors

// A training step of SimCLR as a page would carry it: what its WebAssembly weighs is what tensors,
// gradients, layers, a loss and an optimizer weigh when nothing else is used.

nonisolated(unsafe) private var random = RandomSource(seed: 1)
nonisolated(unsafe) private var encoder = MLP([64, 256, 128, 64], using: &random)
nonisolated(unsafe) private var optimizer = SGD(learningRate: 0.1)

/// 64 images of 64 pixels, one after another, as a page reads them from a canvas.
private let pixels = (0..<4096).map { _ in random.normal() }

/// Two views of each image, its pixels with noise: row i and row i + 64 of `[128, 64]`.
private func views() -> Tensor {
  Tensor((0..<8192).map { pixels[$0 % 4096] + 0.3 * random.normal() }, shape: [128, 64])
}

/// One step of gradient descent on two views of each image; the loss before it, in nats.
@_expose(wasm, "step") @_cdecl("step")
public func step() -> Float {
  let loss = ntXentLoss(views: encoder(views()), temperature: 0.5)
  optimizer.update(&encoder, loss.gradients(of: encoder.parameters))
  return loss.scalar
}
